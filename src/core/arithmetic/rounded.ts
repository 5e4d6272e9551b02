/**
 * Arithmetic in any format: each operation, including each addition in a sum, is done in double precision and rounded to
 * the format at once. For + - x / and the square root this gives the format's own result if 2p + 2 <= 53 (Figueroa 1995,
 * When is double rounding innocuous?), which all formats here satisfy.
 */
import { Matrix } from "ml-matrix";
import type { Arithmetic, Operand, Round } from "./arithmetic.js";
import { binary, exactOperations, mapElements, mapPairs, sumsBy, unary } from "./elementwise.js";
import { type Summation, sumTerms } from "./summation.js";

/** How to round. */
export interface Roundings {
  /** Rounds the result of an operation. */
  round: Round;
  /**
   * Rounds the products in a sum and the partial sums, which tensor cores keep in a wider format; the final sum is rounded
   * again by `round`. `round` by default.
   */
  accumulate?: Round;
  /** Rounds to the nearest number of the format; `round` by default. */
  convert?: Round;
  /** The order of each sum; `sequential` by default. */
  summation?: Summation;
}

/** Makes an arithmetic that rounds every operation. Elements are computed row by row. */
export function roundedArithmetic(
  name: string,
  { round, accumulate = round, convert = round, summation = "sequential" }: Roundings,
): Arithmetic {
  const sum = (count: number, term: (index: number) => number): number => {
    const total = sumTerms(summation, count, term, accumulate);
    return accumulate === round ? total : round(total);
  };
  const one = (f: (x: number) => number) => (a: Matrix) => mapElements((x) => round(f(x)), a);
  const two = (f: (x: number, y: number) => number) => (a: Operand, b: Operand) =>
    mapPairs((x, y) => round(f(x, y)), a, b);
  return {
    name,
    ...sumsBy(sum, (x, y) => accumulate(x * y)),
    add: two(binary.add),
    subtract: two(binary.subtract),
    multiply: two(binary.multiply),
    divide: two(binary.divide),
    sqrt: one(unary.sqrt),
    exp: one(unary.exp),
    expm1: one(unary.expm1),
    log: one(unary.log),
    log1p: one(unary.log1p),
    tanh: one(unary.tanh),
    convert: (a) => (typeof a === "number" ? new Matrix([[convert(a)]]) : mapElements(convert, a)),
    ...exactOperations,
  };
}
