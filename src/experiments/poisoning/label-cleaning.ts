/** Label cleaning: a defence that needs only the data and works before training. */
import type { Matrix } from "ml-matrix";
import type { Dataset } from "../../core/moons.js";
import { byDistance } from "./attacks.js";

/** The data after cleaning. */
export interface Cleaned {
  data: Dataset;
  /** Indices of the points whose class was changed. */
  relabelled: number[];
}

/**
 * Gives every point the class of the majority of its `neighbours` nearest other points; a tie leaves it as it
 * is (Paudice, Muñoz-González and Lupu 2018, Label sanitization against label flipping poisoning attacks,
 * with their threshold η at 1/2). All points are judged by the original labels, not by those already
 * changed.
 *
 * @param neighbours - k, >= 1; where there are fewer other points, all of them
 * @throws RangeError when `neighbours` is not a whole number >= 1
 */
export function relabelByNeighbours({ points, labels }: Dataset, neighbours: number): Cleaned {
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new RangeError(`neighbours must be a whole number >= 1, got ${neighbours}`);
  }
  const all = Array.from({ length: labels.rows }, (_, i) => i);
  const k = Math.min(neighbours, all.length - 1);
  const cleaned: Matrix = labels.clone();
  const relabelled = all.filter((i) => {
    const nearest = byDistance({ points, labels }, i, all).slice(1, k + 1);
    const others = nearest.filter((j) => labels.get(j, 0) !== labels.get(i, 0)).length;
    return 2 * others > k;
  });
  for (const i of relabelled) cleaned.set(i, 0, 1 - labels.get(i, 0));
  return { data: { points, labels: cleaned }, relabelled };
}

/** The result of a cleaning, for those who know the lies. */
export interface CleaningScore {
  /** How many of the lies have their true class again. */
  found: number;
  /** How many true labels it turned into wrong ones. */
  harmed: number;
}

/** Compares what was relabelled with what was flipped. */
export function scoreCleaning(relabelled: readonly number[], flipped: readonly number[]): CleaningScore {
  const found = relabelled.filter((i) => flipped.includes(i)).length;
  return { found, harmed: relabelled.length - found };
}
