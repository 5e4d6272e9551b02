/** Defences against certainty in the void, all trained on the same data. */
import { Matrix } from "ml-matrix";
import type { Dataset } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { gridOfValues, type PlaneGrid, planePoints, type Rectangle } from "../plane.js";
import { type MeanInterval, meanInterval, quantile } from "../statistics.js";
import { drawTask, trainingSteps } from "../task.js";
import { fitTemperature } from "./calibration.js";
import { probabilityOf } from "./confidence.js";
import { ensembleAnswers, trainEnsemble } from "./ensemble.js";
import {
  byConfidence,
  byScore,
  type Defence,
  type DefenceResult,
  type DefenceSummary,
  drawPointSets,
  judgeDefence,
  onceEach,
  summariseDefence,
} from "./judging.js";
import { withNoise } from "./noise-training.js";
import { neighbourDistances } from "./novelty.js";
import type { OutOfDistributionParameters } from "./parameters.js";
import { logitsAt } from "./rays.js";

/** The defences, in the order of the tables; the first is none. */
export const DEFENCES = [
  "none",
  "temperature",
  "tanh",
  "layer normalization",
  "training on noise",
  "ensemble's mean",
  "ensemble's disagreement",
  "ensemble's spread of logits",
  "distance to the data",
] as const;

/** The name of a defence. */
export type DefenceName = (typeof DEFENCES)[number];

/** Everything that {@link trainDefences} trained. */
export interface TrainedDefences {
  defences: Defence<DefenceName>[];
  /** The members of the ensemble; the first is the network of the parameters. */
  members: Network[];
  /** T, fitted on the held-out points. */
  temperature: number;
}

/**
 * Trains every defence on the same data, from the same seeds.
 *
 * @param heldOut - points to fit the temperature and the thresholds by
 */
export const trainDefences: Measurement<
  [parameters: OutOfDistributionParameters, heldOut?: Dataset],
  TrainedDefences
> = measurement(function* (parameters, heldOut = drawPointSets(parameters).heldOut) {
  const { neighbours } = parameters;
  const watch = { recordEvery: Math.max(1, parameters.epochs) };
  const members = yield* trainEnsemble.steps(parameters, parameters.members);
  const [plain] = members;
  const { data, initial } = drawTask(parameters);
  const noisy = { data: { ...data, train: withNoise(data.train, parameters.seed) }, initial };
  const [tanh, normalized, noise] = yield* together([
    trainingSteps(parameters, drawTask({ ...parameters, activation: "tanh" }), watch),
    trainingSteps(parameters, drawTask({ ...parameters, normalization: "layer" }), watch),
    trainingSteps(parameters, noisy, watch),
  ]);
  const temperature = fitTemperature(logitsAt(plain, heldOut.points), heldOut.labels.to1DArray());
  const ensemble = onceEach((points) => ensembleAnswers(members.map((member) => logitsAt(member, points))));
  const byEnsemble = (name: DefenceName, warning: "disagreement" | "spread"): Defence<DefenceName> =>
    byScore(name, heldOut.points, (points) => {
      const answers = ensemble(points);
      return {
        logits: answers.map(({ logit }) => logit),
        scores: answers.map((answer) => -answer[warning]),
      };
    });

  return {
    members,
    temperature,
    defences: [
      byConfidence("none", (points) => logitsAt(plain, points)),
      byConfidence("temperature", (points) => logitsAt(plain, points).map((z) => z / temperature)),
      byConfidence("tanh", (points) => logitsAt(tanh.network, points)),
      byConfidence("layer normalization", (points) => logitsAt(normalized.network, points)),
      byConfidence("training on noise", (points) => logitsAt(noise.network, points)),
      byConfidence("ensemble's mean", (points) => ensemble(points).map(({ logit }) => logit)),
      byEnsemble("ensemble's disagreement", "disagreement"),
      byEnsemble("ensemble's spread of logits", "spread"),
      byScore("distance to the data", heldOut.points, (points) => ({
        logits: logitsAt(plain, points),
        scores: neighbourDistances(points, data.train, neighbours).map((distance) => -distance),
      })),
    ],
  };
});

/** The results of the defences with one seed. */
export interface DefencesResult {
  /** T of {@link TrainedDefences}. */
  temperature: number;
  /** In the order of {@link DEFENCES}. */
  defences: DefenceResult[];
  /** Share of the pairs of members that name different classes: at the point, and on the test points. */
  churn: { point: number; inside: number };
}

/** Trains every defence and tests it. */
export const measureDefences: Measurement<[parameters: OutOfDistributionParameters], DefencesResult> =
  measurement(function* (parameters) {
    const sets = drawPointSets(parameters);
    const { defences, members, temperature } = yield* trainDefences.steps(parameters, sets.heldOut);
    return {
      temperature,
      defences: defences.map((defence) => judgeDefence(defence, sets)),
      churn: {
        point: churnOf(members, new Matrix([[...parameters.point]])),
        inside: churnOf(members, sets.test.points),
      },
    };
  });

/** The results of the defences over the seeds. */
export interface DefenceFindings {
  /** In the order of {@link DEFENCES}. */
  summaries: DefenceSummary<DefenceName>[];
  /** The median of the fitted temperatures. */
  temperature: number;
  /** Pairs of members that name different classes. */
  churn: { point: MeanInterval; inside: MeanInterval };
}

/** Means over the seeds, with their intervals. */
export function summariseDefences(results: readonly DefencesResult[]): DefenceFindings {
  const of = (k: number): DefenceResult[] => results.map(({ defences }) => defences[k]);
  const over = (value: (result: DefencesResult) => number): MeanInterval =>
    meanInterval(results.map(value), [0, 1]);
  return {
    summaries: DEFENCES.map((name, k) => summariseDefence(name, of(k), of(0))),
    temperature: quantile(
      results.map(({ temperature }) => temperature),
      0.5,
    ),
    churn: { point: over(({ churn }) => churn.point), inside: over(({ churn }) => churn.inside) },
  };
}

/** A defence over the plane. */
export interface DefenceMap {
  name: string;
  mayRefuse: boolean;
  /** Its probability of class 1. */
  probability: PlaneGrid;
  /** 1 where it refuses to answer, else 0. */
  refused: PlaneGrid;
}

/** The answers of each defence over the plane; but for temperature, which leaves the classes where they are without a defence. */
export function defenceMaps(
  { defences }: { defences: readonly Defence[] },
  area: Rectangle,
  resolution: number,
): DefenceMap[] {
  const points = planePoints(area, resolution);
  const mapped = defences.filter(({ name }) => name !== "temperature");
  return mapped.map(({ name, mayRefuse, answer }) => {
    const { logits, refused } = answer(points);
    return {
      name,
      mayRefuse,
      probability: gridOfValues(area, resolution, logits.map(probabilityOf)),
      refused: gridOfValues(area, resolution, refused.map(Number)),
    };
  });
}

/** Mean share of the pairs of networks that name different classes; NaN if one is lost and names none. */
function churnOf(networks: readonly Network[], points: Matrix): number {
  const n = networks.length;
  const logits = networks.map((network) => logitsAt(network, points));
  if (logits.some((own) => own.some(Number.isNaN))) return Number.NaN;
  const votes = logits.map((own) => own.map((z) => z > 0));
  const shares = votes[0].map((_, i) => {
    const ones = votes.filter((vote) => vote[i]).length;
    return (2 * ones * (n - ones)) / (n * (n - 1));
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
