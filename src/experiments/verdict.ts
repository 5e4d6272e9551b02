/** A notebook's verdict as data: the claim, the lines it came apart into, and what became of each. */
import type { ShareInterval } from "../statistics.js";

/** The graded outcome of a claim. */
export type Outcome = "holds" | "holds only if" | "does not hold";

/** One line of a verdict. */
export interface VerdictRow {
  /** What was claimed. */
  claim: string;
  /** What we measured, with its interval, as text. */
  measured: string;
  /** How many independent trainings (or other units) stand behind it. */
  n: number;
  outcome: Outcome;
  /** With `holds only if`: the condition. Else a remark. */
  condition?: string;
}

/** A verdict. */
export interface Verdict {
  /** The essay's claim, fairly put, in one sentence. */
  claim: string;
  /** The lines of the table. */
  rows: VerdictRow[];
  /** The outcome in one plain sentence. */
  summary: string;
  /** What defends against it, and at what cost, as measured; in a sentence or two. */
  defence?: string;
  /** What became of it in wider and deeper networks, and what was not tested; in a sentence or two. */
  scale?: string;
}

/**
 * Grades a claim by the share of the seeds that show it: it holds if at least three quarters do, beyond doubt
 * (the lower end of the interval is above 3/4); it does not hold if fewer than half do (the upper end is
 * below 1/2); else it holds for some seeds only, or there were too few to tell.
 */
export function gradeShare({ low, high }: ShareInterval): Outcome {
  if (low > 0.75) return "holds";
  return high < 0.5 ? "does not hold" : "holds only if";
}

/** Why a line that some of the seeds, or none or all of a few, show is not simply graded. */
export function reservation({ count, n }: ShareInterval): string {
  if (count === 0) return `no seed of ${n} shows it, but they are too few to be sure`;
  return count === n ? `all ${n} seeds show it, but they are too few to be sure` : "the seed is one of these";
}

/** A share of the seeds in words. */
export function shareText({ count, n, low, high }: ShareInterval): string {
  return `${count} of ${n} seeds (95% interval ${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)}%)`;
}
