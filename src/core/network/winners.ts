/**
 * k winners take all: of a layer's outputs the k largest stay, the others become 0 (Makhzani and Frey 2014,
 * k-sparse autoencoders, section 2). After a ReLU the derivative needs no word of its own: a loser is 0, and so
 * is the slope there.
 */
import type { Matrix } from "ml-matrix";
import { mapMatrix } from "./architecture.js";

/**
 * Keeps the k largest of each row; of equals the first.
 *
 * @param output - points x neurons
 */
export function keepLargest(output: Matrix, k: number): Matrix {
  const rows = output.to2DArray();
  return mapMatrix(output, (a, i, j) => (rankOf(rows[i], j) < k ? a : 0));
}

/** How many of a row come before its j-th. */
function rankOf(row: readonly number[], j: number): number {
  return row.filter((other, i) => other > row[j] || (other === row[j] && i < j)).length;
}
