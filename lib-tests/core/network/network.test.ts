import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { moonsSplit } from "../../../src/core/moons.js";
import { backward, forward, meanLoss } from "../../../src/core/network/forward-backward.js";
import { createNetwork, type Initialisation } from "../../../src/core/network/initialisation.js";
import {
  layerSizes,
  parameterCount,
  toParameters,
  withParameters,
} from "../../../src/core/network/network.js";
import { keepLargest } from "../../../src/core/network/winners.js";
import { meanInterval } from "../../../src/experiments/statistics.js";

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
    assert.deepEqual(numbered.layers[0].weights.to2DArray(), [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    assert.deepEqual(numbered.layers[0].biases.to2DArray(), [[8, 9, 10, 11]]);
    assert.deepEqual([...toParameters(numbered)], [...Array(parameterCount(network)).keys()]);
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
      const { layers } = createNetwork({
        inputs: 100,
        hiddenLayers: [200],
        initialisation: initialisation as Initialisation,
        seed: 1,
      });
      const { mean, sd } = meanInterval(layers[0].weights.to1DArray());
      // 20,000 weights: the standard error of the standard deviation is half a per cent
      assert.ok(Math.abs(sd / Math.sqrt(variance) - 1) < 0.02, `standard deviation ${sd}`);
      assert.ok(Math.abs(mean) < 0.03 * sd, `mean ${mean}`);
      assert.equal(layers[0].biases.norm(), 0);
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

describe("winners", () => {
  it("are the largest of each row, of equals the first", () => {
    const output = new Matrix([
      [3, 0, 5, 4],
      [2, 2, 2, 0],
      [0, 0, 0, 0],
    ]);
    assert.deepEqual(keepLargest(output, 2).to2DArray(), [
      [0, 0, 5, 4],
      [2, 2, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it("go with ReLU only", () => {
    assert.throws(() => createNetwork({ hiddenLayers: [4], activation: "tanh", winners: 2, seed: 1 }), {
      name: "RangeError",
      message: 'winners must go with the activation "relu", got 2 with "tanh"',
    });
  });
});

describe("forward and backward", () => {
  const { train } = moonsSplit({ trainPoints: 30, testPoints: 2, noise: 0.15, seed: 1 });
  const network = createNetwork({ hiddenLayers: [6, 5], seed: 1 });
  const pass = forward(network, train.points);

  it("have the shapes they should", () => {
    assert.deepEqual(
      pass.layers.map(({ input, preactivation, output }) =>
        [input, preactivation, output].map((m) => [m.rows, m.columns]),
      ),
      [
        [
          [30, 2],
          [30, 6],
          [30, 6],
        ],
        [
          [30, 6],
          [30, 5],
          [30, 5],
        ],
        [
          [30, 5],
          [30, 1],
          [30, 1],
        ],
      ],
    );
    backward(network, pass, train.labels).forEach(({ weights, biases, delta }, l) => {
      assert.deepEqual(
        [weights.rows, weights.columns],
        [network.layers[l].weights.rows, network.layers[l].weights.columns],
      );
      assert.deepEqual([biases.rows, biases.columns], [1, network.layers[l].biases.columns]);
      assert.deepEqual([delta.rows, delta.columns], [30, network.layers[l].biases.columns]);
    });
  });

  it("leave the network and the points as they were", () => {
    const before = [...toParameters(network), ...train.points.to1DArray()];
    backward(network, forward(network, train.points), train.labels);
    assert.deepEqual([...toParameters(network), ...train.points.to1DArray()], before);
  });

  it("refuse points of another dimension", () => {
    assert.throws(() => forward(network, Matrix.ones(3, 4)), {
      name: "RangeError",
      message: "points must have 2 columns, one an input, got 4",
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
    assert.ok(Number.isFinite(meanLoss(saturated, train.labels)));
    for (const { weights, biases } of backward(steep, saturated, train.labels)) {
      assert.ok([...weights.to1DArray(), ...biases.to1DArray()].every(Number.isFinite));
    }
  });

  it("have the loss ln 2 where the network knows nothing", () => {
    const blank = withParameters(network, new Float64Array(parameterCount(network)));
    const loss = meanLoss(forward(blank, train.points), train.labels);
    assert.ok(Math.abs(loss - Math.LN2) < 1e-15, `loss ${loss}`);
  });
});
