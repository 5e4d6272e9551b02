/** Operations on matrices of double-doubles. */
import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { Arithmetic, Operand } from "../../../../src/core/arithmetic/arithmetic.js";
import {
  DoubleDoubleMatrix,
  doubleDouble,
} from "../../../../src/core/arithmetic/double-double-arithmetic.js";
import { float64 } from "../../../../src/core/arithmetic/float64.js";

const { add, subtract, multiply } = doubleDouble;

/** Far below the last place of a double. */
const TINY = 2 ** -80;

/** Small whole numbers, some equal and some 0: every sum and product of them is exact. */
const whole = new Matrix([
  [2, 0, -1, 2],
  [0, 0, 3, -4],
  [1, 1, 1, 0],
]);
const operands: Operand[] = [
  whole,
  new Matrix([[1, -2, 0, 4]]),
  new Matrix([[3], [0], [-1]]),
  new Matrix([[2]]),
  -2,
];

const each: Readonly<Record<string, (arithmetic: Arithmetic) => Matrix>> = {
  product: ({ product }) =>
    product(
      whole,
      new Matrix([
        [1, 2],
        [-3, 0],
        [5, 1],
        [0, 2],
      ]),
    ),
  sumRows: ({ sumRows }) => sumRows(whole),
  sumColumns: ({ sumColumns }) => sumColumns(whole),
  abs: ({ abs }) => abs(whole),
  negate: ({ negate }) => negate(whole),
  sqrt: ({ sqrt }) => sqrt(new Matrix([[0, 1, 4, 9]])),
  convert: ({ convert }) => convert(whole),
  "convert, a number": ({ convert }) => convert(3),
  rank: ({ rank }) => rank(whole),
  count: ({ count }) => count(whole),
  transpose: ({ transpose }) => transpose(whole),
  column: ({ column }) => column(whole, 2),
  select: ({ select, greater }) => select(greater(whole, 0), whole, operands[1]),
};
const pairs = ["add", "subtract", "multiply", "maximum", "greater"] as const;

describe("arithmetic in double-doubles", () => {
  it("on whole numbers gives what doubles give", () => {
    for (const [name, f] of Object.entries(each)) {
      assert.deepEqual(f(doubleDouble).to2DArray(), f(float64).to2DArray(), name);
    }
    for (const name of pairs) {
      for (const other of operands) {
        for (const [a, b] of [
          [whole, other],
          [other, whole],
        ]) {
          assert.deepEqual(doubleDouble[name](a, b).to2DArray(), float64[name](a, b).to2DArray(), name);
        }
      }
    }
    const halves = doubleDouble.divide(whole, 2);
    assert.deepEqual(halves.to2DArray(), float64.divide(whole, 2).to2DArray());
    assert.deepEqual(halves, doubleDouble.multiply(whole, 0.5));
  });

  it("keeps the lower parts, whatever it does", () => {
    const x = add(whole, TINY);
    const rest = (matrix: Matrix, high: Matrix): number[] => subtract(matrix, high).to1DArray();
    const all = (value: number, length = 12): number[] => Array.from({ length }, () => value);
    assert.deepEqual(rest(x, whole), all(TINY));
    assert.deepEqual(rest(doubleDouble.convert(x), whole), all(TINY));
    assert.deepEqual(rest(doubleDouble.negate(x), doubleDouble.negate(whole)), all(-TINY));
    assert.deepEqual(rest(doubleDouble.abs(doubleDouble.negate(x)), doubleDouble.abs(x)), all(0));
    assert.deepEqual(rest(doubleDouble.transpose(x), whole.transpose()), all(TINY));
    assert.deepEqual(rest(doubleDouble.column(x, 1), whole.getColumnVector(1)), all(TINY, 3));
    assert.deepEqual(rest(doubleDouble.select(doubleDouble.convert(1), x, 0), whole), all(TINY));
    assert.deepEqual(rest(doubleDouble.maximum(x, whole), whole), all(TINY));
    assert.deepEqual(doubleDouble.greater(x, whole).to1DArray(), all(1));
    assert.deepEqual(rest(doubleDouble.sumRows(x), float64.sumRows(whole)), all(3 * TINY, 4));
    assert.deepEqual(rest(doubleDouble.sumColumns(x), float64.sumColumns(whole)), all(4 * TINY, 3));
    const ones = Matrix.ones(4, 2);
    assert.deepEqual(rest(doubleDouble.product(x, ones), whole.mmul(ones)), all(4 * TINY, 6));
    assert.deepEqual(rest(multiply(x, 3), multiply(whole, 3)), all(3 * TINY));
    assert.deepEqual(rest(doubleDouble.divide(x, 2), doubleDouble.divide(whole, 2)), all(TINY / 2));
    // 3 + TINY, 3 and once more 3 + TINY
    const row = add(new Matrix([[3, 3, 3]]), new Matrix([[TINY, 0, TINY]]));
    assert.deepEqual(doubleDouble.rank(row).to1DArray(), [0, 2, 1]);
  });

  it("changes no operand", () => {
    const x = new DoubleDoubleMatrix(1, 2);
    x.set(0, 1, 2);
    x.low[1] = TINY;
    const copy = doubleDouble.convert(x);
    for (const f of [doubleDouble.negate, doubleDouble.exp, doubleDouble.convert]) f(x);
    add(x, x);
    doubleDouble.product(x, doubleDouble.transpose(x));
    assert.deepEqual(x, copy);
    assert.notEqual(x, copy);
  });

  it("has functions that invert each other to 2^-98", () => {
    const x = doubleDouble.divide(new Matrix([[1, -2, 0.1, -0.01]]), 3);
    const back: [string, Matrix][] = [
      ["log exp", doubleDouble.log(doubleDouble.exp(x))],
      ["log1p expm1", doubleDouble.log1p(doubleDouble.expm1(x))],
      // artanh y = log1p(2 y / (1 - y)) / 2
      [
        "artanh tanh",
        ((y) =>
          doubleDouble.divide(doubleDouble.log1p(doubleDouble.divide(multiply(2, y), subtract(1, y))), 2))(
          doubleDouble.tanh(x),
        ),
      ],
    ];
    for (const [name, y] of back) {
      for (const error of subtract(y, x).to1DArray())
        assert.ok(Math.abs(error) < 2 ** -98, `${name} ${error}`);
    }
    const square = doubleDouble.sqrt(multiply(x, x));
    for (const error of subtract(square, doubleDouble.abs(x)).to1DArray())
      assert.ok(Math.abs(error) < 2 ** -103);
  });

  it("refuses shapes that do not fit", () => {
    assert.throws(() => doubleDouble.product(whole, whole), RangeError);
    assert.throws(() => add(whole, new Matrix(2, 4)), RangeError);
  });
});
