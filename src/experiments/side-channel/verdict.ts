/** What became of the claims of notebook 06. */

import {
  allOf,
  anyOf,
  type Finding,
  type Line,
  meanAbove,
  meanBelow,
  NOT_TRIED,
  shareAbove,
  verdictOf,
} from "../grading.js";
import { meanInterval, quantile, shareOf } from "../statistics.js";
import { MOST, meanText, type Outcome, shareText, type Verdict, type VerdictRow } from "../verdict.js";
import { TVLA_THRESHOLD } from "./attacker.js";
import { SMALLEST_LEAK, type TimingTest } from "./constant-time.js";
import {
  AFFORDABLE,
  freeLunches,
  NEVER_ZERO,
  savingsAgainstBits,
  TIGHT_BITS,
  type Tradeoff,
} from "./frontier.js";
import { isSixAgainstSeven, leadOfRed, summariseLeaks } from "./leak-summary.js";
import { type AttackResult, MOST_TRACES, type SideChannelResult } from "./side-channel.js";

/** The timing tests of one size of batch. */
export interface TimingTests {
  /** Inferences that one time is taken of. */
  batch: number;
  /** Inference that skips silent neurons, class 0 against class 1; one test for each network. */
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
  /** The same seeds with the moons moved so that their centre is the origin. */
  centred: readonly SideChannelResult[];
  /** The same seeds with small initial weights, in a full batch. */
  small: readonly SideChannelResult[];
  /** Where a clock was at hand; else the verdict has no lines of what it saw. */
  timing?: readonly TimingTests[];
  /** Without and with normalization, the rest alike; of batches, none where no small one can be normalized. */
  normalization: Record<"layer" | "fullBatch", NormalizationPair> & { smallBatch?: NormalizationPair };
  /** Plain ReLU first. */
  frontier: readonly Tradeoff[];
  /** Networks whose class means were made equal. */
  balanced: readonly AttackResult[];
}

/** Reads the verdict off the measurements. */
export function sideChannelVerdict(evidence: SideChannelEvidence): Verdict {
  return verdictOf({
    claim:
      "How many neurons fire depends on the class, and so whoever counts them, by power or by time, can guess the class " +
      "without seeing input or output.",
    lines: [
      leakLine(evidence),
      differenceLine(evidence),
      directionLine(evidence),
      centreLine(evidence),
      sixAgainstSevenLine(evidence),
      guessLine(evidence),
      ...(evidence.timing ?? []).map(timingLine),
      layerLine(evidence),
      batchLine(evidence),
      savingsLine(evidence),
      freeLunchLine(evidence),
      balancePenaltyLine(evidence),
      neverZeroLine(evidence),
      passingLine(evidence),
    ],
    summarise: (stamp, rows) => SUMMARIES[stamp] + directionWords(rows, evidence),
  });
}

const SUMMARIES: Readonly<Record<Outcome, string>> = {
  holds: "The count of firing neurons tells the class in most networks.",
  "holds only if": "The count of firing neurons tells the class on a condition only; see its lines.",
  "does not hold": "In too many networks the count of firing neurons does not do what is claimed of it.",
  undecided:
    "Whether the count of firing neurons tells the class in three of four networks or more is not decided by these seeds.",
  "not tested": "Nothing was trained, and so nothing was tested.",
};

/** The claim of the line about the direction, by which the summary finds it. */
const DIRECTION = "Red (class 0) is favoured: it fires more in more than half of the networks.";

function directionWords(rows: readonly VerdictRow[], { results }: SideChannelEvidence): string {
  const outcome = rows.find(({ claim }) => claim === DIRECTION)?.outcome;
  if (outcome === "holds") {
    const isAlways = leadOfRed(results).favoured.share === 1;
    return ` Red fires more in more than half of the networks${isAlways ? "" : ", not in every one"}.`;
  }
  return outcome === "does not hold" ? " Red is not the likelier to fire more." : "";
}

function leakLine({ results }: SideChannelEvidence): Line {
  const leaking = shareOf(results, ({ count }) => count.bits > TIGHT_BITS);
  return {
    claim: `The count leaks the class: one reading tells more than ${TIGHT_BITS} of 1 bit, in three of four networks or more.`,
    measured: `In ${shareText(leaking)}. Bits told: ${meanText(summariseLeaks(results).bits, 2)}.`,
    finding: shareAbove(leaking, MOST),
    isPrimary: true,
  };
}

function differenceLine({ results }: SideChannelEvidence): Line {
  const differs = shareOf(results, ({ count }) => Math.abs(count.t) > TVLA_THRESHOLD);
  return {
    claim: `The mean count differs by class: |t| > ${TVLA_THRESHOLD} on the test points, in three of four networks or more.`,
    measured: `In ${shareText(differs)}. Neurons between the means: ${meanText(summariseLeaks(results).size, 2)}, whichever way.`,
    finding: shareAbove(differs, MOST),
  };
}

function directionLine({ results }: SideChannelEvidence): Line {
  const { favoured, neurons, text } = leadOfRed(results);
  return {
    claim: DIRECTION,
    measured: `Red fires more in ${text}. Red before Blue, in neurons: ${meanText(neurons, 2)}.`,
    finding: shareAbove(favoured, 0.5),
  };
}

function centreLine({ results, centred }: SideChannelEvidence): Line {
  const lost = meanInterval(results.map(({ count }, i) => centred[i].count.difference - count.difference));
  return {
    claim: "Centring the moons on the origin takes Red's lead down.",
    measured: `Neurons less: ${meanText(lost, 2)}. Red then fires more in ${leadOfRed(centred).text}.`,
    finding: meanAbove(lost, 0),
  };
}

function sixAgainstSevenLine({ results, small }: SideChannelEvidence): Line {
  const [usual, regime] = [results, small].map((some) =>
    shareOf<SideChannelResult>(some, ({ count }) => isSixAgainstSeven(count.means)),
  );
  return {
    claim:
      "It is about 6 against 7 of 10: the rounded class means, in either order, in three of four networks or more.",
    measured: `With small initial weights in a full batch in ${shareText(regime)}; else in ${shareText(usual)}.`,
    finding: shareAbove(regime, MOST),
    unless: {
      condition: "the initial weights are small (times 0.3) in a full batch",
      finding: shareAbove(usual, MOST),
    },
  };
}

/** Share of right guesses from which on one look gives the class away. */
const GIVEN_AWAY = 0.9;

function guessLine({ results }: SideChannelEvidence): Line {
  const { guess } = summariseLeaks(results);
  const attacks = results.map(({ sequential }) => sequential);
  const typical = quantile(
    attacks.map(({ traces }) => quantile(traces, 0.5)),
    0.5,
  );
  const over = (pick: (attack: (typeof attacks)[number]) => number): number =>
    attacks.reduce((sum, attack) => sum + pick(attack), 0);
  const [right, wrong, undecided] = [
    over((one) => one.right),
    over((one) => one.wrong),
    over((one) => one.undecided),
  ];
  return {
    claim: `One look at the count gives the class away: ${100 * GIVEN_AWAY}% of the guesses are right or more.`,
    measured:
      `${meanText(guess, 1, 100, "%")}, without noise. A 99% guess takes ${typical < MOST_TRACES ? typical.toFixed(0) : `at least ${MOST_TRACES}`} noisy traces (median over the ` +
      `seeds): of ${right + wrong + undecided} attacks ${wrong} guessed wrong and ${undecided} gave up.`,
    finding: meanAbove(guess, GIVEN_AWAY),
  };
}

/** The line of what the clock saw in batches of one size; not tested where the controls fail. */
export function timingLine({ batch, skipping, dense, same, delayed }: TimingTests): Line {
  const failing = shareOf(skipping, ({ grade }) => grade === "fails");
  const notPassing = shareOf(skipping, ({ grade }) => grade !== "passes");
  // what is inconclusive counts against whichever side the others are on
  const [least, most] = [shareAbove(failing, MOST), shareAbove(notPassing, MOST)];
  const finding = { n: least.n, deviate: Math.max(0, least.deviate) + Math.min(0, most.deviate) };
  const text = ({ effect, grade }: TimingTest): string => `${meanText(effect, 2, 1, " ns")}, ${grade}`;
  const isSound = same.grade === "passes" && delayed.grade === "fails";
  return {
    claim:
      `The clock of this machine sees it in ${batch === 1 ? "single inferences" : `batches of ${batch}`}: with skipping, an ` +
      `inference of one class takes ${SMALLEST_LEAK} ns longer or more, in three of four networks or more.`,
    measured:
      `In ${shareText(failing, "networks")}, and ${notPassing.count - failing.count} inconclusive: class 1 takes ` +
      `${skipping.map(({ effect }) => effect.mean.toFixed(2)).join(", ")} ns longer. Dense inference: ${text(dense)}. ` +
      `Controls: the same class twice: ${text(same)}; delayed on purpose: ${text(delayed)}${delayed.grade === "fails" ? ", as it must" : ""}` +
      (isSound ? "." : "; they do not come out as they must, so nothing is graded."),
    finding: isSound ? finding : NOT_TRIED,
  };
}

/** Share of the bits that has to go, on average, for normalization to count as lessening the leak. */
const LESSENED = 0.25;

/** That normalization takes away that share. */
function lessened({ without, normalized }: NormalizationPair): Finding {
  const above = normalized.map(({ count }, i) => count.bits - (1 - LESSENED) * without[i].count.bits);
  return meanBelow(meanInterval(above, [-1, 1]), 0);
}

function changeText({ without, normalized }: NormalizationPair): string {
  const [plain, left] = [without, normalized].map((results) => meanText(summariseLeaks(results).bits, 2));
  return `${left} bits against ${plain} without`;
}

function layerLine({ normalization: { layer } }: SideChannelEvidence): Line {
  return {
    claim: "Layer normalization lessens the leak, by a quarter of the bits or more (open question).",
    measured: `${changeText(layer)}.`,
    finding: lessened(layer),
  };
}

function batchLine({ normalization: { smallBatch, fullBatch } }: SideChannelEvidence): Line {
  return {
    claim: "Batch normalization lessens the leak, by a quarter of the bits or more (open question).",
    measured: `In small batches ${smallBatch ? changeText(smallBatch) : "not tried"}; in a full batch ${changeText(fullBatch)}.`,
    finding: smallBatch ? lessened(smallBatch) : NOT_TRIED,
    unless: { condition: "the batches are small", finding: lessened(fullBatch) },
  };
}

function savingsLine({ frontier }: SideChannelEvidence): Line {
  const { designs, correlations } = savingsAgainstBits(frontier);
  const isTried = correlations.length > 0;
  const mean = meanInterval(isTried ? correlations : [0], [-1, 1]);
  return {
    claim:
      "What saves more work leaks more (open question): over the designs of a seed, the rank correlation of work saved and " +
      "bits told is above 0.",
    measured: isTried
      ? `Correlation ${meanText(mean, 2)}, over ${designs} designs: ReLU and those trained in its batches.`
      : "No design saves more than another here.",
    finding: isTried ? meanAbove(mean, 0) : NOT_TRIED,
  };
}

function freeLunchLine({ frontier }: SideChannelEvidence): Line {
  const lunches = freeLunches(frontier);
  const { name, baseline, savedMore, bitsMore, accuracyMore } = lunches[0].design;
  return {
    claim:
      "Yet one of the designs saves more work than ReLU in the same batches and tells less, " +
      `at no more than ${100 * AFFORDABLE} points of accuracy.`,
    measured:
      `Of ${lunches.length} designs, each against ReLU in its own batches, the likeliest is ${name}. What changes from ${baseline} with the same seed: saved work by ` +
      `${meanText(savedMore, 1, 100, " points")}, bits told by ${meanText(bitsMore, 3)}, accuracy by ` +
      `${meanText(accuracyMore, 1, 100, " points")}.`,
    finding: anyOf(lunches.map(({ finding }) => finding)),
  };
}

function balancePenaltyLine({ frontier }: SideChannelEvidence): Line {
  const designs = frontier.filter(({ name }) => name.startsWith("balance"));
  return {
    claim:
      "A penalty on the difference of the class means lessens the leak, against ReLU in the same batches.",
    measured: `Change of the bits told: ${designs.map(({ name, bitsMore }) => `${name}: ${meanText(bitsMore, 3)}`).join("; ")}.`,
    finding: allOf(designs.map(({ bitsMore }) => meanBelow(bitsMore, 0))),
  };
}

function neverZeroLine({ frontier }: SideChannelEvidence): Line {
  const leaks = frontier.flatMap(({ name, family, hammingBits }) =>
    family === NEVER_ZERO && hammingBits ? [{ name, hammingBits }] : [],
  );
  return {
    claim: `Activations that are never 0 leak nothing: the Hamming weight of the outputs tells less than ${TIGHT_BITS} bits, in each design.`,
    measured:
      leaks.length > 0
        ? `${leaks.map(({ name, hammingBits }) => `${name}: ${meanText(hammingBits, 3)}`).join("; ")}.`
        : "No such design was tried.",
    finding: allOf(leaks.map(({ hammingBits }) => meanBelow(hammingBits, TIGHT_BITS))),
  };
}

function passingLine({ balanced }: SideChannelEvidence): Line {
  const passing = balanced.filter(({ t }) => Math.abs(t) <= TVLA_THRESHOLD);
  return {
    claim: `A device that passes the t-test leaks nothing: the count of those with balanced classes that pass tells less than ${TIGHT_BITS} bits.`,
    measured:
      `${passing.length} of ${balanced.length} pass.` +
      (passing.length > 0 ? ` Bits told: ${meanText(summariseLeaks(passing).bits, 3)}.` : ""),
    finding: passing.length > 0 ? meanBelow(summariseLeaks(passing).bits, TIGHT_BITS) : NOT_TRIED,
  };
}
