/**
 * Counts what arithmetic did: how often a result was rounded, became subnormal, underflowed to 0, overflowed or was NaN.
 */
import type { Round } from "./arithmetic.js";
import { type Format, finfo } from "./formats.js";
import { overflowLimit } from "./rounding.js";

/** The phases of training, which are counted separately. */
export type Phase = "forward" | "loss" | "backward" | "update";

/** The phase whose roundings apply to an operation: a phase of training, or evaluation of the network. */
export type RoundingPhase = Phase | "evaluation";

/** Counts for one phase. */
export interface Counters {
  /** Elementary operations, each with one rounding. */
  operations: number;
  /** Results that rounding changed. Always 0 in binary64, because the engine itself rounds. */
  inexact: number;
  /** Results that are subnormal numbers of the format. */
  subnormal: number;
  /** Results that rounding took to zero. */
  flushed: number;
  /** Finite results beyond the format's largest number. */
  overflow: number;
  /** Results that are NaN. */
  nan: number;
  /** Updates of parameters by a change that is not 0. */
  updates: number;
  /** Updates that rounding swallowed: the parameter stayed the same. */
  swallowed: number;
  /** Probabilities that are exactly 0 or 1. */
  saturated: number;
}

/** Counters at 0. */
export function newCounters(): Counters {
  return {
    operations: 0,
    inexact: 0,
    subnormal: 0,
    flushed: 0,
    overflow: 0,
    nan: 0,
    updates: 0,
    swallowed: 0,
    saturated: 0,
  };
}

/** The counters of every phase. */
export type PhaseCounters = Record<Phase, Counters>;

/** Counters of every phase, at 0. */
export function newPhaseCounters(): PhaseCounters {
  return { forward: newCounters(), loss: newCounters(), backward: newCounters(), update: newCounters() };
}

/** Returns a `round` that counts. */
export function counted(round: Round, format: Format, counters: Counters): Round {
  const { smallestNormal } = finfo(format);
  const limit = overflowLimit(format);
  return (value) => {
    const result = round(value);
    const [before, after] = [Math.abs(value), Math.abs(result)];
    counters.operations++;
    if (Number.isNaN(result)) counters.nan++;
    else if (result !== value) counters.inexact++;
    if (after === 0 && before !== 0) counters.flushed++;
    if (after !== 0 && after < smallestNormal) counters.subnormal++;
    if (before >= limit && before !== Number.POSITIVE_INFINITY) counters.overflow++;
    return result;
  };
}

/** Counts the probabilities that are exactly 0 or 1. */
export function countSaturated({ forward }: PhaseCounters, probabilities: ArrayLike<number>): void {
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] === 0 || probabilities[i] === 1) forward.saturated++;
  }
}

/** Counts changes that are not 0, and those among them that were swallowed. */
export function countUpdates(
  { update }: PhaseCounters,
  changes: ArrayLike<number>,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
): void {
  for (let k = 0; k < changes.length; k++) {
    if (changes[k] === 0) continue;
    update.updates++;
    if (after[k] === before[k]) update.swallowed++;
  }
}

/** Returns a copy of the counters and resets them to 0. */
export function takeCounts(counters: PhaseCounters): PhaseCounters {
  const { forward, loss, backward, update } = counters;
  const counts = {
    forward: { ...forward },
    loss: { ...loss },
    backward: { ...backward },
    update: { ...update },
  };
  for (const phase of [forward, loss, backward, update]) Object.assign(phase, newCounters());
  return counts;
}
