/** Notebook 05: where in the plane of learning rate and initial scale a training learns, stalls or dies. */
import type { FormatName } from "../../core/arithmetic/formats.js";
import { usualLossForm } from "../../core/network/loss.js";
import { type Measurement, measurement } from "../measurement.js";
import type { TaskParameters } from "../task.js";
import {
  finalLoss,
  type HalfPrecisionParameters,
  type PrecisionPoint,
  taskOf,
  trainPrecision,
} from "./half-precision.js";

/** The fate of a training. */
export type Fate =
  /** At least 95% of the test points right. */
  | "learns"
  /** Neither of the others. */
  | "stalls"
  /** At the end the loss or a weight is NaN or infinite. */
  | "dies";

/** Test accuracy from which a training counts as having learnt. */
export const LEARNT = 0.95;

/** Epochs of each training. */
const EPOCHS = 20;

export const LEARNING_RATES: readonly number[] = [0.03, 0.1, 0.4, 1, 10];
/** Factors on the initial weights. */
export const SCALES: readonly number[] = [1e-6, 1e-3, 0.1, 1, 16];
/** The first is float64, the reference of the others. */
const ARITHMETICS: readonly { format: FormatName; masterWeights: FormatName }[] = [
  { format: "binary64", masterWeights: "binary64" },
  ...(["binary16", "bfloat16", "e4m3"] as const).flatMap((format) =>
    ([format, "binary32"] as const).map((masterWeights) => ({ format, masterWeights })),
  ),
];

/** Trains once and gives the fate. */
export const measureFate: Measurement<[point: PrecisionPoint], Fate> = measurement(function* (point) {
  const { run } = yield* trainPrecision.steps(point, 1);
  // only the end counts: a sum of large losses may overflow at first and harm nothing
  if (!Number.isFinite(finalLoss(run)) || !run.weightsFinite) return "dies";
  return run.accuracy >= LEARNT ? "learns" : "stalls";
});

/** The trainings of one setting, a fate for each seed. */
export type MapCell = readonly Fate[];

/** The map of one arithmetic. */
export interface PrecisionMap {
  format: FormatName;
  /** Format of the parameters and their updates. */
  masterWeights: FormatName;
  learningRates: readonly number[];
  /** Factors on the initial weights. */
  scales: readonly number[];
  /** cells[i][j] belongs to scales[i] and learningRates[j]. */
  cells: MapCell[][];
}

/**
 * Every setting in every arithmetic, with the same data, initial weights (except for the factor) and order: single samples,
 * weights by He's rule times the factor.
 */
export function mapPoints(parameters: HalfPrecisionParameters): PrecisionPoint[] {
  return ARITHMETICS.flatMap((arithmetic) =>
    mapTasks(parameters).map((task) => ({ task, arithmetic, lossForm: usualLossForm })),
  );
}

/** Every setting of a map. */
export function mapTasks(parameters: HalfPrecisionParameters): TaskParameters[] {
  const own = { ...taskOf(parameters), batchSize: 1, initialisation: "he", epochs: EPOCHS } as const;
  return SCALES.flatMap((initialScale) =>
    LEARNING_RATES.map((learningRate) => ({ ...own, initialScale, learningRate })),
  );
}

/**
 * A map for each arithmetic, that of float64 first.
 *
 * @param rows - for each seed, the fates at {@link mapPoints}
 */
export function precisionMaps(rows: readonly (readonly Fate[])[]): PrecisionMap[] {
  return ARITHMETICS.map((arithmetic, k) => ({
    ...arithmetic,
    learningRates: LEARNING_RATES,
    scales: SCALES,
    cells: mapCells(rows, k),
  }));
}

/** The cells of the k-th map in rows of fates. */
export function mapCells(rows: readonly (readonly Fate[])[], k: number): MapCell[][] {
  return SCALES.map((_, i) =>
    LEARNING_RATES.map((_, j) => rows.map((row) => row[(k * SCALES.length + i) * LEARNING_RATES.length + j])),
  );
}
