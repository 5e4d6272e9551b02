/** What runs in a worker thread: an experiment at a few points of a grid. */
import { kindOf, trainAll } from "../core/network/train-all.js";
import { type Settled, settle } from "../core/settled.js";
import { isMeasurement, sideBySide } from "../experiments/measurement.js";
import { type Location, load } from "./locate.js";

/** A few points of a grid. */
export interface Chunk {
  experiment: Location;
  points: readonly unknown[];
  /** Milliseconds after which no further point is begun, where one is measured after the other. */
  budget: number;
}

/** An error as texts, since what hangs on it might not be fit to be sent. */
export type ErrorTexts = Record<"name" | "message" | "stack", string>;

/** What is said of a result that cannot travel between threads. */
export const UNCLONABLE = "the result could not be cloned; it must be plain data, no function and no promise";

/** What came of one point. */
export type Outcome = { result: unknown } | { error: ErrorTexts };

/** What came of a chunk. */
export interface Done {
  /** Of the first points, at least of one. */
  outcomes: Outcome[];
  /** How long it took. */
  milliseconds: number;
}

/** Runs the experiment at the points; see {@link measurePoints}. */
export function runChunk({ experiment, points, budget }: Chunk): Done {
  return measurePoints(load(experiment), points, budget);
}

/**
 * Measures at the points: side by side those from the first on that train alike, where the experiment is a measurement
 * in steps; else one after the other until they or the time are used up.
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

/** The texts of whatever was thrown. */
export function textsOf(thrown: unknown): ErrorTexts {
  const { name, message, stack = "" } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { name, message, stack };
}
