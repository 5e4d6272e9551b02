/** Runs an experiment at a few points of a grid, in a worker thread. */
import { kindOf, trainAll } from "../core/network/train-all.js";
import { type Settled, settle } from "../core/settled.js";
import { isMeasurement, sideBySide } from "../experiments/measurement.js";
import { type Location, load } from "./locate.js";

/** A few points of a grid. */
export interface Chunk {
  experiment: Location;
  points: readonly unknown[];
  /** Milliseconds after which no further point is started, if points are measured one after the other. */
  budget: number;
}

/** An error as texts, because its other properties may not be cloneable. */
export type ErrorTexts = Record<"name" | "message" | "stack", string>;

/** The message for a result that cannot be sent between threads. */
export const UNCLONABLE =
  "the result must be plain data, without functions and promises: it could not be cloned";

/** The outcome of one point. */
export type Outcome = { result: unknown } | { error: ErrorTexts };

/** The outcome of a chunk. */
export interface Done {
  /** Outcomes of the first one or more points. */
  outcomes: Outcome[];
  /** Time taken. */
  milliseconds: number;
}

/** Loads the experiment and runs it; see {@link measurePoints}. */
export function runChunk({ experiment, points, budget }: Chunk): Done {
  return measurePoints(load(experiment), points, budget);
}

/**
 * Runs an experiment at some points. If it is made with `measurement()`, the leading points with similar trainings run side
 * by side; otherwise points run one after the other until the time is used up.
 */
export function measurePoints(
  measure: (point: unknown) => unknown,
  points: readonly unknown[],
  budget: number,
): Done {
  const start = performance.now();
  const settled = isMeasurement(measure)
    ? sideBySide(points, measure, trainAll, kindOf)
    : oneByOne(measure, points, start + budget);
  return {
    outcomes: settled.map((own) => ("error" in own ? { error: textsOf(own.error) } : own)),
    milliseconds: performance.now() - start,
  };
}

function oneByOne(
  measure: (point: unknown) => unknown,
  points: readonly unknown[],
  end: number,
): Settled<unknown>[] {
  const settled: Settled<unknown>[] = [];
  for (const point of points) {
    settled.push(settle(() => measure(point)));
    if (performance.now() >= end) break;
  }
  return settled;
}

/** Extracts the texts of anything thrown. */
export function textsOf(thrown: unknown): ErrorTexts {
  const { name, message, stack = "" } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { name, message, stack };
}
