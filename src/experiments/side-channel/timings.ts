/** Times that a clock gave, and the blocks into which statistics cut them. */
import { type Bounds, type MeanInterval, meanInterval } from "../statistics.js";
import type { ByClass } from "./attacker.js";

/** Times, in the order in which they were taken. */
export interface Timings {
  /** The class of each, 0 or 1. */
  classes: readonly number[];
  /** How long each took. */
  nanoseconds: readonly number[];
  /** Number of inferences in each time. */
  batch: number;
}

/** How long the measuring took, and how much of it was lost to whatever else the machine did, in milliseconds. */
export interface Elapsed {
  elapsed: number;
  lost: number;
}

/** Times as a clock gives them. */
export interface MeasuredTimings extends Timings, Elapsed {}

/** Number of consecutive stretches of time, whose statistics count as independent (batch means). */
const BLOCKS = 20;

/** The times in 20 blocks, one after the other, each by class. */
export function blocksOf({ classes, nanoseconds }: Timings): ByClass[] {
  const blocks = Array.from({ length: BLOCKS }, (): [number[], number[]] => [[], []]);
  for (const [i, label] of classes.entries()) {
    blocks[Math.floor((BLOCKS * i) / classes.length)][label].push(nanoseconds[i]);
  }
  return blocks;
}

/** {@link meanInterval} of what blocks tell; n is 0 where none tells anything. */
export function intervalOf(values: readonly number[], bounds?: Bounds): MeanInterval {
  if (values.length > 0) return meanInterval(values, bounds);
  const none = Number.NaN;
  return { n: 0, mean: none, sd: none, low: none, high: none, points: [] };
}
