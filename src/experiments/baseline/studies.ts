/** The studies of notebook 01: what it measures over seeds. */
import { byVariation, oneEach, type Study, study, type Variation } from "../study.js";
import { type BaselineParameters, type CheckedSeedResult, measureCheckedBaseline } from "./baseline.js";
import {
  measureSpikes,
  SCHEDULES,
  type Schedule,
  type ScheduledParameters,
  type SpikesResult,
} from "./spikes.js";

/** The learning rates, as multiples of that of the parameters, η. */
const RATES: Readonly<Record<string, number>> = {
  "η/16": 1 / 16,
  "η/8": 1 / 8,
  "η/4": 1 / 4,
  "η/2": 1 / 2,
  η: 1,
  "2η": 2,
  "4η": 4,
};

/** Hidden layers from none to wide and deep. */
const SHAPES: readonly (readonly number[])[] = [[], [2], [10], [64], [64, 64], [64, 64, 64]];

/** How they are trained. */
const WAYS: Readonly<Record<string, { factor: number; schedule: Schedule }>> = {
  "constant rate": { factor: 1, schedule: "constant" },
  "a quarter of it": { factor: 1 / 4, schedule: "constant" },
  "decaying rate": { factor: 1, schedule: "decaying" },
};

/** The trainings of a row of networks, all on the same seeds, in one way. */
export interface Series {
  name: string;
  variations: Variation<SpikesResult>[];
}

/** The studies of notebook 01. */
export interface BaselineStudies {
  /** The training of the parameters, seed by seed. */
  seeds: Study<BaselineParameters, BaselineParameters, CheckedSeedResult, CheckedSeedResult[]>;
  /** The end of the loss at learning rates around that of the parameters, by its schedule, on the same seeds. */
  spikes: Study<BaselineParameters, ScheduledParameters, SpikesResult, Series[]>;
  /** Narrower, wider and deeper networks, by how they are trained, for a fifth of the epochs. */
  scale: Study<BaselineParameters, ScheduledParameters, SpikesResult, Series[]>;
}

/** See {@link BaselineStudies}. */
export const studies: BaselineStudies = {
  seeds: study({
    title: "trainings",
    seeds: 1000,
    reason: "a share of seeds near 98% is known to 2 points, one near a half to 6",
    points: (parameters, seed) => [{ ...parameters, seed }],
    measure: measureCheckedBaseline,
    findings: oneEach,
  }),
  spikes: study({
    title: "trainings at other learning rates, constant and decaying",
    seeds: 200,
    reason:
      "a share of seeds near a third is known to 13 points, well clear of three in four; one near all to 3",
    points: (parameters, seed) =>
      SCHEDULES.flatMap((schedule) =>
        Object.values(RATES).map((factor) => ({
          ...parameters,
          learningRate: factor * parameters.learningRate,
          schedule,
          seed,
        })),
      ),
    measure: measureSpikes,
    findings: (rows) => inSeries(SCHEDULES, Object.keys(RATES), rows),
  }),
  scale: study({
    title: "trainings of narrower, wider and deeper networks",
    seeds: 80,
    reason:
      "no line rests on them; a mean accuracy near 98% is known to half a point, a share of seeds to 22",
    share: 1 / 4,
    points: (parameters, seed) =>
      Object.values(WAYS).flatMap(({ factor, schedule }) =>
        SHAPES.map((hiddenLayers) => ({
          ...parameters,
          hiddenLayers,
          learningRate: factor * parameters.learningRate,
          epochs: Math.round(parameters.epochs / 5),
          schedule,
          seed,
        })),
      ),
    measure: measureSpikes,
    findings: (rows) =>
      inSeries(
        Object.keys(WAYS),
        SHAPES.map((layers) => layers.join(" × ") || "none"),
        rows,
      ),
  }),
};

/** Rows whose points go through all variations of the first series, then of the second, and so on. */
function inSeries(
  names: readonly string[],
  variations: readonly string[],
  rows: readonly (readonly SpikesResult[])[],
): Series[] {
  return names.map((name, i) => ({
    name,
    variations: byVariation(
      variations,
      rows.map((row) => row.slice(i * variations.length)),
    ),
  }));
}

/** The trainings at the learning rate of the parameters, of the study of the spikes: with a constant rate, and with one that decays. */
export function publishedOf(spikes: readonly Series[]): SpikesResult[][] {
  return spikes.map(({ variations }) => variations[Object.values(RATES).indexOf(1)].results);
}

/** The network in the middle of those with a constant rate: as many losses rise less at the end as rise more. */
export function middleOf(spikes: readonly Series[]): SpikesResult {
  // what is not a number has risen beyond all
  const height = ({ rise }: SpikesResult): number => (Number.isNaN(rise) ? Number.POSITIVE_INFINITY : rise);
  const sorted = [...publishedOf(spikes)[0]].sort(
    (a, b) => Number(height(a) > height(b)) - Number(height(a) < height(b)),
  );
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
