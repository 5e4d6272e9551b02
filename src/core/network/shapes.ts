/** Checks the matrices that a reader's functions return before they are used. */
import { Matrix } from "ml-matrix";
import type { LayerPass, Matrices } from "./layer.js";
import type { Network } from "./network.js";

/**
 * @param name - what returned the matrix, such as `layers[1].backward`
 * @param shape - the required shape; without `columns`, any number of columns
 * @throws TypeError when it is not a matrix
 * @throws RangeError when it has another shape
 */
export function requireShape(name: string, matrix: Matrix, shape: { rows: number; columns?: number }): void {
  // its type is only what the function promised
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
 * @param like - matrices with exactly the required names and shapes
 * @throws TypeError when one is missing, is not a matrix or has an unknown name
 * @throws RangeError when one has another shape
 */
export function requireShapes(name: string, matrices: Matrices, like: Matrices): void {
  requireMatrices(name, matrices);
  requireNames(name, matrices, like);
  for (const [key, shape] of Object.entries(like)) requireShape(`${name}, ${key},`, matrices[key], shape);
}

/**
 * @param matrices - for each layer, such as gradients
 * @throws RangeError when there are not as many as layers
 * @throws RangeError or TypeError when they do not have the names and shapes of the parameters
 */
export function requireLayers(name: string, matrices: readonly Matrices[], { layers }: Network): void {
  if (matrices.length !== layers.length) {
    throw new RangeError(`${name} must be for ${layers.length} layers, got ${matrices.length}`);
  }
  for (const [l, { parameters }] of layers.entries()) {
    requireShapes(`${name}[${l}]`, matrices[l], parameters);
  }
}

/** @throws TypeError when `matrices` is not an object, or contains something other than matrices */
export function requireMatrices(name: string, matrices: Matrices): void {
  const isObject = typeof matrices === "object" && matrices !== null;
  const bad = isObject ? Object.entries(matrices).find(([, one]) => !Matrix.isMatrix(one)) : [];
  if (!bad) return;
  const [key, value] = bad;
  throw new TypeError(`${name} must give matrices by name, got ${isObject ? `${key}: ${value}` : matrices}`);
}

/** @throws TypeError when a matrix has a name that is not in `like` */
export function requireNames(name: string, matrices: Matrices = {}, like: Matrices): void {
  const other = Object.keys(matrices).find((key) => !Object.hasOwn(like, key));
  if (other === undefined) return;
  const known = Object.keys(like).join(", ");
  const expected = known === "" ? "no matrix" : `matrices named ${known} only`;
  throw new TypeError(`${name} must give ${expected}, got ${other || '""'}`);
}

/**
 * @param name - what returned the pulls
 * @throws RangeError when one belongs to a layer that does not exist, or cannot be added to the layer's output
 */
export function requirePulls(
  name: string,
  pulls: Readonly<Record<number, Matrix>>,
  layers: readonly LayerPass[],
): void {
  for (const [l, pull] of Object.entries(pulls)) {
    const output = layers[Number(l)]?.output;
    if (!output) throw new RangeError(`${name} must be for layers 0 to ${layers.length - 1}, got ${l}`);
    // rows, columns and single elements are repeated
    const rows = pull?.rows === 1 ? 1 : output.rows;
    requireShape(`${name}, ${l},`, pull, { rows, columns: pull?.columns === 1 ? 1 : output.columns });
  }
}
