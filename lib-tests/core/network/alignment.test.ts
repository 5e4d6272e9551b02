import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Matrix } from "ml-matrix";
import { moonsSplit } from "../../../src/core/moons.js";
import { align, balanced } from "../../../src/core/network/alignment.js";
import { assignment } from "../../../src/core/network/assignment.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import {
  denseLayers,
  mapMatrix,
  mapParameters,
  type Network,
  toParameters,
  withDense,
  withParameters,
} from "../../../src/core/network/network.js";
import { randomStream } from "../../../src/core/random.js";

const { train: data } = moonsSplit({ trainPoints: 40, testPoints: 2, noise: 0.15, seed: 3 });
const logits = (network: Network): number[] => forward(network, data.points).logits.to1DArray();

/** A network with biases that are not 0, as after training. */
function lived(
  hiddenLayers: number[],
  activation: "relu" | "leaky-relu" | "tanh" = "relu",
  seed = 5,
): Network {
  const network = createNetwork({ hiddenLayers, activation, seed });
  const random = randomStream("test/biases", seed);
  return mapParameters(network, () => random.normal());
}

/** The same function in other parameters: hidden neurons in another order, scales multiplied by c > 0. */
function disguised(network: Network, seed: number, isScaled = true): Network {
  const random = randomStream("test/disguise", seed);
  const layers = denseLayers(network).map(({ parameters }) => parameters);
  for (let l = 0; l < layers.length - 1; l++) {
    const [own, above] = [layers[l], layers[l + 1]];
    const order = Int32Array.from({ length: own.weights.columns }, (_, k) => k);
    random.shuffle(order);
    const factors = Array.from(order, () => (isScaled ? 0.05 + 20 * random.uniform() : 1));
    const take = (matrix: Matrix): Matrix =>
      mapMatrix(matrix, (_, i, j) => matrix.get(i, order[j]) * factors[j]);
    layers[l] = { weights: take(own.weights), biases: take(own.biases) };
    layers[l + 1] = {
      ...above,
      weights: mapMatrix(above.weights, (_, i, j) => above.weights.get(order[i], j) / factors[i]),
    };
  }
  return withDense(network, layers);
}

const near = (a: readonly number[], b: readonly number[], tolerance = 1e-9): void => {
  for (const [i, value] of a.entries()) assert.ok(Math.abs(value - b[i]) < tolerance, `${value} and ${b[i]}`);
};

describe("aligned networks", () => {
  for (const layers of [[1], [10], [4, 6], [10, 10, 10]]) {
    it(`of ${layers.join(" × ")} neurons are no distance apart where only order and scales differ`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
          const network = lived(layers, "relu", seed);
          const other = disguised(network, seed);
          near(logits(other), logits(network), 1e-6);
          const { distance } = align(network, other);
          assert.ok(distance < 1e-8, `${distance}`);
        }),
        { numRuns: 20 },
      );
    });
  }

  it("compute what they computed before", () => {
    const [network, other] = [lived([5, 4], "leaky-relu", 1), lived([5, 4], "leaky-relu", 2)];
    const aligned = align(network, other);
    near(logits(aligned.reference), logits(network));
    near(logits(aligned.other), logits(other));
  });

  it("are nowhere farther apart than without, and as far from each other either way", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const [network, other] = [lived([6], "relu", seed), lived([6], "relu", seed + 1000)];
        const there = align(network, other).distance;
        assert.ok(Math.abs(there - align(other, network).distance) < 1e-9);
        const [a, b] = [network, other].map((each) => toParameters(balanced(each)));
        assert.ok(there <= Math.sqrt(a.reduce((sum, value, k) => sum + (value - b[k]) ** 2, 0)) + 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  it("keep the distance of what really differs", () => {
    const network = balanced(lived([10]));
    const parameters = toParameters(network);
    // the output's bias has neither order nor scale
    const moved = withParameters(network, [...parameters.slice(0, -1), parameters[40] + 0.25]);
    const { distance } = align(network, disguised(moved, 7));
    assert.ok(Math.abs(distance - 0.25) < 1e-9, `${distance}`);
  });

  it("leave the scales where the activation has none, and find the order all the same", () => {
    const network = lived([6], "tanh");
    assert.ok(align(network, disguised(network, 2, false)).distance < 1e-12);
    assert.deepEqual(balanced(network), network);
  });

  it("have a neuron without weights into or out of it left out", () => {
    const network = lived([3]);
    const [hidden, output] = denseLayers(network).map(({ parameters }) => parameters);
    const silent = (value: number): Network =>
      withDense(network, [
        { ...hidden, weights: mapMatrix(hidden.weights, (w, _, j) => (j === 1 ? value : w)) },
        { ...output, weights: mapMatrix(output.weights, (w, i) => (i === 1 ? 0 : w)) },
      ]);
    assert.equal(align(silent(1), silent(7)).distance, 0);
  });

  it("refuse normalization, and what is not finite", () => {
    const normalized = createNetwork({ hiddenLayers: [4], normalization: "layer", seed: 1 });
    assert.throws(() => align(normalized, normalized), {
      name: "RangeError",
      message: "network must consist of dense layers and activations, got other layers",
    });
    const broken = withParameters(lived([2]), [1, 2, Number.NaN, 4, 5, 6, 7, 8, 9]);
    assert.throws(() => align(lived([2]), broken), {
      name: "RangeError",
      message: "network must have finite parameters, got NaN",
    });
  });
});

describe("assignment", () => {
  const permutations = (n: number): number[][] =>
    n === 0
      ? [[]]
      : permutations(n - 1).flatMap((rest) =>
          Array.from({ length: n }, (_, i) => [...rest.slice(0, i), n - 1, ...rest.slice(i)]),
        );
  const total = (cost: number[][], columns: readonly number[]): number =>
    columns.reduce((sum, column, row) => sum + cost[row][column], 0);

  it("costs no more than any other, by trying all", () => {
    const square = fc.integer({ min: 1, max: 6 }).chain((n) =>
      fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n, maxLength: n }), {
        minLength: n,
        maxLength: n,
      }),
    );
    fc.assert(
      fc.property(square, (cost) => {
        const columns = assignment(cost);
        assert.deepEqual(
          [...columns].sort(),
          cost.map((_, k) => k),
        );
        const best = Math.min(...permutations(cost.length).map((each) => total(cost, each)));
        assert.equal(total(cost, columns), best);
      }),
    );
  });

  it("refuses costs that are not finite, and rows of another length", () => {
    assert.deepEqual(assignment([]), []);
    assert.throws(
      () =>
        assignment([
          [1, Number.NaN],
          [0, 1],
        ]),
      {
        name: "RangeError",
        message: "cost must hold finite numbers, got NaN",
      },
    );
    assert.throws(() => assignment([[1, 2], [3]]), {
      name: "RangeError",
      message: "cost must have 2 numbers in each row, got 1",
    });
  });
});
