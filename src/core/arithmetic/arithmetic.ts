/**
 * The operations on matrices that forward, loss, backward and step are made of. The network is written once, over this
 * interface, for every number format, and for real matrices as well as a recorder of operations.
 */
import type { Matrix } from "ml-matrix";

/** Rounds the result of one elementary operation to a number of the format. */
export type Round = (value: number) => number;

/**
 * A matrix or a number. Operations on two operands broadcast: a number, a row (1 x m), a column (n x 1) or a single element
 * (1 x 1) is repeated to the larger shape.
 */
export type Operand = Matrix | number;

/** The operations on matrices in one number format. They do not change their arguments. */
export interface Arithmetic {
  /** Name of the format, such as `binary64`. */
  readonly name: string;

  // ---- rounded to the format ----

  /** A·B, (n x k)·(k x m) -> n x m; each sum over k starts from 0, in the arithmetic's order. */
  product(a: Matrix, b: Matrix): Matrix;
  /** 1ᵀA, the sum of the rows (1 x m); each sum starts from 0, in the arithmetic's order. */
  sumRows(a: Matrix): Matrix;
  /** A·1, the sum of the columns (n x 1); each sum starts from 0, in the arithmetic's order. */
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
  /** e^A, element by element, like the following. */
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
   * Rounds A to the nearest numbers of the format, whatever the rounding mode; turns data, constants and master weights into
   * operands.
   */
  convert(a: Operand): Matrix;

  // ---- exact ----

  /** The larger of the two; NaN where either is NaN. */
  maximum(a: Operand, b: Operand): Matrix;
  /** |A|. */
  abs(a: Matrix): Matrix;
  /** -A. */
  negate(a: Matrix): Matrix;
  /** 1 where A > B, 0 elsewhere. */
  greater(a: Operand, b: Operand): Matrix;
  /** A where the condition is not 0, B elsewhere. */
  select(condition: Matrix, a: Operand, b: Operand): Matrix;
  /** For each element, the number of elements of its row that are larger, or equal and further left. */
  rank(a: Matrix): Matrix;
  /** The number of elements of each column that are not 0 (1 x m). */
  count(a: Matrix): Matrix;
  /** Aᵀ. */
  transpose(a: Matrix): Matrix;
  /** Column j (n x 1). */
  column(a: Matrix, j: number): Matrix;
}

/** The names of the element-by-element operations on one operand. */
export type UnaryOperation = "sqrt" | "exp" | "expm1" | "log" | "log1p" | "tanh" | "abs" | "negate";

/** The names of the element-by-element operations on two operands. */
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

/** The shape of the result of an element-by-element operation on these operands. */
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
