/** Computes logits of many points, fast enough for maps of many networks. */
import type { Matrix } from "ml-matrix";
import { type Precision, phaseArithmetics, toPrecision } from "../arithmetic/precision.js";
import { prepare } from "../compile/program.js";
import { newRecorder } from "../compile/recorder.js";
import { forward } from "./forward-backward.js";
import type { Network } from "./network.js";
import { mapState, namedMatrices } from "./training-state.js";

/** Number of points that go through the network together. */
const BLOCK = 64;

const double: Precision = toPrecision("binary64");

/**
 * Computes the logits of points in double precision, with the same bits as `forward`.
 *
 * @param points - n x inputs
 * @returns n logits
 */
export function logitsOf(network: Network, points: Matrix): Float64Array {
  const phases = phaseArithmetics(double);
  const recorder = newRecorder((phase) => phases.roundings[phase].convert);
  const state = { network, kept: [] };
  const block = recorder.input("points", BLOCK, points.columns);
  const recorded = mapState(state, ({ rows, columns }, name) => recorder.input(name, rows, columns));
  recorder.section("look");
  recorder.output("logits", forward(recorded.network, block, recorder.arithmetic("evaluation")).logits);
  const { values, run } = prepare(recorder.recording(), phases, { rows: 0 });
  for (const [name, matrix] of Object.entries(namedMatrices(state))) values[name].set(matrix.to1DArray());

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
