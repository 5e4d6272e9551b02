/**
 * Notebook 01: does the network learn Two Moons, and is it luck? Hyperparameters in, measurements out.
 */
import * as z from "zod/mini";
import { type Dataset, type Split, selectPoints } from "../../core/moons.js";
import { forward } from "../../core/network/forward-backward.js";
import { type GradientComparison, gradientCheck } from "../../core/network/gradient-check.js";
import { denseLayers, hiddenBlocks, type Network } from "../../core/network/network.js";
import { gradientOf } from "../../core/network/objective.js";
import type { EpochRecord } from "../../core/network/train.js";
import { type Measurement, measurement } from "../measurement.js";
import { neuronsOnPlane, type PlaneGrid, type Rectangle } from "../plane.js";
import {
  type SweepParameters,
  sweepShape,
  type TaskParameters,
  type TrainedTask,
  taskShape,
  taskSteps,
} from "../task.js";

/** The hyperparameters of notebook 01. */
export interface BaselineParameters extends TaskParameters, SweepParameters {}

/** The allowed values of the hyperparameters. */
export const baselineSchema: z.ZodMiniType<BaselineParameters> = z.strictObject({
  ...taskShape,
  ...sweepShape,
});

/**
 * Up to `count` epochs from 0 to `epochs`, close together at first, where most happens.
 *
 * @throws RangeError when `epochs` is not a whole number >= 0, or `count` not one >= 2
 */
export function growthEpochs(epochs: number, count: number): number[] {
  if (!Number.isInteger(epochs) || epochs < 0) {
    throw new RangeError(`epochs must be a whole number >= 0, got ${epochs}`);
  }
  if (!Number.isInteger(count) || count < 2) {
    throw new RangeError(`count must be a whole number >= 2, got ${count}`);
  }
  const last = count - 1;
  const times = Array.from({ length: count }, (_, i) =>
    Math.round((epochs * i * i * i) / (last * last * last)),
  );
  return [...new Set(times)];
}

/** The confusion matrix: counts[class][guess]. */
export type ConfusionMatrix = [[number, number], [number, number]];

/** Counts the test points by their class and the network's guess. */
export function confusionMatrix(network: Network, { test }: Split): ConfusionMatrix {
  const counts: ConfusionMatrix = [
    [0, 0],
    [0, 0],
  ];
  for (const [i, logit] of forward(network, test.points).logits.to1DArray().entries()) {
    counts[test.labels.get(i, 0)][logit > 0 ? 1 : 0]++;
  }
  return counts;
}

/** What one neuron of the first hidden layer computes. */
export interface NeuronMap {
  /** Its output over the plane. */
  output: PlaneGrid;
  /** Share of the training points for which it fires. */
  firing: number;
  /** Its weight into the output neuron; undefined where more hidden layers follow. */
  outgoing: number | undefined;
}

/** The neurons of the first hidden layer; none where there is no such layer. */
export function neuronMaps(
  network: Network,
  { train }: Split,
  area: Rectangle,
  resolution: number,
): NeuronMap[] {
  const [first, ...deeper] = hiddenBlocks(network);
  if (first === undefined) return [];
  const output = forward(network, train.points).layers[first.last].output;
  const [, next] = denseLayers(network);
  return neuronsOnPlane(network, 0, area, resolution).map((map, j) => ({
    output: map,
    firing: output.getColumn(j).filter((value) => value > 0).length / output.rows,
    outgoing: deeper.length === 0 ? next.parameters.weights.get(j, 0) : undefined,
  }));
}

/** The record with the lowest test loss; the first of several, and never one that is not a number. */
export function lowestTestLoss(history: readonly EpochRecord[]): EpochRecord {
  const lossOf = ({ test }: EpochRecord): number => test?.loss ?? Number.NaN;
  return history.reduce((best, record) => (lossOf(record) < lossOf(best) ? record : best));
}

/** The measurements of one seed's training. */
export interface SeedResult {
  seed: number;
  /** Mean binary cross-entropy on the training points before the first epoch, in nats. */
  initialLoss: number;
  /** The same after the last epoch. */
  trainLoss: number;
  /** On the test points, after the last epoch. */
  testLoss: number;
  /** The lowest loss on the test points after any epoch. */
  lowestTestLoss: number;
  trainAccuracy: number;
  testAccuracy: number;
}

/** The same, with a check of the derivatives. */
export interface CheckedSeedResult extends SeedResult {
  /** The largest relative error of a derivative, before and after training; see {@link gradientError}. */
  gradientError: number;
}

/** Training points for the check of the derivatives in a sweep: enough that every neuron meets some. */
const CHECKED_POINTS = 50;

/** The largest relative error of a derivative against its centred difference; those at the kink of a ReLU do not count. */
export function gradientError(network: Network, { train }: Split): number {
  const points = train.labels.rows;
  const few = Math.min(points, CHECKED_POINTS);
  const data = selectPoints(
    train,
    Array.from({ length: few }, (_, i) => Math.floor((i * points) / few)),
  );
  return gradientCheck({ network, data })
    .filter(({ kinks }) => kinks === 0)
    .reduce((largest, { relativeError }) => Math.max(largest, relativeError), 0);
}

/** The seed with the lowest test accuracy; the first of several. */
export function worstOf<Result extends SeedResult>(results: readonly Result[]): Result {
  return results.reduce((worst, result) => (result.testAccuracy < worst.testAccuracy ? result : worst));
}

/** A control for the check: the largest derivative of the first layer, made wrong by a thousandth. */
export function wrongDerivative(network: Network, data: Dataset): GradientComparison {
  const { gradients } = gradientOf(network, data);
  const { weights } = gradients[0];
  const [row, column] = weights.clone().abs().maxIndex();
  weights.set(row, column, 1.001 * weights.get(row, column));
  return gradientCheck({ network, data, gradients })[row * weights.columns + column];
}

/** Trains once and keeps what a comparison of trainings needs. */
export const measureBaseline: Measurement<[parameters: BaselineParameters], SeedResult> = measurement(
  function* (parameters) {
    return resultOf(parameters.seed, yield* taskSteps(parameters));
  },
);

/** {@link measureBaseline} with a check of the derivatives, which takes as long again. */
export const measureCheckedBaseline: Measurement<[parameters: BaselineParameters], CheckedSeedResult> =
  measurement(function* (parameters) {
    const task = yield* taskSteps(parameters);
    const { data, initial, training } = task;
    return {
      ...resultOf(parameters.seed, task),
      gradientError: Math.max(gradientError(initial, data), gradientError(training.network, data)),
    };
  });

function resultOf(seed: number, { training: { history } }: TrainedTask): SeedResult {
  const first = history[0];
  const last = history[history.length - 1];
  return {
    seed,
    initialLoss: first.train.loss,
    trainLoss: last.train.loss,
    testLoss: last.test?.loss ?? Number.NaN,
    lowestTestLoss: lowestTestLoss(history).test?.loss ?? Number.NaN,
    trainAccuracy: last.train.accuracy,
    testAccuracy: last.test?.accuracy ?? Number.NaN,
  };
}
