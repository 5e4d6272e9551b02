/** Arithmetic in double-doubles, twice the digits of a double: a backend like float64, with two doubles an element. */
import { Matrix } from "ml-matrix";
import { type Arithmetic, commonShape, type Operand, productShape } from "./arithmetic.js";
import {
  abs,
  add,
  type DoubleDouble,
  divide,
  isEqual,
  isGreater,
  maximum,
  multiply,
  negate,
  sqrt,
  subtract,
  widened,
} from "./double-double.js";
import { exp, expm1, log, log1p, tanh } from "./double-double-functions.js";

/**
 * A matrix of double-doubles. As a `Matrix` it is that of the upper parts, its elements rounded to doubles; operations of
 * ml-matrix, and whatever copies it element by element, lose the lower parts.
 */
export class DoubleDoubleMatrix extends Matrix {
  /** The lower parts, row by row. */
  readonly low: number[];

  /** Makes a matrix of zeros. */
  constructor(rows: number, columns: number) {
    super(rows, columns);
    this.low = new Array<number>(rows * columns).fill(0);
  }
}

/**
 * Some 106 bits: double-double.ts has the bounds of each operation. Sums go from the first term to the last. Operands
 * may also be plain numbers and matrices of doubles.
 */
export const doubleDouble: Arithmetic = {
  name: "double-double",
  product(a, b) {
    const { rows, columns } = productShape(a, b);
    const [x, y] = [reader(a), reader(b)];
    return build(rows, columns, (i, j) => sum(a.columns, (k) => multiply(x(i, k), y(k, j))));
  },
  sumRows(a) {
    const x = reader(a);
    return build(1, a.columns, (_, j) => sum(a.rows, (i) => x(i, j)));
  },
  sumColumns(a) {
    const x = reader(a);
    return build(a.rows, 1, (i) => sum(a.columns, (j) => x(i, j)));
  },
  add: two(add),
  subtract: two(subtract),
  multiply: two(multiply),
  divide: two(divide),
  sqrt: one(sqrt),
  exp: one(exp),
  expm1: one(expm1),
  log: one(log),
  log1p: one(log1p),
  tanh: one(tanh),
  convert: (a) => one((x) => x)(typeof a === "number" ? new Matrix([[a]]) : a),
  maximum: two(maximum),
  abs: one(abs),
  negate: one(negate),
  greater: two((x, y) => widened(isGreater(x, y) ? 1 : 0)),
  select(condition, a, b) {
    const { rows, columns } = commonShape(condition, a, b);
    const [is, x, y] = [reader(condition), reader(a), reader(b)];
    return build(rows, columns, (i, j) => (is(i, j).high !== 0 ? x(i, j) : y(i, j)));
  },
  rank(a) {
    const x = reader(a);
    return build(a.rows, a.columns, (i, j) => {
      const own = x(i, j);
      const row = Array.from({ length: a.columns }, (_, k) => x(i, k));
      return widened(
        row.filter((other, k) => isGreater(other, own) || (k < j && isEqual(other, own))).length,
      );
    });
  },
  count(a) {
    const x = reader(a);
    return build(1, a.columns, (_, j) => sum(a.rows, (i) => widened(x(i, j).high !== 0 ? 1 : 0)));
  },
  transpose(a) {
    const x = reader(a);
    return build(a.columns, a.rows, (i, j) => x(j, i));
  },
  column(a, j) {
    const x = reader(a);
    return build(a.rows, 1, (i) => x(i, j));
  },
};

function build(
  rows: number,
  columns: number,
  element: (i: number, j: number) => DoubleDouble,
): DoubleDoubleMatrix {
  const result = new DoubleDoubleMatrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const { high, low } = element(i, j);
      result.set(i, j, high);
      result.low[i * columns + j] = low;
    }
  }
  return result;
}

/** Returns a function that reads an operand as if it had the common shape. */
function reader(operand: Operand): (i: number, j: number) => DoubleDouble {
  if (typeof operand === "number") return () => widened(operand);
  const { rows, columns } = operand;
  const low = operand instanceof DoubleDoubleMatrix ? operand.low : undefined;
  return (row, column) => {
    const [i, j] = [rows === 1 ? 0 : row, columns === 1 ? 0 : column];
    return { high: operand.get(i, j), low: low ? low[i * columns + j] : 0 };
  };
}

function one(f: (x: DoubleDouble) => DoubleDouble): (a: Matrix) => Matrix {
  return (a) => {
    const x = reader(a);
    return build(a.rows, a.columns, (i, j) => f(x(i, j)));
  };
}

function two(f: (x: DoubleDouble, y: DoubleDouble) => DoubleDouble): (a: Operand, b: Operand) => Matrix {
  return (a, b) => {
    const { rows, columns } = commonShape(a, b);
    const [x, y] = [reader(a), reader(b)];
    return build(rows, columns, (i, j) => f(x(i, j), y(i, j)));
  };
}

function sum(count: number, term: (index: number) => DoubleDouble): DoubleDouble {
  let total = widened(0);
  for (let k = 0; k < count; k++) total = add(total, term(k));
  return total;
}
