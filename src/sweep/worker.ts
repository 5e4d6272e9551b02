/** What runs in a worker thread: an experiment at a few points of a grid, one after the other. */
import { type Location, load } from "./locate.js";

/** A few points of a grid. */
export interface Chunk {
  experiment: Location;
  points: readonly unknown[];
  /** Milliseconds after which no further point is begun. */
  budget: number;
}

/** An error as texts, since what hangs on it might not be fit to be sent. */
export type ErrorTexts = Record<"name" | "message" | "stack", string>;

/** What is said of a result that cannot travel between threads. */
export const UNCLONABLE = "the result could not be cloned; it must be plain data";

/** What came of one point. */
export type Outcome = { result: unknown } | { error: ErrorTexts };

/**
 * Runs the experiment at the points until they or the time are used up.
 *
 * @returns what came of the first points, at least of one
 */
export function runChunk({ experiment, points, budget }: Chunk): Outcome[] {
  const measure = load(experiment);
  const end = performance.now() + budget;
  const outcomes: Outcome[] = [];
  for (const point of points) {
    outcomes.push(outcomeAt(() => measure(point)));
    if (performance.now() >= end) break;
  }
  return outcomes;
}

/** What comes of measuring one point. */
export function outcomeAt(measure: () => unknown): Outcome {
  try {
    return { result: measure() };
  } catch (thrown) {
    return { error: textsOf(thrown) };
  }
}

/** The texts of whatever was thrown. */
export function textsOf(thrown: unknown): ErrorTexts {
  const { name, message, stack = "" } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { name, message, stack };
}
