/**
 * Arithmetic in a format other than the engine's own: each operation is done in double precision and its
 * result rounded to the format at once, sums included. One rounding of the double's result is the format's
 * own result for + - x / and the square root as long as 2p + 2 <= 53 (Figueroa 1995, When is double rounding
 * innocuous?), which all formats here fulfil.
 */
import { Matrix } from "ml-matrix";
import type { Arithmetic, Round } from "./arithmetic.js";
import { type Summation, sumTerms } from "./summation.js";

/** How to round. */
export interface Roundings {
  /** The result of an operation. */
  round: Round;
  /**
   * The products in a sum and the sum on its way, as tensor cores keep them in a wider format; the sum is
   * rounded once more, by `round`, when it is done. As `round` by default.
   */
  accumulate?: Round;
  /** The order of each sum; `sequential` by default. */
  summation?: Summation;
}

/** The operations on matrices, rounded one by one. Elements are taken row by row. */
export function roundedArithmetic(
  name: string,
  { round, accumulate = round, summation = "sequential" }: Roundings,
): Arithmetic {
  const finish: Round = accumulate === round ? (value) => value : round;
  const elementwise = (f: (x: number, y: number) => number) => (a: Matrix, b: Matrix) =>
    build(a.rows, a.columns, (i, j) => round(f(a.get(i, j), b.get(i, j))));
  return {
    name,
    round,
    product(a, b) {
      const result = new Matrix(a.rows, b.columns);
      for (let j = 0; j < b.columns; j++) {
        for (let i = 0; i < a.rows; i++) {
          const product = (k: number): number => accumulate(a.get(i, k) * b.get(k, j));
          result.set(i, j, finish(sumTerms(summation, a.columns, product, accumulate)));
        }
      }
      return result;
    },
    addRow: (a, row) => build(a.rows, a.columns, (i, j) => round(a.get(i, j) + row.get(0, j))),
    sum: elementwise((x, y) => x + y),
    difference: elementwise((x, y) => x - y),
    hadamard: elementwise((x, y) => x * y),
    scale: (a, factor) => build(a.rows, a.columns, (i, j) => round(factor * a.get(i, j))),
    divide: (a, divisor) => build(a.rows, a.columns, (i, j) => round(a.get(i, j) / divisor)),
    columnSums: (a) =>
      build(1, a.columns, (_, j) => finish(sumTerms(summation, a.rows, (i) => a.get(i, j), accumulate))),
  };
}

function build(rows: number, columns: number, element: (i: number, j: number) => number): Matrix {
  const result = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result.set(i, j, element(i, j));
  }
  return result;
}
