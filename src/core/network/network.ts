/**
 * What a network is: layers, one after the other. It knows its shape and its parameters; what it computes stands in
 * forward-backward.ts.
 */
import type { Matrix } from "ml-matrix";
import { build } from "../arithmetic/elementwise.js";
import type { DenseParameters } from "./dense.js";
import type { Layer, LayerNumbers, Matrices } from "./layer.js";

/**
 * A network for two classes: layers, the last of which has one output, the logit. The sigmoid that makes it the probability
 * of class 1 belongs to the loss.
 */
export interface Network {
  /** From the input to the logit: dense, activation, dense in the network of the essay. */
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

/** Neurons: a dense layer, and what is done to its preactivations. */
export interface Block {
  dense: Layer<DenseParameters>;
  /** Normalization, activation, top-k: what follows up to the next dense layer. */
  rest: readonly Layer[];
  /** Index of the dense layer, and of the last of the rest, whose outputs are those of the neurons. */
  first: number;
  last: number;
}

/** The layers of neurons, as the field counts them: the hidden ones, then the output. */
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

/** Number of neurons in each dense layer, the inputs first: [2, 10, 1]. */
export function layerSizes(network: Network): number[] {
  const weights = denseLayers(network).map(({ parameters }) => parameters.weights);
  return [weights[0].rows, ...weights.map(({ columns }) => columns)];
}

/** Number of parameters: 41 for 2-10-1. */
export function parameterCount(network: Network): number {
  return listedNames(network).reduce((sum, { l, name }) => sum + network.layers[l].parameters[name].size, 0);
}

/**
 * All parameters in one list, layer by layer, matrix by matrix, row by row: the weights of a dense layer, then its
 * biases; then scales and shifts where there are any.
 */
export function toParameters(network: Network): Float64Array {
  return listed(
    network,
    network.layers.map(({ parameters }) => parameters),
  );
}

/** What belongs to the parameters of each layer, such as their derivatives, in the order of {@link toParameters}. */
export function listed(network: Network, matrices: readonly Matrices[]): Float64Array {
  return Float64Array.from(listedNames(network).flatMap(({ l, name }) => matrices[l][name].to1DArray()));
}

/** The matrices of parameters in the order of {@link toParameters}: the index of their layer, and their name there. */
export function listedNames({ layers }: Network): { l: number; name: string }[] {
  return layers.flatMap(({ parameters }, l) => Object.keys(parameters).map((name) => ({ l, name })));
}

/**
 * A copy of `network` with other parameters, listed as by {@link toParameters}.
 *
 * @throws RangeError when there are not as many as the network has
 */
export function withParameters(network: Network, parameters: ArrayLike<number>): Network {
  const count = parameterCount(network);
  if (parameters.length !== count) {
    throw new RangeError(`parameters must be ${count} numbers, got ${parameters.length}`);
  }
  let next = 0;
  return mapParameters(network, () => parameters[next++]);
}

/** A copy of `network` whose parameters went through `f`, in the order of {@link toParameters}. */
export function mapParameters(network: Network, f: (parameter: number) => number): Network {
  return withNumbers(network, ({ parameters }) => ({
    parameters: mapMatrices(parameters, (matrix) => mapMatrix(matrix, f)),
  }));
}

/** A copy of `network` with other numbers; what `numbersOf` leaves out stays. */
export function withNumbers(
  { layers }: Network,
  numbersOf: (layer: Layer, l: number) => Partial<LayerNumbers>,
): Network {
  const copy = (layer: Layer): Layer =>
    // with its prototype, where the functions of a class are
    Object.assign(Object.create(Object.getPrototypeOf(layer)), layer);
  return { layers: layers.map((layer, l) => Object.assign(copy(layer), numbersOf(layer, l))) };
}

/** Matrices that went through `f`, by their names. */
export function mapMatrices<M extends Matrices>(matrices: M, f: (matrix: Matrix, name: string) => Matrix): M {
  return Object.fromEntries(Object.entries(matrices).map(([name, matrix]) => [name, f(matrix, name)])) as M;
}

/** A copy of a matrix whose elements went through `f`, row by row. */
export function mapMatrix(matrix: Matrix, f: (value: number, i: number, j: number) => number): Matrix {
  return build(matrix.rows, matrix.columns, (i, j) => f(matrix.get(i, j), i, j));
}
