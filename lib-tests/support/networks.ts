/** Networks for tests. */
import { Matrix } from "ml-matrix";
import { type DenseParameters, dense } from "../../src/core/network/dense.js";
import type { Layer } from "../../src/core/network/layer.js";
import { mapParameters, type Network } from "../../src/core/network/network.js";
import { randomStream } from "../../src/core/random.js";

/**
 * A dense layer from plain lists.
 *
 * @param weights - one row an input, one column a neuron
 * @param biases - one a neuron
 */
export function denseOf(weights: number[][], biases: number[]): Layer<DenseParameters> {
  return dense(new Matrix(weights), Matrix.rowVector(biases));
}

/** Moves all parameters a little, the biases off zero, where ReLU networks like to stand on a kink. */
export function shaken(network: Network, seed: number): Network {
  const random = randomStream("shake", seed);
  return mapParameters(network, (value) => value + 0.1 * random.normal());
}
