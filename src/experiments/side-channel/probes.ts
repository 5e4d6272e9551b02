/** What a thief makes of readings: where they contradict the lines that are known, and where to look next. */
import type { RandomStream } from "../../core/random.js";
import type { Rectangle } from "../plane.js";
import { heightOf, type Line, type Point } from "./line.js";

/** A place over the box, and how many fire there. */
export interface Probe {
  at: Point;
  reading: number;
}

/** How many neurons of these lines fire at a point. */
export function explained(lines: readonly Line[], at: Point): number {
  return lines.reduce((sum, line) => sum + (heightOf(line, at) > 0 ? 1 : 0), 0);
}

/** Two of the places at which different numbers are left, at random; undefined where the same is left everywhere. */
export function contradiction(
  seen: readonly Probe[],
  lines: readonly Line[],
  random: RandomStream,
): [Probe, Probe] | undefined {
  const left = seen.map(({ at, reading }) => Math.round(reading - explained(lines, at)));
  const common = usual(left);
  const odd = seen.filter((_, i) => left[i] !== common);
  if (odd.length === 0) return undefined;
  const plain = seen.filter((_, i) => left[i] === common);
  return [odd[random.below(odd.length)], plain[random.below(plain.length)]];
}

/** The whole number that comes most often. */
export function usual(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(Math.round(value), (counts.get(Math.round(value)) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}

/**
 * Where to look next: a line through the box parts its corners, so they come first. Then in turn on the edge, where lines that part
 * the same corners lie apart, and anywhere inside.
 */
export function probeIn({ x, y }: Rectangle, index: number, random: RandomStream): Point {
  if (index < 4) return [x[index & 1], y[index >> 1]];
  const inside: Point = [x[0] + (x[1] - x[0]) * random.uniform(), y[0] + (y[1] - y[0]) * random.uniform()];
  if (index % 2 === 0) return inside;
  const side = random.below(4);
  return side < 2 ? [x[side], inside[1]] : [inside[0], y[side - 2]];
}
