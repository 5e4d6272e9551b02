/** What a recording is of: two have the same key only if the same was measured, seed by seed. */
import { digestOf } from "../core/digest.js";
import type { Study } from "../experiments/study.js";
import type { SweepParameters } from "../experiments/task.js";
import { type Json, textOf, toJson } from "./codec.js";

/** What names a study. */
export interface StudyName {
  experiment: string;
  study: string;
}

/** What is measured at once: a point of a seed. */
export interface Place {
  seed: number;
  /** From 0. */
  point: number;
}

/** A study's points, whatever else of it. */
export type Points<Parameters, Point> = Pick<Study<Parameters, Point, unknown, unknown>, "points">;

/** Parameters with a seed that is shown, which no study measures. */
export type SeededParameters = SweepParameters & { seed: number };

/** What is asked of a study instead of the seeds that it happens to be recorded with: how its points go by the seed. */
const NEUTRAL_SEEDS: readonly number[] = [1, 2, 1000];

/** Which seeds are swept; nothing that is measured for a seed goes by it. */
const SWEEP: ReadonlySet<string> = new Set(["sweepSeeds", "firstSeed"] satisfies (keyof SweepParameters)[]);

/** The points of a study for a seed; the seed that is shown does not matter. */
export function pointsOf<Parameters extends SeededParameters, Point>(
  study: Points<Parameters, Point>,
  parameters: Parameters,
  seed: number,
): readonly Point[] {
  return study.points({ ...parameters, seed }, seed);
}

/**
 * The key of a study: 16 hexadecimal digits that change with its name and with whatever alters what is measured for a
 * seed, and with nothing else.
 *
 * @throws TypeError when the points are no plain data
 */
export function studyKey<Parameters extends SeededParameters>(
  { experiment, study }: StudyName,
  points: Points<Parameters, unknown>,
  parameters: Parameters,
): string {
  const measured = NEUTRAL_SEEDS.map((seed) =>
    pointsOf(points, parameters, seed).map((point) => withoutSweep(toJson(point, "point"))),
  );
  return digestOf(textOf([experiment, study, measured]));
}

function withoutSweep(point: Json): Json {
  if (typeof point !== "object" || point === null || Array.isArray(point)) return point;
  return Object.fromEntries(Object.entries(point).filter(([name]) => !SWEEP.has(name)));
}
