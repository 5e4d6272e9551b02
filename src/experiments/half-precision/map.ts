/** Notebook 05: where in the plane of learning rate and initial scale a training learns, stalls or dies. */
import type { FormatName } from "../../core/arithmetic/formats.js";
import { usualLossForm } from "../../core/network/loss.js";
import { type Measurement, measurement } from "../measurement.js";
import type { Runner } from "../runner.js";
import {
  finalAccuracy,
  finalLoss,
  type HalfPrecisionParameters,
  type PrecisionPoint,
  taskOf,
  trainPrecision,
} from "./half-precision.js";

/** What becomes of a training. */
export type Fate =
  /** At least 95% of the test points right. */
  | "learns"
  /** Neither of the others. */
  | "stalls"
  /** At the end the loss or a weight is NaN or infinite. */
  | "dies";

/** Test accuracy from which a training counts as having learnt. */
const LEARNT = 0.95;

/** What came of one training. */
export interface MapCell {
  fate: Fate;
  accuracy: number;
}

/** Trains once and says what became of it. */
export const measureMapCell: Measurement<[point: PrecisionPoint], MapCell> = measurement(function* (point) {
  const { run } = yield* trainPrecision.steps(point, 1);
  const accuracy = finalAccuracy(run);
  // only the end counts: a sum of large losses may overflow at first and harm nothing
  const isDead = !Number.isFinite(finalLoss(run)) || !run.weightsFinite;
  return { fate: isDead ? "dies" : accuracy >= LEARNT ? "learns" : "stalls", accuracy };
});

/** The map of one arithmetic. */
export interface PrecisionMap {
  format: FormatName;
  /** Format of the parameters and their updates. */
  masterWeights: FormatName;
  learningRates: number[];
  /** Factors on the initial weights. */
  scales: number[];
  /** cells[i][j] belongs to scales[i] and learningRates[j]. */
  cells: MapCell[][];
}

/** What the map is to cover. */
export interface MapOptions {
  formats: readonly { format: FormatName; masterWeights: FormatName }[];
  learningRates: readonly number[];
  scales: readonly number[];
  epochs: number;
}

/**
 * One map an arithmetic, all of them of the same data, initial weights (but for the factor) and order: single
 * samples, weights by He's rule times the factor.
 */
export async function precisionMaps(
  parameters: HalfPrecisionParameters,
  { formats, learningRates, scales, epochs }: MapOptions,
  run: Runner,
): Promise<PrecisionMap[]> {
  const own = { ...taskOf(parameters), batchSize: 1, initialisation: "he", epochs } as const;
  const grid = formats.flatMap((arithmetic) =>
    scales.flatMap((initialScale) =>
      learningRates.map(
        (learningRate): PrecisionPoint => ({
          task: { ...own, initialScale, learningRate },
          arithmetic,
          lossForm: usualLossForm,
        }),
      ),
    ),
  );
  const cells = await run(grid, measureMapCell);
  return formats.map((arithmetic, f) => ({
    ...arithmetic,
    learningRates: [...learningRates],
    scales: [...scales],
    cells: scales.map((_, i) => {
      const from = (f * scales.length + i) * learningRates.length;
      return cells.slice(from, from + learningRates.length);
    }),
  }));
}
