/** IEEE 754 binary64, the arithmetic of JavaScript's numbers, with ml-matrix's own operators. */
import { Matrix } from "ml-matrix";
import { type Arithmetic, commonShape, type Operand, productShape } from "./arithmetic.js";
import { build, exactOperations, mapElements, reader, unary } from "./elementwise.js";

/** Double precision: every operation of the engine already rounds to nearest, ties to even. */
export const float64: Arithmetic = {
  name: "binary64",
  product(a, b) {
    productShape(a, b);
    return a.mmul(b);
  },
  sumRows: (a) => Matrix.rowVector(a.sum("column")),
  sumColumns: (a) => Matrix.columnVector(a.sum("row")),
  add: (a, b) => Matrix.add(...alike(a, b)),
  subtract: (a, b) => Matrix.sub(...alike(a, b)),
  multiply: (a, b) => Matrix.mul(...alike(a, b)),
  divide: (a, b) => Matrix.div(...alike(a, b)),
  sqrt: (a) => Matrix.sqrt(a),
  exp: (a) => mapElements(unary.exp, a),
  expm1: (a) => mapElements(unary.expm1, a),
  log: (a) => mapElements(unary.log, a),
  log1p: (a) => mapElements(unary.log1p, a),
  tanh: (a) => mapElements(unary.tanh, a),
  convert: (a) => (typeof a === "number" ? new Matrix([[a]]) : a.clone()),
  ...exactOperations,
};

/** Repeats both operands to their common shape. */
function alike(a: Operand, b: Operand): [Matrix, Matrix] {
  const { rows, columns } = commonShape(a, b);
  const spread = (operand: Operand): Matrix => {
    if (typeof operand === "number") return Matrix.zeros(rows, columns).fill(operand);
    if (operand.rows === rows && operand.columns === columns) return operand;
    return build(rows, columns, reader(operand));
  };
  return [spread(a), spread(b)];
}
