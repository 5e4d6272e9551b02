/** The network in double-doubles: the same code, twice the digits. */
import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "../../../src/core/arithmetic/arithmetic.js";
import { doubleDouble } from "../../../src/core/arithmetic/double-double-arithmetic.js";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import {
  denseLayers,
  listed,
  type Network,
  toParameters,
  withDense,
  withNumbers,
} from "../../../src/core/network/network.js";
import { gradientOf, meanLoss, plainObjective, toOperands } from "../../../src/core/network/objective.js";
import { train } from "../../../src/core/network/train.js";
import { trainIn } from "../../../src/core/network/train-in.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";
import { shaken } from "../../support/networks.js";

const { add, subtract, divide } = doubleDouble;
const { train: data } = moonsSplit({ trainPoints: 25, testPoints: 2, noise: 0.15, seed: 3 });

const networks: Readonly<Record<string, Network>> = {
  relu: createNetwork({ hiddenLayers: [10], seed: 3 }),
  tanh: createNetwork({ hiddenLayers: [4, 3], activation: "tanh", seed: 3 }),
  softplus: createNetwork({ hiddenLayers: [4], activation: "softplus", normalization: "layer", seed: 3 }),
};

const largest = (matrices: readonly Matrix[]): number =>
  Math.max(...matrices.flatMap((matrix) => matrix.to1DArray().map(Math.abs)));

/** The largest difference of parameters, lower parts included. */
function apart(a: Network, b: Network): number {
  return largest(
    a.layers.flatMap(({ parameters }, l) =>
      Object.entries(parameters).map(([name, matrix]) => subtract(matrix, b.layers[l].parameters[name])),
    ),
  );
}

/** The only hidden layer's neurons in reverse order: another order of the sums, and nothing else. */
function reversed(network: Network): Network {
  const [hidden, output] = denseLayers(network).map(({ parameters }) => parameters);
  const flip = Array.from({ length: hidden.weights.columns }, (_, j) => j).reverse();
  const matrix = new Matrix(flip.map((i) => flip.map((_, j) => (j === i ? 1 : 0))));
  // products with 0 and 1 are exact
  const { product } = doubleDouble;
  return withDense(network, [
    { weights: product(hidden.weights, matrix), biases: product(hidden.biases, matrix) },
    { weights: product(matrix, output.weights), biases: output.biases },
  ]);
}

const options: TrainOptions = {
  network: networks.relu,
  train: data,
  learningRate: 0.05,
  batchSize: 1,
  epochs: 1,
  seed: 1,
};

describe("a network in double-doubles", () => {
  for (const [name, drawn] of Object.entries(networks)) {
    const network = toOperands(shaken(drawn, 1), doubleDouble);
    const arithmetics = { forward: doubleDouble, backward: doubleDouble, update: doubleDouble };
    const { gradients } = gradientOf(network, data, plainObjective, { arithmetics });

    it(`has the gradient of doubles, to their precision: ${name}`, () => {
      const ours = listed(network, gradients);
      const theirs = listed(network, gradientOf(shaken(drawn, 1), data).gradients);
      const errors = ours.map((value, k) => Math.abs(value - theirs[k]));
      assert.ok(Math.max(...errors) < 2e-15);
      assert.ok(Math.max(...errors) > 0);
    });

    it(`has the slope of the loss as its gradient, to 20 digits: ${name}`, () => {
      const lossAt = (l: number, name: string, change: Matrix): Matrix => {
        const moved = withNumbers(network, ({ parameters }, m) =>
          m === l ? { parameters: { ...parameters, [name]: add(parameters[name], change) } } : {},
        );
        return meanLoss(forward(moved, data.points, doubleDouble), data.labels, undefined, doubleDouble);
      };
      const step = 2 ** -34;
      network.layers.forEach(({ parameters }, l) => {
        for (const [name, { rows, columns }] of Object.entries(parameters)) {
          for (let k = 0; k < rows * columns; k++) {
            const change = new Matrix(rows, columns).set(Math.floor(k / columns), k % columns, step);
            const rise = subtract(lossAt(l, name, change), lossAt(l, name, doubleDouble.negate(change)));
            const own = new Matrix(rows, columns).set(Math.floor(k / columns), k % columns, 1);
            const analytic = doubleDouble.sumColumns(
              doubleDouble.sumRows(doubleDouble.multiply(own, gradients[l][name])),
            );
            const error = subtract(analytic, divide(rise, 2 * step)).get(0, 0);
            assert.ok(Math.abs(error) < 1e-19, `${name} ${k}: ${error}`);
          }
        }
      });
    });
  }

  it("trains as in doubles, to their precision, for an epoch", () => {
    const [ours, theirs] = [trainIn(doubleDouble, options), train(options)];
    const difference = apart(ours.network, theirs.network);
    assert.ok(difference < 1e-13 && difference > 1e-17, `${difference}`);
    const loss = ours.history[1].train.loss - theirs.history[1].train.loss;
    assert.ok(Math.abs(loss) < 1e-13);
    assert.equal(toParameters(ours.network).length, 41);
  });

  it("trains to 28 digits, whatever the order of sums", () => {
    const between = (arithmetic: Arithmetic): number => {
      const own = trainIn(arithmetic, options).network;
      const other = trainIn(arithmetic, { ...options, network: reversed(options.network) }).network;
      return apart(own, reversed(other));
    };
    assert.ok(between(doubleDouble) < 1e-28);
    assert.ok(between(doubleDouble) > 0);
    assert.ok(between(float64) > 1e-17);
  });
});
