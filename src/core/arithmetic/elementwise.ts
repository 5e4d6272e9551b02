/** Operations on single elements in double precision, without rounding, and matrices built from them. */
import { Matrix } from "ml-matrix";
import { exp, expm1, log, log1p, tanh } from "../elementary.js";
import {
  type Arithmetic,
  type BinaryOperation,
  commonShape,
  type Operand,
  productShape,
  type UnaryOperation,
} from "./arithmetic.js";

/** Each operation on one number. */
export const unary: Readonly<Record<UnaryOperation, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp,
  expm1,
  log,
  log1p,
  tanh,
  abs: Math.abs,
  negate: (x) => -x,
};

/** Each operation on two numbers. */
export const binary: Readonly<Record<BinaryOperation, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  maximum: Math.max,
  greater: (x, y) => (x > y ? 1 : 0),
};

/** Builds a matrix element by element, row by row. */
export function build(rows: number, columns: number, element: (i: number, j: number) => number): Matrix {
  const result = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result.set(i, j, element(i, j));
  }
  return result;
}

/** Returns a function that reads an operand as if it had the common shape. */
export function reader(operand: Operand): (i: number, j: number) => number {
  if (typeof operand === "number") return () => operand;
  const { rows, columns } = operand;
  return (i, j) => operand.get(rows === 1 ? 0 : i, columns === 1 ? 0 : j);
}

/** Applies a function to each element of a matrix. */
export function mapElements(f: (x: number) => number, a: Matrix): Matrix {
  return build(a.rows, a.columns, (i, j) => f(a.get(i, j)));
}

/** Applies a function to each pair of elements. */
export function mapPairs(f: (x: number, y: number) => number, a: Operand, b: Operand): Matrix {
  const { rows, columns } = commonShape(a, b);
  const [x, y] = [reader(a), reader(b)];
  return build(rows, columns, (i, j) => f(x(i, j), y(i, j)));
}

/** Products, and sums of rows and columns, given how to sum terms and how to multiply the factors of a product's terms. */
export function sumsBy(
  sum: (count: number, term: (index: number) => number) => number,
  times: (x: number, y: number) => number,
): Pick<Arithmetic, "product" | "sumRows" | "sumColumns"> {
  return {
    product(a, b) {
      const { rows, columns } = productShape(a, b);
      return build(rows, columns, (i, j) => sum(a.columns, (k) => times(a.get(i, k), b.get(k, j))));
    },
    sumRows: (a) => build(1, a.columns, (_, j) => sum(a.rows, (i) => a.get(i, j))),
    sumColumns: (a) => build(a.rows, 1, (i) => sum(a.columns, (j) => a.get(i, j))),
  };
}

function rank(a: Matrix): Matrix {
  const rows = a.to2DArray();
  return build(
    a.rows,
    a.columns,
    (i, j) => rows[i].filter((other, k) => other > rows[i][j] || (other === rows[i][j] && k < j)).length,
  );
}

/** The exact operations, which are the same in each format. */
export const exactOperations: Pick<
  Arithmetic,
  "maximum" | "abs" | "negate" | "greater" | "select" | "rank" | "count" | "transpose" | "column"
> = {
  maximum: (a, b) => mapPairs(binary.maximum, a, b),
  abs: (a) => mapElements(unary.abs, a),
  negate: (a) => mapElements(unary.negate, a),
  greater: (a, b) => mapPairs(binary.greater, a, b),
  select(condition, a, b) {
    const { rows, columns } = commonShape(condition, a, b);
    const [is, x, y] = [reader(condition), reader(a), reader(b)];
    return build(rows, columns, (i, j) => (is(i, j) !== 0 ? x(i, j) : y(i, j)));
  },
  rank,
  count: (a) => build(1, a.columns, (_, j) => a.getColumn(j).filter((x) => x !== 0).length),
  transpose: (a) => a.transpose(),
  column: (a, j) => Matrix.columnVector(a.getColumn(j)),
};
