/** The studies of notebook 04: what it measures over seeds. */
import { byVariation, type Study, study, type Variation } from "../study.js";
import { type ButterflyParameters, CALM } from "./butterfly-effect.js";
import { measurePartings, type SeedPartings } from "./causes.js";
import { measureReruns, RERUN_EPOCHS, type Reruns } from "./shuffled.js";
import {
  MAPPED_SETTINGS,
  measureStability,
  type StabilityCell,
  type StabilityResult,
  stabilityCell,
} from "./stability.js";
import {
  type AveragedTwins,
  type DepthCell,
  fatesOf,
  LAST_PARAMETER,
  MAPPED_DEPTHS,
  measureAveragedTwins,
  measureTwins,
  type TwinEnd,
} from "./twins.js";

/** What makes trainings diverge, by seed: at the setting of the parameters, and at the calm one. */
export interface SeedFindings {
  own: SeedPartings[];
  calm: SeedPartings[];
}

/** Two runs of each training on a machine that adds in random orders: at the setting of the parameters, and at the calm one. */
export interface RerunFindings {
  own: Reruns[];
  calm: Reruns[];
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
  seeds: Points<SeedPartings, SeedFindings>;
  /** Batch sizes and learning rates; see {@link MAPPED_SETTINGS}. */
  map: Points<StabilityResult, StabilityCell[]>;
  /** See {@link DEFENCES}. */
  defences: Points<AveragedTwins, Variation<AveragedTwins>[]>;
  /** Depths and learning rates; see {@link MAPPED_DEPTHS}. */
  depths: Points<TwinEnd, DepthCell[]>;
  /** Two runs with sums in a new random order each time. */
  reruns: Points<Reruns, RerunFindings>;
}

/** See {@link ButterflyStudies}. */
export const studies: ButterflyStudies = {
  seeds: study({
    title: "trainings, each with possible causes of divergence",
    seeds: 400,
    reason:
      "a share of seeds near one in ten is known to 3 points; of those that diverge, if half of them do, a share near three quarters to 6",
    points: (parameters, seed) => [
      { ...parameters, seed },
      { ...parameters, ...CALM, seed },
    ],
    measure: measurePartings,
    findings: (rows) => ({ own: rows.map(([own]) => own), calm: rows.map(([, calm]) => calm) }),
  }),
  map: study({
    title: "trainings for a map of batch sizes and learning rates",
    seeds: 50,
    reason: "no line rests on them; a share of seeds near one in ten is known to 9 points",
    share: 1 / 6,
    points: (parameters, seed) => MAPPED_SETTINGS.map((setting) => ({ ...parameters, ...setting, seed })),
    measure: measureStability,
    findings: (rows) =>
      MAPPED_SETTINGS.map((setting, i) =>
        stabilityCell(
          setting,
          rows.map((row) => row[i]),
        ),
      ),
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
  depths: study({
    title: "trainings for a map of depths and learning rates",
    seeds: 200,
    reason: "a share of seeds near one in ten is known to 4 points",
    share: 1 / 4,
    points: ({ nudgedParameter, ...parameters }, seed) =>
      MAPPED_DEPTHS.map((size) => ({
        ...parameters,
        ...size,
        nudgedParameter: Math.min(nudgedParameter, LAST_PARAMETER),
        seed,
      })),
    measure: measureTwins,
    findings: (rows) => MAPPED_DEPTHS.map((size, i) => ({ ...size, ...fatesOf(rows.map((row) => row[i])) })),
  }),
  reruns: study({
    title: "trainings run twice with sums in random orders",
    seeds: 24,
    reason: "whether a run repeated gives other bits in one of ten seeds takes 20 seeds",
    share: 1 / 8,
    points: (parameters, seed) => {
      const epochs = Math.min(parameters.epochs, RERUN_EPOCHS);
      return [
        { ...parameters, epochs, seed },
        { ...parameters, ...CALM, epochs, seed },
      ];
    },
    measure: measureReruns,
    findings: (rows) => ({ own: rows.map(([own]) => own), calm: rows.map(([, calm]) => calm) }),
  }),
};
