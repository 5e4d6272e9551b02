/**
 * Runs an experiment at every point of a grid, on worker threads, or in this thread if no worker can load the
 * experiment. The results are those of a plain loop, to the bit.
 */
import { setMaxListeners } from "node:events";
import { isAbsolute } from "node:path";
import * as z from "zod/mini";
import { parse, such } from "../core/validate.js";
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
   * Number of worker threads, 1 to 256; by default the value of the environment variable GLASS_HOUSE_WORKERS, or the
   * number of cores. Even a single worker leaves this thread free to show progress and to be interrupted.
   */
  workers?: number;
  /** Called with the number of points done and the total, once to ten times a second. */
  onProgress?: OnProgress;
  /** Called with each result and its position in the grid, in the order of completion. If it throws, the sweep stops. */
  onResult?: (index: number, result: unknown) => void;
  /** Stops the sweep. */
  signal?: AbortSignal;
  /**
   * Absolute paths of further CommonJS modules that may export the experiment, such as
   * `require.resolve("./mine.js")`.
   */
  modules?: readonly string[];
  /** Called with a sentence if the sweep has to run in this thread; `console.log` by default. */
  onNote?: (sentence: string) => void;
}

const functionSchema = <F extends (...values: never[]) => unknown>(): z.ZodMiniType<F> =>
  such("a function", (value) => typeof value === "function");

const schema = z.strictObject({
  workers: z.optional(workersSchema),
  onProgress: z.optional(functionSchema<OnProgress>()),
  onResult: z.optional(functionSchema<(index: number, result: unknown) => void>()),
  signal: z.optional(such<AbortSignal>("an AbortSignal", (value) => value instanceof AbortSignal)),
  modules: z.optional(
    z.array(z.string().check(z.refine(isAbsolute), z.meta({ title: "the absolute path of a module" }))),
  ),
  onNote: z.optional(functionSchema<(sentence: string) => void>()),
});

const gridSchema = z.array(z.unknown()).check(z.meta({ title: "a list of hyperparameters" }));

/**
 * Runs an experiment at every point of a grid, on several cores if a module exports it. With two arguments it is a
 * {@link Runner}.
 *
 * The workers stay ready for the next sweep, do not keep the process alive, and end with `closeWorkers()`. In
 * a notebook the interrupt button stops a sweep that is awaited, even in the middle of a point.
 *
 * A measurement made with `measurement()` runs at many points side by side, so that their trainings can share the work;
 * an error still belongs to its own point.
 *
 * A function that no module exports, such as one defined in a cell, runs in this thread, one point after the other,
 * which `onNote` announces. Progress and interrupts are then handled between points.
 *
 * @param grid - the hyperparameters of each point, as plain data
 * @param experiment - a pure function from hyperparameters to measurements, as plain data; to use several cores, it must
 * be exported by a module in experiments/ or by one of `modules`
 * @returns the measurements, in the order of the grid
 * @throws TypeError or RangeError before anything runs, when an argument is wrong
 * @throws SweepError when points failed; holds the results of the others. If a worker dies, its current point fails
 * @throws SweepInterruptedError when the sweep was stopped; holds the results so far
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
      `${experiment.name || "The function"} is not exported by a module that workers can load: ` +
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
  // every busy worker adds a listener
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
