/** Stands in for the workers where they cannot find the experiment: this thread, a point at a time. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Outcome, outcomeAt, UNCLONABLE } from "./worker.js";

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
): Promise<Outcome> {
  await nextTurn();
  stop.throwIfAborted();
  return outcomeAt(() => cloned(experiment(structuredClone(point) as never)));
}

function cloned(result: unknown): unknown {
  try {
    return structuredClone(result);
  } catch {
    throw new Error(UNCLONABLE);
  }
}
