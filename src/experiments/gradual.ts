/** Trainings that are looked at on their way, as a panel has them; what they end on is what a measurement ends on. */
import { type Gradual, type Moment, trainGradually } from "../core/network/gradual.js";
import type { Training } from "../core/network/train.js";
import { trainAll } from "../core/network/train-all.js";
import type { TrainOptions } from "../core/network/train-options.js";
import type { Steps } from "./measurement.js";
import { drawTask, type TaskOptions, type TaskParameters, type TrainedTask, trainOptionsOf } from "./task.js";

/** `runTask`, epoch by epoch. */
export function taskGradually(parameters: TaskParameters, options?: TaskOptions): Gradual<TrainedTask> {
  const task = drawTask(parameters);
  return mapped(trainGradually(trainOptionsOf(parameters, task, options)), (training) => ({
    ...task,
    training,
  }));
}

/** The same, seen as something made of it; that is made only where somebody looks. */
export function* mapped<From, To>(training: Gradual<From>, make: (trained: From) => To): Gradual<To> {
  for (;;) {
    const { done, value } = training.next();
    if (done) return make(value);
    yield { ...value, now: () => make(value.now()) };
  }
}

/** Trainings side by side, an epoch of each at a time; one that has ended waits for the others. */
export function* trainedGradually(all: readonly TrainOptions[]): Gradual<Training[]> {
  const trainings = all.map(trainGradually);
  let moments: Moment<Training>[] = [];
  for (;;) {
    const steps = trainings.map((training) => training.next());
    moments = steps.map(({ done, value }, i) =>
      done ? { ...moments[i], now: () => value ?? moments[i].now() } : value,
    );
    const now = (): Training[] => moments.map((moment) => moment.now());
    if (steps.every(({ done }) => done)) return now();
    const furthest = (of: keyof Moment<unknown> & ("epoch" | "epochs")): number =>
      Math.max(...moments.map((moment) => moment[of]));
    yield { epoch: furthest("epoch"), epochs: furthest("epochs"), now };
  }
}

/** The trainings that a measurement wishes for first. */
export function wishesOf(steps: Steps<unknown>): readonly TrainOptions[] {
  const { done, value } = steps.next([]);
  return done ? [] : value;
}

/** What a measurement makes of the trainings that it wishes for first; whatever else it wishes for is trained. */
export function madeOf<Result>(steps: Steps<Result>, trainings: readonly Training[]): Result {
  steps.next([]);
  let next = steps.next(trainings.map((result) => ({ result })));
  while (!next.done) next = steps.next(trainAll(next.value));
  return next.value;
}

/** A measurement, an epoch of a training at a time, with nothing to see before its end. */
export function* inBreaths<Result>(steps: Steps<Result>): Generator<void, Result> {
  for (let answers: { result: Training }[] = []; ; ) {
    const { done, value } = steps.next(answers);
    if (done) return value;
    answers = [];
    for (const options of value) {
      const training = trainGradually(options);
      let next = training.next();
      for (; !next.done; next = training.next()) yield;
      answers.push({ result: next.value });
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
  begin: (found: Found) => Gradual<Trained>,
): Gradual<Trained> {
  let training: Gradual<Trained> | undefined;
  let first: Moment<Trained> | undefined;
  const searchOn = (): void => {
    const { done, value } = search.next();
    if (!done) return;
    training = begin(value);
    const start = training.next();
    first = start.done ? { epoch: epochs, epochs, now: () => start.value } : start.value;
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

/** A training that keeps what it last ended on: asked for with the same values again, it is there at once. */
export function kept<Values, Trained>(
  training: (values: Values) => Gradual<Trained>,
): (values: Values) => Gradual<Trained> {
  let last: { key: string; trained: Trained } | undefined;
  return function* (values) {
    const key = JSON.stringify(values);
    if (last?.key !== key) last = { key, trained: yield* training(values) };
    return last.trained;
  };
}

/** A function that keeps what it last made, and makes it anew for other values only. */
export function remembered<Values extends unknown[], Made>(
  make: (...values: Values) => Made,
): (...values: Values) => Made {
  let last: { key: string; made: Made } | undefined;
  return (...values) => {
    const key = JSON.stringify(values);
    if (last?.key !== key) last = { key, made: make(...values) };
    return last.made;
  };
}
