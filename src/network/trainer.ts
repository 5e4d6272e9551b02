/** What training needs of a network on its way, and the readable way to do it: matrices all along. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import { type Dataset, selectPoints } from "../moons.js";
import { type Network, toParameters, withParameters } from "./architecture.js";
import { backward, forward, type LayerGradient, meanLoss } from "./forward-backward.js";

/** How well a network does on a set of points. */
export interface Evaluation {
  /** Mean binary cross-entropy, in nats. */
  loss: number;
  /** Share of the points whose class is the more probable one; at exactly 1/2 the guess is class 0. */
  accuracy: number;
}

/** A network in training. */
export interface Trainer {
  /** One step of gradient descent on the mean loss of the training points named by `batch`. */
  step(batch: Int32Array): void;
  /** How well the network does now. */
  evaluate(data: Dataset): Evaluation;
  /** A copy of the network as it is now. */
  network(): Network;
}

/** Makes a trainer: `initial` and `train` are left unchanged. */
export type TrainerFactory = (
  initial: Network,
  train: Dataset,
  learningRate: number,
  arithmetic: Arithmetic,
) => Trainer;

/** The readable path, the specification of what training computes. */
export const readableTrainer: TrainerFactory = (initial, train, learningRate, arithmetic) => {
  let network = initial;
  return {
    step(batch) {
      const { points, labels } = selectPoints(train, [...batch]);
      const pass = forward(network, points, arithmetic);
      network = descend(network, backward(network, pass, labels, arithmetic), learningRate, arithmetic);
    },
    evaluate: (data) => evaluate(network, data, arithmetic),
    network: () => withParameters(network, toParameters(network)),
  };
};

/** One step down the gradient: W - η dL/dW and b - η dL/db, as a new network. */
export function descend(
  network: Network,
  gradients: readonly LayerGradient[],
  learningRate: number,
  arithmetic: Arithmetic = float64,
): Network {
  const lower = (parameter: Matrix, gradient: Matrix): Matrix =>
    arithmetic.difference(parameter, arithmetic.scale(gradient, learningRate));
  return {
    layers: network.layers.map(({ weights, biases, activation }, l) => ({
      weights: lower(weights, gradients[l].weights),
      biases: lower(biases, gradients[l].biases),
      activation,
    })),
  };
}

/** How well a network does on a set of points. */
export function evaluate(network: Network, data: Dataset, arithmetic: Arithmetic = float64): Evaluation {
  const { logits } = forward(network, data.points, arithmetic);
  const count = data.labels.rows;
  let right = 0;
  for (let i = 0; i < count; i++) {
    if (logits.get(i, 0) > 0 === (data.labels.get(i, 0) === 1)) right++;
  }
  return { loss: meanLoss(logits, data.labels, arithmetic), accuracy: right / count };
}
