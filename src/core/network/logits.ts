/** Computes logits of many points, fast enough for maps of many networks. */
import type { Matrix } from "ml-matrix";
import { forward } from "./forward-backward.js";
import type { Network } from "./network.js";
import { repeated } from "./repeated.js";

/** Number of points that go through the network together. */
const BLOCK = 64;

/**
 * Computes the logits of points in double precision, with the same bits as `forward`.
 *
 * @param points - n x inputs
 * @returns n logits
 */
export function logitsOf(network: Network, points: Matrix): Float64Array {
  const { values, run } = repeated(network, ({ input, output, section, arithmetic }, recorded) => {
    const block = input("points", BLOCK, points.columns);
    section("look");
    output("logits", forward(recorded, block, arithmetic("evaluation")).logits);
    return [];
  });
  const rows = Float64Array.from(points.to1DArray());
  const logits = new Float64Array(points.rows);
  for (let from = 0; from < points.rows; from += BLOCK) {
    const count = Math.min(BLOCK, points.rows - from);
    values.points.set(rows.subarray(from * points.columns, (from + count) * points.columns));
    run("look");
    logits.set(values.logits.subarray(0, count), from);
  }
  return logits;
}
