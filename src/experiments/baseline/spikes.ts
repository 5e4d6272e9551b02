/** Does the loss come to rest? Its spikes at the end of a training, where the steps keep their length and where they shrink. */
import { evaluate } from "../../core/network/evaluate.js";
import { decayingDescent } from "../../core/network/schedule.js";
import type { TrainOptions } from "../../core/network/train-options.js";
import { alone, type Measurement, measurement, trained } from "../measurement.js";
import { drawTask, type Task, type TaskOptions, type TaskParameters, trainOptionsOf } from "../task.js";

/** How the learning rate goes on from its first value: it stays, or it decays as 1/n. */
export const SCHEDULES = ["constant", "decaying"] as const;

/** One of {@link SCHEDULES}. */
export type Schedule = (typeof SCHEDULES)[number];

/** How the learning rate of a training goes on. */
export interface Scheduled {
  schedule: Schedule;
}

/** A training, and how its learning rate goes on; `constant` by default. */
export interface ScheduledParameters extends TaskParameters, Partial<Scheduled> {}

/** A decaying rate is halved after this part of the steps, a tenth: it ends at an eleventh of its first value. */
const HALVINGS = 10;

/** The options of a training that make the learning rate go on as its parameters say. */
export function scheduleOf({
  schedule,
  epochs,
  batchSize,
  trainPoints,
}: ScheduledParameters): Pick<TaskOptions, "rule"> {
  if (schedule !== "decaying" || epochs === 0) return {};
  const stepsPerEpoch = batchSize === "full" ? 1 : Math.ceil(trainPoints / batchSize);
  return { rule: decayingDescent((epochs * stepsPerEpoch) / HALVINGS) };
}

/** The options of such a training; it is not tested on its way. */
function wishOf(parameters: ScheduledParameters, { data: { train }, initial }: Task): TrainOptions {
  return trainOptionsOf(parameters, { data: { train }, initial }, scheduleOf(parameters));
}

/** The part of the epochs, at the end, in which the loss is to have come to rest: one in so many. */
const END = 5;

/** A loss this many times its lowest value so far is a spike. */
export const SPIKE = 2;

/** The first epoch of the end of a training: its last fifth, and at least its last epoch. */
export function endOf(epochs: number): number {
  return epochs - Math.max(1, Math.round(epochs / END)) + 1;
}

/**
 * How far the loss rises at the end of a training: there, its largest value divided by the lowest up to then. At least 1, and not a
 * number where a loss is none.
 *
 * @param losses - before the first epoch and after each
 */
export function riseOf(losses: readonly number[]): number {
  const from = endOf(losses.length - 1);
  let [lowest, rise] = [Number.POSITIVE_INFINITY, 1];
  for (const [epoch, loss] of losses.entries()) {
    lowest = Math.min(lowest, loss);
    // a loss of 0 at its lowest has not risen
    if (epoch >= from && loss !== lowest) rise = Math.max(rise, loss / lowest);
  }
  return rise;
}

/** Whether the loss has come to rest: no spike at the end. */
export function isAtRest({ rise }: Pick<SpikesResult, "rise">): boolean {
  return rise <= SPIKE;
}

/** What one training came to. */
export interface SpikesResult {
  seed: number;
  /** See {@link riseOf}; of the loss on the training points. */
  rise: number;
  /** Mean cross-entropy on the test points at the end, in nats. */
  testLoss: number;
  testAccuracy: number;
}

/** Trains, and tests at the end alone. */
export const measureSpikes: Measurement<[parameters: ScheduledParameters], SpikesResult> = measurement(
  function* (parameters) {
    const task = drawTask(parameters);
    const { network, history } = yield* trained(wishOf(parameters, task));
    const tested = evaluate(network, task.data.test);
    return {
      seed: parameters.seed,
      rise: riseOf(history.map(({ train }) => train.loss)),
      testLoss: tested.loss,
      testAccuracy: tested.accuracy,
    };
  },
);

/** The training losses of one network, before the first epoch and after each, by schedule. */
export interface Courses extends Readonly<Record<Schedule, readonly number[]>> {
  seed: number;
  learningRate: number;
}

/** Trains the same network in both ways. */
export function coursesOf(parameters: TaskParameters): Courses {
  const task = drawTask(parameters);
  const lossesWith = (schedule: Schedule): number[] => {
    const { history } = alone(trained(wishOf({ ...parameters, schedule }, task)));
    return history.map(({ train }) => train.loss);
  };
  const { seed, learningRate } = parameters;
  return { seed, learningRate, constant: lossesWith("constant"), decaying: lossesWith("decaying") };
}
