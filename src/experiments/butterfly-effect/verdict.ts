/** The verdict of notebook 04. */
import { log } from "../../core/elementary.js";
import { allOf, type Finding, type Line, shareAbove, verdictOf } from "../grading.js";
import { meanInterval, quantile, type ShareInterval, shareOf } from "../statistics.js";
import type { FindingsOf, Variation } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "../verdict.js";
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
import { calmUpTo, type MapCell, type MapRow, mapRows, onsetOf } from "./chaos-map.js";
import { foretoldByRate, type Horizons } from "./horizon.js";
import type { LateNudge } from "./late-nudges.js";
import { RERUN_EPOCHS, type Reruns } from "./shuffled.js";
import type { AtBoth, ButterflyStudies } from "./studies.js";
import type { Ending } from "./timelines.js";
import type { AveragedTwins } from "./twins.js";

/** Growth of the distance below which nothing has happened yet. */
const QUIET = 10;

/** Two trainings have diverged completely at this share of the divergence that another order of the points causes. */
const COMPLETE = 0.5;

/** Most seeds: more than half. */
const HALF = 0.5;

/** The share of the seeds from which we say that a double-precision run leaves that of real numbers: one in four. */
const LEAVES = 0.25;

/** A deep network needs smaller steps if it diverges at this share of a shallow one's learning rate. */
const SMALLER = 0.25;

/** A prophecy is right if it is at most this factor off. */
const FORETOLD = 2;

/** The essay's claim about a nudge. */
export function claimOf(nudge: number): string {
  return `Add ${nudge} to one initial weight: the losses stay the same for hundreds of epochs, then the two trainings diverge completely, so training is non-deterministic from one machine to another.`;
}

/** A difference of two trainings at their end, at least 0. */
export interface Divergence {
  id: string;
  name: string;
  /** What diverges, in the claim that they diverge completely. */
  what: string;
  of: (end: Ending) => number;
  /** The largest possible value; infinite by default. */
  most?: number;
  /** Factor, digits after the decimal point, and unit in texts. */
  told: readonly [factor: number, digits: number, unit: string];
}

/** The measures of "completely"; the bar of each is what another order of the points does. */
export const DIVERGENCES: readonly Divergence[] = [
  {
    id: "weights",
    name: "the weights: distance",
    what: "the weights (aligned)",
    of: ({ alignedDistance }) => alignedDistance,
    told: [100, 1, "% of their length"],
  },
  {
    id: "answers",
    name: "the answers: churn",
    what: "the answers",
    of: ({ churn }) => churn,
    most: 1,
    told: [100, 2, "% of the test points"],
  },
  {
    id: "losses",
    name: "the losses: |a − b| / (a + b)",
    what: "the losses of the last quarter",
    of: ({ lossGap }) => lossGap,
    most: 1,
    told: [100, 1, "%"],
  },
];

/** Judges the claim by the studies at hand. */
export function butterflyVerdict(
  {
    seeds = { own: [], calm: [] },
    horizon,
    map,
    late,
    defences,
    reruns,
  }: Partial<FindingsOf<ButterflyStudies>>,
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
      ...(horizon ? [leavingLine(horizon, condition), prophecyLine(horizon.own, parameters.epochs)] : []),
      ...(map ? [depthLine(map)] : []),
      ...(late ? [lateLine(late)] : []),
      sameLine(same, reruns, Math.min(parameters.epochs, RERUN_EPOCHS)),
    ],
    summarise: (stamp) => (stamp === "not tested" ? NOT_TESTED : `${SUMMARIES[stamp]}; ${sameText(same)}`),
    ...(defences && { defence: defenceText(defences) }),
    ...(map && { scale: scaleText(map) }),
  });
}

/** A seed whose training the nudge makes diverge. */
export type PartedSeed = SeedPartings & Required<Pick<SeedPartings, "ends">>;

/** The seeds whose trainings with and without the nudge end apart. */
export function partedByNudge(seeds: readonly SeedPartings[]): PartedSeed[] {
  return seeds.filter((seed): seed is PartedSeed => seed.ends !== undefined);
}

/** The seeds that do what the essay says: the losses look the same for long and then diverge, in a training that learns. */
export function partedLate(seeds: readonly SeedPartings[]): ShareInterval {
  return shareOf(seeds, ({ accuracy, visible }) => accuracy >= LEARNT && visible !== null && visible >= LONG);
}

function partingLine({ own, calm }: AtBoth<SeedPartings>, condition: string): Line {
  const [late, calmLate] = [own, calm].map(partedLate);
  const visible = own.filter((seed) => seed.visible !== null).length;
  return {
    id: "late-parting",
    claim: `The losses look the same for at least ${LONG} epochs and then diverge, in trainings that learn (${100 * LEARNT}% right): in at least one of ten seeds.`,
    measured: `In ${shareText(late)}. The losses diverge visibly, sooner or later, in ${visible}. At the calm setting: in ${shareText(calmLate)}.`,
    finding: shareAbove(late, HAPPENS),
    unless: { condition, finding: shareAbove(calmLate, HAPPENS) },
    isPrimary: true,
  };
}

function quietLine(seeds: readonly SeedPartings[]): Line {
  const factors = seeds.flatMap(({ grownHalfway }) => grownHalfway ?? []).sort((a, b) => a - b);
  const quiet = shareOf(factors, (factor) => factor < QUIET);
  return {
    claim: `Until then nothing happens: halfway there, the distance has grown by less than a factor of ${QUIET}, in at least three of four seeds.`,
    measured:
      factors.length === 0
        ? "In no seed did the losses diverge."
        : `In ${shareText(quiet, "seeds whose losses diverge")}. Median factor: ${factors[Math.floor(factors.length / 2)].toExponential(1)}.`,
    finding: shareAbove(quiet, MOST),
  };
}

function completeLine(parted: readonly PartedSeed[], divergence: Divergence): Line {
  const { id, what, of } = divergence;
  const reaching = (by: Yardstick): ShareInterval =>
    shareOf(parted, ({ ends }) => of(ends[by]) >= COMPLETE * of(ends.order));
  const complete = reaching("nudge");
  return {
    id: `${id}-diverge`,
    claim: `They diverge completely, in ${what}: they end at least half as far apart as with another order of the points, in at least three of four seeds that diverge.`,
    measured:
      parted.length === 0
        ? "No seed diverged."
        : `In ${shareText(complete)}; with yet another order, in ${reaching("thirdOrder").count}. By the nudge: ${divergenceText(parted, divergence, "nudge")}; by another order: ${divergenceText(parted, divergence, "order")}.`,
    finding: shareAbove(complete, MOST),
  };
}

/** The mean of a divergence over seeds, in its unit. */
export function divergenceText(
  seeds: readonly PartedSeed[],
  { of, most = Number.POSITIVE_INFINITY, told: [factor, digits, unit] }: Omit<Divergence, "id" | "what">,
  by: Yardstick,
): string {
  const values = seeds.map(({ ends }) => of(ends[by]));
  return meanText(meanInterval(values, [0, most]), digits, factor, unit);
}

function hardwareLine({ own, calm }: AtBoth<SeedPartings>, condition: string): Line {
  const causes: readonly (readonly [Cause, string])[] = [
    ["reversed", "by reversed sums"],
    ["engine", "by another engine's cosine"],
  ];
  const findingOf = (seeds: readonly SeedPartings[]): Finding =>
    allOf(causes.map(([cause]) => shareAbove(partedShare(seeds, cause), HAPPENS)));
  const textOf = (seeds: readonly SeedPartings[]): string =>
    causes.map(([cause, name]) => `${name}: ${shareText(partedShare(seeds, cause))}`).join("; ");
  return {
    id: "machines",
    claim:
      "No nudge is needed, a difference between machines is enough: sums in another order and another engine's cosine each make at least one of ten seeds diverge.",
    measured: `Diverged ${textOf(own)}. At the calm setting: ${textOf(calm)}.`,
    finding: findingOf(own),
    unless: { condition, finding: findingOf(calm) },
  };
}

function leavingLine({ own, calm }: AtBoth<Horizons>, condition: string): Line {
  const [left, calmLeft] = [own, calm].map((seeds) => shareOf(seeds, (seed) => leftAt(seed) !== null));
  return {
    id: "rounding-alone",
    claim:
      "Rounding alone is enough: by its last epoch, the run in double precision has left the run in real numbers, in at least one of four seeds.",
    measured: `In ${shareText(left)}. At the calm setting: in ${shareText(calmLeft)}.`,
    finding: shareAbove(left, LEAVES),
    unless: { condition, finding: shareAbove(calmLeft, LEAVES) },
  };
}

/** The epoch at which the run in doubles leaves that in real numbers; null for never. */
export function leftAt({ horizons }: Pick<Horizons, "horizons">): number | null {
  return horizons[horizons.length - 1].parted;
}

function prophecyLine(seeds: readonly Horizons[], epochs: number): Line {
  const due = seeds.flatMap(({ horizons, exponent }) => {
    const { bits, parted, foretold } = horizons[horizons.length - 2];
    const byRate = foretoldByRate(bits, exponent);
    const isDue = parted !== null || foretold !== null;
    return isDue
      ? [{ parted, foretold, exponent, byRate: byRate !== null && byRate <= epochs ? byRate : null }]
      : [];
  });
  // a training without an exponent says nothing about the rate
  const trials = due.filter(({ exponent }) => !Number.isNaN(exponent));
  const lacking = due.length - trials.length;
  const epochsParted = trials.flatMap(({ parted }) => parted ?? []);
  const middle = epochsParted.length === 0 ? null : Math.round(quantile(epochsParted, 0.5));
  const nearer = shareOf(
    trials,
    ({ parted, ...trial }) => missOf(trial.foretold, parted) < missOf(trial.byRate, parted),
  );
  const right = (of: (trial: (typeof trials)[0]) => number | null): number =>
    trials.filter((trial) => missOf(of(trial), trial.parted) <= log(FORETOLD)).length;
  return {
    claim:
      "The course foretells it, not the mean rate: when float32 leaves float64 is told more nearly by 2²⁹ times the distance of double precision from real numbers than by (24 ln 2 − ln 100) / Λ, in most seeds.",
    measured:
      trials.length === 0
        ? "In no seed with a Λ did it leave, or should it have."
        : `In ${shareText(nearer, "seeds in which it leaves, or should")}. Right to a factor of ${FORETOLD}: the course in ${right(({ foretold }) => foretold)}, the mean rate in ${right(({ byRate }) => byRate)}, the median epoch for all (${middle ?? "never"}) in ${right(() => middle)}.${lacking > 0 ? ` ${lacking} more have no Λ.` : ""}`,
    finding: shareAbove(nearer, HALF),
  };
}

/** How far off a prophecy is, as the logarithm of the factor; infinite if it says never and is wrong, or the other way round. */
function missOf(foretold: number | null, parted: number | null): number {
  if (foretold === null || parted === null) return foretold === parted ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(log(foretold / parted));
}

function depthLine(cells: readonly MapCell[]): Line {
  const own = rowsOfFirstSize(cells);
  const [shallow, deep] = [own[0], own[own.length - 1]];
  const seeds = Array.from({ length: cells[0].n }, (_, seed) => seed);
  // where the shallow one diverges nowhere on the map, its largest rate counts
  const largest = shallow.cells[shallow.cells.length - 1].learningRate;
  const smaller = shareOf(
    seeds,
    (seed) => onsetOf(deep, seed) <= SMALLER * Math.min(largest, onsetOf(shallow, seed)),
  );
  return {
    id: "depth-steps",
    claim: `How small a step is small enough depends on depth: with ${batchText(shallow.batchSize)}, networks of ${layersText(deep.hiddenLayers)} diverge at a quarter of the learning rate of those with ${shallow.hiddenLayers.length}, or less, in most seeds.`,
    measured: `In ${shareText(smaller)}.`,
    finding: shareAbove(smaller, HALF),
  };
}

/** Up to which learning rate no seed diverges while most learn, by batch size and depth. */
export function calmText(rows: readonly MapRow[]): string {
  const sizes = [...new Set(rows.map(({ batchSize }) => batchSize))];
  const bySize = sizes.map((size) => {
    const places = rows
      .filter(({ batchSize }) => batchSize === size)
      .map((row, i) => {
        const rate = calmUpTo(row) ?? "none on the map";
        return `${rate} with ${i === 0 ? layersText(row.hiddenLayers) : row.hiddenLayers.length}`;
      });
    return `${batchText(size)}, ${places.join(", ")}`;
  });
  const [{ n }] = rows[0].cells;
  return `The largest η at which most of ${n} seeds learn, and up to which none diverges: ${bySize.join("; ")}.`;
}

function lateLine(seeds: readonly (readonly LateNudge[])[]): Line {
  const { epoch } = seeds[0][seeds[0].length - 1];
  const [first, last] = [0, seeds[0].length - 1].map((k) =>
    shareOf(seeds, (nudges) => nudges[k].parted !== null),
  );
  return {
    claim: `The start is not special: the nudge made after epoch ${epoch} makes trainings diverge in the ${epoch} epochs that follow, in at least one of ten seeds.`,
    measured: `In ${shareText(last)}; made at the start, in as many epochs, in ${first.count}.`,
    finding: shareAbove(last, HAPPENS),
  };
}

/** The seeds whose trainings, run again, gave the same bits. */
function sameAgain({ own, calm }: AtBoth<SeedPartings>): ShareInterval {
  return shareOf(own, ({ isSameAgain }, i) => isSameAgain && calm[i].isSameAgain);
}

function sameLine({ n, count }: ShareInterval, reruns: AtBoth<Reruns> | undefined, epochs: number): Line {
  const other = shareOf(
    Array.from({ length: n }, (_, i) => i),
    (i) => i >= count,
  );
  const told = {
    id: "non-deterministic",
    claim:
      "So training is non-deterministic: the same seed, order and arithmetic on the same machine give other bits, in at least one of ten seeds.",
  };
  const fixed = {
    measured: `In ${shareText(other)}, on the way or at the end.`,
    finding: shareAbove(other, HAPPENS),
  };
  if (!reruns) return { ...told, ...fixed };
  const random = shareOf(reruns.own, ({ differing }) => differing !== null);
  const parted = (runs: readonly Reruns[]): number => runs.filter((run) => run.parted !== null).length;
  return {
    ...told,
    measured:
      `With every sum in a new random order, as atomics on a GPU may add: in ${shareText(random)}. Within ${epochs} epochs ${parted(reruns.own)} of them diverge, ` +
      `and ${parted(reruns.calm)} at the calm setting. With every sum in one order: in ${shareText(other)}.`,
    finding: shareAbove(random, HAPPENS),
    unless: { condition: "sums are added in another order each time", finding: fixed.finding },
  };
}

function sameText({ n, count }: ShareInterval): string {
  return `a run repeated gave the same bits in ${count === n ? "" : "only "}${count} of ${n} seeds.`;
}

const SUMMARIES: Readonly<Record<Exclude<Outcome, "not tested">, string>> = {
  holds: "A nudge can make trainings diverge, even at the calm setting",
  "holds only if": "A nudge can make trainings diverge at this setting, not at the calm one",
  "does not hold": "Too few trainings learn, look the same for long and then diverge",
  undecided: "These seeds do not decide whether a nudge makes trainings diverge late",
};

const NOT_TESTED = "No network was trained, so nothing was tested.";

/** How many seeds still diverge with each defence and what it does to accuracy, and what averaging the weights does. */
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
    `Seeds that diverge, of ${base.results.length}, by way to train: ${base.name}: ${stillParted(base)}; ${texts.join("; ")}. ` +
    `Averaging the weights changes the churn from ${churn("last")} to ${churn("averaged")}.`
  );
}

/** How many seeds diverge with a defence. */
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

/** What depth does to the learning rate that is small enough. */
function scaleText(cells: readonly MapCell[]): string {
  return `${calmText(rowsOfFirstSize(cells))} Larger networks were not tested here.`;
}

/** The rows of the map's first batch size, from the shallowest network on. */
function rowsOfFirstSize(cells: readonly MapCell[]): MapRow[] {
  return mapRows(cells).filter(({ batchSize }) => batchSize === cells[0].batchSize);
}
