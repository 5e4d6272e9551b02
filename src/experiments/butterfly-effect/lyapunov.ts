/**
 * The finite-time Lyapunov exponent by the method of two trajectories (Benettin, Galgani and Strelcyn 1976,
 * Kolmogorov entropy and numerical experiments, Phys. Rev. A 14). A shadow starts close to the reference. Whenever
 * their separation has changed enough, the growth is noted and the shadow is put back on the line between them, at the
 * first separation. So it never gets so far away that more than the linear part counts.
 */
import { log } from "../../core/elementary.js";
import { distance, lengthOf } from "./nudge.js";

/** A point of the state space. */
export type State = Float64Array;

/** The trajectories to follow. */
export interface LyapunovOptions {
  /** Where the reference starts. */
  start: State;
  /** Where the shadow lies, seen from the reference; only the direction counts, and it is not 0. */
  direction: State;
  /** Euclidean distance between the two when the shadow is put back, > 0. */
  separation: number;
  /** Number of steps, >= 1. */
  steps: number;
  /** The shadow is put back as soon as it is this many e-foldings further away, or nearer, than it was put, >= 0. */
  leash: number;
  /** The largest allowed distance of the shadow: a stretch that exceeds it is repeated in two halves. */
  limit: number;
  /** The most steps of a stretch, from one look at the shadow to the next; no stretch crosses a multiple of `period`. */
  stretch: number;
  period: number;
  /**
   * Reference and shadow after the steps from `from` to `to`; in order, except for repeated
   * stretches. It is told whether these states differ from those it returned last.
   */
  advance: (
    reference: State,
    shadow: State,
    stretch: { from: number; to: number; isReferenceMoved: boolean; isShadowMoved: boolean },
  ) => readonly [reference: State, shadow: State];
}

/** How fast two trajectories diverge. */
export interface LyapunovExponent {
  /** Mean growth of the separation, in e-foldings per step. -Infinity if the two became equal, NaN if one broke. */
  exponent: number;
  /** The largest distance of the shadow from the reference; above the limit only if a single step took it there. */
  farthest: number;
}

/** Measures the largest Lyapunov exponent over a finite time. A negative one is a result too: the two come together. */
export function lyapunovExponent({
  start,
  direction,
  separation,
  steps,
  leash,
  limit,
  stretch,
  period,
  advance,
}: LyapunovOptions): LyapunovExponent {
  let [reference, shadow] = [start, towards(start, direction, separation / lengthOf(direction))];
  // the real distance of the shadow, after rounding
  let before = distance(reference, shadow);
  let farthest = before;
  let total = 0;
  let [isReferenceMoved, isShadowMoved] = [false, true];
  for (let from = 0, count = stretch; from < steps; ) {
    const to = Math.min(from + count, steps, period * (Math.floor(from / period) + 1));
    const next = advance(reference, shadow, { from, to, isReferenceMoved, isShadowMoved });
    const after = distance(...next);
    if (!(after <= limit) && to - from > 1) {
      count = Math.floor((to - from) / 2);
      [isReferenceMoved, isShadowMoved] = [true, true];
      continue;
    }
    if (!Number.isFinite(after)) return { exponent: Number.NaN, farthest: after };
    farthest = Math.max(farthest, after);
    if (after === 0) return { exponent: Number.NEGATIVE_INFINITY, farthest };
    [reference, shadow] = next;
    [from, count] = [to, Math.min(stretch, 2 * count)];
    const growth = log(after / before);
    [isReferenceMoved, isShadowMoved] = [false, Math.abs(growth) >= leash || to === steps];
    if (!isShadowMoved) continue;
    total += growth;
    const apart = shadow.map((value, k) => value - reference[k]);
    shadow = towards(reference, apart, separation / after);
    before = distance(reference, shadow);
  }
  return { exponent: total / steps, farthest };
}

function towards(from: State, direction: State, factor: number): State {
  return from.map((value, k) => value + factor * direction[k]);
}
