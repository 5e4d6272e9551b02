/**
 * The finite-time Lyapunov exponent by the method of two trajectories (Benettin, Galgani and Strelcyn 1976,
 * Kolmogorov entropy and numerical experiments, Phys. Rev. A 14): a shadow starts close to the reference; after each
 * interval the growth of their separation is noted, and the shadow is put back on the line between them to the
 * first separation, so that it never gets far enough away for anything but the linear part to count.
 */
import * as z from "zod/mini";
import { log } from "../../elementary.js";
import { parse } from "../../validate.js";

/** A point of the state space. */
export type State = Float64Array;

/** What to follow. */
export interface LyapunovOptions {
  /** Where the reference starts. */
  start: State;
  /** Where the shadow lies, seen from the reference; only the direction counts. */
  direction: State;
  /** Euclidean distance between the two after each renormalisation, > 0. */
  separation: number;
  /** Number of intervals. */
  intervals: number;
  /** Where reference and shadow are one interval later; called once for each interval, in order. */
  advance: (reference: State, shadow: State, interval: number) => readonly [reference: State, shadow: State];
}

/** How fast two trajectories part. */
export interface LyapunovExponent {
  /** Mean growth of the separation, in e-foldings an interval. -Infinity where the two became one. */
  exponent: number;
  /** The growth in each interval, in e-foldings; ends early where a state is not finite or the two became one. */
  growth: number[];
}

const schema = z.strictObject({
  start: z.any(),
  direction: z.any(),
  separation: z.number().check(z.gt(0)),
  intervals: z.int().check(z.gte(1)),
  advance: z.any(),
});

/**
 * Measures the largest Lyapunov exponent over a finite time. A negative one is a result: the two come together.
 *
 * @throws RangeError or TypeError when an option is not as described, or `direction` has no length
 */
export function lyapunovExponent(options: LyapunovOptions): LyapunovExponent {
  const { separation, intervals } = parse(schema, options, "options");
  const { start, direction, advance } = options;
  const length = distance(direction, new Float64Array(direction.length));
  if (!(length > 0)) throw new RangeError("direction must have a length > 0");
  const growth: number[] = [];
  let reference = start;
  let shadow = towards(start, direction, separation / length);
  for (let interval = 0; interval < intervals; interval++) {
    // what the shadow really lies at, after rounding
    const before = distance(reference, shadow);
    [reference, shadow] = advance(reference, shadow, interval);
    const after = distance(reference, shadow);
    growth.push(after === 0 ? Number.NEGATIVE_INFINITY : log(after / before));
    if (!(after > 0 && after < Number.POSITIVE_INFINITY)) break;
    const apart = shadow.map((value, k) => value - reference[k]);
    shadow = towards(reference, apart, separation / after);
  }
  return { exponent: growth.reduce((sum, value) => sum + value, 0) / growth.length, growth };
}

/** The Euclidean distance of two states. */
export function distance(a: State, b: State): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return Math.sqrt(sum);
}

function towards(from: State, direction: State, factor: number): State {
  return from.map((value, k) => value + factor * direction[k]);
}
