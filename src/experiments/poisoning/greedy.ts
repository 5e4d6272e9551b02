/**
 * A search for the worst lies, one at a time: each step tries every label that is still true and keeps the lie that, with
 * those already told, does most harm. For a harm in which no lie helps another it comes to at least 1 - 1/e of the worst
 * (Nemhauser, Wolsey and Fisher 1978, An analysis of approximations for maximizing submodular set functions, 4); for the
 * harm to a network it is a search like others, which any worse set of lies would beat.
 */
import type { Steps } from "../measurement.js";

/**
 * Finds lies step by step: the indices of their points, in the order in which they were found.
 *
 * @param candidates - indices of the points to try; of equally harmful ones the first is kept
 * @param flips - number of lies to find, at most that of the candidates
 * @param harmsOf - the harm of each of several sets of lies, in their order; it may train, in steps
 */
export function* greedyFlips(
  candidates: readonly number[],
  flips: number,
  harmsOf: (sets: readonly (readonly number[])[]) => Steps<readonly number[]> | readonly number[],
): Steps<number[]> {
  const found: number[] = [];
  while (found.length < flips) {
    const left = candidates.filter((i) => !found.includes(i));
    const asked = harmsOf(left.map((i) => [...found, i]));
    const harms = "next" in asked ? yield* asked : asked;
    found.push(left[harms.reduce((most, harm, k) => (harm > harms[most] ? k : most), 0)]);
  }
  return found;
}
