/**
 * A training that ends at a minimum, where influence functions are defined: full batches have no order, tanh no kinks, and
 * a decay of all parameters leaves no direction flat. (With ReLU the descent ends on kinks, where the gradient jumps and
 * never comes to rest.)
 */
import { Matrix } from "ml-matrix";
import type { Dataset } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import type { Penalty } from "../../core/network/penalties.js";
import type { StepRule } from "../../core/network/step.js";
import { type Steps, trained } from "../measurement.js";

/** λ of the decay: the largest of 0.001, 0.003 and 0.01 at which such a network still bends around both moons. */
export const DECAY = 0.003;

/** Step size and memory of the descent: the slowest direction shrinks by a factor e in 1 / (η λ / (1 - β)) = 33 epochs. */
const RATE = 1;
const MEMORY = 0.9;

/** Epochs of the first descent, and of each later one, which starts at the minimum of the true labels. */
const FIRST = 5000;
export const AGAIN = 400;

/** P = λ/2 |θ|², biases and all, and dP/dθ = λ θ: the logarithm of a Gaussian prior. */
export function decayOfAll(lambda: number): Penalty {
  return {
    value({ add, multiply, convert, sumRows, sumColumns }, { network: { layers } }) {
      const squares = layers.flatMap(({ parameters }) =>
        Object.values(parameters).map((own) => sumColumns(sumRows(multiply(own, own)))),
      );
      return multiply(lambda / 2, squares.reduce(add, convert(0)));
    },
    gradients: ({ multiply, convert }, { layers }) =>
      layers.map(({ parameters }) =>
        Object.fromEntries(
          Object.entries(parameters).map(([name, own]) => [name, multiply(convert(lambda), own)]),
        ),
      ),
  };
}

/** The heavy ball: v = β v + g, and the parameter changes by -η v (Polyak 1964). */
const heavyBall: StepRule = {
  start: (parameter) => ({ velocity: Matrix.zeros(parameter.rows, parameter.columns) }),
  step({ multiply, add, subtract }, parameter, gradient, learningRate, { velocity }) {
    const next = add(multiply(MEMORY, velocity), gradient);
    const change = multiply(learningRate, next);
    return { parameter: subtract(parameter, change), change, kept: { velocity: next } };
  },
};

/**
 * Goes down to a minimum.
 *
 * @param start - random weights, or with `isNear` the minimum of nearly the same data
 */
export function* minimumFrom(start: Network, train: Dataset, isNear = false): Steps<Network> {
  const epochs = isNear ? AGAIN : FIRST;
  const { network } = yield* trained({
    network: start,
    train,
    learningRate: RATE,
    batchSize: "full",
    epochs,
    penalties: [decayOfAll(DECAY)],
    rule: heavyBall,
    seed: 0,
    recordEvery: epochs,
  });
  return network;
}
