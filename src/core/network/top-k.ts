/**
 * Of a layer's outputs at a point the k largest stay, the others become 0 (Makhzani and Frey 2014, k-sparse autoencoders,
 * section 2); of equals the first.
 */
import type { Matrix } from "ml-matrix";
import type { Layer, Matrices } from "./layer.js";

/** A layer that keeps the k largest of its inputs, k >= 1. */
export function topK(k: number): Layer<Matrices, { isKept: Matrix }> & { readonly k: number } {
  return {
    kind: "top-k",
    k,
    parameters: {},
    forward({ rank, greater, select }, _, input) {
      const isKept = greater(k, rank(input));
      return { isKept, output: select(isKept, input, 0) };
    },
    backward: ({ multiply }, _, { isKept }, delta) => multiply(delta, isKept),
    gradient: (): Matrices => ({}),
  };
}
