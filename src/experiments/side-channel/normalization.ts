/** Normalization, and its effect on the leak. */
import type { Split } from "../../core/moons.js";
import { foldedBatchNorm } from "../../core/network/batch-norm.js";
import { forward } from "../../core/network/forward-backward.js";
import { blocksOf, type Network, withDense } from "../../core/network/network.js";
import type { TaskParameters } from "../task.js";
import { activeCounts, activityOf } from "./leakage.js";
import type { LeakResult, SideChannelParameters } from "./side-channel.js";

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

/** A size of batch for batch normalization near the given one; "full" where only that works. */
export function normalizableBatch({
  batchSize,
  trainPoints,
}: Pick<TaskParameters, "batchSize" | "trainPoints">): number | "full" {
  const fits = (size: number): boolean => size >= 2 && trainPoints % size !== 1;
  if (batchSize === "full" || batchSize >= trainPoints) return "full";
  const sizes = Array.from({ length: trainPoints }, (_, i) => Math.max(batchSize, 10) + i);
  return fits(batchSize) ? batchSize : (sizes.find((size) => size < trainPoints && fits(size)) ?? "full");
}

/** Networks without and with normalization, seed by seed, the rest alike. */
export interface NormalizationPair {
  name: string;
  without: readonly LeakResult[];
  normalized: readonly LeakResult[];
}

/** A setting in which a full batch learns as well as small ones. */
export const FULL_BATCH: Partial<TaskParameters> = {
  batchSize: "full",
  learningRate: 2,
  epochs: 1000,
};

/** The trainings without and with normalization: three pairs, in order. */
export function normalizationChanges(parameters: SideChannelParameters): Partial<TaskParameters>[] {
  const small = { batchSize: normalizableBatch(parameters) };
  return [
    {},
    { normalization: "layer" },
    small,
    { ...small, normalization: "batch" },
    FULL_BATCH,
    { ...FULL_BATCH, normalization: "batch" },
  ];
}

/** The results of layer normalization, and of batch normalization in small batches and in a full one. */
export interface NormalizationFindings {
  layer: NormalizationPair;
  /** Undefined where no small batch can be normalized. */
  smallBatch?: NormalizationPair;
  fullBatch: NormalizationPair;
}

/** Findings of the trainings of {@link normalizationChanges}. */
export function normalizationFindings(
  rows: readonly (readonly LeakResult[])[],
  parameters: SideChannelParameters,
): NormalizationFindings {
  const usable = normalizableBatch(parameters);
  const pair = (name: string, first: number): NormalizationPair => ({
    name,
    without: rows.map((row) => row[first]),
    normalized: rows.map((row) => row[first + 1]),
  });
  return {
    layer: pair("layer", 0),
    ...(usable !== "full" && { smallBatch: pair(`batch, batches of ${usable}`, 2) }),
    fullBatch: pair("batch, full batch, η = 2", 4),
  };
}
