/** What became of notebook 04's claim. */
import { allOf, type Finding, type Line, shareAbove, verdictOf } from "../grading.js";
import { meanInterval, type ShareInterval, shareOf } from "../statistics.js";
import type { FindingsOf, Variation } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict, type VerdictRow } from "../verdict.js";
import {
  type ButterflyParameters,
  batchText,
  CALM,
  HAPPENS,
  LEARNT,
  LONG,
  layersText,
  settingText,
} from "./butterfly-effect.js";
import { type Cause, partedShare, type SeedPartings, type Yardstick } from "./causes.js";
import type { ButterflyStudies, SeedFindings } from "./studies.js";
import type { Ending } from "./timelines.js";
import { type AveragedTwins, type DepthCell, SMALL_RATE } from "./twins.js";

/** Growth up to which nothing has happened yet. */
const QUIET = 10;

/** Part of what another order of the points does from which on two trainings have diverged completely. */
const COMPLETE = 0.5;

/** The essay's claim, of a nudge. */
export function claimOf(nudge: number): string {
  return `Add ${nudge} to one initial weight: the loss stays the same for hundreds of epochs, and then the two trainings diverge completely. Another machine does the same, so training is non-deterministic.`;
}

/** Something that two trainings may differ in at their end, at least 0. */
export interface Divergence {
  name: string;
  /** After the claim that they diverge completely. */
  what: string;
  of: (end: Ending) => number;
  /** The largest value there is; infinite by default. */
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

/** Grades the claim line by line, as far as it was measured. */
export function butterflyVerdict(
  { seeds = { own: [], calm: [] }, defences, depths }: Partial<FindingsOf<ButterflyStudies>>,
  parameters: ButterflyParameters,
): Verdict {
  const condition = `with ${layersText(parameters.hiddenLayers)}, ${settingText(parameters)}, not ${settingText(CALM)}`;
  const parted = partedByNudge(seeds.own);
  const same = sameAgain(seeds);
  return verdictOf({
    claim: claimOf(parameters.nudge),
    lines: [
      partingLine(seeds, condition),
      quietLine(seeds.own),
      ...DIVERGENCES.map((divergence) => completeLine(parted, divergence)),
      hardwareLine(seeds, condition),
      ...(depths ? [depthLine(depths, parameters)] : []),
      sameLine(same),
    ],
    summarise: (stamp, rows) => `${summaryOf(stamp, rows)} ${sameText(same)}`,
    ...(defences && { defence: defenceText(defences) }),
    ...(depths && { scale: scaleText(depths) }),
  });
}

/** A seed that the nudge parts. */
export type PartedSeed = SeedPartings & Required<Pick<SeedPartings, "ends">>;

/** The seeds whose nudged training ended parted. */
export function partedByNudge(seeds: readonly SeedPartings[]): PartedSeed[] {
  return seeds.filter((seed): seed is PartedSeed => seed.ends !== undefined);
}

/** The seeds that do what the essay says: the losses look the same for long and then part, in a training that learns. */
export function partedLate(seeds: readonly SeedPartings[]): ShareInterval {
  return shareOf(seeds, ({ accuracy, visible }) => accuracy >= LEARNT && visible !== null && visible >= LONG);
}

function partingLine({ own, calm }: SeedFindings, condition: string): Line {
  const [late, calmLate] = [own, calm].map(partedLate);
  const visible = own.filter((seed) => seed.visible !== null).length;
  return {
    claim: `The losses look the same for ${LONG} epochs or more and then part, in trainings that learn (${100 * LEARNT}% right): in one of ten seeds or more.`,
    measured: `In ${shareText(late)}; the losses part visibly, sooner or later, in ${visible}. At the calm setting: in ${shareText(calmLate)}.`,
    finding: shareAbove(late, HAPPENS),
    unless: { condition, finding: shareAbove(calmLate, HAPPENS) },
    isPrimary: true,
  };
}

function quietLine(seeds: readonly SeedPartings[]): Line {
  const factors = seeds.flatMap(({ grownHalfway }) => grownHalfway ?? []).sort((a, b) => a - b);
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

function completeLine(parted: readonly PartedSeed[], divergence: Divergence): Line {
  const { what, of } = divergence;
  const reaching = (by: Yardstick): ShareInterval =>
    shareOf(parted, ({ ends }) => of(ends[by]) >= COMPLETE * of(ends.order));
  const complete = reaching("nudge");
  return {
    claim: `They diverge completely, ${what}: they end at least half as far apart as another order of the points takes them, in three of four seeds that part, or more.`,
    measured:
      parted.length === 0
        ? "No seed parted."
        : `In ${shareText(complete)}; yet another order of the points does it in ${reaching("thirdOrder").count}. By the nudge it is ${divergenceText(parted, divergence, "nudge")}, by another order ${divergenceText(parted, divergence, "order")}.`,
    finding: shareAbove(complete, MOST),
  };
}

/** The mean of a divergence over seeds, in its unit. */
export function divergenceText(
  seeds: readonly PartedSeed[],
  { of, most = Number.POSITIVE_INFINITY, told: [factor, digits, unit] }: Omit<Divergence, "what">,
  by: Yardstick,
): string {
  const values = seeds.map(({ ends }) => of(ends[by]));
  return meanText(meanInterval(values, [0, most]), digits, factor, unit);
}

function hardwareLine({ own, calm }: SeedFindings, condition: string): Line {
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
    measured: `Parted ${textOf(own)}. At the calm setting: ${textOf(calm)}.`,
    finding: findingOf(own),
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
    measured: `They learn and part ${textOf(deep)}, ${textOf(shallow)}.`,
    finding: shareAbove(deep.both, HAPPENS),
    unless: {
      condition: `the network has ${layersText(deep.hiddenLayers)}, not ${shallow.hiddenLayers.length}`,
      finding: shareAbove(shallow.both, HAPPENS),
    },
  };
}

/** The seeds whose trainings, run again, were the same to the bit. */
function sameAgain({ own, calm }: SeedFindings): ShareInterval {
  return shareOf(own, ({ isSameAgain }, i) => isSameAgain && calm[i].isSameAgain);
}

function sameLine({ n, count }: ShareInterval): Line {
  const other = shareOf(
    Array.from({ length: n }, (_, i) => i),
    (i) => i >= count,
  );
  return {
    claim:
      "So training is non-deterministic: with the same seed, order and arithmetic on the same machine, in one of ten seeds or more the bits are others.",
    measured: `In ${shareText(other)}, at some look or at the end.`,
    finding: shareAbove(other, HAPPENS),
  };
}

function sameText({ n, count }: ShareInterval): string {
  return count === n
    ? `That a training is sensitive does not make it non-deterministic: run again, ${count} of ${n} seeds gave the same bits.`
    : `Run again, only ${count} of ${n} seeds gave the same bits: something here is not deterministic.`;
}

function summaryOf(stamp: Outcome, rows: readonly VerdictRow[]): string {
  const primary = rows.find(({ isPrimary }) => isPrimary);
  switch (stamp) {
    case "holds":
      return "The claim holds, and the calm setting does not prevent it.";
    case "holds only if":
      return `The claim holds on a condition: ${primary?.note}.`;
    case "does not hold":
      return "As it stands the claim does not hold: too few trainings look the same for long, part, and learn.";
    case "undecided":
      return "The claim is not decided; its first line says what would decide it.";
    case "not tested":
      return "Nothing was tested.";
  }
}

/** How many seeds still part, and what it does to the accuracy, against the first; what averaging does. */
function defenceText([base, ...others]: readonly Variation<AveragedTwins>[]): string {
  const texts = others.map(
    (way) =>
      `${way.name}: ${stillParted(way)} (accuracy changes by ${gainText(way, base, "last", " points")})`,
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
  return (
    `Seeds that part, of ${base.results.length}: ${base.name}: ${stillParted(base)}; ${texts.join("; ")}. ` +
    `Averaging the weights takes the churn from ${churn("last")} to ${churn("averaged")}.`
  );
}

/** How many seeds part with a defence. */
export function stillParted({ results }: Variation<AveragedTwins>): number {
  return results.filter(({ isParted }) => isParted).length;
}

/** Change of the test accuracy against the first way to train, seed by seed, in points. */
export function gainText(
  { results }: Variation<AveragedTwins>,
  base: Variation<AveragedTwins>,
  which: "last" | "averaged",
  unit = "",
): string {
  const gains = results.map((result, i) => result[which].testAccuracy - base.results[i].last.testAccuracy);
  return meanText(meanInterval(gains, [-1, 1]), 2, 100, unit);
}

/** Seeds that learn and part, by depth and learning rate. */
function scaleText(depths: readonly DepthCell[]): string {
  const shapes = [...new Set(depths.map(({ hiddenLayers }) => layersText(hiddenLayers)))];
  const rows = shapes.map((shape) => {
    const cells = depths.filter(({ hiddenLayers }) => layersText(hiddenLayers) === shape);
    return `${shape}: ${cells.map(({ both, learningRate }) => `${both.count} at ${learningRate}`).join(", ")}`;
  });
  return `Seeds that learn and part, of ${depths[0].n}, by learning rate: ${rows.join("; ")}. Larger networks were not tested here.`;
}
