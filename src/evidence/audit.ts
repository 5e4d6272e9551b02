/** Measures recorded results again and compares them to the bit. */
import type { Runner } from "../experiments/runner.js";
import type { Study } from "../experiments/study.js";
import { textOf } from "./codec.js";
import type { Row } from "./file.js";
import { type Place, pointsOf, type SeededParameters } from "./key.js";

/** The outcome of an audit. */
export interface Audit {
  /** Where results were measured again. */
  places: readonly Place[];
  /** Where the recording differs; empty when all is the same to the bit. */
  differences: readonly Place[];
}

/** The same places every time: the first point of the first seed and of the middle one. */
export function fixedPlaces(rows: readonly Row[]): Place[] {
  const indexes = new Set(rows.length === 0 ? [] : [0, Math.floor(rows.length / 2)]);
  return [...indexes].map((i) => ({ seed: rows[i].seed, point: 0 }));
}

/** All points of all seeds, sorted by point so that similar trainings can run together. */
export function allPlaces(rows: readonly Row[]): Place[] {
  return rows
    .flatMap(({ seed, results }) => results.map((_, point) => ({ seed, point })))
    .sort((a, b) => a.point - b.point);
}

/**
 * Draws distinct places at random.
 *
 * @param count - how many to draw; fewer if no more are left
 * @param random - returns a number >= 0 and < 1, such as Math.random
 * @param but - places not to draw
 */
export function drawnPlaces(
  rows: readonly Row[],
  count: number,
  random: () => number,
  but: readonly Place[] = [],
): Place[] {
  const left = allPlaces(rows).filter(
    (place) => !but.some(({ seed, point }) => seed === place.seed && point === place.point),
  );
  const drawn: Place[] = [];
  while (drawn.length < count && left.length > 0) {
    drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return drawn;
}

/**
 * Measures the given places again and compares.
 *
 * @throws whatever the runner throws
 */
export async function audit<Parameters extends SeededParameters, Point>(
  study: Pick<Study<Parameters, Point, unknown, unknown>, "points" | "measure">,
  parameters: Parameters,
  rows: readonly Row[],
  places: readonly Place[],
  run: Runner,
): Promise<Audit> {
  const recorded = new Map(rows.map(({ seed, results }) => [seed, results]));
  const again = await run(
    places.map(({ seed, point }) => pointsOf(study, parameters, seed)[point]),
    study.measure,
  );
  const differences = places.filter(
    ({ seed, point }, i) => textOf(again[i]) !== textOf(recorded.get(seed)?.[point]),
  );
  return { places, differences };
}
