/**
 * A search for the worst lies, one at a time: each step tries every label that is still true and keeps the lie that, with
 * those already told, does most harm. For a harm in which no lie helps another it comes to at least 1 - 1/e of the worst
 * (Nemhauser, Wolsey and Fisher 1978, An analysis of approximations for maximizing submodular set functions, 4); for the
 * harm to a network it is a search like others, which any worse set of lies would beat.
 */
import type { Steps } from "../measurement.js";

/** Lies, and the harm of the first of them, the first two, and so on. */
export interface FoundLies {
  /** Indices of the training points, in the order in which they were found. */
  attacked: number[];
  /** The harm of as many of them, in the unit of the search. */
  harms: number[];
}

/**
 * Finds lies step by step.
 *
 * @param candidates - indices of the points to try; of equally harmful ones the first is kept
 * @param flips - number of lies to find, at most that of the candidates
 * @param harmsOf - the harm of each of several sets of lies, in their order; it may train, in steps
 * @throws RangeError when `flips` is no whole number from 0 to the number of candidates, before anything is tried
 */
export function* greedyFlips(
  candidates: readonly number[],
  flips: number,
  harmsOf: (sets: readonly (readonly number[])[]) => Steps<readonly number[]> | readonly number[],
): Steps<FoundLies> {
  if (!Number.isInteger(flips) || flips < 0 || flips > candidates.length) {
    throw new RangeError(
      `flips must be a whole number from 0 to ${candidates.length}, the number of candidates, got ${flips}`,
    );
  }
  const found: FoundLies = { attacked: [], harms: [] };
  while (found.attacked.length < flips) {
    const left = candidates.filter((i) => !found.attacked.includes(i));
    const asked = harmsOf(left.map((i) => [...found.attacked, i]));
    const harms = "next" in asked ? yield* asked : asked;
    const worst = harms.reduce((most, harm, k) => (harm > harms[most] ? k : most), 0);
    found.attacked.push(left[worst]);
    found.harms.push(harms[worst]);
  }
  return found;
}
