import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { evaluate } from "../../../src/core/network/evaluate.js";
import { backward, forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork, type Initialisation } from "../../../src/core/network/initialisation.js";
import type { Matrices } from "../../../src/core/network/layer.js";
import { crossEntropy } from "../../../src/core/network/loss.js";
import {
  denseLayers,
  layerSizes,
  listed,
  parameterCount,
  toParameters,
  withParameters,
} from "../../../src/core/network/network.js";
import { gradientOf, meanLoss } from "../../../src/core/network/objective.js";
import { topK } from "../../../src/core/network/top-k.js";
import { meanInterval } from "../../../src/experiments/statistics.js";
import { denseOf } from "../../support/networks.js";

describe("architecture", () => {
  it("2-10-1 has 41 parameters", () => {
    const network = createNetwork({ hiddenLayers: [10], seed: 1 });
    assert.deepEqual(layerSizes(network), [2, 10, 1]);
    assert.equal(parameterCount(network), 41);
    assert.equal(toParameters(network).length, 41);
  });

  it("lists its parameters and takes them back", () => {
    const network = createNetwork({ hiddenLayers: [4, 3], seed: 1 });
    const numbered = withParameters(
      network,
      Float64Array.from({ length: parameterCount(network) }, (_, i) => i),
    );
    const [{ parameters }] = denseLayers(numbered);
    assert.deepEqual(parameters.weights.to2DArray(), [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    assert.deepEqual(parameters.biases.to2DArray(), [[8, 9, 10, 11]]);
    assert.deepEqual([...toParameters(numbered)], [...Array(parameterCount(network)).keys()]);
    assert.throws(() => withParameters(network, [1, 2]), {
      name: "RangeError",
      message: "parameters must be 31 numbers, got 2",
    });
  });
});

describe("initialisation", () => {
  const variances: Record<Initialisation, number> = {
    he: 2 / 100,
    "he-uniform": 2 / 100,
    glorot: 2 / 300,
    "glorot-uniform": 2 / 300,
    lecun: 1 / 100,
    normal: 1,
  };
  for (const [initialisation, variance] of Object.entries(variances)) {
    it(`${initialisation} has the variance of its paper`, () => {
      const network = createNetwork({
        inputs: 100,
        hiddenLayers: [200],
        initialisation: initialisation as Initialisation,
        seed: 1,
      });
      const [{ parameters }] = denseLayers(network);
      const { mean, sd } = meanInterval(parameters.weights.to1DArray());
      // 20,000 weights: the standard error of the standard deviation is half a per cent
      assert.ok(Math.abs(sd / Math.sqrt(variance) - 1) < 0.02, `standard deviation ${sd}`);
      assert.ok(Math.abs(mean) < 0.03 * sd, `mean ${mean}`);
      assert.equal(parameters.biases.norm(), 0);
    });
  }

  it("scales with initialScale", () => {
    const one = toParameters(createNetwork({ hiddenLayers: [10], seed: 1 }));
    const half = toParameters(createNetwork({ hiddenLayers: [10], seed: 1, initialScale: 0.5 }));
    assert.deepEqual(
      half,
      one.map((value) => value / 2),
    );
  });

  const bad: [object, string, string][] = [
    [{ hiddenLayers: [0] }, "RangeError", "hiddenLayers[0] must be a whole number from 1 to 1024, got 0"],
    [
      { hiddenLayers: [10, 2.5] },
      "RangeError",
      "hiddenLayers[1] must be a whole number from 1 to 1024, got 2.5",
    ],
    [
      { hiddenLayers: 10 },
      "TypeError",
      "hiddenLayers must be a list of at most 16 values, each a whole number from 1 to 1024, got 10",
    ],
    [
      { initialisation: "xavier" },
      "RangeError",
      'initialisation must be one of "he", "he-uniform", "glorot", "glorot-uniform", "lecun", "normal", got "xavier"',
    ],
    [{ initialScale: 0 }, "RangeError", "initialScale must be a finite number > 0, got 0"],
    [{ seed: 0.5 }, "RangeError", "seed must be a whole number >= 0, got 0.5"],
  ];
  for (const [change, name, message] of bad) {
    it(`refuses: ${message}`, () => {
      assert.throws(() => createNetwork({ hiddenLayers: [10], seed: 1, ...change }), { name, message });
    });
  }
});

describe("top-k", () => {
  it("keeps the largest of each row, of equals the first", () => {
    const output = new Matrix([
      [3, 0, 5, 4],
      [2, 2, 2, 0],
      [0, 0, 0, 0],
    ]);
    const kept = topK(2).forward(float64, { parameters: {} }, output, "inference").output;
    assert.deepEqual(kept.to2DArray(), [
      [0, 0, 5, 4],
      [2, 2, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it("goes with ReLU only", () => {
    assert.throws(() => createNetwork({ hiddenLayers: [4], activation: "tanh", topK: 2, seed: 1 }), {
      name: "RangeError",
      message: 'topK must be left out unless activation is "relu", got 2 with "tanh"',
    });
  });
});

describe("forward and backward", () => {
  const { train } = moonsSplit({ trainPoints: 30, testPoints: 2, noise: 0.15, seed: 1 });
  const network = createNetwork({ hiddenLayers: [6, 5], seed: 1 });
  const pass = forward(network, train.points);

  const delta = crossEntropy.gradient(float64, pass, train.labels);

  it("have the shapes they should", () => {
    const shape = ({ rows, columns }: Matrix): number[] => [rows, columns];
    const shapes = (matrices: Matrices): unknown =>
      Object.entries(matrices).map(([name, m]) => [name, shape(m)]);
    assert.deepEqual(
      pass.layers.map(({ input, output }) => [input, output].map(shape)),
      [
        [2, 6],
        [6, 6],
        [6, 5],
        [5, 5],
        [5, 1],
      ].map((sizes) => sizes.map((columns) => [30, columns])),
    );
    const { deltas, gradients } = backward(network, pass, delta);
    assert.deepEqual(
      deltas.map(shape),
      pass.layers.map(({ output }) => shape(output)),
    );
    assert.deepEqual(
      gradients.map(shapes),
      network.layers.map(({ parameters }) => shapes(parameters)),
    );
  });

  it("leave the network and the points as they were", () => {
    const before = [...toParameters(network), ...train.points.to1DArray()];
    backward(network, forward(network, train.points), delta);
    assert.deepEqual([...toParameters(network), ...train.points.to1DArray()], before);
  });

  it("refuse no points, and labels that are not one a point", () => {
    const network = createNetwork({ hiddenLayers: [3], seed: 1 });
    assert.throws(() => forward(network, new Matrix(0, 2)), {
      name: "RangeError",
      message: "points must have at least 1 row, got 0",
    });
    const one = { points: train.points, labels: Matrix.ones(1, 1) };
    for (const use of [() => gradientOf(network, one), () => evaluate(network, one)]) {
      assert.throws(use, {
        name: "RangeError",
        message: "labels must be 30 x 1, one per point, got 1 x 1",
      });
    }
  });

  it("refuse points of another dimension", () => {
    assert.throws(() => forward(network, Matrix.ones(3, 4)), {
      name: "RangeError",
      message: "points must have 2 columns, one per input, got 4",
    });
  });

  it("refuse a network of several outputs", () => {
    const twofold = { layers: [denseOf([[1, 2]], [0, 0])] };
    assert.throws(() => forward(twofold, Matrix.ones(3, 1)), {
      name: "RangeError",
      message: "network must end in 1 output, got 2",
    });
  });

  it("stay finite when the sigmoid saturates to exactly 0 and 1", () => {
    const steep = withParameters(
      network,
      toParameters(network).map((value) => 1e4 * value),
    );
    const saturated = forward(steep, train.points);
    const probabilities = saturated.probabilities.to1DArray();
    assert.ok(
      probabilities.includes(0) && probabilities.includes(1),
      "no saturation: the test shows nothing",
    );
    assert.ok(Number.isFinite(meanLoss(saturated, train.labels).get(0, 0)));
    assert.ok(listed(steep, gradientOf(steep, train).gradients).every(Number.isFinite));
  });

  it("have the loss ln 2 where the network knows nothing", () => {
    const blank = withParameters(network, new Float64Array(parameterCount(network)));
    const loss = meanLoss(forward(blank, train.points), train.labels).get(0, 0);
    assert.ok(Math.abs(loss - Math.LN2) < 1e-15, `loss ${loss}`);
  });
});
