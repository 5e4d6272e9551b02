/**
 * How a notebook's lines are graded. Every line compares an estimate with a bar that it names. One line, named
 * beforehand, gives the claim its stamp; the others are corrected together. No line is ever graded by hand.
 */
import { exp, log } from "../core/elementary.js";
import type { Bounds, MeanInterval, ShareInterval } from "./statistics.js";
import type { Outcome, Verdict, VerdictRow } from "./verdict.js";

/** Independent units below which nothing is graded. */
export const FEWEST_UNITS = 20;

/** Probability of a wrong grade by chance alone: of the primary line, and over all others of a notebook together. */
const LEVEL = 0.05;

/** Where an estimate lies, seen from the bar that a claim sets. */
export interface Finding {
  /** Independent units behind the estimate, such as seeds. */
  n: number;
  /** Standard normal deviate: positive on the claim's side of the bar, negative on the other; NaN where there is none. */
  deviate: number;
}

/** A line before it is graded. */
export interface Line extends Omit<VerdictRow, "outcome" | "note" | "n"> {
  /** What decides it; where a condition is given, under that condition. */
  finding: Finding;
  /**
   * A condition that can be checked before anything is trained, and what was found without it: the line `holds only
   * if` where its finding holds and this one does not.
   */
  unless?: { condition: string; finding: Finding };
}

/** Nothing was tried. */
export const NOT_TRIED: Finding = { n: 0, deviate: Number.NaN };

/**
 * A share against a bar (Wilson's score test, whose inversion is his interval).
 *
 * @param bar - the share, between 0 and 1, from which on the claim is true
 */
export function shareAbove({ n, share }: ShareInterval, bar: number): Finding {
  return { n, deviate: ratio(share - bar, Math.sqrt((bar * (1 - bar)) / n)) };
}

/** {@link shareAbove} for a claim that is true below the bar. */
export function shareBelow(share: ShareInterval, bar: number): Finding {
  return opposite(shareAbove(share, bar));
}

/**
 * A mean against a bar, by the same t as its interval; t as a normal deviate after Wallace 1959, Bounds on normal
 * approximations to Student's and the chi-square distributions, (3.8).
 */
export function meanAbove({ n, mean, sd, bounds }: MeanInterval, bar: number): Finding {
  const error = sd / Math.sqrt(n);
  const isInside = bounds && bounds[0] < Math.min(bar, mean) && Math.max(bar, mean) < bounds[1];
  const t = isInside
    ? ratio(
        logit(mean, bounds) - logit(bar, bounds),
        error * (1 / (mean - bounds[0]) + 1 / (bounds[1] - mean)),
      )
    : ratio(mean - bar, error);
  const degrees = n - 1;
  const size = Math.sqrt(degrees * log(1 + (t * t) / degrees)) * ((8 * degrees + 1) / (8 * degrees + 3));
  return { n, deviate: n < 2 ? Number.NaN : Math.sign(t) * size };
}

/** {@link meanAbove} for a claim that is true below the bar. */
export function meanBelow(interval: MeanInterval, bar: number): Finding {
  return opposite(meanAbove(interval, bar));
}

/** The claim that something is not so. */
export function opposite({ n, deviate }: Finding): Finding {
  return { n, deviate: -deviate };
}

/** The claim that all of several things are so: as sure as the least sure of them (Berger 1982). */
export function allOf(findings: readonly Finding[]): Finding {
  if (findings.length === 0) return NOT_TRIED;
  const n = Math.min(...findings.map((finding) => finding.n));
  const deviate = Math.min(...findings.map((finding) => finding.deviate));
  // one of several that fails may do so by chance: Bonferroni
  return { n, deviate: deviate < 0 ? -atLevel(probability(deviate) * findings.length) : deviate };
}

/** The claim that one of several things is so; that it was picked from several is paid for (Bonferroni). */
export function anyOf(findings: readonly Finding[]): Finding {
  return opposite(allOf(findings.map(opposite)));
}

/** What a verdict is made of. */
export interface VerdictParts extends Pick<Verdict, "claim" | "defence" | "scale"> {
  lines: readonly Line[];
  /** The outcome in one plain sentence, for whatever came out. */
  summarise(stamp: Outcome, rows: readonly VerdictRow[]): string;
}

/**
 * Grades the lines, stamps the claim with the outcome of its primary line and puts it in a sentence.
 *
 * @throws RangeError when not exactly one line is the primary one
 */
export function verdictOf({ claim, lines, summarise, ...rest }: VerdictParts): Verdict {
  const rows = gradeLines(lines);
  const primary = rows.filter(({ isPrimary }) => isPrimary);
  if (primary.length !== 1) throw new RangeError(`lines must have one primary line, got ${primary.length}`);
  const stamp = primary[0].outcome;
  return { claim, stamp, rows, summary: summarise(stamp, rows), ...rest };
}

/**
 * Grades the lines of a notebook, each against its bar: the primary line as the one question that was asked beforehand, all
 * others together (Holm 1979).
 */
export function gradeLines(lines: readonly Line[]): VerdictRow[] {
  const secondary = levelsOf(lines.filter(({ isPrimary }) => !isPrimary));
  return lines.map((line) => gradeLine(line, line.isPrimary ? levelsOf([line]) : secondary));
}

function gradeLine({ finding, unless, ...row }: Line, levels: Levels): VerdictRow {
  const { n } = finding;
  const own = gradeOf(finding, levels);
  if (unless === undefined || own.outcome === "does not hold" || own.outcome === "not tested") {
    return { ...row, n, ...own };
  }
  const without = gradeOf(unless.finding, levels);
  if (own.outcome === "holds" && without.outcome === "does not hold") {
    return { ...row, n, outcome: "holds only if", note: unless.condition };
  }
  if (own.outcome === "holds" && without.outcome === "holds") return { ...row, n, outcome: "holds" };
  const open = own.outcome === "undecided" ? own : without;
  return { ...row, n, ...open, outcome: "undecided" };
}

/** The rule, for readers of a verdict. */
export const GRADING_RULE: string =
  "Every line names a bar. A line *holds* if its estimate lies beyond doubt on the claim's side of the bar, and *does not hold* if it lies " +
  "beyond doubt on the other side. Otherwise it is *undecided*, and so is every line with fewer than " +
  `${FEWEST_UNITS} independent units. A line *holds only if* a condition is met when it holds with the condition and does not hold without it; ` +
  "such a condition can be checked before training. The line marked ● was named beforehand as the one that decides, and gives the stamp: " +
  `chance alone grades it wrongly in fewer than ${100 * LEVEL}% of such experiments. The other lines are corrected together (Holm): chance ` +
  `grades any of them wrongly in fewer than ${100 * LEVEL}% of such experiments.`;

function gradeOf(finding: Finding, levels: Levels): { outcome: Outcome; note?: string } {
  const { n, deviate } = finding;
  if (n === 0) return { outcome: "not tested" };
  if (n < FEWEST_UNITS) return { outcome: "undecided", note: `${n} of the ${FEWEST_UNITS} needed` };
  if (Number.isNaN(deviate)) return { outcome: "undecided", note: "a value is not a number" };
  const p = probability(deviate);
  if (p <= levels.reached) return { outcome: deviate > 0 ? "holds" : "does not hold" };
  if (p <= LEVEL) {
    return {
      outcome: "undecided",
      note: `by itself it would be decided, but not among the ${levels.count} tests made here`,
    };
  }
  const needed = Math.ceil((n * levels.strictest * levels.strictest) / (deviate * deviate));
  const note =
    needed > 1000 * n
      ? "the estimate lies at the bar"
      : `about ${significant(needed)} would decide it, if they showed the same`;
  return { outcome: "undecided", note };
}

/** What a line's probability has to come down to. */
interface Levels {
  /** Number of tests: a line with a condition has two. */
  count: number;
  /** The largest probability that Holm's procedure still grades. */
  reached: number;
  /** The deviate that the most doubtful line would need, were all of them decided but it. */
  strictest: number;
}

/** For lines that are corrected together. */
function levelsOf(lines: readonly Line[]): Levels {
  const findings = lines.flatMap(({ finding, unless }) => (unless ? [finding, unless.finding] : [finding]));
  return holmLevels(findings.filter(isGraded).map(({ deviate }) => probability(deviate)));
}

/** Holm's step-down procedure: the k-th smallest of m has to be at most level / (m - k + 1), and all before it too. */
function holmLevels(probabilities: readonly number[]): Levels {
  const sorted = [...probabilities].sort((a, b) => a - b);
  const failing = sorted.findIndex((p, k) => !(p <= LEVEL / (sorted.length - k)));
  const graded = failing < 0 ? sorted.length : failing;
  return {
    count: sorted.length,
    reached: graded === 0 ? 0 : sorted[graded - 1],
    strictest: atLevel(LEVEL / Math.max(1, sorted.length - graded)),
  };
}

function isGraded({ n, deviate }: Finding): boolean {
  return n >= FEWEST_UNITS && !Number.isNaN(deviate);
}

/**
 * The probability of a standard normal deviate at least as far from 0, either way; to 1.5e-7 (Abramowitz and Stegun
 * 1964, 26.2.17).
 */
function probability(deviate: number): number {
  const x = Math.abs(deviate);
  if (x === Number.POSITIVE_INFINITY) return 0;
  const t = 1 / (1 + 0.2316419 * x);
  const series =
    ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) * t;
  return Math.min(1, 2 * series * (exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)));
}

/** The positive deviate that has a {@link probability}, by bisection; 0 from 1 on. */
function atLevel(p: number): number {
  if (p === 0) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (probability(middle) > p) low = middle;
    else high = middle;
  }
  return low;
}

/** The logit of a value's place between the bounds; the logarithm of its distance from the lower where that is the only one. */
function logit(value: number, [least, most]: Bounds): number {
  return most === Number.POSITIVE_INFINITY ? log(value - least) : log((value - least) / (most - value));
}

/** Distance by standard error. Values that are all alike lie beyond doubt where they lie; at the bar, they do not exceed it. */
function ratio(distance: number, error: number): number {
  if (error === 0) return distance > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return distance / error;
}

function significant(count: number): number {
  return Number(count.toPrecision(2));
}
