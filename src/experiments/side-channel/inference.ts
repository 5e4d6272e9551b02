/**
 * Two ways to run a trained network on one point, written for the clock: one does the same work for every
 * input, the other skips silent neurons. They give the same bits, because adding 0·w changes no sum.
 */
import { denseLayers, type Network } from "../../core/network/network.js";

/** The logit of the point whose coordinates begin at `inputs[from]`. */
export type Inference = (inputs: Float64Array, from: number) => number;

/** A program that runs a network, and the memory that it reads points from. */
export interface Device {
  infer: Inference;
  /** Room for so many coordinates, from which `infer` reads. */
  room(length: number): Float64Array;
}

/** A dense layer as plain numbers. */
export interface FlatLayer {
  fanIn: number;
  fanOut: number;
  /** weights[i * fanOut + j]. */
  weights: Float64Array;
  biases: Float64Array;
  /** Room for the layer's outputs. */
  output: Float64Array;
}

/**
 * The dense layers of a network.
 *
 * @throws RangeError when the hidden neurons are not plain ReLUs
 */
export function flatten(network: Network): FlatLayer[] {
  const isPlain = network.layers.every(({ kind }) => kind === "dense" || kind === "relu");
  if (!isPlain) throw new RangeError("network must have ReLU neurons and nothing else, to be timed");
  return denseLayers(network).map(({ parameters: { weights, biases } }) => {
    return {
      fanIn: weights.rows,
      fanOut: weights.columns,
      weights: Float64Array.from(weights.to1DArray()),
      biases: Float64Array.from(biases.to1DArray()),
      output: new Float64Array(weights.columns),
    };
  });
}

/**
 * Inference by loops in JavaScript; `skips` to leave out the weights of a neuron whose output is 0.
 *
 * @throws RangeError when the hidden neurons are not plain ReLUs
 */
export function scriptDevice(network: Network, skips: boolean): Device {
  return { infer: inference(flatten(network), skips), room: (length) => new Float64Array(length) };
}

function inference(layers: readonly FlatLayer[], skips: boolean): Inference {
  return (inputs, from) => {
    let input = inputs;
    let start = from;
    for (let l = 0; l < layers.length; l++) {
      const { fanIn, fanOut, weights, biases, output } = layers[l];
      output.fill(0);
      for (let i = 0; i < fanIn; i++) {
        const a = input[start + i];
        if (skips && a === 0) continue;
        for (let j = 0; j < fanOut; j++) output[j] += a * weights[i * fanOut + j];
      }
      finish(output, biases, l === layers.length - 1);
      input = output;
      start = 0;
    }
    return input[0];
  };
}

function finish(output: Float64Array, biases: Float64Array, isLast: boolean): void {
  for (let j = 0; j < output.length; j++) {
    const z = output[j] + biases[j];
    // (z + |z|) / 2 is max(0, z) to the bit, and no branch: a branch mispredicted would itself tell the clock
    output[j] = isLast ? z : 0.5 * (z + Math.abs(z));
  }
}
