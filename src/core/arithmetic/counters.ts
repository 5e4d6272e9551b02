/**
 * What arithmetic did: how often a result was rounded, became subnormal, vanished, overflowed or was no
 * number.
 */
import type { Round } from "./arithmetic.js";
import { type Format, finfo } from "./formats.js";
import { overflowLimit } from "./rounding.js";

/** The parts of training that are counted apart. */
export type Phase = "forward" | "loss" | "backward" | "update";

/** In which roundings an operation is done: those of a phase of training, or of looking at the network. */
export type RoundingPhase = Phase | "evaluation";

/** Counts over one phase of one epoch. */
export interface Counters {
  /** Elementary operations, each with one rounding. */
  operations: number;
  /** Results that rounding changed. Always 0 in binary64, where the engine rounds before anybody can look. */
  inexact: number;
  /** Results that are subnormal numbers of the format. */
  subnormal: number;
  /** Results that rounding took to zero. */
  flushed: number;
  /** Finite results that were beyond the format's largest number. */
  overflow: number;
  /** Results that are NaN. */
  nan: number;
  /** Updates of parameters by something that is not zero. */
  updates: number;
  /** Of these, those swallowed: the parameter is as it was. */
  swallowed: number;
  /** Sigmoids that came out as exactly 0 or 1. */
  saturated: number;
}

/** Counters that stand at 0. */
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

/** `round`, counted. */
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

/** Counts the changes that are not 0, and of these the ones that were swallowed. */
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

/** A copy of the counters, which then start again at 0. */
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
