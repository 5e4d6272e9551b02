/**
 * Top-k: at each point keeps the k largest outputs of a layer and sets the others to 0 (Makhzani and Frey 2014, k-sparse
 * autoencoders, section 2); among equal outputs the first ones win.
 */
import type { Matrix } from "ml-matrix";
import type { Layer, Matrices } from "./layer.js";

/** Makes a layer that keeps the k largest of its inputs, k >= 1. */
export function topK(k: number): Layer<Matrices, { isKept: Matrix }> {
  return {
    kind: "top-k",
    parameters: {},
    forward({ rank, greater, select }, _, input) {
      const isKept = greater(k, rank(input));
      return { isKept, output: select(isKept, input, 0) };
    },
    backward: ({ multiply }, _, { isKept }, delta) => multiply(delta, isKept),
    gradient: (): Matrices => ({}),
  };
}
