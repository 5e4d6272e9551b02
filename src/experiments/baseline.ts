/**
 * Notebook 01: does the network learn Two Moons, and is it luck? Hyperparameters in, measurements out.
 */
import * as z from "zod/mini";
import { type Split, selectPoints } from "../core/moons.js";
import { forward } from "../core/network/forward-backward.js";
import { gradientCheck } from "../core/network/gradient-check.js";
import { denseLayers, hiddenBlocks, type Network } from "../core/network/network.js";
import type { EpochRecord } from "../core/network/train.js";
import { parse } from "../core/validate.js";
import { shareAbove, verdictOf } from "./grading.js";
import { type Measurement, measurement } from "./measurement.js";
import { neuronsOnPlane, type PlaneGrid, type Rectangle } from "./plane.js";
import type { Runner } from "./runner.js";
import { meanInterval, shareOf } from "./statistics.js";
import {
  type SweepParameters,
  seedsOf,
  sweepShape,
  type TaskParameters,
  type TrainedTask,
  taskShape,
  taskSteps,
} from "./task.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "./verdict.js";

/** The hyperparameters of notebook 01. */
export interface BaselineParameters extends TaskParameters, SweepParameters {}

/** What the hyperparameters are allowed to be. */
export const baselineSchema: z.ZodMiniType<BaselineParameters> = z.strictObject({
  ...taskShape,
  ...sweepShape,
});

/**
 * Checks the hyperparameters of notebook 01.
 *
 * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
 */
export function baselineParameters(values: BaselineParameters): BaselineParameters {
  return parse(baselineSchema, values, "parameters");
}

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

/** How the guesses fall: counts[class][guess]. */
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

/** What became of the losses in one training, in words. */
export function trainingText(history: readonly EpochRecord[]): string {
  const [start, end] = [history[0], history[history.length - 1]];
  const nats = (loss = Number.NaN): string => (Number.isNaN(loss) ? "not a number" : loss.toPrecision(3));
  const right = ({ test }: EpochRecord): string => `${(100 * (test?.accuracy ?? Number.NaN)).toFixed(1)}%`;
  const lowest = lowestTestLoss(history);
  return (
    `The training loss is ${nats(start.train.loss)} nats before the first epoch and ${nats(end.train.loss)} after epoch ${end.epoch}. ` +
    `The test loss is lowest after epoch ${lowest.epoch}, at ${nats(lowest.test?.loss)}, and ends at ${nats(end.test?.loss)}. ` +
    `The test accuracy then was ${right(lowest)}, and at the end it is ${right(end)}.`
  );
}

/** What is measured of one seed's training. */
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

/** A seed's training whose derivatives were checked. */
export interface CheckedSeedResult extends SeedResult {
  /** The largest relative error of a derivative, before the training and after it; see {@link gradientError}. */
  gradientError: number;
}

/** Training points on which the derivatives of a sweep are checked: enough that every neuron meets some. */
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

/** Trains once and keeps what a comparison of trainings asks for. */
export const measureBaseline: Measurement<[parameters: BaselineParameters], SeedResult> = measurement(
  function* (parameters) {
    return resultOf(parameters.seed, yield* taskSteps(parameters));
  },
);

/** {@link measureBaseline}, and checks the derivatives, which takes as long again. */
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

/** The same hyperparameters with the seeds of the sweep: other data, other weights, other order. */
export async function baselineOverSeeds(
  parameters: BaselineParameters,
  run: Runner,
): Promise<CheckedSeedResult[]> {
  const seeds = seedsOf(parameters);
  return run(
    seeds.map((seed) => ({ ...parameters, seed })),
    measureCheckedBaseline,
  );
}

/** One thing changed, and what came of it for each seed. */
export interface Variation {
  /** What was changed. */
  name: string;
  results: SeedResult[];
}

/**
 * Changes one thing at a time. All variations see the same seeds, and so, where the change leaves them alone,
 * the same data, initial weights and order.
 *
 * @param changes - what to change, by the name it is to have
 */
export async function baselineVariations(
  parameters: BaselineParameters,
  changes: Readonly<Record<string, Partial<BaselineParameters>>>,
  run: Runner,
): Promise<Variation[]> {
  const names = Object.keys(changes);
  const seeds = seedsOf(parameters);
  const grid = names.flatMap((name) =>
    seeds.map((seed) => baselineParameters({ ...parameters, ...changes[name], seed })),
  );
  const results = await run(grid, measureBaseline);
  return names.map((name, i) => ({ name, results: results.slice(i * seeds.length, (i + 1) * seeds.length) }));
}

/** Test accuracy from which we say that the boundary separates the moons. */
const SEPARATED = 0.95;

/** Relative error below which two derivatives are taken to agree. */
export const AGREEMENT = 1e-6;

/** How far the test loss may end above its lowest and still count as having followed the training loss. */
const FOLLOWED = 1.1;

/**
 * What became of the claim.
 *
 * @param results - the sweep over the seeds
 */
export function baselineVerdict(results: readonly CheckedSeedResult[]): Verdict {
  const dropped = shareOf(results, ({ initialLoss, trainLoss }) => trainLoss < initialLoss / 10);
  const separated = shareOf(results, ({ testAccuracy }) => testAccuracy >= SEPARATED);
  const sound = shareOf(results, ({ gradientError }) => gradientError < AGREEMENT);
  const followed = shareOf(results, ({ testLoss, lowestTestLoss }) => testLoss <= FOLLOWED * lowestTestLoss);
  const accuracy = meanInterval(
    results.map(({ testAccuracy }) => testAccuracy),
    [0, 1],
  );
  const rise = meanInterval(
    results.map(({ testLoss, lowestTestLoss }) => testLoss / lowestTestLoss),
    [1, Number.POSITIVE_INFINITY],
  );
  const worst = results.reduce((largest, { gradientError }) => Math.max(largest, gradientError), 0);
  return verdictOf({
    claim:
      "Trained by hand-written backpropagation, the network's loss drops sharply and its boundary separates the moons: the mathematics is sound.",
    lines: [
      {
        claim: "The loss drops sharply: to less than a tenth, in three of four networks or more.",
        measured: `In ${shareText(dropped)}.`,
        finding: shareAbove(dropped, MOST),
        isPart: true,
      },
      {
        claim: `The boundary separates the moons: at least ${100 * SEPARATED}% of fresh points right, in three of four networks or more.`,
        measured: `In ${shareText(separated)}; test accuracy ${meanText(accuracy, 2, 100, "%")}.`,
        finding: shareAbove(separated, MOST),
        isPart: true,
      },
      {
        claim:
          "The mathematics is sound: every derivative agrees with a centred difference, before the training and after it, in three of four networks or more.",
        measured: `In ${shareText(sound)}; largest relative error ${Number.isNaN(worst) ? "not a number" : worst.toExponential(1)}.`,
        finding: shareAbove(sound, MOST),
        isPart: true,
      },
      {
        claim:
          "So the lower the loss, the better the network (what a reader may conclude): the test loss ends within a tenth of its lowest, in three of four networks or more.",
        measured: `In ${shareText(followed)}; its end over its lowest: ${meanText(rise, 2)}.`,
        finding: shareAbove(followed, MOST),
      },
    ],
    summarise: (stamp) => SUMMARIES[stamp],
  });
}

const SUMMARIES: Readonly<Record<Outcome, string>> = {
  holds: "The claim holds, and not by luck: the network of this notebook is healthy.",
  "holds only if": "The claim holds on a condition only; see its lines.",
  "does not hold": "With these hyperparameters the claim does not hold as it stands.",
  undecided: "The claim is not decided; its lines say what would decide it.",
  "not tested": "Nothing was trained, and so nothing was tested.",
};
