/**
 * What a network is: layers of weights and biases, as plain data. It knows its shape and its parameters;
 * what it computes stands in forward-backward.ts.
 */
import { Matrix } from "ml-matrix";
import type { ActivationName } from "./activations.js";
import type { Normalization } from "./normalization.js";

/** The matrices of a layer's parameters, or of what belongs to them, such as their derivatives. */
export interface LayerMatrices {
  /** W, inputs x outputs: the column j holds the weights into neuron j. */
  weights: Matrix;
  /** b, 1 x outputs. */
  biases: Matrix;
  /** What normalizes the preactivations, where anything does. */
  normalization?: Normalization;
}

/** One layer: a = f(x W + b), or with the preactivations normalized before f. */
export interface Layer extends LayerMatrices {
  /** f. */
  activation: ActivationName;
  /** How many of the outputs at a point stay, the largest; all by default. */
  winners?: number;
}

/**
 * A network for two classes: any hidden layers, then one neuron whose preactivation, the logit, goes through
 * the sigmoid to give the probability of class 1.
 */
export interface Network {
  /** From the input to the output; the last layer has one neuron and the activation `sigmoid`. */
  layers: readonly Layer[];
}

/** Number of neurons in each layer, the inputs first: [2, 10, 1]. */
export function layerSizes(network: Network): number[] {
  return [network.layers[0].weights.rows, ...network.layers.map((layer) => layer.weights.columns)];
}

/** Number of parameters: 41 for 2-10-1. */
export function parameterCount(network: Network): number {
  return toParameters(network).length;
}

/**
 * All parameters in one list: layer by layer, the weights row by row, then the biases, then gains and shifts
 * where there are any.
 */
export function toParameters({ layers }: { layers: readonly LayerMatrices[] }): Float64Array {
  return Float64Array.from(layers.flatMap((layer) => matricesOf(layer).flatMap((m) => m.to1DArray())));
}

/** A copy of `network` with other parameters, listed as by {@link toParameters}. */
export function withParameters(network: Network, parameters: ArrayLike<number>): Network {
  let next = 0;
  return mapParameters(network, () => parameters[next++]);
}

/** A copy of `network` whose parameters went through `f`, in the order of {@link toParameters}. */
export function mapParameters(network: Network, f: (parameter: number) => number): Network {
  return {
    layers: network.layers.map((layer) =>
      withMatrices(
        layer,
        matricesOf(layer).map((matrix) => mapMatrix(matrix, f)),
      ),
    ),
  };
}

/** The matrices of a layer in the order of {@link toParameters}. */
export function matricesOf({ weights, biases, normalization }: LayerMatrices): Matrix[] {
  return normalization ? [weights, biases, normalization.gains, normalization.shifts] : [weights, biases];
}

/** A copy of a layer with other matrices, in the order of {@link matricesOf}. */
export function withMatrices<L extends LayerMatrices>(layer: L, matrices: readonly Matrix[]): L {
  const [weights, biases, gains, shifts] = matrices;
  const { normalization } = layer;
  return {
    ...layer,
    weights,
    biases,
    ...(normalization && { normalization: { ...normalization, gains, shifts } }),
  };
}

/** A copy of a matrix whose elements went through `f`, row by row. */
export function mapMatrix(matrix: Matrix, f: (value: number, i: number, j: number) => number): Matrix {
  const result = new Matrix(matrix.rows, matrix.columns);
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < matrix.columns; j++) result.set(i, j, f(matrix.get(i, j), i, j));
  }
  return result;
}
