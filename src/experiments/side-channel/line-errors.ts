/** Stolen lines against the lines of a network's neurons. */
import { assignment } from "../../core/network/assignment.js";
import { denseLayers, type Network } from "../../core/network/network.js";
import type { Rectangle } from "../plane.js";
import { heightOf, type Line } from "./line.js";
import type { Loot } from "./thief.js";

/** A line counts as stolen if its angle (in radians) and its offset (in moon radii) are known to this. */
export const EXACT = 1e-6;

/** What was stolen through one channel. */
export interface Stolen {
  /** Readings of the device. */
  readings: number;
  /** Lines that are known to {@link EXACT}. */
  found: number;
  /** Lines that the thief believes in and that are no neuron's. */
  wrong: number;
}

/** What was stolen, and the errors of the worst of the lines that are found. */
export interface Compared extends Stolen {
  /** In radians. */
  angle: number;
  /** In moon radii. */
  offset: number;
}

/** Lines where the neurons of the hidden layer switch, firing on the positive side; none of neurons without weights. */
export function trueLines(network: Network): Line[] {
  const { weights, biases } = denseLayers(network)[0].parameters;
  return Array.from({ length: weights.columns }, (_, j): Line[] => {
    const [x, y] = weights.getColumn(j);
    const length = Math.sqrt(x * x + y * y);
    return length > 0 ? [{ normal: [x / length, y / length], offset: biases.get(0, j) / length }] : [];
  }).flat();
}

/** Whether a line passes through a box: it parts its corners. */
export function crosses(line: Line, { x, y }: Rectangle): boolean {
  const sides = x.flatMap((u) => y.map((v) => heightOf(line, [u, v]) > 0));
  return sides.includes(true) && sides.includes(false);
}

/** Errors of the stolen lines against the neurons' own, each to its own: angle in radians, offset in units of the plane. */
export function errorsOf(
  stolen: readonly Line[],
  lines: readonly Line[],
): { angle: number; offset: number }[] {
  const size = Math.max(stolen.length, lines.length);
  const errors = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) =>
      i < stolen.length && j < lines.length
        ? errorOf(stolen[i], lines[j])
        : { angle: Math.PI, offset: FARTHEST },
    ),
  );
  const cost = errors.map((row) => row.map(({ angle, offset }) => angle + Math.min(offset, FARTHEST)));
  const columns = assignment(cost);
  return errors.slice(0, stolen.length).map((row, i) => row[columns[i]]);
}

/** An error of the offset beyond which it does not matter how large it is. */
const FARTHEST = 1e3;

function errorOf(a: Line, b: Line): { angle: number; offset: number } {
  const [dx, dy] = [a.normal[0] - b.normal[0], a.normal[1] - b.normal[1]];
  // the chord between the normals: the angle, but for its cube
  return { angle: Math.sqrt(dx * dx + dy * dy), offset: Math.abs(a.offset - b.offset) };
}

/** Counts the lines that are exact. */
export function stolen(
  { lines: believed, queries }: Pick<Loot, "lines" | "queries">,
  lines: readonly Line[],
): Stolen {
  const exact = errorsOf(believed, lines).filter(isExact);
  return { readings: queries, found: exact.length, wrong: believed.length - exact.length };
}

/** Whether a line with this error counts as stolen. */
export function isExact({ angle, offset }: { angle: number; offset: number }): boolean {
  return angle <= EXACT && offset <= EXACT;
}

/** Compares what was stolen with a network's lines; the errors are the worst of the lines that are found. */
export function compared(loot: Pick<Loot, "lines" | "queries">, lines: readonly Line[]): Compared {
  const exact = errorsOf(loot.lines, lines).filter(isExact);
  const most = (of: "angle" | "offset"): number => Math.max(0, ...exact.map((error) => error[of]));
  return { ...stolen(loot, lines), angle: most("angle"), offset: most("offset") };
}
