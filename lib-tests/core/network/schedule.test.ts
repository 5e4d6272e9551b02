import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { moonsSplit, selectPoints } from "../../../src/core/moons.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { type Network, toParameters } from "../../../src/core/network/network.js";
import { gradientOf } from "../../../src/core/network/objective.js";
import { decayingDescent } from "../../../src/core/network/schedule.js";
import { descend } from "../../../src/core/network/step.js";
import { type Training, train } from "../../../src/core/network/train.js";
import { trainAll } from "../../../src/core/network/train-all.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";
import { randomStream } from "../../../src/core/random.js";

const moons = moonsSplit({ trainPoints: 30, testPoints: 2, noise: 0.15, seed: 3 });

const optionsOf = (seed: number): TrainOptions => ({
  network: createNetwork({ hiddenLayers: [4, 3], seed }),
  train: moons.train,
  learningRate: 0.3,
  batchSize: 7,
  epochs: 6,
  seed,
  rule: decayingDescent(9),
});

/** The same training by hand, with the rate written out. */
function byHand({ network: initial, epochs, seed, learningRate }: TrainOptions): Network {
  const order = Int32Array.from({ length: 30 }, (_, i) => i);
  const random = randomStream("shuffle", seed);
  let [network, n] = [initial, 0];
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order);
    for (let from = 0; from < 30; from += 7) {
      const { gradients } = gradientOf(network, selectPoints(moons.train, [...order.slice(from, from + 7)]));
      network = descend(network, gradients, learningRate / (1 + n / 9));
      n++;
    }
  }
  return network;
}

const bits = ({ network }: Training): Float64Array => toParameters(network);

describe("a learning rate that decays", () => {
  it("is the whole rate at first, half after T steps, an eleventh after ten T", () => {
    const rule = decayingDescent(4);
    const gradient = new Matrix([[1, -2]]);
    let [parameter, kept] = [new Matrix([[8, 8]]), rule.start(gradient)];
    const rates: number[] = [];
    for (let n = 0; n <= 40; n++) {
      const step = rule.step(float64, parameter, gradient, 0.5, kept);
      const change = Matrix.sub(parameter, step.parameter);
      assert.ok(Math.abs(change.get(0, 1) + 2 * change.get(0, 0)) < 1e-14, "along the gradient");
      rates.push(step.change.get(0, 0));
      ({ parameter, kept } = step);
    }
    assert.deepEqual([rates[0], rates[4], rates[12], rates[40]], [0.5, 0.25, 0.125, 0.5 / 11]);
    // falls as 1/n, no faster and no slower: the sum has no bound, that of the squares has one (Robbins and Monro)
    for (const [n, rate] of rates.entries()) assert.ok(Math.abs(rate * (1 + n / 4) - 0.5) < 1e-14, `${n}`);
  });

  it("trains as a loop by hand does, to the bit, on either path and side by side", () => {
    const all = [1, 2, 3].map(optionsOf);
    const wanted = all.map((options) => toParameters(byHand(options)));
    assert.deepEqual(
      all.map((options) => bits(train(options))),
      wanted,
    );
    assert.deepEqual(
      all.map((options) => bits(train({ ...options, path: "eager" }))),
      wanted,
    );
    assert.deepEqual(
      trainAll(all).map((outcome) => "result" in outcome && bits(outcome.result)),
      wanted,
    );
  });

  it("refuses a time to halve in that is none", () => {
    for (const halvedAfter of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => decayingDescent(halvedAfter), {
        name: "RangeError",
        message: `halvedAfter must be a finite number > 0, got ${halvedAfter}`,
      });
    }
  });
});
