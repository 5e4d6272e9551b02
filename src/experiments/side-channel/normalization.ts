/** Normalization, and its effect on the leak. */
import type { Split } from "../../core/moons.js";
import { foldedBatchNorm } from "../../core/network/batch-norm.js";
import { forward } from "../../core/network/forward-backward.js";
import { blocksOf, type Network, withDense } from "../../core/network/network.js";
import { activeCounts, activityOf } from "./leakage.js";

/**
 * The same network without its batch normalization; see `foldedBatchNorm`.
 *
 * @throws RangeError when a layer is normalized in another way
 */
export function foldBatchNormalization(network: Network): Network {
  if (network.layers.some(({ kind }) => kind === "layer-norm")) {
    throw new RangeError('network must have no normalization but "batch" to be folded, got one with "layer"');
  }
  const folded = withDense(network, blocksOf(network).map(foldedBatchNorm));
  return { layers: folded.layers.filter(({ kind }) => kind !== "batch-norm") };
}

/** The changes by folding. */
export interface Folding {
  /** Test points, and those of them with the same count as before. */
  points: number;
  same: number;
  /** The largest difference between two logits; NaN where one is not a number. */
  gap: number;
}

/** Compares a network with the same without its batch normalization. */
export function compareFolded(network: Network, { test }: Split): Folding {
  const [before, after] = [network, foldBatchNormalization(network)].map((one) => {
    const pass = forward(one, test.points);
    return { counts: activeCounts(activityOf(one, pass)), logits: pass.logits.to1DArray() };
  });
  const gaps = before.logits.map((logit, i) => Math.abs(logit - after.logits[i]));
  return {
    points: gaps.length,
    same: before.counts.filter((count, i) => count === after.counts[i]).length,
    gap: gaps.reduce((most, gap) => Math.max(most, gap), 0),
  };
}

/** The size of batch nearest above a given one that leaves no batch of a single point; "full" where none does. */
export function usableBatch(size: number, trainPoints: number): number | "full" {
  const sizes = Array.from({ length: Math.max(0, trainPoints - size) }, (_, i) => size + i);
  return sizes.find((own) => trainPoints % own !== 1) ?? "full";
}
