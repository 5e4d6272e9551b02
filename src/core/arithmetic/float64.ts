/** IEEE 754 binary64, the arithmetic of JavaScript's numbers, by ml-matrix's own operators. */
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "./arithmetic.js";

/** Double precision: every operation of the engine already rounds to nearest, ties to even. */
export const float64: Arithmetic = {
  name: "binary64",
  round: (value) => value,
  product: (a, b) => a.mmul(b),
  addRow: (a, row) => a.clone().addRowVector(row),
  sum: (a, b) => Matrix.add(a, b),
  difference: (a, b) => Matrix.sub(a, b),
  hadamard: (a, b) => Matrix.mul(a, b),
  scale: (a, factor) => Matrix.mul(a, factor),
  divide: (a, divisor) => Matrix.div(a, divisor),
  columnSums: (a) => Matrix.rowVector(a.sum("column")),
};
