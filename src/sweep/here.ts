/** Stands in for the workers where they cannot find the experiment: this thread, a point at a time. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Done, measurePoints, UNCLONABLE } from "./worker.js";

/**
 * Runs the experiment at one point, on a copy, and copies what it gives: what a worker could not be sent fails
 * here, too. Before it, progress and the interrupt button have their turn.
 *
 * @throws what `stop` was aborted with, when it is
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
