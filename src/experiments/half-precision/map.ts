/**
 * Notebook 05: where in the plane of learning rate and initial scale a training learns, stalls or dies, in many kinds of
 * numbers: 16 bits and 8, rounded to nearest or stochastically, with wider master weights, and in blocks with a scale.
 */
import type { FormatName } from "../../core/arithmetic/formats.js";
import type { RoundingMode } from "../../core/arithmetic/rounding.js";
import { inScaledBlocks, type ScaledBlocks } from "../../core/arithmetic/scaled-blocks.js";
import { withLayerArithmetic } from "../../core/network/layer-arithmetic.js";
import { usualLossForm } from "../../core/network/loss.js";
import { type Network, toParameters } from "../../core/network/network.js";
import { type Measurement, measurement } from "../measurement.js";
import { drawTask, type TaskParameters, trainingSteps } from "../task.js";
import { type HalfPrecisionParameters, taskOf } from "./half-precision.js";

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

const LEARNING_RATES: readonly number[] = [0.03, 0.1, 0.4, 1, 10];
/** Factors on the initial weights. */
export const SCALES: readonly number[] = [1e-6, 1e-3, 0.1, 1, 16];

/** The numbers of a training. */
export type Numbers =
  /** Every operation of the network in this format. */
  | {
      format: FormatName;
      /** Format of the parameters and their updates. */
      masterWeights: FormatName;
      rounding?: RoundingMode;
    }
  /**
   * Activations, weights and δ in these blocks wherever they are multiplied as matrices; sums, biases, activation functions,
   * loss and parameters in binary32.
   */
  | { blocks: ScaledBlocks };

/** The number formats without blocks, three kinds each; then the blocks, three kinds each. The first is the reference. */
const NUMBERS: readonly Numbers[] = [
  { format: "binary64", masterWeights: "binary64" },
  ...(["binary16", "bfloat16", "e5m2", "e4m3"] as const).flatMap((format): Numbers[] => [
    { format, masterWeights: format },
    { format, masterWeights: format, rounding: "stochastic" },
    { format, masterWeights: "binary32" },
  ]),
  ...(["e5m2", "e4m3"] as const).flatMap((element) =>
    (["none", "down", "up"] as const).map((scale) => ({ blocks: { element, scale } })),
  ),
];

/** A training of the map. Plain data. */
export interface MapPoint {
  task: TaskParameters;
  numbers: Numbers;
}

/** A network whose layers multiply in these numbers; without blocks as they are. */
export function inNumbers(network: Network, numbers: Numbers): Network {
  if (!("blocks" in numbers)) return network;
  return withLayerArithmetic(network, (wide) => inScaledBlocks(wide, numbers.blocks));
}

/** Trains once and gives the fate; the accuracy is that of the training's own numbers. */
export const measureFate: Measurement<[point: MapPoint], Fate> = measurement(function* ({ task, numbers }) {
  const { data, initial } = drawTask(task);
  const arithmetic = "blocks" in numbers ? ("binary32" as const) : { ...numbers, seed: task.seed };
  const { history, network } = yield* trainingSteps(
    task,
    { data, initial: inNumbers(initial, numbers) },
    { arithmetic, lossForm: usualLossForm, recordEvery: task.epochs },
  );
  const { train, test } = history[history.length - 1];
  // only the end counts: a sum of large losses may overflow at first and harm nothing
  if (!Number.isFinite(train.loss) || !toParameters(network).every(Number.isFinite)) return "dies";
  return test !== undefined && test.accuracy >= LEARNT ? "learns" : "stalls";
});

/** The trainings of one setting, a fate for each seed. */
export type MapCell = readonly Fate[];

/** The map of one kind of numbers. */
export interface PrecisionMap {
  numbers: Numbers;
  learningRates: readonly number[];
  /** Factors on the initial weights. */
  scales: readonly number[];
  /** cells[i][j] belongs to scales[i] and learningRates[j]. */
  cells: MapCell[][];
}

/**
 * Every setting in every kind of numbers, with the same data, initial weights (except for the factor) and order: single
 * samples, weights by He's rule times the factor.
 */
export function mapPoints(parameters: HalfPrecisionParameters): MapPoint[] {
  const own = { ...taskOf(parameters), batchSize: 1, initialisation: "he", epochs: EPOCHS } as const;
  return NUMBERS.flatMap((numbers) =>
    SCALES.flatMap((initialScale) =>
      LEARNING_RATES.map((learningRate) => ({ task: { ...own, initialScale, learningRate }, numbers })),
    ),
  );
}

/**
 * A map for each kind of numbers, that of float64 first.
 *
 * @param rows - for each seed, the fates at {@link mapPoints}
 */
export function precisionMaps(rows: readonly (readonly Fate[])[]): PrecisionMap[] {
  return NUMBERS.map((numbers, k) => ({
    numbers,
    learningRates: LEARNING_RATES,
    scales: SCALES,
    cells: SCALES.map((_, i) =>
      LEARNING_RATES.map((_, j) =>
        rows.map((row) => row[(k * SCALES.length + i) * LEARNING_RATES.length + j]),
      ),
    ),
  }));
}

/**
 * The map of these blocks.
 *
 * @throws RangeError when there is none
 */
export function mapOfBlocks(maps: readonly PrecisionMap[], { element, scale }: ScaledBlocks): PrecisionMap {
  const found = maps.find(
    ({ numbers }) =>
      "blocks" in numbers && numbers.blocks.element === element && numbers.blocks.scale === scale,
  );
  if (!found) throw new RangeError(`maps must hold one of ${element} with scale ${scale}, got none`);
  return found;
}

/**
 * At how many settings each seed learns.
 *
 * @param row - one row of the map, from the smallest weights; all by default
 */
export function settingsLearnt({ cells }: PrecisionMap, row?: number): number[] {
  const counted = (row === undefined ? cells : [cells[row]]).flat();
  return counted[0].map((_, seed) => counted.filter((cell) => cell[seed] === "learns").length);
}
