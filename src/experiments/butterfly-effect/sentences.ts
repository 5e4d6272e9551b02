/** What notebook 04 says about its results, in sentences and tables that are true of any results. */
import { meanInterval, shareOf } from "../statistics.js";
import type { Variation } from "../study.js";
import { shareText } from "../verdict.js";
import { batchText, LONG, PARTED, VISIBLE } from "./butterfly-effect.js";
import { type Cause, partedShare, type SeedPartings } from "./causes.js";
import type { Nudge } from "./nudge.js";
import { LINEAR_TO, type StabilityCell } from "./stability.js";
import type { SeedFindings } from "./studies.js";
import type { Comparison, Timeline } from "./timelines.js";
import type { AveragedTwins, DepthCell, PairEnd } from "./twins.js";
import {
  DIVERGENCES,
  type Divergence,
  divergenceText,
  gainText,
  partedByNudge,
  stillParted,
} from "./verdict.js";

/** The head of a table and its rows. */
export type Table = [head: string[], rows: string[][]];

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)}%`;

/** The nudged number, before and after. */
export function nudgeTable({ before, after, ulp, moved }: Nudge): Table {
  return [
    ["the nudged parameter", ""],
    [
      ["before", String(before)],
      ["after", String(after)],
      ["its ulp", ulp.toExponential(2)],
      ["added in fact", moved.toExponential(2)],
    ],
  ];
}

/** What became of the nudge. */
export function nudgeText({ before, moved, ulp, isSwallowed }: Nudge): string {
  if (isSwallowed)
    return `**Rounding swallowed the nudge**: it is less than half an ulp of ${before}. The two trainings are the same.`;
  if (moved === 0) return "There is no nudge: the two trainings are the same.";
  return `The nudge survives the addition as ${Number((moved / ulp).toPrecision(3))} ulps. Every later difference comes from it.`;
}

/** How two trainings diverged. */
export function partingText({ epochs, evaluations, ...ending }: Comparison): string {
  const { parted, visible, churn, broken, relativeDistance, alignedDistance, barrier } = ending;
  const [own, other] = evaluations.map(({ accuracy }) => percent(accuracy));
  const until = [
    parted === null
      ? `the parameters never come ${PARTED} apart`
      : `the parameters are ${PARTED} apart after ${parted} epochs`,
    visible === null
      ? `the loss curves never differ by ${percent(VISIBLE, 0)} of the chart's height`
      : `the loss curves first differ by ${percent(VISIBLE, 0)} of the chart's height after ${visible} epochs`,
  ].join(", and ");
  if (broken !== null) return `**After epoch ${broken} a number is no longer finite.** Until then ${until}.`;
  return [
    `In ${epochs[epochs.length - 1]} epochs, ${until}.`,
    `At the end the distance of the parameters is ${relativeDistance.toPrecision(2)} of their length, or ${alignedDistance.toPrecision(2)} with neurons aligned.`,
    `On the straight line between the two networks the loss rises by ${(1000 * barrier).toFixed(2)} millinats.`,
    `They disagree on ${percent(churn, 2)} of the test points and get ${own} and ${other} right.`,
  ].join(" ");
}

/** On how many test points two networks disagree, as a title. */
export function churnTitle({ epochs, churn }: Pick<Comparison, "epochs" | "churn">): string {
  return `Churn after ${epochs[epochs.length - 1]} epochs: ${percent(churn, 2)}`;
}

/** On how many test points, and on how much of the plane, two networks disagree. */
export function churnText({ churn }: Comparison, plane: number): string {
  return `The two networks disagree on ${percent(churn, 2)} of the test points and on **${percent(plane)} of the plane shown**.`;
}

/** What the same run gave the second time. */
export function repetitionText({ isIdentical, epochs }: Timeline): string {
  return isIdentical
    ? `**Identical to the bit** at each of ${epochs.length} epochs compared.`
    : "**Not identical**: these trainings differ without any nudge.";
}

/** How many seeds do what the seed shown does. */
export function partedSeedsText(partings: readonly SeedPartings[]): string {
  const visible = partings.filter((seed) => seed.visible !== null);
  const late = shareOf(partings, (seed) => seed.visible !== null && seed.visible >= LONG);
  const agreeing = partings.filter(({ parted }) => parted.includes("nudge") === parted.includes("reversed"));
  return (
    `The nudge makes the losses diverge visibly in ${visible.length} of ${partings.length} seeds; in ${shareText(late)} not before epoch ${LONG}. ` +
    `The nudge and the reversed sums agree on whether a training diverges in ${agreeing.length} of ${partings.length} seeds.`
  );
}

/** Shown beside the aligned distance of the weights, but not graded. */
const BESIDE_WEIGHTS: readonly Omit<Divergence, "what">[] = [
  {
    name: "the same, neurons not aligned",
    of: ({ relativeDistance }) => relativeDistance,
    told: [100, 1, "% of their length"],
  },
  {
    name: "rise of the loss on the line between them",
    of: ({ barrier }) => barrier,
    told: [1000, 2, " millinats"],
  },
];

/** The divergence at the end of the seeds that the nudge makes diverge, beside that of another order of the points. */
export function divergenceTable(partings: readonly SeedPartings[]): Table {
  const parted = partedByNudge(partings);
  const [weights, ...others] = DIVERGENCES;
  return [
    [`${parted.length} seeds that diverge`, "by the nudge", "by another order"],
    parted.length === 0
      ? []
      : [weights, ...BESIDE_WEIGHTS, ...others].map((divergence) => [
          divergence.name,
          divergenceText(parted, divergence, "nudge"),
          divergenceText(parted, divergence, "order"),
        ]),
  ];
}

/** Ways to train, each with its last and its averaged weights. */
export function twinTable(ways: readonly Variation<AveragedTwins>[]): Table {
  const [base] = ways;
  return [
    ["way to train", "weights", "seeds that diverge", "churn", "accuracy", "its change (points)"],
    ways.flatMap((way) =>
      (["last", "averaged"] as const).map((which) => {
        const meanOf = (of: (end: PairEnd) => number): number =>
          meanInterval(way.results.map((result) => of(result[which]))).mean;
        return [
          way.name,
          which,
          `${stillParted(way)} of ${way.results.length}`,
          percent(
            meanOf(({ churn }) => churn),
            2,
          ),
          percent(
            meanOf(({ testAccuracy }) => testAccuracy),
            2,
          ),
          gainText(way, base, which),
        ];
      }),
    ),
  ];
}

/**
 * What each defence covers, read off the measurements: a cause that it removes leaves a run and its repetition, and a
 * cause that it does not touch makes trainings diverge as before.
 */
export function coverageTable({ own, calm }: SeedFindings): Table {
  const row = (name: string, sums: Cause, cosine: Cause, seeds = own): string[] => [
    name,
    ...(["nudge", sums, cosine] as const).map((cause) => String(partedShare(seeds, cause).count)),
  ];
  return [
    [`seeds of ${own.length} that still diverge`, "by the nudge", "by other sums", "by another cosine"],
    [
      row("no defence", "reversed", "engine"),
      row("a fixed order of every sum", "nothing", "engine"),
      row("its own sine and cosine", "reversed", "nothing"),
      row("both", "nothing", "nothing"),
      row("the calm setting", "reversed", "engine", calm),
    ],
  ];
}

/** The map of batch sizes and learning rates, in words. */
export function stabilityText(cells: readonly StabilityCell[]): string {
  const sizes = [...new Set(cells.map(({ batchSize }) => batchSize))];
  const rows = sizes.map((size) => cells.filter(({ batchSize }) => batchSize === size));
  const onsets = rows.map((row, i) => {
    const first = row.find(({ parted }) => parted.count > 0);
    return `${first ? first.learningRate : "none of the map"} for ${batchText(sizes[i])}`;
  });
  const smallest = rows
    .map(([{ exponent }]) => Math.abs(100 * (exponent?.mean ?? Number.NaN)))
    .filter(Number.isFinite);
  const full = cells.filter(({ batchSize }) => batchSize === "full");
  const edge = full.find(({ sharpness }) => sharpness >= 1);
  const total = (of: (cell: StabilityCell) => number): number =>
    cells.reduce((sum, cell) => sum + of(cell), 0);
  const leftOut = (name: keyof StabilityCell["without"], why: string): string[] => {
    const count = total(({ without }) => without[name]);
    return count === 0
      ? []
      : [
          `${count} of ${total(({ n }) => n)} trainings have no ${name} (${why}) and are left out of its curve.`,
        ];
  };
  return [
    ...(smallest.length === 0
      ? []
      : [
          `At the smallest learning rate of each batch size, the separation changes by ${Math.min(...smallest).toFixed(1)} to ${Math.max(...smallest).toFixed(1)} e-foldings in 100 epochs, on average.`,
        ]),
    `The smallest learning rate at which a seed diverges: ${onsets.join(", ")}.`,
    ...(full.length === 0
      ? []
      : [
          `In a full batch, the median of sharpness × η/2 ${edge ? `first reaches 1 at learning rate ${edge.learningRate}` : "stays below 1"}.`,
        ]),
    ...leftOut(
      "exponent",
      `no epoch, a number that is not finite, or a shadow farther away than ${LINEAR_TO.toExponential(0)}`,
    ),
    ...leftOut("sharpness", "a number that is not finite, or a search that did not converge"),
  ].join(" ");
}

/** From which learning rate on networks of each depth learn and diverge. */
export function depthMapText(cells: readonly DepthCell[]): string {
  const shapes = [...new Set(cells.map(({ hiddenLayers }) => hiddenLayers.join(" × ")))];
  const onsets = shapes.map((shape) => {
    const first = cells.find(
      ({ hiddenLayers, both }) => hiddenLayers.join(" × ") === shape && both.count > 0,
    );
    return `${shape}: ${first ? `${first.learningRate} (${first.both.count} of ${first.n})` : "none of the map"}`;
  });
  return `The smallest learning rate at which a seed learns and diverges, by hidden layers: ${onsets.join("; ")}.`;
}
