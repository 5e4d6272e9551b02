/** How a defence is judged: all answer the same points, inside and outside the data, and are judged by the same numbers. */
import type { Matrix } from "ml-matrix";
import { type Dataset, makeMoons } from "../../core/moons.js";
import { randomStream } from "../../core/random.js";
import { auroc, type Bounds, type MeanInterval, meanInterval, quantile, shareOf } from "../statistics.js";
import { expectedCalibrationError, reliabilityDiagram } from "./calibration.js";
import { isCertain, negativeLogDoubt } from "./confidence.js";
import {
  annulusPoints,
  clusterPoints,
  eachOutside,
  nearPoints,
  OUTSIDE_POINTS,
  type Outside,
} from "./outside.js";
import type { OutOfDistributionParameters } from "./parameters.js";

/** Points held out to fit the temperature and the thresholds. */
export const HELD_OUT_POINTS = 500;

/** Share of the held-out points that a defence with a third answer may refuse. */
export const REFUSED_INSIDE = 0.01;

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
export interface Defence<Name extends string = string> {
  name: Name;
  /** Whether it ever answers "I don't know". */
  mayRefuse: boolean;
  answer(points: Matrix): Answers;
}

/** Remembers what is made of each set of points, for answers that share it. */
export function onceEach<Made>(make: (points: Matrix) => Made): (points: Matrix) => Made {
  const known = new Map<Matrix, Made>();
  return (points) => {
    const made = known.get(points) ?? make(points);
    known.set(points, made);
    return made;
  };
}

/** A defence that always answers, and whose score is its confidence. */
export function byConfidence<Name extends string>(
  name: Name,
  logitsOf: (points: Matrix) => number[],
): Defence<Name> {
  return {
    name,
    mayRefuse: false,
    answer(points) {
      const logits = logitsOf(points);
      return { logits, scores: logits.map(negativeLogDoubt), refused: logits.map(() => false) };
    },
  };
}

/** A defence that refuses points whose score is below that of all but {@link REFUSED_INSIDE} of the held-out points. */
export function byScore<Name extends string>(
  name: Name,
  heldOut: Matrix,
  judge: (points: Matrix) => Omit<Answers, "refused">,
): Defence<Name> {
  const threshold = quantile(judge(heldOut).scores, REFUSED_INSIDE);
  return {
    name,
    mayRefuse: true,
    answer(points) {
      const { logits, scores } = judge(points);
      return { logits, scores, refused: scores.map((score) => score < threshold) };
    },
  };
}

/** The points that the defences of one seed answer. */
export interface PointSets {
  /** Points like those learnt from, to judge by. */
  test: Dataset;
  /** More of them, to fit temperature and thresholds. */
  heldOut: Dataset;
  outside: Outside<Matrix>;
}

/** Draws the points of a seed. */
export function drawPointSets({
  seed,
  noise,
  testPoints,
  point,
  annulus,
}: OutOfDistributionParameters): PointSets {
  const moons = (name: string, samples: number): Dataset =>
    makeMoons({ samples, noise, random: randomStream(name, seed) });
  return {
    test: moons("dataset/test", testPoints),
    heldOut: moons("dataset/held out", HELD_OUT_POINTS),
    outside: {
      annulus: annulusPoints(annulus, OUTSIDE_POINTS, seed),
      cluster: clusterPoints(point, OUTSIDE_POINTS, seed),
      near: nearPoints(noise, OUTSIDE_POINTS, seed),
    },
  };
}

/** The results of one defence with one seed. */
export interface DefenceResult {
  /** Area under the ROC curve of its score, test points against points outside; 1/2 is a guess. */
  auroc: Outside<number>;
  /** Share of the points outside that it answers, and with a confidence above `CERTAIN`. */
  certain: Outside<number>;
  /** Share of the test points that it answers, and answers right. */
  accuracy: number;
  /** Expected calibration error on the test points. */
  calibrationError: number;
}

/** Judges one defence by its answers at the points of a seed. */
export function judgeDefence(
  { answer }: Pick<Defence, "answer">,
  { test, outside }: Pick<PointSets, "test" | "outside">,
): DefenceResult {
  const labels = test.labels.to1DArray();
  const inside = answer(test.points);
  const out = eachOutside((kind) => answer(outside[kind]));
  const right = shareOf(inside.logits, (z, i) => !inside.refused[i] && z > 0 === (labels[i] === 1));
  return {
    auroc: eachOutside((kind) => auroc(inside.scores, out[kind].scores)),
    certain: eachOutside((kind) => {
      const { logits, refused } = out[kind];
      return shareOf(logits, (z, i) => !refused[i] && isCertain(z)).share;
    }),
    accuracy: right.share,
    calibrationError: expectedCalibrationError(reliabilityDiagram(inside.logits, labels)),
  };
}

/** The results of one defence over the seeds. */
export interface DefenceSummary<Name extends string = string> {
  name: Name;
  auroc: Outside<MeanInterval>;
  /** AUROC gained, against no defence with the same seed. */
  gain: Outside<MeanInterval>;
  certain: Outside<MeanInterval>;
  accuracy: MeanInterval;
  /** Accuracy lost on the test points, against no defence with the same seed. */
  cost: MeanInterval;
  calibrationError: MeanInterval;
}

/**
 * Means over the seeds of one defence, with their intervals.
 *
 * @param none - the results without a defence, with the same seeds in the same order
 */
export function summariseDefence<Name extends string>(
  name: Name,
  results: readonly DefenceResult[],
  none: readonly DefenceResult[],
): DefenceSummary<Name> {
  const over = (of: (result: DefenceResult, i: number) => number, bounds: Bounds = [0, 1]): MeanInterval =>
    meanInterval(results.map(of), bounds);
  return {
    name,
    auroc: eachOutside((kind) => over(({ auroc }) => auroc[kind])),
    gain: eachOutside((kind) => over(({ auroc }, i) => auroc[kind] - none[i].auroc[kind], [-1, 1])),
    certain: eachOutside((kind) => over(({ certain }) => certain[kind])),
    accuracy: over(({ accuracy }) => accuracy),
    cost: over(({ accuracy }, i) => none[i].accuracy - accuracy, [-1, 1]),
    calibrationError: over(({ calibrationError }) => calibrationError),
  };
}
