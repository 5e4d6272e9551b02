/** The verdict of notebook 06. */

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
import { meanInterval, quantile, type ShareInterval, shareOf } from "../statistics.js";
import type { FindingsOf, Variation } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict, type VerdictRow } from "../verdict.js";
import { TVLA_THRESHOLD } from "./attacker.js";
import { type BatchTimings, type NetworkTimings, SMALLEST_LEAK } from "./constant-time.js";
import {
  AFFORDABLE,
  freeLunches,
  NEVER_ZERO,
  savingsAgainstBits,
  TIGHT_BITS,
  type Tradeoff,
} from "./frontier.js";
import { isSixAgainstSeven, leadOfRed, summariseLeaks } from "./leak-summary.js";
import type { NormalizationFindings, NormalizationPair } from "./normalization.js";
import { type AttackResult, differenceOf, type LeakResult, MOST_TRACES } from "./side-channel.js";
import { OVER_ALL, type SideChannelStudies } from "./studies.js";

/** The essay's claim. */
export const CLAIM: string =
  "How many neurons fire depends on the class, so an attacker who measures power or time can guess the class " +
  "without seeing the input or the output.";

/** Judges the claim by the studies at hand. */
export function sideChannelVerdict(findings: Partial<FindingsOf<SideChannelStudies>>): Verdict {
  const { seeds, centred, small, clock, normalization, frontier, balanced } = findings;
  return verdictOf({
    claim: CLAIM,
    lines: [
      ...(seeds ? [leakLine(seeds), differenceLine(seeds), directionLine(seeds)] : []),
      ...(seeds && centred ? [centreLine(seeds, centred)] : []),
      ...(seeds && small ? [sixAgainstSevenLine(seeds, small)] : []),
      ...(seeds ? [guessLine(seeds)] : []),
      ...(clock ? timingLines(clock) : []),
      ...(normalization ? [layerLine(normalization), batchLine(normalization)] : []),
      ...(frontier ? FRONTIER_LINES.map((line) => line(frontier)) : []),
      ...(balanced ? [passingLine(balanced)] : []),
    ],
    summarise: (stamp, rows) => `${SUMMARIES[stamp](leakingOf(seeds))}${directionText(rows, seeds)}.`,
    ...(findings.scale && { scale: scaleText(findings.scale) }),
  });
}

const SUMMARIES: Readonly<Record<Outcome, (leaking: ShareInterval) => string>> = {
  holds: ({ count, n }) => `The number of firing neurons leaks the class in ${count} of ${n} networks`,
  "holds only if": () =>
    "The number of firing neurons leaks the class only on a condition, which the verdict names",
  "does not hold": ({ count, n }) =>
    `The number of firing neurons leaks the class in only ${count} of ${n} networks`,
  undecided: () =>
    "These seeds do not decide whether firing neurons leak the class in three of four networks",
  "not tested": () => "No network was trained, so nothing was tested",
};

/** The claim of the line about the direction; the summary finds the line by it. */
const DIRECTION = "Red (class 0) fires more neurons than Blue, in more than half of the networks.";

function directionText(rows: readonly VerdictRow[], seeds: readonly LeakResult[] = []): string {
  const outcome = rows.find(({ claim }) => claim === DIRECTION)?.outcome;
  if (outcome === "holds") {
    const isAlways = leadOfRed(seeds).favoured.share === 1;
    return isAlways ? ", and Red always fires more" : ", and Red fires more in most, though not in all";
  }
  return outcome === "does not hold" ? ", and Red does not fire more in most" : "";
}

/** The networks of which one reading tells more than a trifle. */
function leakingOf(seeds: readonly AttackResult[] = []): ShareInterval {
  return shareOf(seeds, ({ bits }) => bits > TIGHT_BITS);
}

function leakLine(seeds: readonly AttackResult[]): Line {
  const leaking = leakingOf(seeds);
  return {
    id: "leak",
    claim: `The count leaks the class: one reading tells more than ${TIGHT_BITS} of 1 bit, in at least three of four networks.`,
    measured: `In ${shareText(leaking)}. Bits leaked: ${meanText(summariseLeaks(seeds).bits, 2)}.`,
    finding: shareAbove(leaking, MOST),
    isPrimary: true,
  };
}

function differenceLine(seeds: readonly AttackResult[]): Line {
  const differs = shareOf(seeds, ({ t }) => Math.abs(t) > TVLA_THRESHOLD);
  return {
    claim: `The mean count differs by class: |t| > ${TVLA_THRESHOLD} on the test points, in at least three of four networks.`,
    measured: `In ${shareText(differs)}. Distance of the means, in either direction: ${meanText(summariseLeaks(seeds).size, 2, 1, " neurons")}.`,
    finding: shareAbove(differs, MOST),
  };
}

function directionLine(seeds: readonly LeakResult[]): Line {
  const { favoured, neurons, text } = leadOfRed(seeds);
  return {
    claim: DIRECTION,
    measured: `Red fires more in ${text}. Red minus Blue: ${meanText(neurons, 2, 1, " neurons")}.`,
    finding: shareAbove(favoured, 0.5),
  };
}

function centreLine(seeds: readonly LeakResult[], centred: readonly LeakResult[]): Line {
  const before = new Map(seeds.map((one) => [one.seed, differenceOf(one)]));
  const lost = centred.flatMap((one) => {
    const difference = before.get(one.seed);
    return difference === undefined ? [] : [differenceOf(one) - difference];
  });
  const mean = meanInterval(lost);
  return {
    claim: "Centring the moons on the origin reduces Red's lead.",
    measured: `Reduced by ${meanText(mean, 2, 1, " neurons")}. Red then fires more in ${leadOfRed(centred).text}.`,
    finding: meanAbove(mean, 0),
  };
}

function sixAgainstSevenLine(seeds: readonly LeakResult[], small: readonly LeakResult[]): Line {
  const [usual, regime] = [seeds, small].map((some) => shareOf(some, isSixAgainstSeven));
  return {
    claim:
      "The counts are about 6 and 7 of 10: these are the rounded class means, in either order, in at least three of four networks.",
    measured: `With small initial weights and a full batch: ${shareText(regime)}. Otherwise: ${shareText(usual)}.`,
    finding: shareAbove(regime, MOST),
    unless: {
      condition: "the initial weights are small (× 0.3) and the batch is full",
      finding: shareAbove(usual, MOST),
    },
  };
}

/** Share of right guesses from which on one look gives the class away. */
const GIVEN_AWAY = 0.9;

function guessLine(seeds: readonly AttackResult[]): Line {
  const guess = meanInterval(
    seeds.map((one) => one.guess),
    [0, 1],
  );
  const attacks = seeds.map(({ sequential }) => sequential);
  const typical = quantile(
    attacks.map(({ traces }) => traces),
    0.5,
  );
  const over = (outcome: "right" | "wrong" | "undecided"): number =>
    attacks.reduce((sum, attack) => sum + attack[outcome], 0);
  const [right, wrong, undecided] = [over("right"), over("wrong"), over("undecided")];
  return {
    claim: `One look at the count gives the class away: at least ${100 * GIVEN_AWAY}% of the guesses are right.`,
    measured:
      `Without noise: ${meanText(guess, 1, 100, "%")}. To be 99% sure takes ${typical < MOST_TRACES ? typical.toFixed(0) : `at least ${MOST_TRACES}`} noisy traces (median over the ` +
      `seeds). Of ${right + wrong + undecided} attacks, ${wrong} guessed wrong and ${undecided} gave up.`,
    finding: meanAbove(guess, GIVEN_AWAY),
  };
}

/** A line for each size of batch. */
function timingLines(networks: readonly NetworkTimings[]): Line[] {
  return (networks[0]?.batches ?? []).map((_, i) => timingLine(networks.map(({ batches }) => batches[i])));
}

/** Whether the controls come out as they must: the same class twice passes, a delayed one fails. */
function isSound({ same, delayed }: BatchTimings): boolean {
  return same.grade === "passes" && delayed.grade === "fails";
}

/** What the clock saw with batches of one size. A network whose controls do not come out as they must is not counted. */
function timingLine(networks: readonly BatchTimings[]): Line {
  const [{ batch }] = networks;
  const sound = networks.filter(isSound);
  const failing = shareOf(sound, ({ skipping }) => skipping.grade === "fails");
  const notPassing = shareOf(sound, ({ skipping }) => skipping.grade !== "passes");
  // an inconclusive test counts against the side that the others are on
  const [least, most] = [shareAbove(failing, MOST), shareAbove(notPassing, MOST)];
  const sizes = sound.map(({ skipping }) => Math.abs(skipping.effect.mean));
  const dense = sound.filter((one) => one.dense.grade === "fails").length;
  return {
    claim:
      `A real clock sees the leak in ${batch === 1 ? "single inferences" : `batches of ${batch}`}: if silent neurons are skipped, ` +
      `inference of one class takes at least ${SMALLEST_LEAK} ns longer, in at least three of four networks.`,
    measured:
      (sound.length === 0
        ? ""
        : `In ${shareText(failing, "networks")}, ${notPassing.count - failing.count} inconclusive. Median difference, in either direction: ` +
          `${quantile(sizes, 0.5).toFixed(2)} ns. With dense inference: in ${dense} of ${sound.length}. `) +
      `Only networks whose controls come out as they must count: the same class twice passes, a delayed class fails (${sound.length} of ` +
      `${networks.length}).`,
    finding: { n: least.n, deviate: Math.max(0, least.deviate) + Math.min(0, most.deviate) },
  };
}

/** Share of the bits that normalization has to remove, on average, to count as reducing the leak. */
const LESSENED = 0.25;

/** Whether normalization removes that share. */
function lessened({ without, normalized }: NormalizationPair): Finding {
  const above = normalized.map(({ bits }, i) => bits - (1 - LESSENED) * without[i].bits);
  return meanBelow(meanInterval(above, [-1, 1]), 0);
}

function changeText({ without, normalized }: NormalizationPair): string {
  const [plain, left] = [without, normalized].map((results) => meanText(summariseLeaks(results).bits, 2));
  return `${left} bits, against ${plain} without`;
}

function layerLine({ layer }: NormalizationFindings): Line {
  return {
    claim:
      "Layer normalization masks the leak (the essay's open question): it removes at least a quarter of the bits.",
    measured: `${changeText(layer)}.`,
    finding: lessened(layer),
  };
}

function batchLine({ smallBatch, fullBatch }: NormalizationFindings): Line {
  return {
    claim:
      "Batch normalization masks the leak (the essay's open question): it removes at least a quarter of the bits.",
    measured: `In small batches: ${smallBatch ? changeText(smallBatch) : "not tried"}. In a full batch: ${changeText(fullBatch)}.`,
    finding: smallBatch ? lessened(smallBatch) : NOT_TRIED,
    unless: { condition: "the batches are small", finding: lessened(fullBatch) },
  };
}

const FRONTIER_LINES = [savingsLine, freeLunchLine, balancePenaltyLine, neverZeroLine];

function savingsLine(frontier: readonly Tradeoff[]): Line {
  const { designs, correlations } = savingsAgainstBits(frontier);
  const isTried = correlations.length > 0;
  const mean = meanInterval(isTried ? correlations : [0], [-1, 1]);
  return {
    claim:
      "What saves more work leaks more (the essay's open question): across a seed's designs, the rank correlation of work saved and " +
      "bits leaked is above 0.",
    measured: isTried
      ? `Correlation over ${designs} designs, ReLU and those trained with its batches: ${meanText(mean, 2)}.`
      : "No design saves more work than another here.",
    finding: isTried ? meanAbove(mean, 0) : NOT_TRIED,
  };
}

function freeLunchLine(frontier: readonly Tradeoff[]): Line {
  const lunches = freeLunches(frontier);
  const { name, baseline, savedMore, bitsMore, accuracyMore } = lunches[0].design;
  return {
    claim:
      "Yet one of the designs saves more work than ReLU with the same batches and leaks less, " +
      `for at most ${100 * AFFORDABLE} points of accuracy.`,
    measured:
      `The likeliest of ${lunches.length} designs, each against ReLU with its own batches, is ${name}. Changes from ${baseline} with the same seed: work saved ` +
      `${meanText(savedMore, 1, 100, " points")}; bits leaked ${meanText(bitsMore, 3)}; accuracy ` +
      `${meanText(accuracyMore, 1, 100, " points")}.`,
    finding: anyOf(lunches.map(({ finding }) => finding)),
  };
}

function balancePenaltyLine(frontier: readonly Tradeoff[]): Line {
  const designs = frontier.filter(({ name }) => name.startsWith("balance"));
  return {
    claim:
      "A penalty on the difference of the class means reduces the leak, against ReLU with the same batches.",
    measured: `Change in bits leaked: ${designs.map(({ name, bitsMore }) => `${name}: ${meanText(bitsMore, 3)}`).join("; ")}.`,
    finding: allOf(designs.map(({ bitsMore }) => meanBelow(bitsMore, 0))),
  };
}

function neverZeroLine(frontier: readonly Tradeoff[]): Line {
  const leaks = frontier.flatMap(({ name, family, hammingBits }) =>
    family === NEVER_ZERO && hammingBits ? [{ name, hammingBits }] : [],
  );
  return {
    claim: `Activations that are never 0 leak nothing: in each such design, the Hamming weight of the outputs tells less than ${TIGHT_BITS} bits.`,
    measured:
      leaks.length > 0
        ? `${leaks.map(({ name, hammingBits }) => `${name}: ${meanText(hammingBits, 3)}`).join("; ")}.`
        : "No such design was tried.",
    finding: allOf(leaks.map(({ hammingBits }) => meanBelow(hammingBits, TIGHT_BITS))),
  };
}

/** Whether the t-test of its traces finds no leak. */
export function passes({ traced }: AttackResult): boolean {
  return Math.abs(traced.t) <= TVLA_THRESHOLD;
}

/** The networks whose classes were balanced over all points. */
export function balancedOverAll(variations: readonly Variation<AttackResult>[]): AttackResult[] {
  return variations.find(({ name }) => name === OVER_ALL)?.results ?? [];
}

function passingLine(variations: readonly Variation<AttackResult>[]): Line {
  const balanced = balancedOverAll(variations);
  const passing = balanced.filter(passes);
  return {
    claim: `A device that passes the t-test leaks nothing: in networks with balanced classes that pass, the count tells less than ${TIGHT_BITS} bits.`,
    measured:
      `${passing.length} of ${balanced.length} pass.` +
      (passing.length > 0 ? ` Bits leaked: ${meanText(summariseLeaks(passing).bits, 3)}.` : ""),
    finding: passing.length > 0 ? meanBelow(summariseLeaks(passing).bits, TIGHT_BITS) : NOT_TRIED,
  };
}

function scaleText(scale: readonly Variation<LeakResult>[]): string {
  const told = scale.map(
    ({ name, results }) => `${meanText(summariseLeaks(results).bits, 2)} with hidden layers of ${name}`,
  );
  return `Bits that one reading leaks: ${told.join("; ")}. Larger networks were not tested here.`;
}
