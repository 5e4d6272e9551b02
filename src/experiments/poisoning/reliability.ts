/** How well a noisy measurement of many things tells them apart, found by measuring them twice. */
import { meanOf, rankCorrelation } from "../statistics.js";

/** The mean of each thing over several measurements of all of them. */
export function meansOver(rows: readonly (readonly number[])[]): number[] {
  return rows[0].map((_, i) => meanOf(rows.map((row) => row[i])));
}

/** The means over every other measurement, and over the rest. */
export function halvesOf(rows: readonly (readonly number[])[]): number[][] {
  return [0, 1].map((half) => meansOver(rows.filter((_, k) => k % 2 === half)));
}

/**
 * The reliability of the mean of all measurements: the rank correlation r of the mean of every other one with that of the
 * rest, corrected for half as many measurements, 2 r / (1 + r) (Spearman 1910, Correlation calculated from faulty data;
 * Brown 1910, Some experimental results in the correlation of mental abilities).
 *
 * @param rows - for each measurement, the values of all things; an even number of rows, >= 2
 * @returns from 0 to 1; 0 where the halves agree no better than by chance; NaN where nothing varies
 */
export function splitHalfReliability(rows: readonly (readonly number[])[]): number {
  const [one, other] = halvesOf(rows);
  const r = rankCorrelation(one, other);
  return Number.isNaN(r) ? r : Math.max(0, (2 * r) / (1 + r));
}

/**
 * The largest correlation that a prediction which knows nothing of the noise can have with the mean: that of the mean with
 * the truth behind it, the root of the reliability (Lord and Novick 1968, Statistical theories of mental test scores, 3.4).
 */
export function ceilingOf(rows: readonly (readonly number[])[]): number {
  return Math.sqrt(splitHalfReliability(rows));
}
