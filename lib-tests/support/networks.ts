/** Layers from plain lists. */
import { Matrix } from "ml-matrix";
import { type DenseParameters, dense } from "../../src/core/network/dense.js";
import type { Layer } from "../../src/core/network/layer.js";

/**
 * A dense layer.
 *
 * @param weights - one row an input, one column a neuron
 * @param biases - one a neuron
 */
export function denseOf(weights: number[][], biases: number[]): Layer<DenseParameters> {
  return dense(new Matrix(weights), Matrix.rowVector(biases));
}
