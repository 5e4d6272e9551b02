/** Holds what functions of a reader's own return against the shapes that it must have, before anything is done with it. */
import { Matrix } from "ml-matrix";
import type { LayerPass, Matrices } from "./layer.js";

/**
 * @param name - what returned the matrix, such as `layers[1].backward`
 * @param shape - any number of columns will do where it has none
 * @throws TypeError when it is no matrix
 * @throws RangeError when it is one of another shape
 */
export function requireShape(name: string, matrix: Matrix, shape: { rows: number; columns?: number }): void {
  // its type is what the function promised, and no proof
  const found = matrix as Matrix | undefined | null;
  const { rows, columns = found?.columns } = shape;
  if (found?.rows === rows && found.columns === columns) return;
  const expected = shape.columns === undefined ? `${rows} rows` : `${rows} x ${columns}`;
  const message = `${name} must give a matrix of ${expected}, got`;
  if (typeof found?.rows === "number") throw new RangeError(`${message} ${found.rows} x ${found.columns}`);
  throw new TypeError(`${message} ${typeof found === "object" ? "none" : String(found)}`);
}

/**
 * @param name - what returned the matrices
 * @param like - matrices of the names and shapes that they must have, all of them and no others
 * @throws TypeError when one is missing or no matrix, or there is another one
 * @throws RangeError when one is of another shape
 */
export function requireShapes(name: string, matrices: Matrices, like: Matrices): void {
  requireMatrices(name, matrices);
  requireNames(name, matrices, like);
  for (const [key, shape] of Object.entries(like)) requireShape(`${name}, ${key},`, matrices[key], shape);
}

/** @throws TypeError when there is no object, or something in it that is no matrix */
export function requireMatrices(name: string, matrices: Matrices): void {
  const isObject = typeof matrices === "object" && matrices !== null;
  const bad = isObject ? Object.entries(matrices).find(([, one]) => !Matrix.isMatrix(one)) : [];
  if (!bad) return;
  const [key, value] = bad;
  throw new TypeError(`${name} must give matrices by name, got ${isObject ? `${key}: ${value}` : matrices}`);
}

/** @throws TypeError when there is a matrix of a name that is not in `like` */
export function requireNames(name: string, matrices: Matrices = {}, like: Matrices): void {
  const other = Object.keys(matrices).find((key) => !Object.hasOwn(like, key));
  if (other === undefined) return;
  const known = Object.keys(like).join(", ");
  const expected = known === "" ? "no matrix" : `matrices named ${known} only`;
  throw new TypeError(`${name} must give ${expected}, got ${other}`);
}

/**
 * @param name - what returned the pulls
 * @throws RangeError when one is at a layer that is not there, or of a shape that cannot be added to the layer's output
 */
export function requirePulls(
  name: string,
  pulls: Readonly<Record<number, Matrix>>,
  layers: readonly LayerPass[],
): void {
  for (const [l, pull] of Object.entries(pulls)) {
    const output = layers[Number(l)]?.output;
    if (!output) throw new RangeError(`${name} must be for layers 0 to ${layers.length - 1}, got ${l}`);
    // a row, a column or a single element is added to each
    const rows = pull?.rows === 1 ? 1 : output.rows;
    requireShape(`${name}, ${l},`, pull, { rows, columns: pull?.columns === 1 ? 1 : output.columns });
  }
}
