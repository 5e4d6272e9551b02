/**
 * What a network is: layers, one after the other. forward-backward.ts says what it computes.
 */
import type { Matrix } from "ml-matrix";
import { build } from "../arithmetic/elementwise.js";
import type { DenseParameters } from "./dense.js";
import type { Layer, LayerNumbers, Matrices } from "./layer.js";

/**
 * A network for two classes: layers, of which the last has one output, the logit. The sigmoid that turns the logit into the
 * probability of class 1 is not one of the layers.
 */
export interface Network {
  /** The layers from the input to the logit; in the essay's network dense, activation, dense. */
  readonly layers: readonly Layer[];
}

/** The dense layers, from the first hidden one to the output. */
export function denseLayers({ layers }: Network): Layer<DenseParameters>[] {
  return layers.filter(isDense);
}

/** Whether a layer is dense. */
export function isDense(layer: Layer): layer is Layer<DenseParameters> {
  return layer.kind === "dense";
}

/** A layer of neurons: a dense layer and the layers that follow it. */
export interface Block {
  dense: Layer<DenseParameters>;
  /** The layers before the next dense layer: normalization, activation, top-k. */
  rest: readonly Layer[];
  /** Index of the dense layer. */
  first: number;
  /** Index of the last of the rest, whose outputs are those of the neurons. */
  last: number;
}

/** The layers of neurons: the hidden ones, then the output. */
export function blocksOf({ layers }: Network): Block[] {
  return layers.flatMap((dense, first) => {
    if (!isDense(dense)) return [];
    const next = layers.findIndex((layer, l) => l > first && isDense(layer));
    const end = next === -1 ? layers.length : next;
    return [{ dense, rest: layers.slice(first + 1, end), first, last: end - 1 }];
  });
}

/** The layers of hidden neurons. */
export function hiddenBlocks(network: Network): Block[] {
  return blocksOf(network).slice(0, -1);
}

/** A copy of `network` with other parameters in its dense layers. */
export function withDense(network: Network, parameters: readonly DenseParameters[]): Network {
  let next = 0;
  return withNumbers(network, ({ kind }) => (kind === "dense" ? { parameters: parameters[next++] } : {}));
}

/** The number of inputs, then the number of neurons in each dense layer: [2, 10, 1]. */
export function layerSizes(network: Network): number[] {
  const weights = denseLayers(network).map(({ parameters }) => parameters.weights);
  return [weights[0].rows, ...weights.map(({ columns }) => columns)];
}

/** Number of parameters: 41 for 2-10-1. */
export function parameterCount(network: Network): number {
  return listedNames(network).reduce((sum, { l, name }) => sum + network.layers[l].parameters[name].size, 0);
}

/**
 * All parameters in one list, layer by layer, matrix by matrix, row by row: the weights of a dense layer, then its biases;
 * the scales of a normalization, then its shifts.
 */
export function toParameters(network: Network): Float64Array {
  return listed(
    network,
    network.layers.map(({ parameters }) => parameters),
  );
}

/** Lists matrices that correspond to parameters, such as derivatives, in the order of {@link toParameters}. */
export function listed(network: Network, matrices: readonly Matrices[]): Float64Array {
  return Float64Array.from(listedNames(network).flatMap(({ l, name }) => matrices[l][name].to1DArray()));
}

/** The layer indices and names of all parameter matrices, in the order of {@link toParameters}. */
export function listedNames({ layers }: Network): { l: number; name: string }[] {
  return layers.flatMap(({ parameters }, l) => Object.keys(parameters).map((name) => ({ l, name })));
}

/**
 * Returns a copy of `network` with other parameters, in the order of {@link toParameters}.
 *
 * @throws RangeError when their number is not that of the network
 */
export function withParameters(network: Network, parameters: ArrayLike<number>): Network {
  const count = parameterCount(network);
  if (parameters.length !== count) {
    throw new RangeError(`parameters must be ${count} numbers, got ${parameters.length}`);
  }
  let next = 0;
  return mapParameters(network, () => parameters[next++]);
}

/** Returns a copy of `network` with `f` applied to each parameter, in the order of {@link toParameters}. */
export function mapParameters(network: Network, f: (parameter: number) => number): Network {
  return withNumbers(network, ({ parameters }) => ({
    parameters: mapMatrices(parameters, (matrix) => mapMatrix(matrix, f)),
  }));
}

/** Returns a copy of `network` with other numbers; what `numbersOf` leaves out stays the same. */
export function withNumbers(
  { layers }: Network,
  numbersOf: (layer: Layer, l: number) => Partial<LayerNumbers>,
): Network {
  const copy = (layer: Layer): Layer =>
    // keeps the prototype, which holds the functions of a class
    Object.assign(Object.create(Object.getPrototypeOf(layer)), layer);
  return { layers: layers.map((layer, l) => Object.assign(copy(layer), numbersOf(layer, l))) };
}

/** Applies `f` to each matrix. */
export function mapMatrices<M extends Matrices>(matrices: M, f: (matrix: Matrix, name: string) => Matrix): M {
  return Object.fromEntries(Object.entries(matrices).map(([name, matrix]) => [name, f(matrix, name)])) as M;
}

/** Returns a copy of a matrix with `f` applied to each element, row by row. */
export function mapMatrix(matrix: Matrix, f: (value: number, i: number, j: number) => number): Matrix {
  return build(matrix.rows, matrix.columns, (i, j) => f(matrix.get(i, j), i, j));
}
