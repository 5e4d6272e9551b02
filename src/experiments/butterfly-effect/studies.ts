/** The studies of notebook 04: what it measures over seeds. */
import { byVariation, oneEach, type Study, study, type Variation } from "../study.js";
import type { TaskParameters } from "../task.js";
import { type ButterflyParameters, CALM } from "./butterfly-effect.js";
import { measurePartings, type SeedPartings } from "./causes.js";
import { LAST_PARAMETER, MAPPED, type MapCell, mapCell } from "./chaos-map.js";
import { type Horizons, measureHorizons } from "./horizon.js";
import { type LateNudge, measureLateNudges } from "./late-nudges.js";
import { measureReruns, RERUN_EPOCHS, type Reruns } from "./shuffled.js";
import { measureStability, type StabilityResult } from "./stability.js";
import { type AveragedTwins, measureAveragedTwins } from "./twins.js";

/** Results by seed, at the setting of the parameters and at the calm one. */
export interface AtBoth<Result> {
  own: Result[];
  calm: Result[];
}

function bothSettings(parameters: ButterflyParameters, seed: number): ButterflyParameters[] {
  return [
    { ...parameters, seed },
    { ...parameters, ...CALM, seed },
  ];
}

function atBoth<Result>(rows: readonly (readonly Result[])[]): AtBoth<Result> {
  return { own: rows.map(([own]) => own), calm: rows.map(([, calm]) => calm) };
}

/** Possible defences, by name; the first is none. */
export const DEFENCES: Readonly<Record<string, (own: ButterflyParameters) => Partial<ButterflyParameters>>> =
  {
    "as in the parameters": () => ({}),
    "learning rate / 4": ({ learningRate }) => ({ learningRate: learningRate / 4 }),
    "batches of 8": () => ({ batchSize: 8 }),
    "full batch, rate × 5": ({ learningRate }) => ({ batchSize: "full", learningRate: 5 * learningRate }),
  };

type Points<Result, Findings> = Study<ButterflyParameters, ButterflyParameters, Result, Findings>;

/** The studies of notebook 04. */
export interface ButterflyStudies {
  /** What makes the training of the parameters, and the calm one, diverge, seed by seed. */
  seeds: Points<SeedPartings, AtBoth<SeedPartings>>;
  /** One training in 11, 24, 53 and some 106 bits. */
  horizon: Study<ButterflyParameters, TaskParameters, Horizons, AtBoth<Horizons>>;
  /** Depths, batch sizes and learning rates; see {@link MAPPED}. */
  map: Points<StabilityResult, MapCell[]>;
  /** The same nudge at other epochs. */
  late: Points<LateNudge[], LateNudge[][]>;
  /** See {@link DEFENCES}. */
  defences: Points<AveragedTwins, Variation<AveragedTwins>[]>;
  /** Two runs with sums in a new random order each time. */
  reruns: Points<Reruns, AtBoth<Reruns>>;
}

/** See {@link ButterflyStudies}. */
export const studies: ButterflyStudies = {
  seeds: study({
    title: "trainings, each with possible causes of divergence",
    seeds: 400,
    reason:
      "a share of seeds near one in ten is known to 3 points; of those that diverge, if half of them do, a share near three quarters to 6",
    points: bothSettings,
    measure: measurePartings,
    findings: atBoth,
  }),
  horizon: study({
    title: "trainings in four precisions",
    seeds: 24,
    reason:
      "a share of seeds near a half is known to 19 points, and none of 24 lies below one in four beyond doubt; a seed takes a quarter of a minute",
    share: 1 / 18,
    isSlow: true,
    points: bothSettings,
    measure: measureHorizons,
    findings: atBoth,
  }),
  map: study({
    title: "trainings for a map of depths, batch sizes and learning rates",
    seeds: 24,
    reason:
      "a share of seeds near a half is known to 19 points; of a place where none of 24 diverges, fewer than 14% do",
    share: 1 / 18,
    points: ({ nudgedParameter, ...parameters }, seed) =>
      MAPPED.map((place) => ({
        ...parameters,
        ...place,
        nudgedParameter: Math.min(nudgedParameter, LAST_PARAMETER),
        seed,
      })),
    measure: measureStability,
    findings: (rows) =>
      MAPPED.map((place, i) =>
        mapCell(
          place,
          rows.map((row) => row[i]),
        ),
      ),
  }),
  late: study({
    title: "trainings nudged at other epochs",
    seeds: 200,
    reason: "a share of seeds near one in ten is known to 4 points",
    share: 2 / 3,
    points: (parameters, seed) => [{ ...parameters, seed }],
    measure: measureLateNudges,
    findings: oneEach,
  }),
  defences: study({
    title: "trainings with possible defences",
    seeds: 200,
    reason: "a share of seeds near one in ten is known to 4 points, a mean accuracy to a quarter of a point",
    share: 1 / 3,
    points: (parameters, seed) =>
      Object.values(DEFENCES).map((change) => ({ ...parameters, ...change(parameters), seed })),
    measure: measureAveragedTwins,
    findings: (rows) => byVariation(Object.keys(DEFENCES), rows),
  }),
  reruns: study({
    title: "trainings run twice with sums in random orders",
    seeds: 24,
    reason: "whether a run repeated gives other bits in one of ten seeds takes 20 seeds",
    share: 1 / 8,
    isSlow: true,
    points: (parameters, seed) => {
      const epochs = Math.min(parameters.epochs, RERUN_EPOCHS);
      return bothSettings(parameters, seed).map((own) => ({ ...own, epochs }));
    },
    measure: measureReruns,
    findings: atBoth,
  }),
};
