import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { relu } from "../../../src/core/network/activations.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { hiddenBlocks, type Network } from "../../../src/core/network/network.js";
import {
  farLogit,
  kinksAlongRay,
  kinksPicture,
  patternCount,
  switchingCurves,
} from "../../../src/experiments/out-of-distribution/kinks.js";
import { isPiecewiseAffine } from "../../../src/experiments/out-of-distribution/one-layer.js";
import {
  along,
  logitsAlongRay,
  MIDDLE,
  type Ray,
  raysAround,
  rayThrough,
} from "../../../src/experiments/out-of-distribution/rays.js";
import { runTask } from "../../../src/experiments/task.js";
import { close } from "../../support/close.js";
import { denseOf } from "../../support/networks.js";

/** x -> relu(x - 1) - 2 relu(3 - x), of the first coordinate only; y does not count. */
const byHand: Network = {
  layers: [
    denseOf(
      [
        [1, -1],
        [0, 0],
      ],
      [-1, 3],
    ),
    relu,
    denseOf([[1], [-2]], [0]),
  ],
};
const east: Ray = { origin: [0, 0], direction: [1, 0] };

describe("rays", () => {
  it("leave the middle evenly, with length 1", () => {
    const rays = raysAround(8);
    assert.deepEqual(rays[0], { origin: MIDDLE, direction: [1, 0] });
    for (const { direction } of rays) close(direction[0] * direction[0] + direction[1] * direction[1], 1);
    close(rays[2].direction[1], 1);
  });

  it("go through a point, and somewhere from the middle itself", () => {
    const { ray, radius } = rayThrough([3.5, 4.25]);
    assert.deepEqual([ray.direction, radius], [[0.6, 0.8], 5]);
    assert.deepEqual(rayThrough(MIDDLE), { ray: { origin: MIDDLE, direction: [1, 0] }, radius: 0 });
  });
});

/** In all directions: a missed kink would show between those that were found, or beyond the last. */
function assertStraightBetweenKinks(network: Network): void {
  for (const ray of raysAround(12)) {
    const kinks = [0, ...kinksAlongRay(network, ray)];
    kinks.push(kinks[kinks.length - 1] + 100);
    for (let i = 0; i + 1 < kinks.length; i++) {
      assert.ok(kinks[i + 1] > kinks[i]);
      const thirds = [0, 1, 2, 3].map((k) => kinks[i] + ((kinks[i + 1] - kinks[i]) * k) / 3);
      const [a, b, c, d] = logitsAlongRay(network, ray, thirds);
      const tolerance = 1e-11 * (1 + Math.abs(a) + Math.abs(d));
      close(b, (2 * a + d) / 3, tolerance);
      close(c, (a + 2 * d) / 3, tolerance);
    }
  }
}

describe("kinks", () => {
  it("are found where they were put", () => {
    assert.deepEqual(kinksAlongRay(byHand, east), [1, 3]);
    assert.deepEqual(kinksAlongRay(byHand, { origin: [0, 0], direction: [-1, 0] }), []);
    // along the lines themselves nothing ever switches
    assert.deepEqual(kinksAlongRay(byHand, { origin: [0, 0], direction: [0, 1] }), []);
  });

  it("leave a straight line behind the last one", () => {
    const far = farLogit(byHand, east);
    assert.deepEqual(far, { lastKink: 3, deviation: 0, slope: 1, end: 10 });
    // westwards the second neuron grows: -2 (3 + r)
    const west = farLogit(byHand, { origin: [0, 0], direction: [-1, 0] });
    assert.deepEqual([west.lastKink, west.slope], [0, -2]);
    // along the lines the logit stays where it is
    assert.equal(farLogit(byHand, { origin: [0, 0], direction: [0, 1] }).slope, 0);
  });

  for (const hiddenLayers of [[10], [8, 7], [9, 6, 5], [1], []]) {
    it(`of ${JSON.stringify(hiddenLayers)} are all the bends that the logit has`, () => {
      const network = createNetwork({ hiddenLayers, seed: 3 });
      assertStraightBetweenKinks(network);
      const [ray] = raysAround(1);
      for (const radius of kinksAlongRay(network, ray)) {
        const points = new Matrix([0.999999, 1.000001].map((f) => along(ray, f * radius)));
        const { layers } = forward(network, points);
        // on the two sides other neurons are on
        const [near, far] = [0, 1].map((i) =>
          hiddenBlocks(network).map(({ first }) => layers[first].output.getRow(i).map((z) => z > 0)),
        );
        assert.notDeepEqual(near, far);
      }
    });
  }

  it("are found behind leaky ReLUs and batch normalization too", () => {
    const { data, training } = runTask({
      ...{ seed: 1, noise: 0.15, trainPoints: 40, testPoints: 2, initialisation: "he", learningRate: 0.2 },
      ...{
        hiddenLayers: [6, 5],
        batchSize: 10,
        epochs: 20,
        activation: "leaky-relu",
        normalization: "batch",
      },
    });
    assert.equal(data.train.labels.rows, 40);
    assert.equal(isPiecewiseAffine(training.network), true);
    assertStraightBetweenKinks(training.network);
  });

  it("are not to be had from tanh or from layer normalization", () => {
    for (const options of [{ activation: "tanh" }, { normalization: "layer" }] as const) {
      const network = createNetwork({ hiddenLayers: [5], seed: 1, ...options });
      assert.equal(isPiecewiseAffine(network), false);
      assert.throws(() => kinksAlongRay(network, east), {
        name: "RangeError",
        message: /plain or leaky ReLUs/,
      });
      assert.equal(farLogit(network, east).lastKink, Number.NaN);
    }
    assert.equal(isPiecewiseAffine(createNetwork({ hiddenLayers: [], seed: 1 })), true);
  });

  it("a smooth network is not taken for a straight one", () => {
    const network = createNetwork({ hiddenLayers: [3], activation: "tanh", initialScale: 0.1, seed: 1 });
    assert.ok(Math.max(...raysAround(8).map((ray) => farLogit(network, ray).deviation)) > 1e-6);
  });

  it("do not hang on a network that diverged", () => {
    const lost: Network = { layers: [denseOf([[Number.NaN], [1]], [0]), relu, denseOf([[1]], [0])] };
    assert.deepEqual(kinksAlongRay(lost, east), []);
    assert.equal(farLogit(lost, east).deviation, Number.NaN);
  });
});

describe("regions", () => {
  const area = { x: [-2, 6], y: [-1, 1] } as const;

  it("are counted: three between two parallel lines", () => {
    assert.equal(patternCount(byHand, area, 9), 3);
    assert.equal(patternCount(createNetwork({ hiddenLayers: [], seed: 1 }), area, 9), 1);
  });

  it("are parted by curves that lie where a neuron switches", () => {
    const [first, second] = switchingCurves(byHand, 0, area, 9);
    for (const [segments, x] of [
      [first, 1],
      [second, 3],
    ] as const) {
      for (const [x0, , x1] of segments) assert.deepEqual([x0, x1], [x, x]);
      const lengths = segments.map(([, y0, , y1]) => Math.abs(y1 - y0));
      close(
        lengths.reduce((sum, length) => sum + length, 0),
        2,
      );
    }
  });

  it("make a picture of any network, exact of one layer of ReLUs", () => {
    for (const [options, isExact] of [
      [{ hiddenLayers: [] }, false],
      [{ hiddenLayers: [3, 2] }, false],
      [{ hiddenLayers: [65] }, false],
      [{ hiddenLayers: [3], activation: "tanh" }, false],
      [{ hiddenLayers: [3] }, true],
    ] as const) {
      const picture = kinksPicture(createNetwork({ seed: 1, ...options }), area, 9);
      assert.equal(picture.isExact, isExact);
      if (!picture.isExact) assert.equal(picture.curves.length, options.hiddenLayers.length);
      assert.deepEqual(structuredClone(picture), picture);
    }
    const exact = kinksPicture(byHand, area, 9);
    assert.ok(exact.isExact);
    assert.deepEqual([exact.regions.length, exact.all, exact.neurons, exact.level], [3, 3, 2, []]);
  });
});
