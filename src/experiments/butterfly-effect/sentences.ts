/** What notebook 04 says about its results, in sentences and tables that are true of any results. */
import { meanOf, quantile } from "../statistics.js";
import type { Variation } from "../study.js";
import { percent } from "../verdict.js";
import { type ButterflyParameters, CALM, layersText, PARTED, VISIBLE } from "./butterfly-effect.js";
import { type Cause, partedShare, type SeedPartings } from "./causes.js";
import { type MapCell, mapRows } from "./chaos-map.js";
import type { Horizons } from "./horizon.js";
import type { LateNudge } from "./late-nudges.js";
import type { Nudge } from "./nudge.js";
import { LINEAR_TO } from "./stability.js";
import type { AtBoth } from "./studies.js";
import type { Comparison, Timeline } from "./timelines.js";
import type { AveragedTwins, PairEnd } from "./twins.js";
import {
  calmText,
  DIVERGENCES,
  type Divergence,
  divergenceText,
  gainText,
  leftAt,
  partedByNudge,
  stillParted,
} from "./verdict.js";

/** The head of a table and its rows. */
export type Table = [head: string[], rows: string[][]];

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
  // the squares of very large or very small numbers have no sum to divide by
  const aligned = Number.isFinite(alignedDistance)
    ? `, or ${alignedDistance.toPrecision(2)} with neurons aligned. On the straight line between the two networks the loss rises by ${(1000 * barrier).toFixed(2)} millinats.`
    : ".";
  const apart = Number.isFinite(relativeDistance)
    ? ` At the end the distance of the parameters is ${relativeDistance.toPrecision(2)} of their length${aligned}`
    : "";
  return (
    `In ${epochs[epochs.length - 1]} epochs, ${until}.${apart} ` +
    `They disagree on ${percent(churn, 2)} of the test points and get ${own} and ${other} right.`
  );
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

/** Whether machines do what the nudge does, seed by seed. */
export function partedSeedsText(partings: readonly SeedPartings[]): string {
  const agreeing = partings.filter(({ parted }) => parted.includes("nudge") === parted.includes("reversed"));
  return `The nudge and the reversed sums agree on whether a training diverges in ${agreeing.length} of ${partings.length} seeds.`;
}

/** Shown beside the aligned distance of the weights, but not graded. */
const BESIDE_WEIGHTS: readonly Omit<Divergence, "id" | "what">[] = [
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
        const meanText = (of: (end: PairEnd) => number): string =>
          percent(meanOf(way.results.map((result) => of(result[which]))), 2);
        return [
          way.name,
          which,
          `${stillParted(way)} of ${way.results.length}`,
          meanText(({ churn }) => churn),
          meanText(({ testAccuracy }) => testAccuracy),
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
export function coverageTable({ own, calm }: AtBoth<SeedPartings>): Table {
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

/** The map, in words. */
export function mapText(cells: readonly MapCell[]): string {
  const rows = mapRows(cells);
  const edges = rows
    .filter(({ batchSize }) => batchSize === "full")
    .flatMap(({ hiddenLayers, cells: own }) => {
      const first = own.find(({ both }) => both.count > 0);
      return first && Number.isFinite(first.sharpness)
        ? [`${first.sharpness.toFixed(2)} with ${layersText(hiddenLayers)}`]
        : [];
    });
  const total = (of: (cell: MapCell) => number): number => cells.reduce((sum, cell) => sum + of(cell), 0);
  const leftOut = (name: keyof MapCell["without"], why: string): string[] => {
    const count = total(({ without }) => without[name]);
    return count === 0
      ? []
      : [`${count} of ${total(({ n }) => n)} trainings have no ${name} (${why}) and are left out.`];
  };
  return [
    calmText(rows),
    ...(edges.length === 0
      ? []
      : [
          `At the smallest learning rate of a full batch at which a seed learns and diverges, the median over all seeds of sharpness × η/2 at the end is ${edges.join(", ")}.`,
        ]),
    ...leftOut(
      "exponent",
      `no epoch, a number that is not finite, or a shadow farther away than ${LINEAR_TO.toExponential(0)}`,
    ),
    ...leftOut("sharpness", "a number that is not finite, or a search that did not converge"),
  ].join(" ");
}

/** Up to which epoch a run in double precision is the run in real numbers. */
export function horizonText(
  { own, calm }: AtBoth<Horizons>,
  { epochs }: Pick<ButterflyParameters, "epochs">,
): string {
  const answer = (seeds: readonly Horizons[], last: number): string => {
    const left = seeds.flatMap((seed) => leftAt(seed) ?? []).sort((a, b) => a - b);
    if (left.length === 0) return `in all of ${seeds.length} seeds up to the last epoch, ${last}`;
    return (
      `in ${seeds.length - left.length} of ${seeds.length} seeds up to the last epoch, ${last}; in the others until epoch ${left[0]} at the earliest, ` +
      `${Math.round(quantile(left, 0.5))} in the median and ${left[left.length - 1]} at the latest`
    );
  };
  return (
    `**The trajectory in double precision is that of real numbers**, to ${PARTED}: at the setting of the parameters ${answer(own, epochs)}. ` +
    `At the calm setting: ${answer(calm, CALM.epochs)}.`
  );
}

/** What becomes of the nudge, by the epoch at which it is made. */
export function lateTable(seeds: readonly (readonly LateNudge[])[]): Table {
  const [first] = seeds;
  const { epoch: followed } = first[first.length - 1];
  return [
    [
      "nudged after epoch",
      `seeds of ${seeds.length} that diverge in ${followed} epochs`,
      "epochs until then, median",
      "growth, median (e-foldings)",
    ],
    first.map(({ epoch }, k) => {
      const nudges = seeds.map((own) => own[k]);
      const parted = nudges.flatMap((nudge) => nudge.parted ?? []);
      const growths = nudges.map(({ growth }) => growth).filter(Number.isFinite);
      return [
        String(epoch),
        String(parted.length),
        parted.length === 0 ? "–" : String(Math.round(quantile(parted, 0.5))),
        growths.length === 0 ? "–" : quantile(growths, 0.5).toFixed(1),
      ];
    }),
  ];
}
