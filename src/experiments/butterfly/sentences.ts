/** What came out, in sentences that are made from the results that they describe. */
import { meanInterval, shareOf } from "../statistics.js";
import { meanText, shareText } from "../verdict.js";
import { type Nudge, PARTED, type Parting, type TimelineComparison, VISIBLE } from "./butterfly.js";
import { differingValues, ENGINE_POINTS, ENGINES, type EngineName } from "./engine-angles.js";
import { finiteMedian, LINEAR_TO, type StabilityCell } from "./map.js";
import { COMPARED_ENGINES, isParted, type SeedPartings } from "./seeds.js";
import type { DepthCell, PairEnd, Twins } from "./twins.js";
import { batchText, DIVERGENCES, type Divergence, divergenceOf, gainOf, LONG } from "./verdict.js";

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)}%`;

/** What became of the number that the nudge was added to. */
export function nudgeText({ before, moved, ulp, isSwallowed }: Nudge): string {
  if (isSwallowed)
    return `**The nudge was swallowed**: it is less than half an ulp of ${before}. Both timelines are one.`;
  if (moved === 0) return "There is no nudge: both timelines are one.";
  return `The nudge survives the addition, as ${Number((moved / ulp).toPrecision(3))} ulps. All that follows comes from it.`;
}

/** How two trainings parted. */
export function partingText({ summary, epochs }: TimelineComparison): string {
  const { parted, visible, churn, accuracy, broken, relativeDistance, alignedDistance, barrier } = summary;
  const until = [
    parted === null
      ? `the parameters never get ${PARTED} apart`
      : `the parameters are ${PARTED} apart after ${parted} epochs`,
    visible === null
      ? `the loss curves never differ by ${percent(VISIBLE, 0)} of the chart's height`
      : `the loss curves differ by ${percent(VISIBLE, 0)} of the chart's height, for the first time, after ${visible} epochs`,
  ].join("; ");
  if (broken !== null) return `**After epoch ${broken} a number is no longer finite.** Until then ${until}.`;
  return [
    `In ${epochs[epochs.length - 1]} epochs ${until}.`,
    `At the end the parameters' distance is ${relativeDistance.toPrecision(2)} of their length, ${alignedDistance.toPrecision(2)} once neurons are aligned;`,
    `on the straight line between the two the loss rises by ${(1000 * barrier).toFixed(2)} millinats.`,
    `The two networks disagree on ${percent(churn, 2)} of the test points and get ${percent(accuracy[0])} and ${percent(accuracy[1])} of them right.`,
  ].join(" ");
}

/** What two networks say differently. */
export function churnText({ churn }: Parting, plane: number): string {
  return `The two networks give different answers on ${percent(churn, 2)} of the test points, and on **${percent(plane)} of the plane shown**.`;
}

/** What the same run gave again. */
export function repetitionText({ summary, epochs }: TimelineComparison): string {
  return summary.isIdentical
    ? `**Identical to the bit** at each of ${epochs.length} looks.`
    : "**Not identical**: something besides the nudge makes these trainings differ.";
}

/** What three engines say of the same angles. */
export function enginesText(): string {
  const names = Object.keys(ENGINES) as EngineName[];
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
  const counts = pairs.map(([a, b]) => `${differingValues(a, b)} between ${a} and ${b}`);
  return (
    `Asked on one machine were ${names.map((name) => `${name} in ${ENGINES[name]}`).join(", ")}. Of ${ENGINE_POINTS} sines and cosines ` +
    `these differ, each in its last bit: ${counts.join(", ")}. The table has those in which ${COMPARED_ENGINES.join(" and ")} differ, which are ` +
    `compared below with ${ENGINE_POINTS} points, for which they were recorded.`
  );
}

/** How many seeds do what the displayed one does. */
export function partedSeedsText(partings: readonly SeedPartings[]): string {
  const visible = partings.filter(({ causes: { nudge } }) => nudge.visible !== null);
  const late = shareOf(partings, ({ causes: { nudge } }) => nudge.visible !== null && nudge.visible >= LONG);
  const agreeing = partings.filter(({ causes }) => isParted(causes.nudge) === isParted(causes.reversed));
  return (
    `The nudge visibly parts the losses in ${visible.length} of ${partings.length} seeds; in ${shareText(late)} not before epoch ${LONG}. ` +
    `The nudge and the reversed sums agree on whether a training parts in ${agreeing.length} of ${partings.length} seeds.`
  );
}

/** What is shown beside the aligned distance of the weights, and not graded. */
const BESIDE_WEIGHTS: readonly Omit<Divergence, "what">[] = [
  {
    name: "the same without aligning neurons",
    of: ({ relativeDistance }) => relativeDistance,
    told: [100, 1, "% of their length"],
  },
  {
    name: "rise of the loss on the line between them",
    of: ({ barrier }) => barrier,
    told: [1000, 2, " millinats"],
  },
];

/** A table: what the nudge comes to at the end of the seeds that it parts, beside what another order of the points does. */
export function divergenceRows(partings: readonly SeedPartings[]): string[][] {
  const parted = partings.filter(({ causes }) => isParted(causes.nudge));
  if (parted.length === 0) return [["no seed parted", "–", "–", "0"]];
  const [weights, ...others] = DIVERGENCES;
  return [weights, ...BESIDE_WEIGHTS, ...others].map((divergence) => {
    const [factor, digits, unit] = divergence.told;
    const texts = (["nudge", "order"] as const).map((cause) =>
      meanText(divergenceOf(parted, divergence, cause), digits, factor, unit),
    );
    return [divergence.name, ...texts, String(parted.length)];
  });
}

/** A table: ways to train, each at its last weights and at averaged ones. */
export function twinRows(ways: readonly Twins[]): string[][] {
  const [base] = ways;
  return ways.flatMap((twins) =>
    (["last", "averaged"] as const).map((which) => {
      const meanOf = (of: (end: PairEnd) => number): number =>
        meanInterval(twins.results.map((result) => of(result[which]))).mean;
      return [
        twins.name,
        which,
        `${twins.results.filter((result) => result.isParted).length} of ${twins.results.length}`,
        meanOf(({ relativeDistance }) => relativeDistance).toExponential(1),
        percent(
          meanOf(({ churn }) => churn),
          2,
        ),
        percent(
          meanOf(({ testAccuracy }) => testAccuracy),
          2,
        ),
        meanText(gainOf(twins, base, which), 2, 100),
        meanOf(({ testLoss }) => testLoss).toPrecision(3),
      ];
    }),
  );
}

/** What the map of batch sizes and learning rates shows. */
export function stabilityText(cells: readonly StabilityCell[]): string {
  const sizes = [...new Set(cells.map(({ batchSize }) => batchSize))];
  const rowOf = (size: StabilityCell["batchSize"]): StabilityCell[] =>
    cells.filter(({ batchSize }) => batchSize === size);
  const onsets = sizes.map((size) => {
    const first = rowOf(size).find(({ parted }) => parted.count > 0);
    return `${batchText(size)} ${first ? `at ${first.learningRate}` : "at none of the map"}`;
  });
  const smallest = sizes
    .map((size) => Math.abs(100 * (rowOf(size)[0].exponent?.mean ?? Number.NaN)))
    .filter(Number.isFinite);
  const full = rowOf("full");
  const edge = full.find((cell) => finiteMedian(cell.results.map(({ sharpness }) => sharpness)) >= 1);
  const all = cells.flatMap(({ results }) => results);
  const farthest = Math.max(...all.map((result) => result.farthest).filter(Number.isFinite));
  const leftOut = (of: (result: StabilityCell["results"][0]) => number, what: string): string[] => {
    const without = all.filter((result) => !Number.isFinite(of(result))).length;
    return without === 0
      ? []
      : [`${without} of ${all.length} trainings have no ${what} and are left out of it.`];
  };
  return [
    ...(smallest.length === 0
      ? []
      : [
          `At the smallest learning rate of each batch size the separation changes by ${Math.min(...smallest).toFixed(1)} to ${Math.max(...smallest).toFixed(1)} e-foldings in 100 epochs, in the mean.`,
        ]),
    `The smallest learning rate at which a seed parts: ${onsets.join(", ")}.`,
    ...(full.length === 0
      ? []
      : [
          `In full batches the median of sharpness × η/2 ${edge ? `first reaches 1 at learning rate ${edge.learningRate}` : "stays below 1"}.`,
        ]),
    `The shadow was never farther than ${farthest.toExponential(1)} from its training; up to ${LINEAR_TO.toExponential(0)} counts as linear.`,
    ...leftOut(
      ({ exponent }) => exponent,
      "exponent (no epoch, a number that is not finite, or a shadow too far)",
    ),
    ...leftOut(
      (result) => result.sharpness,
      "sharpness (a number that is not finite, or a search that did not converge)",
    ),
  ].join(" ");
}

/** From which learning rate on networks of each depth learn and part. */
export function depthMapText(cells: readonly DepthCell[]): string {
  const shapes = [...new Set(cells.map(({ hiddenLayers }) => hiddenLayers.join(" × ")))];
  const onsets = shapes.map((shape) => {
    const first = cells.find(
      ({ hiddenLayers, both }) => hiddenLayers.join(" × ") === shape && both.count > 0,
    );
    return `${shape}: ${first ? `${first.learningRate} (${first.both.count} of ${first.both.n})` : "none of the map"}`;
  });
  return `The smallest learning rate at which a seed learns and parts, by hidden layers: ${onsets.join("; ")}.`;
}
