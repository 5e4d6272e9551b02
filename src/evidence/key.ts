/** Keys of recordings: two are equal only if the same was measured, seed by seed. */
import { digestOf } from "../core/digest.js";
import type { Study } from "../experiments/study.js";
import type { SweepParameters } from "../experiments/task.js";
import { type Json, textOf, toJson } from "./codec.js";

/** The name of a study. */
export interface StudyName {
  experiment: string;
  study: string;
}

/** One measurement: a point of a seed. */
export interface Place {
  seed: number;
  /** Counted from 0. */
  point: number;
}

/** The part of a study that lists its points. */
export type Points<Parameters, Point> = Pick<Study<Parameters, Point, unknown, unknown>, "points">;

/** Parameters with the seed that a notebook shows; studies do not use it. */
export type SeededParameters = SweepParameters & { seed: number };

/** Sample seeds: the key must not depend on which seeds are recorded, only on how points depend on the seed. */
const NEUTRAL_SEEDS: readonly number[] = [1, 2, 1000];

/** Parameters that choose the seeds of a sweep; the result of a seed does not depend on them. */
const SWEEP: ReadonlySet<string> = new Set(["sweepSeeds", "firstSeed"] satisfies (keyof SweepParameters)[]);

/** The points of a study for a seed; the seed in `parameters` does not matter. */
export function pointsOf<Parameters extends SeededParameters, Point>(
  study: Points<Parameters, Point>,
  parameters: Parameters,
  seed: number,
): readonly Point[] {
  return study.points({ ...parameters, seed }, seed);
}

/**
 * The key of a study: 16 hexadecimal digits that depend only on its name and on what is measured for a seed.
 *
 * @throws TypeError when the points are not plain data
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
