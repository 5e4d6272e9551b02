/** The studies of notebook 02: what it measures over seeds. */
import { byVariation, oneEach, type Study, study, type Variation } from "../study.js";
import { type DefenceFindings, type DefencesResult, measureDefences, summariseDefences } from "./defences.js";
import {
  type CertaintyResult,
  measureCertainty,
  measureVoid,
  type VoidResult,
} from "./out-of-distribution.js";
import type { OutOfDistributionParameters } from "./parameters.js";
import { canSample, type PosteriorFindings, posteriorFindings } from "./posterior/findings.js";
import { measurePosterior, type PosteriorPart, type PosteriorPoint } from "./posterior/posterior.js";

/** Of so many seeds the first has its plane mapped: one map is enough to look at. */
const MAPPED = 1000;

/** Hidden layers from narrow and shallow to wide and deep. */
const SHAPES: readonly (readonly number[])[] = [[10], [64], [64, 64], [64, 64, 64]];

/** The studies of notebook 02. */
export interface OutOfDistributionStudies {
  /** The network of the parameters, seed by seed: at the point, in all directions and among the data. */
  seeds: Study<OutOfDistributionParameters, OutOfDistributionParameters, VoidResult, VoidResult[]>;
  /** Every defence on the same data. */
  defences: Study<OutOfDistributionParameters, OutOfDistributionParameters, DefencesResult, DefenceFindings>;
  /** The posterior, sampled and approximated; of no more than one seed the plane as well. */
  posterior: Study<OutOfDistributionParameters, PosteriorPoint, PosteriorPart, PosteriorFindings>;
  /** Wider and deeper networks, by their hidden layers, at a quarter of the learning rate for a twentieth of the epochs. */
  scale: Study<
    OutOfDistributionParameters,
    OutOfDistributionParameters,
    CertaintyResult,
    Variation<CertaintyResult>[]
  >;
}

/** See {@link OutOfDistributionStudies}. */
export const studies: OutOfDistributionStudies = {
  seeds: study({
    title: "trainings",
    seeds: 1000,
    reason: "a share of seeds near a half is known to 6 points, one near 95% to 3",
    points: (parameters, seed) => [{ ...parameters, seed }],
    measure: measureVoid,
    findings: oneEach,
  }),
  defences: study({
    title: "seeds with every defence",
    seeds: 200,
    reason:
      "a mean AUROC is known to 10 points, that of a defence that works to 1, as one picked from eight needs",
    points: (parameters, seed) => [{ ...parameters, seed }],
    measure: measureDefences,
    findings: (rows) => summariseDefences(oneEach(rows)),
  }),
  posterior: study({
    title: "posteriors, each sampled by four chains",
    seeds: 40,
    reason:
      "a share of seeds near nine in ten is known to 10 points, a mean share of directions to 3; chains cost seconds a seed",
    share: 1 / 12,
    // what is approximated first: it is what a notebook measures again, and takes a fraction of the time
    points: (parameters, seed) =>
      canSample(parameters)
        ? [false, true].map((isSampled) => ({
            ...parameters,
            seed,
            isSampled,
            isMapped: seed % MAPPED === 1,
          }))
        : [],
    measure: measurePosterior,
    findings: posteriorFindings,
  }),
  scale: study({
    title: "trainings of wider and deeper networks",
    seeds: 200,
    reason: "no line rests on them; a mean share of directions is known to half a point",
    share: 1 / 4,
    points: (parameters, seed) =>
      SHAPES.map((hiddenLayers) => ({
        ...parameters,
        hiddenLayers,
        learningRate: parameters.learningRate / 4,
        epochs: Math.round(parameters.epochs / 20),
        testPoints: Math.min(parameters.testPoints, 500),
        seed,
      })),
    measure: measureCertainty,
    findings: (rows) =>
      byVariation(
        SHAPES.map((layers) => layers.join(" × ")),
        rows,
      ),
  }),
};
