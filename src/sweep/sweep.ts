/**
 * Runs an experiment at every point of a grid, over worker threads, or in this thread where no worker can find the
 * experiment. It schedules and collects, and knows nothing of what is measured; the results are those of the plain
 * loop, to the bit.
 */
import { setMaxListeners } from "node:events";
import { isAbsolute } from "node:path";
import * as z from "zod/mini";
import { parse } from "../core/validate.js";
import { isMeasurement } from "../experiments/measurement.js";
import type { OnProgress } from "../experiments/runner.js";
import { SweepError, type SweepFailure, SweepInterruptedError } from "./errors.js";
import { heartbeat } from "./heartbeat.js";
import { runHere } from "./here.js";
import { onInterrupt } from "./interrupt.js";
import { locate } from "./locate.js";
import { workerPool } from "./pool.js";
import { ONE_BY_ONE, SIDE_BY_SIDE, shareOut } from "./share-out.js";
import type { Done, Outcome } from "./worker.js";
import { defaultWorkers, workersSchema } from "./worker-count.js";

/** How to sweep. */
export interface SweepOptions {
  /**
   * Number of worker threads, 1 to 256; by default what the environment variable GLASS_HOUSE_WORKERS says,
   * or else as many as the machine runs at once. With 1, too, it is a worker that does the work: this thread
   * stays free to show progress and to be interrupted.
   */
  workers?: number;
  /** Told at most about ten times, and at least once, a second how many points are done, and of how many. */
  onProgress?: OnProgress;
  /** Told each result at once, with its position in the grid, in the order in which they come. What it throws stops the sweep. */
  onResult?: (index: number, result: unknown) => void;
  /** Stops the sweep. */
  signal?: AbortSignal;
  /**
   * Absolute paths of further CommonJS modules that may export the experiment, such as
   * `require.resolve("./mine.js")`.
   */
  modules?: readonly string[];
  /** Told, in one sentence, when all has to run in this thread; by default `console.log`. */
  onNote?: (sentence: string) => void;
}

const functionSchema = <F extends (...values: never[]) => unknown>(): z.ZodMiniType<F> =>
  z.custom<F>((value) => typeof value === "function").check(z.meta({ title: "a function" }));

const schema = z.strictObject({
  workers: z.optional(workersSchema),
  onProgress: z.optional(functionSchema<OnProgress>()),
  onResult: z.optional(functionSchema<(index: number, result: unknown) => void>()),
  signal: z.optional(
    z.custom<AbortSignal>((value) => value instanceof AbortSignal).check(z.meta({ title: "an AbortSignal" })),
  ),
  modules: z.optional(
    z.array(z.string().check(z.refine(isAbsolute), z.meta({ title: "the absolute path of a module" }))),
  ),
  onNote: z.optional(functionSchema<(sentence: string) => void>()),
});

const gridSchema = z.array(z.unknown()).check(z.meta({ title: "a list of hyperparameters" }));

/**
 * Does an experiment at every point of a grid, on several cores where a module exports it. A {@link Runner} when
 * called with two arguments.
 *
 * The workers stay ready for the next sweep, do not keep the process alive, and end with `closeWorkers()`. In
 * a notebook the interrupt button stops a sweep that is awaited; what ran is ended, in the middle of a point
 * if need be.
 *
 * A measurement in steps is run at many points side by side, so that their trainings can be done together; what a point
 * throws is its own failure there, too.
 *
 * A function that no module exports, such as one that a cell defines, runs in this thread, one point after the other,
 * and `onNote` is told so. Then progress and interrupts have their turn between two points.
 *
 * @param grid - the hyperparameters of each point, as plain data
 * @param experiment - a pure function from hyperparameters to measurements, as plain data; to run on several cores,
 * exported by a module in experiments/ or by one of `modules`
 * @returns the measurements, in the order of the grid
 * @throws TypeError or RangeError before anything runs, when an argument is wrong
 * @throws SweepError when points failed, with the results of the others; a worker that dies counts as a
 * failure of the point it was at
 * @throws SweepInterruptedError when it was stopped, with the results so far
 */
export async function sweep<Point, Result>(
  grid: readonly Point[],
  experiment: (point: Point) => Result,
  options: SweepOptions = {},
): Promise<Result[]> {
  parse(gridSchema, grid, "grid");
  parse(functionSchema(), experiment, "experiment");
  const {
    workers = defaultWorkers(),
    onProgress = () => {},
    onResult = () => {},
    signal,
    modules = [],
    onNote = console.log,
  } = parse(schema, options);
  const location = locate(experiment, modules);
  if (!location && grid.length > 0) {
    onNote(
      `${experiment.name || "The function"} is exported by no module that a worker could load: ` +
        `the sweep runs in this thread, one point after the other.`,
    );
  }

  const results: (Result | undefined)[] = grid.map(() => undefined);
  const failures: SweepFailure<Point>[] = [];
  let done = 0;
  const settle = (index: number, outcome: Outcome): void => {
    done++;
    if ("error" in outcome) {
      failures.push({ index, point: grid[index], error: Object.assign(new Error(), outcome.error) });
      return;
    }
    results[index] = outcome.result as Result;
    tell(() => onResult(index, outcome.result));
  };

  const own = new AbortController();
  const tell = (listener: () => void): void => {
    try {
      listener();
    } catch (error) {
      own.abort(error);
    }
  };
  const pool = location && workerPool();
  const inWorkers = isMeasurement(experiment) ? SIDE_BY_SIDE : ONE_BY_ONE;
  const sizes = pool ? inWorkers : { ...ONE_BY_ONE, most: 1 };
  const stop = AbortSignal.any([own.signal, ...(pool ? [pool.closed] : []), ...(signal ? [signal] : [])]);
  // every worker at work listens to it
  setMaxListeners(0, stop);
  const unlisten = await onInterrupt(() => own.abort(new Error("SIGINT (the interrupt button, or Ctrl-C)")));
  const endHeartbeat = heartbeat(
    () => done,
    (count) => tell(() => onProgress(count, grid.length)),
  );
  try {
    const runPoints = async (indexes: readonly number[]): Promise<Done> =>
      pool
        ? pool.run({ experiment: location, points: indexes.map((i) => grid[i]), budget: sizes.time }, stop)
        : runHere(experiment, grid[indexes[0]], stop);
    await shareOut(grid.length, pool ? workers : 1, sizes, runPoints, settle, stop);
  } finally {
    endHeartbeat();
    unlisten();
  }

  failures.sort((a, b) => a.index - b.index);
  if (stop.aborted) throw new SweepInterruptedError(results, failures, done, stop.reason);
  if (failures.length > 0) throw new SweepError(results, failures);
  return results as Result[];
}
