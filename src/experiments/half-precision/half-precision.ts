/**
 * Notebook 05: does training in half precision flatten the loss, and if so, why? The parameters, and one training seen
 * from outside and from inside. Failures are in failures.ts, remedies in remedies.ts.
 */
import * as z from "zod/mini";
import type { Counters, Phase } from "../../core/arithmetic/counters.js";
import { type FormatName, formats } from "../../core/arithmetic/formats.js";
import type { LossScale, PrecisionChoice, PrecisionOptions } from "../../core/arithmetic/precision.js";
import type { RoundingMode } from "../../core/arithmetic/rounding.js";
import { evaluate } from "../../core/network/evaluate.js";
import { type LossForm, usualLossForm } from "../../core/network/loss.js";
import { type Network, toParameters, withParameters } from "../../core/network/network.js";
import type { Training } from "../../core/network/train.js";
import { documented } from "../../core/validate.js";
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import {
  drawTask,
  type SweepParameters,
  sweepShape,
  type Task,
  type TaskParameters,
  taskShape,
  trainingSteps,
} from "../task.js";

/** The hyperparameters of notebook 05. */
export interface HalfPrecisionParameters extends TaskParameters, SweepParameters {
  /** Factor on every initial weight. */
  initialScale: number;
  /** The numbers to train in. */
  format: FormatName;
  /** How results between two numbers are rounded. */
  rounding: RoundingMode;
  /** Format of running sums; `same` as `format`, or another. */
  accumulator: FormatName | "same";
  /** Format of the parameters and their updates; `same` as `format`, or another. */
  masterWeights: FormatName | "same";
  /** Factor on the loss before the backward pass; 1 changes nothing. */
  lossScale: LossScale;
  /** Whether Kahan's method sums the updates. */
  compensated: boolean;
  /** The loss as a function of the logit or of the probability. */
  lossValue: LossForm["value"];
  /** dL/dz fused or by the chain rule. */
  derivative: LossForm["derivative"];
  /** ε in the logarithms and denominators of the loss. */
  epsilon: number;
  /** Whether the mean over a batch is taken last or first. */
  mean: LossForm["mean"];
  /** Epochs of the stall regime; its learning rate is 1 / (2 stallEpochs). */
  stallEpochs: number;
}

/** Every format, the widest first. */
export const formatNames: readonly FormatName[] = Object.keys(formats) as FormatName[];

/** The allowed values of the hyperparameters. */
export const halfPrecisionSchema: z.ZodMiniType<HalfPrecisionParameters> = z.strictObject({
  ...taskShape,
  initialScale: documented(
    z.number().check(z.gt(0)) as z.ZodMiniType<number>,
    "Factor on every initial weight",
  ),
  format: documented(z.enum(formatNames), "Number format of the training"),
  rounding: documented(
    z.enum(["nearest", "stochastic"]),
    "How to round a result between two numbers; stochastic is slower",
  ),
  accumulator: documented(z.enum(["same", ...formatNames]), "Format of running sums; same as format"),
  masterWeights: documented(
    z.enum(["same", ...formatNames]),
    "Format of the weights and their updates; same as format",
  ),
  lossScale: documented(
    z.union([z.number().check(z.gt(0)), z.literal("dynamic")]),
    "Factor on the loss before the backward pass; 1 changes nothing",
  ),
  compensated: documented(z.boolean(), "Whether Kahan’s method sums the updates"),
  lossValue: documented(
    z.enum(["logit", "probability"]),
    "Whether the loss is computed from the logit or from the probability",
  ),
  derivative: documented(
    z.enum(["fused", "chain"]),
    "dL/dz as p − y (fused), or by the chain rule as dL/dp · dp/dz",
  ),
  epsilon: documented(z.number().check(z.gte(0)), "ε in the logarithms and denominators of the loss"),
  mean: documented(
    z.enum(["last", "first"]),
    "Whether the mean over a batch is taken last, of the products, or first, of each δ",
  ),
  stallEpochs: documented(
    z.int().check(z.gte(10), z.lte(100_000)),
    "Epochs of the stall regime; its learning rate is 1 / (2 stallEpochs)",
  ),
  ...sweepShape,
});

/** One training in some arithmetic: the point of every grid in this notebook. Plain data. */
export interface PrecisionPoint {
  task: TaskParameters;
  arithmetic: PrecisionChoice;
  lossForm: LossForm;
}

/** The training that the parameters describe. */
export function precisionPoint(parameters: HalfPrecisionParameters): PrecisionPoint {
  const { format, rounding, accumulator, masterWeights, lossScale, compensated } = parameters;
  const { lossValue, derivative, epsilon, mean } = parameters;
  const arithmetic: PrecisionOptions = {
    format,
    rounding,
    ...(accumulator !== "same" && { accumulator }),
    ...(masterWeights !== "same" && { masterWeights }),
    lossScale,
    compensated,
    seed: parameters.seed,
  };
  return {
    task: taskOf(parameters),
    arithmetic,
    lossForm: { value: lossValue, derivative, epsilon, mean },
  };
}

/** The parameters of the task, without those of the arithmetic. */
export function taskOf(parameters: HalfPrecisionParameters): TaskParameters {
  const known = Object.keys(taskShape);
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => known.includes(name)),
  ) as unknown as TaskParameters;
}

/** The same training in float64, with the usual loss: the reference. */
export function inDouble({ task }: PrecisionPoint): PrecisionPoint {
  return { task, arithmetic: "binary64", lossForm: usualLossForm };
}

/** The result of one training. */
export interface PrecisionResult {
  /** Mean training loss in nats, from before the first epoch to after the last, as the training's own arithmetic computes it. */
  losses: number[];
  /** Share of the test points guessed right at the end, by the same arithmetic. */
  accuracy: number;
  /** The first look after which the loss was NaN or infinite; undefined where it never was. */
  brokenFrom?: number;
  /** Training loss of the final weights, computed in float64; NaN where they are. */
  trueLoss: number;
  /** Whether the final weights are numbers, all of them. */
  weightsFinite: boolean;
}

/** One training, with looks on the way. */
export interface PrecisionRun extends PrecisionResult {
  seed: number;
  /** The epochs of the looks: those of `losses`. */
  epochs: number[];
  /** Share of the test points that the final weights get right in float64. */
  trueAccuracy: number;
}

/** A number as a study keeps it: no line and no chart uses more than four digits. */
export function brief(value: number): number {
  return Number(value.toPrecision(4));
}

/**
 * What a study keeps of a training.
 *
 * @param at - the epochs whose losses are kept; the first and the last by default
 */
export function kept({ losses, epochs, ...run }: PrecisionRun, at?: readonly number[]): PrecisionResult {
  const { accuracy, brokenFrom, trueLoss, weightsFinite } = run;
  const isKept = (i: number): boolean => i === 0 || i === epochs.length - 1 || !!at?.includes(epochs[i]);
  return {
    losses: losses.filter((_, i) => isKept(i)).map(brief),
    accuracy: brief(accuracy),
    ...(brokenFrom !== undefined && { brokenFrom }),
    trueLoss: brief(trueLoss),
    weightsFinite,
  };
}

/** How one training ended. */
export interface FinalResult {
  seed: number;
  testAccuracy: number;
}

/** Trains once and looks only at the end. */
export const measureFinal: Measurement<[point: PrecisionPoint], FinalResult> = measurement(function* (point) {
  const { run } = yield* trainPrecision.steps(point, 1);
  return { seed: run.seed, testAccuracy: brief(run.accuracy) };
});

/** One training with all that belongs to it; not plain data. */
export interface PrecisionTraining extends Task {
  /** The network after training. */
  network: Network;
  run: PrecisionRun;
}

/**
 * Trains once.
 *
 * @param looks - the approximate number of looks at the loss on the way
 */
export const trainPrecision: Measurement<[point: PrecisionPoint, looks?: number], PrecisionTraining> =
  measurement(function* (point, looks = 40) {
    const task = drawTask(point.task);
    const training = yield* trainingIn(point, task, spaceOf(point.task.epochs, looks));
    return { ...task, network: training.network, run: summary(point, task, training) };
  });

/** Epochs between two looks. */
export function spaceOf(epochs: number, looks: number): number {
  return Math.max(1, Math.floor(epochs / looks));
}

/** One look into a training. */
export interface InsideView {
  epoch: number;
  /** All parameters, as `withParameters` takes them. */
  parameters: number[];
  /** Training loss of these parameters, computed in float64. */
  trueLoss: number;
  /** What the arithmetic does in an epoch from here on; see {@link CounterShares}. */
  counters: CounterShares;
}

/** What the arithmetic does in an epoch, each as a share of the possible cases. */
export interface CounterShares {
  /** Results of the backward pass that rounding took to zero, of its operations. */
  flushed: number;
  /** Updates that left the parameter as it was, of those that were not zero. */
  swallowed: number;
  /** Sigmoids of training points that are exactly 0 or 1. */
  saturated: number;
  /** Results beyond the largest number, of all operations. */
  overflow: number;
  /** Results that are NaN, of all operations. */
  nan: number;
}

/** A training with views of its inside. */
export interface WatchedRun extends PrecisionRun {
  views: InsideView[];
}

/** A training to look into. */
export interface WatchPoint extends PrecisionPoint {
  /** Number of looks inside, close together at first; 20 by default, 0 for none. */
  views?: number;
}

/**
 * Trains once, keeps the whole loss curve (or 250 points of it) and looks inside. Each look counts over
 * one epoch that starts from the weights of that moment: counting all epochs would take ten times as long. If
 * the arithmetic carries something from step to step, such as a dynamic loss scale or the remainders of Kahan's sums,
 * that starts afresh there.
 */
export const watchPrecision: Measurement<[point: WatchPoint], WatchedRun> = measurement(function* ({
  views: count = 20,
  ...point
}) {
  const task = drawTask(point.task);
  const { epochs } = point.task;
  const looks = viewEpochs(epochs, count);
  const training = yield* trainingIn(point, task, spaceOf(epochs, 250), looks);
  const { arithmetic, lossForm } = point;
  const counted = yield* together(
    training.snapshots.map(({ network: initial }) =>
      trainingSteps(
        { ...point.task, epochs: 1 },
        { ...task, initial },
        { arithmetic, lossForm, count: true },
      ),
    ),
  );
  const views = training.snapshots.map(({ epoch, network }, i) => {
    const [, { counters }] = counted[i].history;
    const parameters = [...toParameters(network)];
    return {
      epoch,
      parameters,
      trueLoss: evaluate(network, task.data.train).loss,
      counters: shares(counters as Record<Phase, Counters>, point),
    };
  });
  return { ...summary(point, task, training), views };
});

/** The network at the end of a watched training. */
export function lastNetwork({ views }: WatchedRun, { task }: PrecisionPoint): Network {
  return withParameters(drawTask(task).initial, views[views.length - 1].parameters);
}

/** The epochs of {@link watchPrecision}: from 0 to the last, close together at first. */
function viewEpochs(epochs: number, count: number): number[] {
  const last = Math.max(1, count - 1);
  const all = Array.from({ length: count }, (_, i) =>
    Math.min(epochs, Math.max(i, Math.round((epochs * i * i) / (last * last)))),
  );
  return [...new Set(all)];
}

function trainingIn(
  { task, arithmetic, lossForm }: PrecisionPoint,
  drawn: Task,
  recordEvery: number,
  snapshots: number[] = [],
): Steps<Training> {
  return trainingSteps(task, drawn, { arithmetic, lossForm, recordEvery, snapshots });
}

/** What is seen of a training from outside. */
export function summary(
  { task }: Pick<PrecisionPoint, "task">,
  { data }: Task,
  { history, network }: Training,
): PrecisionRun {
  const broken = history.find(({ train: { loss } }) => !Number.isFinite(loss));
  const [onTraining, onTest] = [evaluate(network, data.train), evaluate(network, data.test)];
  return {
    seed: task.seed,
    epochs: history.map(({ epoch }) => epoch),
    losses: history.map(({ train: { loss } }) => loss),
    accuracy: history[history.length - 1].test?.accuracy ?? Number.NaN,
    ...(broken && { brokenFrom: broken.epoch }),
    trueLoss: onTraining.loss,
    trueAccuracy: onTest.accuracy,
    weightsFinite: toParameters(network).every(Number.isFinite),
  };
}

function shares(
  { forward, loss, backward, update }: Record<Phase, Counters>,
  { task: { trainPoints } }: PrecisionPoint,
): CounterShares {
  const phases = [forward, loss, backward, update];
  const total = (count: (counters: Counters) => number): number =>
    phases.reduce((sum, counters) => sum + count(counters), 0);
  const operations = total((counters) => counters.operations);
  return {
    flushed: backward.flushed / backward.operations,
    swallowed: update.updates === 0 ? 0 : update.swallowed / update.updates,
    saturated: forward.saturated / trainPoints,
    overflow: total((counters) => counters.overflow) / operations,
    nan: total((counters) => counters.nan) / operations,
  };
}

/** Loss at the end, as the training's own arithmetic computes it. */
export function finalLoss({ losses }: Pick<PrecisionResult, "losses">): number {
  return losses[losses.length - 1];
}

/** Whether the loss is a flat line: it ends within a tenth of its first value and is a number throughout. */
export function isFlat(run: PrecisionResult): boolean {
  const [first] = run.losses;
  return run.brokenFrom === undefined && Math.abs(finalLoss(run) - first) < 0.1 * first;
}

/** A network as good as another may be this far behind it: in nats of the training loss, and as a share of the test points. */
export const AS_GOOD = { loss: 0.05, accuracy: 0.02 } as const;

/**
 * Whether a network is as good as another, whatever its loss curve did: the loss of its weights (in float64)
 * and its own accuracy are within {@link AS_GOOD}.
 */
export function isNetworkAsGood(run: FinalNetwork, reference: FinalNetwork): boolean {
  return (
    run.trueLoss <= reference.trueLoss + AS_GOOD.loss && run.accuracy >= reference.accuracy - AS_GOOD.accuracy
  );
}

type FinalNetwork = Pick<PrecisionResult, "trueLoss" | "accuracy">;

/** Whether a training is as good as another: {@link isNetworkAsGood}, and its loss is a number throughout. */
export function isAsGood(run: PrecisionResult, reference: PrecisionResult): boolean {
  return run.brokenFrom === undefined && isNetworkAsGood(run, reference);
}
