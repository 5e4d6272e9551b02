/** What became of the claims of notebook 06. */
import { meanInterval, quantile, type ShareInterval, wilsonInterval } from "../../statistics.js";
import {
  gradeShare,
  type Outcome,
  reservation,
  shareText,
  type Verdict,
  type VerdictRow,
} from "../verdict.js";
import { TVLA_THRESHOLD } from "./attacker.js";
import type { TimingTest } from "./constant-time.js";
import { freeLunches, TIGHT_BITS, type Tradeoff } from "./frontier.js";
import { isSixAgainstSeven } from "./leak-summary.js";
import type { AttackResult, SideChannelResult } from "./side-channel.js";

/** The timing tests. */
export interface TimingTests {
  /** Inference that skips silent neurons, class 0 against class 1; one test a network, at least one. */
  skipping: readonly TimingTest[];
  /** Inference that does the same work for all. */
  dense: TimingTest;
  /** Negative control: the same class twice, skipping. */
  same: TimingTest;
  /** Positive control: one class deliberately delayed. */
  delayed: TimingTest;
}

/** Networks without and with normalization, seed by seed. */
export interface NormalizationPair {
  without: readonly SideChannelResult[];
  normalized: readonly SideChannelResult[];
}

/** All that the verdict is read off. */
export interface SideChannelEvidence {
  /** The sweep over the seeds. */
  results: readonly AttackResult[];
  /** The same seeds with small initial weights. */
  small: readonly SideChannelResult[];
  /** Where a clock was at hand; else the verdict has no line of what it saw. */
  timing?: TimingTests;
  /** Without and with normalization, the rest alike; paired by seed. */
  normalization: Record<"layer" | "batch", NormalizationPair>;
  /** Plain ReLU first. */
  frontier: readonly Tradeoff[];
  /** Networks whose class means were made equal. */
  balanced: readonly AttackResult[];
}

/** Reads the verdict off the measurements. */
export function sideChannelVerdict(evidence: SideChannelEvidence): Verdict {
  const rows = [
    leakRow(evidence),
    differenceRow(evidence),
    directionRow(evidence),
    sixAgainstSevenRow(evidence),
    guessRow(evidence),
    ...(evidence.timing ? [timingRow(evidence.timing)] : []),
    normalizationRow("Layer", evidence.normalization.layer),
    normalizationRow("Batch", evidence.normalization.batch),
    frontierRow(evidence.frontier),
    neverZeroRow(evidence.frontier, evidence.balanced.length),
    balanceRow(evidence.balanced),
  ];
  const [leaks, , direction, six] = rows;
  const summaries: Record<Outcome, string> = {
    holds: "The count of firing neurons tells the class",
    "holds only if": "In some networks the count of firing neurons tells the class, in others not",
    "does not hold": "The count of firing neurons does not tell the class here",
    undecided: "Undecided",
    "not tested": "Not tested",
  };
  return {
    claim:
      "The number of neurons that fire differs by class, about 6 against 7 of 10, and so a device that skips silent " +
      "neurons leaks the class.",
    stamp: "undecided", // TRANSITIONAL
    rows,
    summary:
      summaries[leaks.outcome] +
      (direction.outcome === "does not hold" ? "; which class fires more is left to chance" : "") +
      (six.outcome === "does not hold" ? "; 6 against 7 is not what one should expect." : "."),
  };
}

function differenceRow({ results }: SideChannelEvidence): VerdictRow {
  const differs = shareOf(results, differsByClass);
  const difference = meanInterval(results.map(({ count }) => Math.abs(count.difference)));
  return conditional({
    claim: "The mean number of neurons that fire differs by class.",
    measured:
      `The class means differ, |t| > ${TVLA_THRESHOLD} on the test points, in ${shareText(differs)}; ` +
      `by ${intervalText(difference, 2)} neurons, whichever way.`,
    n: results.length,
    outcome: gradeShare(differs),
    condition: reservation(differs),
  });
}

function leakRow({ results }: SideChannelEvidence): VerdictRow {
  const leaking = shareOf(results, ({ count }) => count.bits > TIGHT_BITS);
  const bits = meanInterval(results.map(({ count }) => count.bits));
  return conditional({
    claim: "The number of neurons that fire leaks the class.",
    measured: `One reading tells ${intervalText(bits, 2)} of 1 bit; more than ${TIGHT_BITS} in ${shareText(leaking)}.`,
    n: results.length,
    outcome: gradeShare(leaking),
    condition: reservation(leaking),
  });
}

function differsByClass({ count }: SideChannelResult): boolean {
  return Math.abs(count.t) > TVLA_THRESHOLD;
}

function directionRow({ results }: SideChannelEvidence): VerdictRow {
  const claim = "It is always the same class that fires more.";
  const differing = results.filter(differsByClass);
  if (differing.length === 0) {
    return {
      claim,
      measured: "The class means differ in no seed.",
      n: results.length,
      outcome: "does not hold",
    };
  }
  const higher = shareOf(differing, ({ count }) => count.difference > 0);
  const majority = shareOf(differing, ({ count }) => count.difference > 0 === higher.share >= 0.5);
  const difference = meanInterval(results.map(({ count }) => count.difference));
  const isTossUp = higher.low <= 0.5 && higher.high >= 0.5;
  return conditional({
    claim,
    measured:
      `Of the networks whose means differ, class 1 fires more in ${shareText(higher)}. ` +
      `Class 1 minus class 0, over all seeds: ${intervalText(difference, 2)} neurons.`,
    n: differing.length,
    outcome: isTossUp ? "does not hold" : majority.low > 0.75 ? "holds" : "holds only if",
    condition: `one says how often: class ${higher.share >= 0.5 ? 1 : 0} more often than not`,
  });
}

function sixAgainstSevenRow({ results, small }: SideChannelEvidence): VerdictRow {
  const isSix = ({ count }: SideChannelResult): boolean => isSixAgainstSeven(count.means);
  const [usual, regime] = [shareOf(results, isSix), shareOf(small, isSix)];
  const [graded, regimeGraded] = [gradeShare(usual), gradeShare(regime)];
  return conditional({
    claim: "It is about 6 against 7 of 10.",
    measured:
      `The class means round to 6 and 7, in either order, in ${shareText(usual)}; ` +
      `with small initial weights and a full batch in ${shareText(regime)}.`,
    n: results.length,
    outcome: graded === "does not hold" && regimeGraded !== "does not hold" ? "holds only if" : graded,
    condition: "the initial weights are small",
  });
}

function guessRow({ results }: SideChannelEvidence): VerdictRow {
  const guess = meanInterval(results.map(({ count }) => 100 * count.guess));
  const attacks = results.map(({ sequential }) => sequential);
  const typical = quantile(
    attacks.map(({ traces }) => quantile(traces, 0.5)),
    0.5,
  );
  const decided = attacks.reduce((sum, { right, wrong }) => sum + right + wrong, 0);
  const wrong = attacks.reduce((sum, attack) => sum + attack.wrong, 0);
  const all = attacks.reduce((sum, { traces }) => sum + traces.length, 0);
  return conditional({
    claim: "One look at the count gives the class away.",
    measured:
      `One reading without noise guesses right in ${intervalText(guess, 1)}% of cases. A 99% guess takes ` +
      `${typical.toFixed(0)} noisy traces (median over the seeds); of those guesses ` +
      `${decided === 0 ? "none was made" : `${((100 * wrong) / decided).toFixed(1)}% were wrong`}, and ` +
      `${(100 * (1 - decided / all)).toFixed(1)}% of the attacks gave up.`,
    n: results.length,
    outcome: guess.low > 90 ? "holds" : guess.high < 60 ? "does not hold" : "holds only if",
    condition: "one look stands for several, at points of the same class",
  });
}

/** The row of what the clock saw. */
export function timingRow({ skipping, dense, same, delayed }: TimingTests): VerdictRow {
  const saw = ({ grade }: TimingTest): boolean => grade === "difference seen" || grade === "glaring";
  const seen = skipping.filter(saw).length;
  const n = skipping.length;
  const text = ({ t, grade }: TimingTest): string => `${grade} (t = ${t.toFixed(1)})`;
  const row = {
    claim: "The clock of this machine sees it.",
    measured:
      `Skipping silent neurons: a difference seen in ${seen} of ${n} networks, t = ` +
      `${skipping.map(({ t }) => t.toFixed(1)).join(", ")}. Dense inference: ${text(dense)}. ` +
      `Controls: the same class twice: ${text(same)}; delayed on purpose: ${text(delayed)}.`,
    n,
  };
  const onlyIf = (condition: string): VerdictRow => ({ ...row, outcome: "holds only if", condition });
  if ([...skipping, same, delayed].some(({ grade }) => grade === "not enough measurements")) {
    return onlyIf("there are enough measurements to tell");
  }
  if (saw(same) || !saw(delayed)) {
    return onlyIf("the controls come out as they should, and here they did not");
  }
  if (seen === 0) return { ...row, outcome: "does not hold" };
  return seen === n ? { ...row, outcome: "holds" } : onlyIf(`the network is one of these ${seen}`);
}

function normalizationRow(name: "Layer" | "Batch", { without, normalized }: NormalizationPair): VerdictRow {
  const plain = meanInterval(without.map(({ count }) => count.bits));
  const left = meanInterval(normalized.map(({ count }) => count.bits));
  const change = meanInterval(normalized.map(({ count }, i) => count.bits - without[i].count.bits));
  // beyond doubt less than a quarter of the bits has gone
  const isUnmoved = change.high >= 0 && change.low > -plain.mean / 4;
  return conditional({
    claim: `${name} normalization closes the leak (open question).`,
    measured:
      `${intervalText(left, 2)} bits against ${intervalText(plain, 2)} without; ` +
      `the change within a seed is ${intervalText(change, 2)}.`,
    n: normalized.length,
    outcome: left.high < TIGHT_BITS ? "holds" : isUnmoved ? "does not hold" : "holds only if",
    condition:
      change.high < 0
        ? `lessening is enough: ${((100 * left.mean) / plain.mean).toFixed(0)}% of the bits are left`
        : "more seeds say so",
  });
}

function frontierRow(frontier: readonly Tradeoff[]): VerdictRow {
  const [relu] = frontier;
  const [best] = freeLunches(frontier);
  const tight = frontier
    .filter(({ saved, bits }) => saved.mean > 0 && bits.high < TIGHT_BITS)
    .reduce<Tradeoff | undefined>(
      (most, one) => (most === undefined || one.saved.mean > most.saved.mean ? one : most),
      undefined,
    );
  const place = ({ name, saved, bits, accuracy }: Tradeoff): string =>
    `${name}: ${percentText(saved.mean)} of the operations saved at ${intervalText(bits, 3)} bits ` +
    `(accuracy ${percentText(accuracy.mean)})`;
  return {
    claim: "What saves more work leaks more (open question).",
    measured:
      `${place(relu)}; ${best ? place(best) : "no design saves more and leaks less beyond doubt"}. The most that can be ` +
      `saved at less than ${TIGHT_BITS} bits, beyond doubt: ` +
      `${tight ? `${percentText(tight.saved.mean)}, ${tight.name}` : "nothing"}.`,
    n: relu.bits.n,
    outcome: best ? "does not hold" : "holds",
  };
}

function neverZeroRow(frontier: readonly Tradeoff[], seeds: number): VerdictRow {
  const dense = frontier.filter(({ saved, hammingBits }) => saved.mean === 0 && hammingBits !== undefined);
  const claim = "Activations that are never 0 leak nothing.";
  if (dense.length === 0) {
    return {
      claim,
      measured: "No such design was tried.",
      n: seeds,
      outcome: "holds only if",
      condition: "tried",
    };
  }
  const leaks = dense.map(({ hammingBits = meanInterval([0]) }) => hammingBits);
  const texts = dense.map(({ name }, i) => `${name} ${intervalText(leaks[i], 3)}`);
  return conditional({
    claim,
    measured: `The count tells 0 bits and saves nothing; the Hamming weight of the outputs tells at least: ${texts.join("; ")}.`,
    n: dense[0].bits.n,
    outcome: leaks.some(({ low }) => low > 0)
      ? "does not hold"
      : leaks.every(({ high }) => high < TIGHT_BITS)
        ? "holds"
        : "holds only if",
    condition: "more seeds say so",
  });
}

function balanceRow(balanced: readonly AttackResult[]): VerdictRow {
  const passing = balanced.filter(({ t }) => Math.abs(t) <= TVLA_THRESHOLD);
  const claim = "A device that passes the t-test leaks nothing.";
  if (passing.length < 2) {
    return {
      claim,
      measured: `${passing.length} of ${balanced.length} networks with balanced classes pass.`,
      n: balanced.length,
      outcome: "holds only if",
      condition: "some device passes, to be looked at",
    };
  }
  const bits = meanInterval(passing.map(({ count }) => count.bits));
  const leaking = shareOf(passing, ({ count }) => count.bits > TIGHT_BITS);
  return conditional({
    claim,
    measured:
      `${passing.length} of ${balanced.length} networks with balanced classes pass; their count tells ` +
      `${intervalText(bits, 3)} bits, more than ${TIGHT_BITS} in ${shareText(leaking)}.`,
    n: passing.length,
    outcome: bits.low > TIGHT_BITS ? "does not hold" : bits.high < TIGHT_BITS ? "holds" : "holds only if",
    condition: "the network is one of the others",
  });
}

/** Leaves the condition out where the outcome has none. */
function conditional({ condition, ...row }: VerdictRow & { condition: string }): VerdictRow {
  return row.outcome === "holds only if" ? { ...row, condition } : row;
}

function shareOf<Result>(results: readonly Result[], shows: (result: Result) => boolean): ShareInterval {
  return wilsonInterval(results.filter(shows).length, results.length);
}

function intervalText(
  { mean, low, high }: { mean: number; low: number; high: number },
  digits: number,
): string {
  return `${mean.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

function percentText(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
