/** What became of notebook 04's claim. */

import { allOf, type Finding, type Line, NOT_TRIED, shareAbove, verdictOf } from "../grading.js";
import { meanInterval, type ShareInterval, shareOf } from "../statistics.js";
import { MOST, meanText, type Outcome, shareText, type Verdict, type VerdictRow } from "../verdict.js";
import {
  type ButterflyParameters,
  HAPPENS,
  LEARNT,
  type Parting,
  SETTINGS,
  type TrainingSetting,
} from "./butterfly.js";
import { type Cause, isParted, partedShare, type SeedPartings } from "./seeds.js";
import { type DepthCell, defenceCoverage, type Twins } from "./twins.js";

/** "Hundreds of epochs" begin here. */
export const LONG = 100;

/** Growth up to which nothing has happened yet. */
const QUIET = 10;

/** Part of what another order of the points does from which on two trainings have diverged completely. */
const COMPLETE = 0.5;

/** The learning rate at which depths are compared; chosen on the seeds 101 to 108. */
const SMALL_RATE = 0.05;

/** What the verdict is read off. */
export interface ButterflyMeasurements {
  /** The hyperparameters of the sweep. */
  parameters: ButterflyParameters;
  /** The sweep over the seeds, at these hyperparameters. */
  partings: readonly SeedPartings[];
  /** The same at the calm setting. */
  calm: readonly SeedPartings[];
  /** Networks of one hidden layer and more. */
  depths?: readonly DepthCell[];
  /** What defends; the first is what all are compared with. */
  defences?: readonly Twins[];
}

/** Something that two trainings may differ in at their end, at least 0. */
export interface Divergence {
  name: string;
  /** After the claim that they diverge completely. */
  what: string;
  of: (parting: Parting) => number;
  /** The largest value there is, where there is one. */
  most?: number;
  /** Factor, digits after the decimal point, and unit in which it is told. */
  told: readonly [factor: number, digits: number, unit: string];
}

/** What "completely" is measured by; each is held against what another order of the points does. */
export const DIVERGENCES: readonly Divergence[] = [
  {
    name: "the weights: distance",
    what: "the weights (aligned)",
    of: ({ alignedDistance }) => alignedDistance,
    told: [100, 1, "% of their length"],
  },
  {
    name: "the answers: churn",
    what: "the answers",
    of: ({ churn }) => churn,
    most: 1,
    told: [100, 2, "% of the test points"],
  },
  {
    name: "the losses: |a − b| / (a + b)",
    what: "the losses of the last quarter",
    of: ({ lossGap }) => lossGap,
    most: 1,
    told: [100, 1, "%"],
  },
];

/** Grades the claim line by line. */
export function butterflyVerdict(measurements: ButterflyMeasurements): Verdict {
  const { parameters, partings, calm, depths = [], defences = [] } = measurements;
  const parted = partings.filter(({ causes }) => isParted(causes.nudge));
  const condition = `with ${layersText(parameters.hiddenLayers)}, ${settingText(parameters)}, not ${settingText(SETTINGS.calm)}`;
  return verdictOf({
    claim: `A perturbation of ${parameters.nudge} of one initial weight leaves the loss the same for hundreds of epochs; then the two trainings diverge completely. Different hardware does the same.`,
    lines: [
      partingLine(partings, calm, condition),
      quietLine(partings),
      ...DIVERGENCES.map((divergence) => completeLine(parted, divergence)),
      hardwareLine(partings, calm, condition),
      depthLine(depths, parameters),
      sameLine([...partings, ...calm]),
    ],
    summarise: (stamp, rows) => `${summaryOf(stamp, rows)} ${sameText([...partings, ...calm])}`,
    ...(defences.length > 0 && { defence: defenceText(defences, partings, calm) }),
    ...(depths.length > 0 && { scale: scaleText(depths) }),
  });
}

function partingLine(
  partings: readonly SeedPartings[],
  calm: readonly SeedPartings[],
  condition: string,
): Line {
  const lateOf = (seeds: readonly SeedPartings[]): ShareInterval =>
    shareOf(
      seeds,
      ({ causes: { nudge } }) =>
        nudge.accuracy[0] >= LEARNT && nudge.visible !== null && nudge.visible >= LONG,
    );
  const late = lateOf(partings);
  const visible = partings.filter(({ causes }) => causes.nudge.visible !== null).length;
  return {
    claim: `The losses look the same for ${LONG} epochs or more and then part, in trainings that learn (${100 * LEARNT}% right): in one of ten seeds or more.`,
    measured: `In ${shareText(late)}; the losses part visibly, sooner or later, in ${visible}. At the calm setting: in ${shareText(lateOf(calm))}.`,
    finding: shareAbove(late, HAPPENS),
    unless: { condition, finding: shareAbove(lateOf(calm), HAPPENS) },
    isPrimary: true,
  };
}

function quietLine(partings: readonly SeedPartings[]): Line {
  const factors = partings.flatMap(({ causes }) => causes.nudge.grownHalfway ?? []).sort((a, b) => a - b);
  const quiet = shareOf(factors, (factor) => factor < QUIET);
  return {
    claim: `Until then nothing happens: half-way to there the distance has grown by less than a factor of ${QUIET}, in three of four seeds or more.`,
    measured:
      factors.length === 0
        ? "In no seed did the losses part."
        : `In ${shareText(quiet, "seeds whose losses part")}; median factor ${factors[Math.floor(factors.length / 2)].toExponential(1)}.`,
    finding: shareAbove(quiet, MOST),
  };
}

function completeLine(parted: readonly SeedPartings[], divergence: Divergence): Line {
  const { what, of, told } = divergence;
  const [factor, digits, unit] = told;
  const reaching = (cause: Cause): ShareInterval =>
    shareOf(parted, ({ causes }) => of(causes[cause]) >= COMPLETE * of(causes.order));
  const meanOf = (cause: Cause): string =>
    meanText(divergenceOf(parted, divergence, cause), digits, factor, unit);
  const complete = reaching("nudge");
  return {
    claim: `They diverge completely, ${what}: they end at least half as far apart as another order of the points takes them, in three of four seeds that part, or more.`,
    measured:
      parted.length === 0
        ? "No seed parted."
        : `In ${shareText(complete)}; yet another order of the points does it in ${reaching("thirdOrder").count}. By the nudge it is ${meanOf("nudge")}, by another order ${meanOf("order")}.`,
    finding: shareAbove(complete, MOST),
  };
}

/** The mean of a divergence over seeds. */
export function divergenceOf(
  seeds: readonly SeedPartings[],
  { of, most }: Pick<Divergence, "of" | "most">,
  cause: Cause,
): ReturnType<typeof meanInterval> {
  const values = seeds.map(({ causes }) => of(causes[cause]));
  return meanInterval(values, most === undefined ? undefined : [0, most]);
}

function hardwareLine(
  partings: readonly SeedPartings[],
  calm: readonly SeedPartings[],
  condition: string,
): Line {
  const causes: readonly (readonly [Cause, string])[] = [
    ["reversed", "by a sum reversed"],
    ["engine", "by another engine's cosine"],
  ];
  const findingOf = (seeds: readonly SeedPartings[]): Finding =>
    allOf(causes.map(([cause]) => shareAbove(partedShare(seeds, cause), HAPPENS)));
  const textOf = (seeds: readonly SeedPartings[]): string =>
    causes.map(([cause, name]) => `${name} ${shareText(partedShare(seeds, cause))}`).join(", ");
  return {
    claim:
      "No nudge is needed, what differs between machines is enough: a sum in another order, another engine's cosine, each of which parts one of ten seeds or more.",
    measured: `Parted ${textOf(partings)}. At the calm setting: ${textOf(calm)}.`,
    finding: findingOf(partings),
    unless: { condition, finding: findingOf(calm) },
  };
}

function depthLine(depths: readonly DepthCell[], { batchSize }: ButterflyParameters): Line {
  const cells = depths.filter(({ learningRate }) => learningRate === SMALL_RATE);
  const [shallow, deep] = [cells[0], cells[cells.length - 1]];
  const textOf = ({ hiddenLayers, both }: DepthCell): string =>
    `with ${layersText(hiddenLayers)} in ${shareText(both)}`;
  return {
    claim: `Small steps are no protection: with ${batchText(batchSize)} at learning rate ${SMALL_RATE} the nudge parts trainings that learn, in one of ten seeds or more.`,
    measured:
      cells.length === 0
        ? "Nothing was trained."
        : `They learn and part ${textOf(deep)}, ${textOf(shallow)}.`,
    finding: cells.length === 0 ? NOT_TRIED : shareAbove(deep.both, HAPPENS),
    ...(cells.length > 1 && {
      unless: {
        condition: `the network has ${layersText(deep.hiddenLayers)}, not ${shallow.hiddenLayers.length}`,
        finding: shareAbove(shallow.both, HAPPENS),
      },
    }),
  };
}

function sameLine(all: readonly SeedPartings[]): Line {
  const seeds = repeatedSeeds(all);
  const other = shareOf(seeds, (isSame) => !isSame);
  return {
    claim:
      "So training is non-deterministic: with the same seed, order and arithmetic on the same machine, in one of ten seeds or more the bits are others.",
    measured: `In ${shareText(other)}, at some look or at the end.`,
    finding: shareAbove(other, HAPPENS),
  };
}

/** Of each seed, whether all its trainings, run again, were the same to the bit. */
function repeatedSeeds(all: readonly SeedPartings[]): boolean[] {
  const seeds = [...new Set(all.map(({ seed }) => seed))];
  return seeds.map((seed) => all.every((own) => own.seed !== seed || own.causes.nothing.isIdentical));
}

function sameText(all: readonly SeedPartings[]): string {
  const seeds = repeatedSeeds(all);
  const same = seeds.filter((isSame) => isSame).length;
  return same === seeds.length
    ? `That a training is sensitive does not make it non-deterministic: run again, ${same} of ${seeds.length} seeds gave the same bits.`
    : `Run again, only ${same} of ${seeds.length} seeds gave the same bits: something here is not deterministic.`;
}

function summaryOf(stamp: Outcome, rows: readonly VerdictRow[]): string {
  const claimsOf = (outcome: Outcome): string =>
    rows
      .filter((row) => row.isPrimary && row.outcome === outcome)
      .map(({ claim }) => claim.split(":")[0])
      .join("; ");
  switch (stamp) {
    case "holds":
      return "The claim holds, and the calm setting does not prevent it.";
    case "holds only if":
      return `The claim holds on a condition: ${rows.find((row) => row.isPrimary && row.outcome === stamp)?.note}.`;
    case "does not hold":
      return `As it stands the claim does not hold. What fails: ${claimsOf(stamp)}.`;
    case "undecided":
      return `The claim is not decided. What is open: ${claimsOf(stamp) || claimsOf("not tested")}.`;
    case "not tested":
      return "Nothing was tested.";
  }
}

/** How many seeds still part, what it does to the accuracy, against the first; and what each kind of defence covers. */
function defenceText(
  [base, ...others]: readonly Twins[],
  partings: readonly SeedPartings[],
  calm: readonly SeedPartings[],
): string {
  const partedOf = ({ results }: Twins): number => results.filter(({ isParted }) => isParted).length;
  const texts = others.map(
    (twins) =>
      `${twins.name}: ${partedOf(twins)} (accuracy changes by ${meanText(gainOf(twins, base), 2, 100, " points")})`,
  );
  const churn = (which: "last" | "averaged"): string =>
    meanText(
      meanInterval(
        base.results.map((result) => result[which].churn),
        [0, 1],
      ),
      2,
      100,
      "%",
    );
  const [, ...covered] = defenceCoverage(partings, calm);
  const behind = covered.map(
    ({ name, sums, cosine }) => `${name}: ${sums.count}, ${cosine.count} of ${sums.n}`,
  );
  return (
    `Seeds that part, of ${base.results.length}: ${base.name}: ${partedOf(base)}; ${texts.join("; ")}. ` +
    `Averaging the weights takes the churn from ${churn("last")} to ${churn("averaged")}. ` +
    `Seeds that part by a sum in another order, by another engine's cosine: ${behind.join("; ")}.`
  );
}

/** Change of the test accuracy against the first way to train, seed by seed. */
export function gainOf(
  { results }: Twins,
  base: Twins,
  which: "last" | "averaged" = "last",
): ReturnType<typeof meanInterval> {
  return meanInterval(
    results.map((result, i) => result[which].testAccuracy - base.results[i].last.testAccuracy),
    [-1, 1],
  );
}

/** Seeds that learn and part, by depth and learning rate. */
function scaleText(depths: readonly DepthCell[]): string {
  const shapes = [...new Set(depths.map(({ hiddenLayers }) => layersText(hiddenLayers)))];
  const rows = shapes.map((shape) => {
    const cells = depths.filter(({ hiddenLayers }) => layersText(hiddenLayers) === shape);
    return `${shape}: ${cells.map(({ both, learningRate }) => `${both.count} at ${learningRate}`).join(", ")}`;
  });
  return `Seeds that learn and part, of ${depths[0].results.length}, by learning rate: ${rows.join("; ")}. Larger networks were not tested here.`;
}

/** A way to train in words: `full batch at learning rate 2`. */
export function settingText({
  batchSize,
  learningRate,
}: Pick<TrainingSetting, "batchSize" | "learningRate">): string {
  return `${batchText(batchSize)} at learning rate ${learningRate}`;
}

/** A batch size in words. */
export function batchText(batchSize: TrainingSetting["batchSize"]): string {
  if (batchSize === "full") return "full batch";
  return batchSize === 1 ? "single samples" : `batches of ${batchSize}`;
}

function layersText({ length }: readonly number[]): string {
  return `${length} hidden layer${length === 1 ? "" : "s"}`;
}
