/**
 * What the network needs from numbers: the operations on matrices out of which forward, loss, backward and
 * step are made. The network is written once over this interface, whatever a number is, and whoever stands
 * behind it: matrices that are there to look at, or a recorder of what is done.
 */
import type { Matrix } from "ml-matrix";

/** Rounds the result of one elementary operation to a number of the format. */
export type Round = (value: number) => number;

/**
 * A matrix, or a number in the place of one. An operation on two of them gives a matrix of the larger shape: a
 * number, a row (1 x m), a column (n x 1) and a single element (1 x 1) count for each of its rows and columns.
 */
export type Operand = Matrix | number;

/** The operations on matrices in one number format. None changes its arguments. */
export interface Arithmetic {
  /** Name of the format, such as `binary64`. */
  readonly name: string;

  // ---- rounded: each result is a number of the format ----

  /** A·B, (n x k)·(k x m) -> n x m; each sum runs over k in the arithmetic's order, starting from 0. */
  product(a: Matrix, b: Matrix): Matrix;
  /** 1ᵀA, the sum of the rows (1 x m), each in the arithmetic's order, starting from 0. */
  sumRows(a: Matrix): Matrix;
  /** A·1, the sum of the columns (n x 1), each in the arithmetic's order, starting from 0. */
  sumColumns(a: Matrix): Matrix;
  /** A + B, element by element. */
  add(a: Operand, b: Operand): Matrix;
  /** A - B, element by element. */
  subtract(a: Operand, b: Operand): Matrix;
  /** A ∘ B, element by element (Hadamard). */
  multiply(a: Operand, b: Operand): Matrix;
  /** A / B, element by element. */
  divide(a: Operand, b: Operand): Matrix;
  /** √A, element by element. */
  sqrt(a: Matrix): Matrix;
  /** e^A, element by element, as are the following. */
  exp(a: Matrix): Matrix;
  /** e^A - 1. */
  expm1(a: Matrix): Matrix;
  /** The natural logarithm. */
  log(a: Matrix): Matrix;
  /** log(1 + A). */
  log1p(a: Matrix): Matrix;
  /** The hyperbolic tangent. */
  tanh(a: Matrix): Matrix;
  /**
   * The numbers of the format nearest to A, whatever the mode of rounding: how data, constants and master weights become operands.
   */
  convert(a: Operand): Matrix;

  // ---- exact: nothing to round ----

  /** The larger of the two, NaN where either is. */
  maximum(a: Operand, b: Operand): Matrix;
  /** |A|. */
  abs(a: Matrix): Matrix;
  /** -A. */
  negate(a: Matrix): Matrix;
  /** 1 where A > B, 0 elsewhere. */
  greater(a: Operand, b: Operand): Matrix;
  /** A where the condition is not 0, B elsewhere. */
  select(condition: Matrix, a: Operand, b: Operand): Matrix;
  /** For each element, how many of its row are larger, or equal and further left. */
  rank(a: Matrix): Matrix;
  /** How many elements of each column are not 0 (1 x m). */
  count(a: Matrix): Matrix;
  /** Aᵀ. */
  transpose(a: Matrix): Matrix;
  /** The column j (n x 1). */
  column(a: Matrix, j: number): Matrix;
}

/** The names of the operations that are done element by element with one operand. */
export type UnaryOperation = "sqrt" | "exp" | "expm1" | "log" | "log1p" | "tanh" | "abs" | "negate";

/** The names of those with two. */
export type BinaryOperation = "add" | "subtract" | "multiply" | "divide" | "maximum" | "greater";

/** The shape of A·B. */
export function productShape(a: Matrix, b: Matrix): { rows: number; columns: number } {
  if (a.columns !== b.rows) {
    throw new RangeError(
      `a must have as many columns as b has rows in a product, got ${a.columns} and ${b.rows}`,
    );
  }
  return { rows: a.rows, columns: b.columns };
}

/** The shape of the result of an operation, element by element, on operands of these shapes. */
export function commonShape(...operands: readonly Operand[]): { rows: number; columns: number } {
  const shapes = operands.filter((operand) => typeof operand !== "number");
  const rows = Math.max(1, ...shapes.map((shape) => shape.rows));
  const columns = Math.max(1, ...shapes.map((shape) => shape.columns));
  for (const shape of shapes) {
    if ((shape.rows !== rows && shape.rows !== 1) || (shape.columns !== columns && shape.columns !== 1)) {
      const all = shapes.map((one) => `${one.rows} x ${one.columns}`).join(" and ");
      throw new RangeError(
        `operands must have the same shape, or be a row, a column or a single element that fits it, got ${all}`,
      );
    }
  }
  return { rows, columns };
}
