/** Runs an experiment in this thread, one point at a time, when workers cannot load it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Done, measurePoints, UNCLONABLE } from "./worker.js";

/**
 * Runs the experiment at one point. Input and result are cloned, so that data that a worker could not exchange fails here
 * too. First yields to progress reports and the interrupt button.
 *
 * @throws the reason of `stop`, when it is aborted
 */
export async function runHere(
  experiment: (point: never) => unknown,
  point: unknown,
  stop: AbortSignal,
): Promise<Done> {
  await nextTurn();
  stop.throwIfAborted();
  return measurePoints(() => cloned(experiment(structuredClone(point) as never)), [point], 0);
}

function cloned(result: unknown): unknown {
  try {
    return structuredClone(result);
  } catch {
    throw new Error(UNCLONABLE);
  }
}
