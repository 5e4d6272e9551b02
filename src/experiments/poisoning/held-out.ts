/** Holding out part of the training data, to know when to stop. */
import { type Dataset, selectPoints } from "../../core/moons.js";
import { shuffled } from "./attacks.js";

/**
 * Holds out a random share of the points, at least one; at least one is left to learn from. Both parts keep
 * the order of the data.
 *
 * @param data - at least two points
 * @param share - of the points to hold out, between 0 and 1
 * @param seed - of the choice
 */
export function holdOut(data: Dataset, share: number, seed: number): { train: Dataset; heldOut: Dataset } {
  const n = data.labels.rows;
  const count = Math.max(1, Math.min(n - 1, Math.round(share * n)));
  const chosen = shuffled(n, "held out", seed);
  const part = (indices: number[]): Dataset =>
    selectPoints(
      data,
      indices.sort((a, b) => a - b),
    );
  return { heldOut: part(chosen.slice(0, count)), train: part(chosen.slice(count)) };
}
