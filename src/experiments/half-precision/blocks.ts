/**
 * Notebook 05: eight bits with and without scales. The map of learning rates and initial weights again, with the products in
 * scaled blocks (MXFP8), in elements without scales, and with every operation in one of the other formats.
 */
import type { FormatName } from "../../core/arithmetic/formats.js";
import { inScaledBlocks, type ScaledBlocks } from "../../core/arithmetic/scaled-blocks.js";
import { withLayerArithmetic } from "../../core/network/layer-arithmetic.js";
import { usualLossForm } from "../../core/network/loss.js";
import { type Network, toParameters } from "../../core/network/network.js";
import { type Measurement, measurement } from "../measurement.js";
import { drawTask, type TaskParameters, trainingSteps } from "../task.js";
import type { HalfPrecisionParameters } from "./half-precision.js";
import { type Fate, LEARNING_RATES, LEARNT, type MapCell, mapCells, mapTasks, SCALES } from "./map.js";

/** The numbers of a training; the master weights are binary32 in all. */
export type Numbers =
  /** Every operation of the network in this format. */
  | { format: FormatName }
  /**
   * Activations, weights and δ in these blocks wherever they are multiplied as matrices; sums, biases, activation functions and
   * loss in binary32.
   */
  | { blocks: ScaledBlocks };

/** One training. Plain data. */
export interface BlockPoint {
  task: TaskParameters;
  numbers: Numbers;
}

/** The numbers that are compared, the reference first. */
const NUMBERS: readonly Numbers[] = [
  ...(["binary32", "binary16", "bfloat16", "e5m2", "e4m3"] as const).map((format) => ({ format })),
  ...(["e5m2", "e4m3"] as const).flatMap((element) =>
    (["none", "down", "up"] as const).map((scale) => ({ blocks: { element, scale } })),
  ),
];

/** A network whose layers multiply in these numbers; in a plain format as they are. */
export function inNumbers(network: Network, numbers: Numbers): Network {
  if (!("blocks" in numbers)) return network;
  return withLayerArithmetic(network, (wide) => inScaledBlocks(wide, numbers.blocks));
}

/** Trains once and gives the fate, by the definitions of the map; the accuracy is that of the training's own numbers. */
export const measureBlocks: Measurement<[point: BlockPoint], Fate> = measurement(function* ({
  task,
  numbers,
}) {
  const { data, initial } = drawTask(task);
  const { history, network } = yield* trainingSteps(
    task,
    { data, initial: inNumbers(initial, numbers) },
    {
      arithmetic: { format: "format" in numbers ? numbers.format : "binary32", masterWeights: "binary32" },
      lossForm: usualLossForm,
      recordEvery: task.epochs,
    },
  );
  const { train, test } = history[history.length - 1];
  if (!Number.isFinite(train.loss) || !toParameters(network).every(Number.isFinite)) return "dies";
  return test !== undefined && test.accuracy >= LEARNT ? "learns" : "stalls";
});

/** Every setting of the map in every kind of numbers, with the same data, initial weights (except for the factor) and order. */
export function blockPoints(parameters: HalfPrecisionParameters): BlockPoint[] {
  return NUMBERS.flatMap((numbers) => mapTasks(parameters).map((task) => ({ task, numbers })));
}

/** The map of one kind of numbers. */
export interface BlockMap {
  numbers: Numbers;
  learningRates: readonly number[];
  /** Factors on the initial weights. */
  scales: readonly number[];
  /** cells[i][j] belongs to scales[i] and learningRates[j]. */
  cells: MapCell[][];
}

/**
 * A map for each kind of numbers, that of binary32 first.
 *
 * @param rows - for each seed, the fates at {@link blockPoints}
 */
export function blockMaps(rows: readonly (readonly Fate[])[]): BlockMap[] {
  return NUMBERS.map((numbers, k) => ({
    numbers,
    learningRates: LEARNING_RATES,
    scales: SCALES,
    cells: mapCells(rows, k),
  }));
}
