/** A notebook's verdict as data: the claim, the lines into which it is taken apart, and the outcome of each. */
import * as z from "zod/mini";
import { anyNumber, requireArgument } from "../core/require.js";
import { FEWEST_FOR_INTERVAL, type MeanInterval, type ShareInterval } from "./statistics.js";

/** The possible outcomes of a claim, or of one of its lines. */
export const OUTCOMES = ["holds", "holds only if", "does not hold", "undecided", "not tested"] as const;

/** The graded outcome of a claim. */
export type Outcome = (typeof OUTCOMES)[number];

/** One line of a verdict. */
export interface VerdictRow {
  /** A name that no parameter and no other line changes, where something refers to the line. */
  id?: string;
  /** What is claimed, with its bar. */
  claim: string;
  /** What we measured, with its interval, as text. */
  measured: string;
  /** How many independent trainings (or other units) are behind it. */
  n: number;
  outcome: Outcome;
  /** With `holds only if`: the condition. With `undecided`: what would decide it. */
  note?: string;
  /** Whether it is the line, named beforehand, that decides the claim. */
  isPrimary?: boolean;
}

/** A verdict. */
export interface Verdict {
  /** The essay's claim, fairly put, in one sentence. */
  claim: string;
  /** The outcome of the claim: that of its primary line. */
  stamp: Outcome;
  /** The lines of the table. */
  rows: VerdictRow[];
  /** The outcome in one plain sentence of at most about 25 words; it stands beside the stamp. */
  summary: string;
  /** What defends against the failure, and its measured cost; a sentence or two. */
  defence?: string;
  /** The claim in wider and deeper networks, and what was not tested; a sentence or two. */
  scale?: string;
}

/** The share of the seeds from which we say that networks do something: three in four. */
export const MOST = 0.75;

const wholeNumber = z.int().check(z.gte(0));
const digitsSchema = z.int().check(z.gte(0), z.lte(100));
const shareSchema = z.looseObject({ count: wholeNumber, n: wholeNumber });
const meanSchema = z.looseObject({
  n: wholeNumber,
  mean: anyNumber,
  low: anyNumber,
  high: anyNumber,
  points: z.optional(z.array(anyNumber)),
});

/**
 * A share as a percentage: 0.9853 is "98.5%".
 *
 * @throws RangeError or TypeError when the share is no number, or the decimals are not a whole number from 0 to 100
 */
export function percent(share: number, decimals = 1): string {
  requireArgument("share", anyNumber, share);
  requireArgument("decimals", digitsSchema, decimals);
  return Number.isNaN(share) ? "not a number" : `${(100 * share).toFixed(decimals)}%`;
}

/**
 * A share of the seeds in words: `18 of 20 seeds (95% interval 70 to 97%)`.
 *
 * @throws RangeError or TypeError when it is no share, as `shareOf` returns it
 */
export function shareText(interval: ShareInterval, units = "seeds"): string {
  requireArgument("interval", shareSchema, interval);
  requireArgument("units", z.string(), units);
  const { count, n, low, high } = interval;
  const counted = `${count} of ${n} ${units}`;
  if (n < FEWEST_FOR_INTERVAL) return counted;
  for (const end of ["low", "high"] as const) requireArgument(`interval.${end}`, z.number(), interval[end]);
  const ends = (digits: number): string[] => [low, high].map((end) => (100 * end).toFixed(digits));
  // of many seeds a whole percent might hide the width
  const [from, to] = new Set(ends(0)).size === 1 ? ends(1) : ends(0);
  return `${counted} (95% interval ${from} to ${to}%)`;
}

/**
 * A mean with its interval: `1.20 [1.10, 1.30]`. Too few values for an interval are listed: `1.10, 1.30`. Equal values
 * give `1.20 in all 20`.
 *
 * @param digits - after the decimal point
 * @param factor - on all numbers, such as 100 for percents
 * @param unit - after the numbers, such as `%`
 * @throws RangeError or TypeError when it is no mean, as `meanInterval` returns it, or an argument is not as described
 */
export function meanText(interval: MeanInterval, digits = 1, factor = 1, unit = ""): string {
  requireArgument("interval", meanSchema, interval);
  requireArgument("digits", digitsSchema, digits);
  requireArgument("factor", z.number(), factor);
  requireArgument("unit", z.string(), unit);
  const { n, mean, low, high, points } = interval;
  const text = (value: number): string =>
    // no minus where rounding leaves nothing to be negative
    Number.isNaN(value) ? "not a number" : (factor * value).toFixed(digits).replace(/^-(?=[0.]+$)/, "");
  if (points) return points.map(text).join(", ") + unit;
  if (Number.isNaN(mean)) return text(mean);
  if (Number.isNaN(low)) return text(mean) + unit;
  // an interval of no width would claim certainty
  return low === high
    ? `${text(mean)}${unit} in all ${n}`
    : `${text(mean)} [${text(low)}, ${text(high)}]${unit}`;
}
