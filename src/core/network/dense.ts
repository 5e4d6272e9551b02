/** The dense layer, Z = A W + 1·b. */
import type { Matrix } from "ml-matrix";
import type { Layer } from "./layer.js";

/** The parameters of a dense layer. */
export type DenseParameters = {
  /** W, inputs x outputs: column j holds the weights into neuron j. */
  readonly weights: Matrix;
  /** b, 1 x outputs. */
  readonly biases: Matrix;
};

/** Makes a dense layer with weights W (inputs x outputs) and biases b (1 x outputs). */
export function dense(weights: Matrix, biases: Matrix): Layer<DenseParameters> {
  return { parameters: { weights, biases }, ...denseRules };
}

/** The functions of every dense layer. */
export const denseRules: Omit<Layer<DenseParameters>, "parameters"> = {
  kind: "dense",

  forward: ({ product, add }, { parameters: { weights, biases } }, input) => ({
    output: add(product(input, weights), biases),
  }),

  // dL/dA = dL/dZ Wᵀ
  backward: ({ product, transpose }, { parameters: { weights } }, _, delta) =>
    product(delta, transpose(weights)),

  // dL/dW = Aᵀ dL/dZ, dL/db = 1ᵀ dL/dZ
  gradient: ({ product, transpose, sumRows }, _, { input }, delta) => ({
    weights: product(transpose(input), delta),
    biases: sumRows(delta),
  }),

  curvature: {
    // R{Z} = R{A} W + A V + 1·v, where W moves along V and b along v
    forward: ({ product, add }, { parameters: { weights } }, { input }, { direction, rInput }) =>
      add(add(product(rInput, weights), product(input, direction.weights)), direction.biases),

    // R{dL/dA} = R{dL/dZ} Wᵀ + dL/dZ Vᵀ
    backward: ({ product, add, transpose }, { parameters: { weights } }, _, { direction, delta, rDelta }) =>
      add(product(rDelta, transpose(weights)), product(delta, transpose(direction.weights))),

    // R{dL/dW} = R{A}ᵀ dL/dZ + Aᵀ R{dL/dZ}
    gradient: ({ product, add, transpose, sumRows }, _, { input }, { rInput, delta, rDelta }) => ({
      weights: add(product(transpose(rInput), delta), product(transpose(input), rDelta)),
      biases: sumRows(rDelta),
    }),
  },
};
