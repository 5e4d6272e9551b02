/** The studies of notebook 01: what it measures over seeds. */
import { byVariation, oneEach, type Study, study, type Variation } from "../study.js";
import {
  type BaselineParameters,
  type CheckedSeedResult,
  measureBaseline,
  measureCheckedBaseline,
  type SeedResult,
} from "./baseline.js";

/** One change at a time, by name. */
export const CHANGES: Readonly<Record<string, (own: BaselineParameters) => Partial<BaselineParameters>>> = {
  "as above": () => ({}),
  "no hidden layer": () => ({ hiddenLayers: [] }),
  "2 hidden neurons": () => ({ hiddenLayers: [2] }),
  "30 hidden neurons": () => ({ hiddenLayers: [30] }),
  "learning rate / 1000": ({ learningRate }) => ({ learningRate: learningRate / 1000 }),
  "one full batch an epoch": () => ({ batchSize: "full" }),
  "2 hidden layers": () => ({ hiddenLayers: [10, 10] }),
  "2 layers, rate / 4": ({ learningRate }) => ({ hiddenLayers: [10, 10], learningRate: learningRate / 4 }),
};

/** The studies of notebook 01. */
export interface BaselineStudies {
  /** The training of the parameters, seed by seed. */
  seeds: Study<BaselineParameters, BaselineParameters, CheckedSeedResult, CheckedSeedResult[]>;
  /** One thing changed at a time, all with the same seeds; see {@link CHANGES}. */
  changes: Study<BaselineParameters, BaselineParameters, SeedResult, Variation<SeedResult>[]>;
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
  changes: study({
    title: "trainings with one thing changed at a time",
    seeds: 200,
    reason: "no line rests on them; a mean accuracy is known to half a point",
    share: 1 / 4,
    points: (parameters, seed) =>
      Object.values(CHANGES).map((change) => ({ ...parameters, ...change(parameters), seed })),
    measure: measureBaseline,
    findings: (rows) => byVariation(Object.keys(CHANGES), rows),
  }),
};
