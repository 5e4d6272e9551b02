import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { relu } from "../../../src/core/network/activations.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import type { Network } from "../../../src/core/network/network.js";
import { randomStream } from "../../../src/core/random.js";
import { centredBits, dummyWork, paddings, slotBits } from "../../../src/experiments/side-channel/devices.js";
import {
  activeCounts,
  activityOf,
  classBits,
  savedShare,
  splitByClass,
} from "../../../src/experiments/side-channel/leakage.js";
import { denseOf } from "../../support/networks.js";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

/** A network of neurons in one layer, each with a weight for the one input and a bias. */
const layerOf = (weights: number[], biases: number[]): Network => ({
  layers: [
    denseOf([weights], biases),
    relu,
    denseOf(
      weights.map(() => [1]),
      [0],
    ),
  ],
});

const POINTS = 8000;
/** Class 0 at -1 and class 1 at 1, by turns. */
const data = {
  points: new Matrix(Array.from({ length: POINTS }, (_, i) => [2 * (i % 2) - 1])),
  labels: new Matrix(Array.from({ length: POINTS }, (_, i) => [i % 2])),
};
const at = (network: Network) => {
  const pass = forward(network, data.points);
  return { network, pass, activity: activityOf(network, pass) };
};

/** One neuron fires for each class: another one. */
const turns = at(layerOf([1, -1], [0, 0]));
/** One of four neurons fires for class 0, two for class 1: of the 8 multiplications, 3 or 2 are skipped. */
const steps = at(layerOf([0, 1, 0, 0], [1, 0, -1, -1]));

describe("a device that skips in a known order", () => {
  it("tells all by which neuron is silent where the count tells nothing, and nothing in a random order", () => {
    const { network, pass, activity } = turns;
    assert.equal(classBits(splitByClass(activeCounts(activity), data)), 0);
    close(slotBits(network, pass, data), 1, 1e-3);
    const random = randomStream("test/order", 1);
    const shuffled = pass.layers[1].output.to2DArray().map((outputs) => {
      const order = Int32Array.of(0, 1);
      random.shuffle(order);
      return 2 * Number(outputs[order[0]] !== 0) + Number(outputs[order[1]] !== 0);
    });
    close(classBits(splitByClass(shuffled, data)), 0, 2e-3);
  });

  it("tells in a random order what the count tells, and no more", () => {
    const network = layerOf([1, -1, 1, -1, 1], [0, 0, 0.5, 0.5, -0.7]);
    const points = new Matrix(Array.from({ length: POINTS }, (_, i) => [((i * 7) % 101) / 25 - 2]));
    const labels = new Matrix(points.to2DArray().map(([x]) => [x > 0.3 ? 1 : 0]));
    const own = { points, labels };
    const pass = forward(network, points);
    const counts = activeCounts(activityOf(network, pass));
    const random = randomStream("test/order", 2);
    const shuffled = pass.layers[1].output.to2DArray().map((outputs) => {
      const order = Int32Array.from(outputs, (_, j) => j);
      random.shuffle(order);
      return [...order].reduce((code, j) => 2 * code + Number(outputs[j] !== 0), 0);
    });
    const [count, which, hidden] = [
      classBits(splitByClass(counts, own)),
      slotBits(network, pass, own),
      classBits(splitByClass(shuffled, own)),
    ];
    assert.ok(which > count + 0.2, `${which} by slots, ${count} by the count`);
    close(hidden, count, 0.01);
  });
});

describe("a device that does dummy work", () => {
  it("leaks d / (m + 1) bits of a count that differs by d, for up to m dummies", () => {
    for (const [most, dummies] of [
      [0.25, 1],
      [1, 4],
      [2, 8],
    ]) {
      const { network, activity } = steps;
      const { bits } = dummyWork(network, activity, data, { most, seed: 1 });
      close(bits, 1 / (dummies + 1), 0.02);
    }
  });

  it("hides nothing from the mean of a hundred readings, and costs the mean of the dummies", () => {
    const { network, activity } = steps;
    const { averagedBits, saved } = dummyWork(network, activity, data, { most: 0.5, seed: 1 });
    close(averagedBits, 1, 1e-3);
    const one = dummyWork(network, activity, data, { most: 0.25, seed: 1 });
    close(one.averagedBits, 1, 1e-3); // their mean is half a neuron, which rounding must not see
    close(savedShare(network, activity), 2.5 / 8, 1e-12);
    close(saved, (2.5 - 1) / 8, 1e-12);
  });

  it("without dummies is the bare device, and tells nothing of a constant count", () => {
    const bare = dummyWork(steps.network, steps.activity, data, { most: 0, seed: 1 });
    close(bare.bits, 1, 1e-3);
    assert.equal(bare.saved, savedShare(steps.network, steps.activity));
    const constant = dummyWork(turns.network, turns.activity, data, { most: 1, seed: 1 });
    close(constant.bits, 0, 2e-3);
    assert.equal(constant.averagedBits, 0);
  });

  it("refuses fewer dummies than none", () => {
    assert.throws(() => dummyWork(steps.network, steps.activity, data, { most: -1, seed: 1 }), {
      name: "RangeError",
      message: "most must be a finite number >= 0, got -1",
    });
  });
});

describe("a device that pads", () => {
  it("ends where nothing is told and nothing saved", () => {
    const padded = paddings(steps.network, steps.activity, data);
    assert.deepEqual(
      padded.map(({ atLeast }) => atLeast),
      [1, 2, 3, 4],
    );
    close(padded[0].bits, 1, 1e-3);
    assert.equal(padded[0].saved, 2.5 / 8);
    assert.deepEqual(padded[1], { atLeast: 2, bits: 0, saved: 2 / 8 });
    assert.equal(padded[3].saved, 0);
    const linear = at(createNetwork({ inputs: 1, hiddenLayers: [], seed: 1 }));
    assert.deepEqual(paddings(linear.network, linear.activity, data), []);
  });
});

describe("counts of centred neurons", () => {
  it("are of those above the point's mean", () => {
    // preactivations 3, 1, 1 for class 0, and 3, 3, 1 for class 1: one lies above the mean, or two; all fire
    const { network, pass } = at(layerOf([0, 1, 0], [3, 2, 1]));
    close(centredBits(network, pass, data), 1, 1e-3);
    // 1 and -1 about 0 in either class
    assert.equal(centredBits(turns.network, turns.pass, data), 0);
  });
});
