/** The leaks of several seeds, summed up. */
import { type Bounds, type MeanInterval, meanInterval, type ShareInterval, shareOf } from "../statistics.js";
import { shareText } from "../verdict.js";
import { differenceOf, type LeakResult } from "./side-channel.js";

/** Means over several seeds. */
export interface LeakSummary {
  n: number;
  /** Mean active count of each class. */
  means: [MeanInterval, MeanInterval];
  /** Distance of the two, in either direction, in neurons. */
  size: MeanInterval;
  /** Bits that the count leaks. */
  bits: MeanInterval;
  /** Share of the multiply-accumulates saved. */
  saved: MeanInterval;
  accuracy: MeanInterval;
}

/** Bounds of a number of neurons. */
const COUNT: Bounds = [0, Number.POSITIVE_INFINITY];

/**
 * Means and their intervals over the seeds, within the bounds of each quantity.
 *
 * @throws RangeError when there is no result
 */
export function summariseLeaks(results: readonly LeakResult[]): LeakSummary {
  if (results.length === 0) throw new RangeError("results must hold at least 1 result, got none");
  const over = (pick: (result: LeakResult) => number, bounds: Bounds = [0, 1]): MeanInterval =>
    meanInterval(results.map(pick), bounds);
  return {
    n: results.length,
    means: [over(({ means }) => means[0], COUNT), over(({ means }) => means[1], COUNT)],
    size: over((one) => Math.abs(differenceOf(one)), COUNT),
    bits: over(({ bits }) => bits),
    saved: over(({ saved }) => saved),
    accuracy: over(({ accuracy }) => accuracy),
  };
}

/** By how much, and in how many seeds, Red (class 0) fires more. */
export interface RedLead {
  /** Class 0 minus class 1. */
  neurons: MeanInterval;
  /** Seeds in which Red fires more; ties do not count. */
  favoured: ShareInterval;
  /** These seeds, those in which Blue fires more, and the ties, as text. */
  text: string;
}

/**
 * Determines which class is ahead.
 *
 * @throws RangeError when there is no result
 */
export function leadOfRed(results: readonly LeakResult[]): RedLead {
  if (results.length === 0) throw new RangeError("results must hold at least 1 result, got none");
  const leads = results.map((one) => -differenceOf(one));
  const favoured = shareOf(leads, (lead) => lead > 0);
  const blue = leads.filter((lead) => lead < 0).length;
  const ties = leads.length - favoured.count - blue;
  return {
    neurons: meanInterval(leads),
    favoured,
    text: `${shareText(favoured)}, Blue in ${blue}, ${ties} ${ties === 1 ? "tie" : "ties"}`,
  };
}

/**
 * The result in the middle by |difference of the class means|, the lower of two: neither a lucky seed nor an unlucky one.
 *
 * @throws RangeError when there is no result
 */
export function typicalResult<Result extends LeakResult>(results: readonly Result[]): Result {
  if (results.length === 0) throw new RangeError("results must hold at least 1 result, got none");
  const size = (one: LeakResult): number => Math.abs(differenceOf(one));
  return [...results].sort((a, b) => size(a) - size(b))[Math.floor((results.length - 1) / 2)];
}

/** The essay's counts of 10 neurons, by class. */
export const ESSAY_COUNTS = [7, 6] as const;

/** Whether the class means are 6 and 7, in either order, once rounded to whole neurons. */
export function isSixAgainstSeven({ means }: Pick<LeakResult, "means">): boolean {
  const [low, high] = means.map(Math.round).sort((a, b) => a - b);
  return low === 6 && high === 7;
}
