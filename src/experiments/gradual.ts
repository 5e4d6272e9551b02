/** Trainings that are looked at on their way, as a panel has them; what they end on is what a measurement ends on. */

import { type Stage, trainGradually } from "../core/network/gradual.js";
import type { Network } from "../core/network/network.js";
import { type Training, train } from "../core/network/train.js";
import type { TrainOptions } from "../core/network/train-options.js";
import { type Settled, settle } from "../core/settled.js";
import type { Steps } from "./measurement.js";
import type { Moment } from "./panel.js";
import { drawTask, type TaskOptions, type TaskParameters, type TrainedTask, trainingSteps } from "./task.js";

/** What goes on epoch by epoch. */
export type Gradual<Trained> = Generator<Moment<Trained>, Trained>;

/** The same, seen as something made of it; that is made only where somebody looks. */
export function* mapped<From, To>(training: Gradual<From>, make: (trained: From) => To): Gradual<To> {
  for (;;) {
    const { done, value } = training.next();
    if (done) return make(value);
    yield { ...value, now: () => make(value.now()) };
  }
}

/**
 * A measurement, epoch by epoch: its trainings go on side by side, and what it makes of them is made wherever somebody looks.
 * Which trainings it wishes for must not depend on what came of others, but for those that count: these are done at once, and
 * each only once.
 *
 * @param steps - takes the steps of the measurement from their beginning
 */
export function* measuredGradually<Result>(steps: () => Steps<Result>): Gradual<Result> {
  const trainings: OnTheWay[] = [];
  const counted = new Map<Network, Settled<Training>>();
  const answer = (options: TrainOptions, index: number): Settled<Training> => {
    trainings[index] ??= begun(trainGradually(options));
    return { result: trainings[index].now() };
  };
  const count = (options: TrainOptions): Settled<Training> => {
    const known = counted.get(options.network) ?? settle(() => train(options));
    counted.set(options.network, known);
    return known;
  };
  const now = (): Result => {
    const own = steps();
    let index = 0;
    for (let answers: Settled<Training>[] = []; ; ) {
      const { done, value } = own.next(answers);
      if (done) return value;
      answers = value.map((options) => (options.count ? count(options) : answer(options, index++)));
    }
  };
  // the first look begins what there is to train
  let first: { result: Result } | undefined = { result: now() };
  const furthest = (of: (training: OnTheWay) => number): number => Math.max(0, ...trainings.map(of));
  for (;;) {
    const begin = first;
    yield {
      epoch: furthest(({ epoch }) => epoch),
      epochs: furthest(({ epochs }) => epochs),
      now: begin ? () => begin.result : now,
    };
    first = undefined;
    for (const training of trainings) training.goOn();
    if (trainings.every(({ isDone }) => isDone)) return now();
  }
}

/** `runTask`, epoch by epoch. */
export function taskGradually(parameters: TaskParameters, options?: TaskOptions): Gradual<TrainedTask> {
  const task = drawTask(parameters);
  return measuredGradually(function* () {
    return { ...task, training: yield* trainingSteps(parameters, task, options) };
  });
}

/** A training that is somewhere between its first epoch and its end. */
interface OnTheWay extends Stage {
  isDone: boolean;
  goOn(): void;
}

function begun(training: Generator<Stage, Training>): OnTheWay {
  const self: OnTheWay = {
    epoch: 0,
    epochs: 0,
    isDone: false,
    now: () => {
      throw new Error("a training has no state before its first stage");
    },
    goOn() {
      const { done, value } = training.next();
      if (!done) Object.assign(self, value);
      else {
        self.isDone = true;
        self.now = () => value;
      }
    },
  };
  self.goOn();
  return self;
}

/** A measurement, an epoch of a training at a time, with nothing to see before its end. */
export function* inBreaths<Result>(steps: Steps<Result>): Generator<void, Result> {
  for (let answers: Settled<Training>[] = []; ; ) {
    const { done, value } = steps.next(answers);
    if (done) return value;
    answers = [];
    for (const options of value) {
      const training = begun(trainGradually(options));
      for (; !training.isDone; training.goOn()) yield;
      answers.push({ result: training.now() });
    }
  }
}

/**
 * A training that depends on what has to be found out first: until then time passes, and no epoch does.
 *
 * @param epochs - of the training
 */
export function* afterwards<Found, Trained>(
  search: Generator<void, Found>,
  epochs: number,
  train: (found: Found) => Gradual<Trained>,
): Gradual<Trained> {
  let training: Gradual<Trained> | undefined;
  let first: Moment<Trained> | undefined;
  const searchOn = (): void => {
    const { done, value } = search.next();
    if (!done) return;
    training = train(value);
    const { done: isDone, value: begin } = training.next();
    first = isDone ? { epoch: epochs, epochs, now: () => begin } : begin;
  };
  const now = (): Trained => {
    while (first === undefined) searchOn();
    return first.now();
  };
  while (training === undefined) {
    yield { epoch: 0, epochs, now };
    if (training === undefined) searchOn();
  }
  if (first !== undefined) yield first;
  return yield* training;
}
