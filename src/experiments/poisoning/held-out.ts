/** Holding out part of the training data, to know when to stop. */
import { type Dataset, selectPoints } from "../../core/moons.js";
import { randomStream } from "../../core/random.js";

/** A dataset cut in two. */
export interface HeldOut {
  /** The points to learn from. */
  train: Dataset;
  /** The held-out points. */
  heldOut: Dataset;
}

/**
 * Holds out a random share of the points, at least one; at least one is left to learn from. Both parts keep
 * the order of the data.
 *
 * @param data - at least two points
 * @param share - of the points to hold out, between 0 and 1
 * @param seed - of the choice
 */
export function holdOut(data: Dataset, share: number, seed: number): HeldOut {
  const n = data.labels.rows;
  const count = Math.max(1, Math.min(n - 1, Math.round(share * n)));
  const order = Int32Array.from({ length: n }, (_, i) => i);
  randomStream("held out", seed).shuffle(order);
  return {
    heldOut: selectPoints(data, [...order.slice(0, count).sort()]),
    train: selectPoints(data, [...order.slice(count).sort()]),
  };
}
