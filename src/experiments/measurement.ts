/**
 * How a measurement gets its trainings: it is a generator that yields the options of the trainings that it wants and
 * receives their results. So the trainings of many points of a grid can run at once.
 */

import type { Training } from "../core/network/train.js";
import { trainAll } from "../core/network/train-all.js";
import type { TrainOptions } from "../core/network/train-options.js";
import { resultOf, type Settled, settle } from "../core/settled.js";

/** The steps of a measurement, from one request for trainings to the next; see {@link trained} and {@link together}. */
export type Steps<Result> = Generator<readonly TrainOptions[], Result, Answers>;

/** The results of the requested trainings, in their order. */
type Answers = readonly Settled<Training>[];

/** Trains with each of the options; `trainAll` of the core, or another one with the same results. */
export type TrainAll = (options: readonly TrainOptions[]) => Answers;

/** A function that trains. */
export interface Measurement<Values extends unknown[], Result> {
  /** Trains as it goes. */
  (...values: Values): Result;
  /** The same in steps, for other measurements and for {@link sideBySide}. */
  readonly steps: (...values: Values) => Steps<Result>;
}

/** Makes a function that trains from its steps. */
export function measurement<Values extends unknown[], Result>(
  steps: (...values: Values) => Steps<Result>,
): Measurement<Values, Result> {
  return Object.assign((...values: Values) => alone(steps(...values)), { steps });
}

/** Runs steps by themselves. */
export function alone<Result>(steps: Steps<Result>): Result {
  return driven(steps, trainAll);
}

/** Whether a function has steps. */
export function isMeasurement<Values extends unknown[], Result>(
  measure: (...values: Values) => Result,
): measure is Measurement<Values, Result> {
  return "steps" in measure;
}

/**
 * One training.
 *
 * @throws what `train` throws
 */
export function* trained(options: TrainOptions): Steps<Training> {
  const [answer] = yield [options];
  return resultOf(answer);
}

/**
 * Steps that do not wait for each other: their trainings are requested together.
 *
 * @returns the results, in order
 * @throws the error of the first, in order, that failed
 */
export function* together<Result>(all: readonly Steps<Result>[]): Steps<Result[]> {
  const outcomes = yield* inRounds(all.map((steps) => advance(steps)));
  return outcomes.map(resultOf);
}

/**
 * Measures at many points in rounds: each round trains what all points request, until all are done. An error
 * of one point is its outcome and affects no other.
 *
 * @param kindOf - ends the list before the first point whose first request is of another kind than those before it
 * @returns the outcome of each point of the list, in order
 */
export function sideBySide<Point, Result>(
  points: readonly Point[],
  { steps }: Measurement<[point: Point], Result>,
  trainAll: TrainAll,
  kindOf: (wish: TrainOptions) => unknown = () => "any",
): Settled<Result>[] {
  const begun: Progress<Result>[] = [];
  let kind: unknown;
  for (const point of points) {
    const first = advance(
      (function* () {
        return yield* steps(point);
      })(),
    );
    if ("wishes" in first) {
      const own = kindOf(first.wishes[0]);
      kind ??= own;
      if (own !== kind) break;
    }
    begun.push(first);
  }
  return driven(inRounds(begun), trainAll);
}

/** The state of steps: their next request, or their outcome. */
type Progress<Result> = { steps: Steps<Result>; wishes: readonly TrainOptions[] } | Settled<Result>;

function advance<Result>(steps: Steps<Result>, answers: Answers = []): Progress<Result> {
  const next = settle(() => steps.next(answers));
  if ("error" in next) return next;
  const { done, value } = next.result;
  return done ? { result: value } : { steps, wishes: value };
}

function* inRounds<Result>(begun: readonly Progress<Result>[]): Steps<Settled<Result>[]> {
  for (let all = begun; ; ) {
    if (all.every((own): own is Settled<Result> => !("wishes" in own))) return [...all];
    const answers = [...(yield all.flatMap((own) => ("wishes" in own ? own.wishes : [])))];
    all = all.map((own) =>
      "wishes" in own ? advance(own.steps, answers.splice(0, own.wishes.length)) : own,
    );
  }
}

function driven<Result>(steps: Steps<Result>, trainAll: TrainAll): Result {
  for (let answers: Answers = []; ; ) {
    const { done, value } = steps.next(answers);
    if (done) return value;
    answers = trainAll(value);
  }
}
