/**
 * What the network needs from numbers: the operations on matrices out of which forward, loss, backward and
 * update are made. The network is written once over this interface, whatever a number is.
 */
import type { Matrix } from "ml-matrix";

/**
 * Rounds the result of one elementary operation to a number of the format. Activations and losses apply
 * it after each operation of theirs.
 */
export type Round = (value: number) => number;

/** The operations on matrices in one number format. None changes its arguments. */
export interface Arithmetic {
  /** Name of the format, such as `binary64`. */
  readonly name: string;
  /** Rounding to the format, for functions written number by number. */
  readonly round: Round;
  /** A·B, (n x k)·(k x m) -> n x m, column by column; each sum runs in index order, starting from 0. */
  product(a: Matrix, b: Matrix): Matrix;
  /** A + 1·r, a row (1 x m) added to every row of A (n x m). */
  addRow(a: Matrix, row: Matrix): Matrix;
  /** A + B, element by element. */
  sum(a: Matrix, b: Matrix): Matrix;
  /** A - B, element by element. */
  difference(a: Matrix, b: Matrix): Matrix;
  /** A ∘ B, the product element by element (Hadamard). */
  hadamard(a: Matrix, b: Matrix): Matrix;
  /** s A for a number s of the format. */
  scale(a: Matrix, factor: number): Matrix;
  /** A / d for a number d of the format. */
  divide(a: Matrix, divisor: number): Matrix;
  /** 1ᵀA, the sum of each column (1 x m); each sum runs in row order, starting from 0. */
  columnSums(a: Matrix): Matrix;
}
