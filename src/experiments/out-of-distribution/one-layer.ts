/** Networks of which everything can be had in closed form: one hidden layer of ReLUs, plain or leaky, on the plane. */
import { LEAK } from "../../core/network/activations.js";
import { foldedBatchNorm } from "../../core/network/batch-norm.js";
import { type Block, blocksOf, type Network } from "../../core/network/network.js";
import type { Point } from "./rays.js";

/** A layer as plain lists: weights[neuron][input]. */
export interface PlainLayer {
  weights: readonly (readonly number[])[];
  biases: readonly number[];
  /** Slope of a neuron that is off. */
  leak: number;
}

/** A layer's affine part, batch normalization h = γ (z - μ) / s + β included. */
export function plainLayer(block: Block): PlainLayer {
  const { weights, biases } = foldedBatchNorm(block);
  return {
    weights: weights.transpose().to2DArray(),
    biases: biases.to1DArray(),
    leak: block.rest.some(({ kind }) => kind === "leaky-relu") ? LEAK : 0,
  };
}

/**
 * Whether the network is affine between the zeros of what goes into its neurons: these are ReLUs, plain or leaky. Batch
 * normalization, in use, is affine itself.
 */
export function isPiecewiseAffine({ layers }: Network): boolean {
  return layers.every(({ kind }) => ["dense", "batch-norm", "relu", "leaky-relu"].includes(kind));
}

/** z = Σ v_j σ(w_j·x + b_j) + c, where σ is a ReLU, plain or leaky. */
export interface OneLayer extends PlainLayer {
  /** v, the weight of each neuron in the logit. */
  outputs: readonly number[];
  /** c. */
  bias: number;
}

/** The network in this form; undefined where it has another, or a parameter is not finite. */
export function oneLayerOf(network: Network): OneLayer | undefined {
  const blocks = blocksOf(network);
  if (blocks.length !== 2 || !isPiecewiseAffine(network)) return undefined;
  const [hidden, output] = blocks.map(plainLayer);
  const layer = { ...hidden, outputs: output.weights[0], bias: output.biases[0] };
  const numbers = [...layer.weights.flat(), ...layer.biases, ...layer.outputs, layer.bias];
  return layer.weights[0].length === 2 && numbers.every(Number.isFinite) ? layer : undefined;
}

/** The logit where it is one affine function: a·x + c. */
export interface Piece {
  /** a, in nats per unit of length. */
  gradient: readonly [number, number];
  /** c. */
  constant: number;
  /** How many neurons are on. */
  firing: number;
}

/** The affine function that the logit is where the neurons are on that `isOn` says. */
export function pieceOf(layer: OneLayer, isOn: (neuron: number) => boolean): Piece {
  const { weights, biases, leak, outputs, bias } = layer;
  let [x, y, constant, firing] = [0, 0, bias, 0];
  for (let j = 0; j < outputs.length; j++) {
    const on = isOn(j);
    const slope = on ? outputs[j] : leak * outputs[j];
    x += slope * weights[j][0];
    y += slope * weights[j][1];
    constant += slope * biases[j];
    if (on) firing++;
  }
  return { gradient: [x, y], constant, firing };
}

/** What goes into a neuron at a point. */
export function inputAt({ weights, biases }: PlainLayer, neuron: number, [x, y]: Point): number {
  return weights[neuron][0] * x + weights[neuron][1] * y + biases[neuron];
}
