/**
 * Defences against certainty in the void: all of them answer the same points, inside and outside the
 * data, and are judged by the same numbers.
 */
import { Matrix } from "ml-matrix";
import { makeMoons } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import { randomStream } from "../../core/random.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { gridOfValues, type PlaneGrid, planePoints, type Rectangle } from "../plane.js";
import { auroc, type Bounds, type MeanInterval, meanInterval, quantile } from "../statistics.js";
import { type TaskParameters, taskSteps } from "../task.js";
import { expectedCalibrationError, fitTemperature, reliabilityDiagram } from "./calibration.js";
import { isCertain, negativeLogDoubt, probabilityOf } from "./confidence.js";
import { type EnsembleAnswer, ensembleAnswer, trainEnsemble } from "./ensemble.js";
import { annulusPoints, clusterPoints, neighbourDistances } from "./novelty.js";
import { logitsAt, type Point } from "./rays.js";

/** The parameters of the detectors, beside those of training. */
export interface DefenceParameters extends TaskParameters {
  /** [x₁, x₂], in moon radii: the point of the claim, and the middle of the far cluster. */
  point: Point;
  /** Inner and outer radius of the annulus around the middle of the moons. */
  annulus: Point;
  /** Networks in the ensemble. */
  members: number;
  /** k: the distance to the data is that to the k-th nearest training point. */
  neighbours: number;
}

/** Points of the annulus, and of the cluster. */
export const OUTSIDE_POINTS = 500;

/** Points held out to fit the temperature and the thresholds. */
export const HELD_OUT_POINTS = 500;

/** Share of the held-out points that a defence with a third answer may refuse. */
export const REFUSED_INSIDE = 0.01;

/** The defences, in the order of the tables; the first is none. */
export const DEFENCES = [
  "none",
  "temperature",
  "tanh",
  "layer normalization",
  "ensemble's mean",
  "ensemble's disagreement",
  "ensemble's spread of logits",
  "distance to the data",
] as const;

/** The name of a defence. */
export type DefenceName = (typeof DEFENCES)[number];

/** A defence's answers at some points. */
export interface Answers {
  /** Logits of class 1. */
  logits: number[];
  /** How much each point looks like the data: the detector's score. */
  scores: number[];
  /** Whether the answer is "I don't know", whatever the logit says. */
  refused: boolean[];
}

/** A trained defence. */
export interface Defence {
  name: DefenceName;
  answer(points: Matrix): Answers;
}

/** Everything that {@link trainDefences} trained. */
export interface TrainedDefences {
  defences: Defence[];
  /** The members of the ensemble; the first is the network of the parameters. */
  members: Network[];
  /** T, fitted on the held-out points. */
  temperature: number;
}

/** Trains every defence on the same data, from the same seeds. */
export const trainDefences: Measurement<[parameters: DefenceParameters], TrainedDefences> = measurement(
  function* (parameters) {
    const { seed, noise, neighbours } = parameters;
    const watch = { recordEvery: Math.max(1, parameters.epochs) };
    const random = randomStream("dataset/held out", seed);
    const heldOut = makeMoons({ samples: HELD_OUT_POINTS, noise, random });
    const members = yield* trainEnsemble.steps(parameters, parameters.members);
    const [plain] = members;
    const [tanh, normalized] = yield* together([
      taskSteps({ ...parameters, activation: "tanh" }, watch),
      taskSteps({ ...parameters, normalization: "layer" }, watch),
    ]);
    const temperature = fitTemperature(logitsAt(plain, heldOut.points), heldOut.labels.to1DArray());
    // three defences use the same answers of the same ensemble
    const answered = new Map<Matrix, EnsembleAnswer[]>();
    const ensemble = (points: Matrix): EnsembleAnswer[] => {
      const known = answered.get(points);
      if (known) return known;
      const logits = members.map((member) => logitsAt(member, points));
      const answers = logits[0].map((_, i) => ensembleAnswer(logits.map((of) => of[i])));
      answered.set(points, answers);
      return answers;
    };

    const byConfidence = (name: DefenceName, logitsOf: (points: Matrix) => number[]): Defence => ({
      name,
      answer(points) {
        const logits = logitsOf(points);
        return { logits, scores: logits.map(negativeLogDoubt), refused: logits.map(() => false) };
      },
    });
    const byScore = (name: DefenceName, judge: (points: Matrix) => Omit<Answers, "refused">): Defence => {
      const threshold = quantile(judge(heldOut.points).scores, REFUSED_INSIDE);
      return {
        name,
        answer(points) {
          const { logits, scores } = judge(points);
          return { logits, scores, refused: scores.map((score) => score < threshold) };
        },
      };
    };
    const byEnsemble = (name: DefenceName, warning: "disagreement" | "spread"): Defence =>
      byScore(name, (points) => {
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
        byConfidence("tanh", (points) => logitsAt(tanh.training.network, points)),
        byConfidence("layer normalization", (points) => logitsAt(normalized.training.network, points)),
        byConfidence("ensemble's mean", (points) => ensemble(points).map(({ logit }) => logit)),
        byEnsemble("ensemble's disagreement", "disagreement"),
        byEnsemble("ensemble's spread of logits", "spread"),
        byScore("distance to the data", (points) => ({
          logits: logitsAt(plain, points),
          scores: neighbourDistances(points, tanh.data.train, neighbours).map((distance) => -distance),
        })),
      ],
    };
  },
);

/** The results of one defence. */
export interface DefenceResult {
  /** Area under the ROC curve of its score, test points against points outside; 1/2 is a guess. */
  auroc: { annulus: number; cluster: number };
  /** Share of the points outside that it answers, and with a confidence above `CERTAIN`. */
  certain: { annulus: number; cluster: number };
  /** Share of the test points that it answers, and answers right. */
  accuracy: number;
  /** Expected calibration error on the test points. */
  calibrationError: number;
}

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
export const measureDefences: Measurement<[parameters: DefenceParameters], DefencesResult> = measurement(
  function* (parameters) {
    const { seed, point, annulus, noise, testPoints } = parameters;
    const test = makeMoons({ samples: testPoints, noise, random: randomStream("dataset/test", seed) });
    const labels = test.labels.to1DArray();
    const ring = annulusPoints(annulus, OUTSIDE_POINTS, seed);
    const cluster = clusterPoints(point, OUTSIDE_POINTS, seed);
    const { defences, members, temperature } = yield* trainDefences.steps(parameters);
    return {
      temperature,
      defences: defences.map(({ answer }) => {
        const [inside, onRing, inCluster] = [test.points, ring, cluster].map(answer);
        const right = inside.logits.filter((z, i) => !inside.refused[i] && z > 0 === (labels[i] === 1));
        return {
          auroc: {
            annulus: auroc(inside.scores, onRing.scores),
            cluster: auroc(inside.scores, inCluster.scores),
          },
          certain: { annulus: certainShare(onRing), cluster: certainShare(inCluster) },
          accuracy: right.length / labels.length,
          calibrationError: expectedCalibrationError(reliabilityDiagram(inside.logits, labels)),
        };
      }),
      churn: { point: churnOf(members, new Matrix([[...point]])), inside: churnOf(members, test.points) },
    };
  },
);

/** The results of one defence over the seeds. */
export interface DefenceSummary {
  name: DefenceName;
  auroc: { annulus: MeanInterval; cluster: MeanInterval };
  certain: { annulus: MeanInterval; cluster: MeanInterval };
  accuracy: MeanInterval;
  /** Accuracy lost on the test points, against no defence with the same seed. */
  cost: MeanInterval;
  calibrationError: MeanInterval;
}

/** The results of the defences over the seeds. */
export interface DefenceFindings {
  /** In the order of {@link DEFENCES}. */
  summaries: DefenceSummary[];
  /** The median of the fitted temperatures. */
  temperature: number;
  /** Pairs of members that name different classes. */
  churn: { point: MeanInterval; inside: MeanInterval };
}

/** Means over the seeds, with their intervals. */
export function summariseDefences(results: readonly DefencesResult[]): DefenceFindings {
  const over = (of: (result: DefencesResult) => number, bounds: Bounds = [0, 1]): MeanInterval =>
    meanInterval(results.map(of), bounds);
  return {
    summaries: DEFENCES.map((name, k) => ({
      name,
      auroc: {
        annulus: over(({ defences }) => defences[k].auroc.annulus),
        cluster: over(({ defences }) => defences[k].auroc.cluster),
      },
      certain: {
        annulus: over(({ defences }) => defences[k].certain.annulus),
        cluster: over(({ defences }) => defences[k].certain.cluster),
      },
      accuracy: over(({ defences }) => defences[k].accuracy),
      cost: over(({ defences }) => defences[0].accuracy - defences[k].accuracy, [-1, 1]),
      calibrationError: over(({ defences }) => defences[k].calibrationError),
    })),
    temperature: quantile(
      results.map(({ temperature }) => temperature),
      0.5,
    ),
    churn: { point: over(({ churn }) => churn.point), inside: over(({ churn }) => churn.inside) },
  };
}

/** A defence over the plane. */
export interface DefenceMap {
  name: DefenceName;
  /** Its probability of class 1. */
  probability: PlaneGrid;
  /** 1 where it refuses to answer, else 0. */
  refused: PlaneGrid;
}

/** The answers of each defence over the plane. */
export function defenceMaps(
  { defences }: TrainedDefences,
  area: Rectangle,
  resolution: number,
): DefenceMap[] {
  const points = planePoints(area, resolution);
  return defences.map(({ name, answer }) => {
    const { logits, refused } = answer(points);
    return {
      name,
      probability: gridOfValues(area, resolution, logits.map(probabilityOf)),
      refused: gridOfValues(area, resolution, refused.map(Number)),
    };
  });
}

/** Share of the points that are answered with certainty. */
function certainShare({ logits, refused }: Answers): number {
  return logits.filter((z, i) => !refused[i] && isCertain(z)).length / logits.length;
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
