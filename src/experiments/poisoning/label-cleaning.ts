/** Label cleaning: a defence that needs only the data and works before training. */
import type { Dataset } from "../../core/moons.js";
import { byDistance } from "./attacks.js";

/**
 * The points whose class is not that of the majority of their `neighbours` nearest other points, as indices; a tie does not
 * count (Paudice, Muñoz-González and Lupu 2018, Label sanitization against label flipping poisoning attacks, with their
 * threshold η at 1/2). The defence gives them the other class, all at once.
 *
 * @param neighbours - k, >= 1; where there are fewer other points, all of them
 */
export function outvoted(data: Dataset, neighbours: number): number[] {
  const labels = data.labels.to1DArray();
  const all = [...labels.keys()];
  const k = Math.min(neighbours, all.length - 1);
  return all.filter((i) => {
    const nearest = byDistance(data, i, all).slice(1, k + 1);
    return 2 * nearest.filter((j) => labels[j] !== labels[i]).length > k;
  });
}
