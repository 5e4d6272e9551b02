/** What the leaks of several seeds say together. */
import { type Bounds, type MeanInterval, meanInterval, type ShareInterval, shareOf } from "../statistics.js";
import { shareText } from "../verdict.js";
import type { SideChannelResult } from "./side-channel.js";

/** What several seeds say together. */
export interface LeakSummary {
  n: number;
  /** Mean active count of each class. */
  means: [MeanInterval, MeanInterval];
  /** Class 1 minus class 0, in neurons. */
  difference: MeanInterval;
  /** The same, whichever way. */
  size: MeanInterval;
  /** Seeds in which class 1 fires more. */
  class1More: number;
  auc: MeanInterval;
  /** The AUC of an attacker who knows which class fires more: 1/2 to 1. */
  aucEitherWay: MeanInterval;
  /** What the count tells. */
  bits: MeanInterval;
  /** What the Hamming weight tells, at least. */
  hammingBits: MeanInterval;
  /** Share of right guesses from one reading of the count. */
  guess: MeanInterval;
  /** Standard deviation of the count within a class. */
  spread: MeanInterval;
  /** Share of the multiply-accumulates saved. */
  saved: MeanInterval;
  accuracy: MeanInterval;
}

/**
 * Means and their intervals over the seeds, within the bounds of each quantity.
 *
 * @throws RangeError when there is no result
 */
export function summariseLeaks(results: readonly SideChannelResult[]): LeakSummary {
  if (results.length === 0) throw new RangeError("results must hold at least 1 result, got none");
  const over = (pick: (result: SideChannelResult) => number, bounds: Bounds = [0, 1]): MeanInterval =>
    meanInterval(results.map(pick), bounds);
  const [{ neurons }] = results;
  return {
    n: results.length,
    means: [
      over(({ count }) => count.means[0], [0, neurons]),
      over(({ count }) => count.means[1], [0, neurons]),
    ],
    difference: over(({ count }) => count.difference, [-neurons, neurons]),
    size: over(({ count }) => Math.abs(count.difference), [0, neurons]),
    class1More: results.filter(({ count }) => count.difference > 0).length,
    auc: over(({ count }) => count.auc),
    aucEitherWay: over(({ count }) => 0.5 + Math.abs(count.auc - 0.5), [0.5, 1]),
    bits: over(({ count }) => count.bits),
    hammingBits: over(({ hammingWeight }) => hammingWeight.bits),
    guess: over(({ count }) => count.guess),
    spread: over(({ count }) => (count.sds[0] + count.sds[1]) / 2, [0, neurons]),
    saved: over(({ saved }) => saved),
    accuracy: over(({ testAccuracy }) => testAccuracy),
  };
}

/** By how much, and in how many seeds, Red (class 0) fires more. */
export interface RedLead {
  /** Class 0 minus class 1. */
  neurons: MeanInterval;
  /** Seeds in which Red fires more; a tie is none. */
  favoured: ShareInterval;
  /** Those, those in which Blue does, and the ties. */
  text: string;
}

/**
 * Reads off which class is ahead.
 *
 * @throws RangeError when there is no result
 */
export function leadOfRed(results: readonly SideChannelResult[]): RedLead {
  if (results.length === 0) throw new RangeError("results must hold at least 1 result, got none");
  const [{ neurons }] = results;
  const leads = results.map(({ count }) => -count.difference);
  const favoured = shareOf(leads, (lead) => lead > 0);
  const blue = leads.filter((lead) => lead < 0).length;
  const ties = leads.length - favoured.count - blue;
  return {
    neurons: meanInterval(leads, [-neurons, neurons]),
    favoured,
    text: `${shareText(favoured)}, Blue in ${blue}, ${ties} ${ties === 1 ? "tie" : "ties"}`,
  };
}

/**
 * The result in the middle by |difference of the class means|, the lower of two: neither a lucky seed nor an unlucky one.
 *
 * @throws RangeError when there is no result
 */
export function typicalResult<Result extends SideChannelResult>(results: readonly Result[]): Result {
  if (results.length === 0) throw new RangeError("results must hold at least 1 result, got none");
  const sorted = [...results].sort((a, b) => Math.abs(a.count.difference) - Math.abs(b.count.difference));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** Whether the class means are 6 and 7, in either order, once rounded to whole neurons. */
export function isSixAgainstSeven(means: readonly [number, number]): boolean {
  const [low, high] = means.map(Math.round).sort((a, b) => a - b);
  return low === 6 && high === 7;
}
