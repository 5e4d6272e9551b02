/** Where chaos lives: depth, batch size and learning rate, over whole trainings. */
import type { BatchSize } from "../../core/network/train-options.js";
import {
  type MeanInterval,
  meanInterval,
  meanOf,
  quantile,
  type ShareInterval,
  shareOf,
} from "../statistics.js";
import { LEARNT } from "./butterfly-effect.js";
import type { StabilityResult } from "./stability.js";

/** A place on the map. */
export interface MapPlace {
  hiddenLayers: readonly number[];
  batchSize: BatchSize;
  learningRate: number;
}

/** The numbers of hidden layers, of ten neurons each. */
const DEPTHS = [1, 2, 3, 4];

/**
 * The batch sizes, each with its learning rates: from where no depth diverged to where most no longer learnt, on
 * seeds 1 to 16.
 */
const RATES: readonly (readonly [BatchSize, readonly number[]])[] = [
  [1, [0.003, 0.006, 0.0125, 0.025, 0.05, 0.1, 0.2, 0.4]],
  [8, [0.05, 0.1, 0.2, 0.4, 0.8, 1.6]],
  ["full", [0.25, 0.5, 1, 2, 4]],
];

/** The places of the map. */
export const MAPPED: readonly MapPlace[] = RATES.flatMap(([batchSize, rates]) =>
  DEPTHS.flatMap((depth) =>
    rates.map((learningRate) => ({
      hiddenLayers: new Array<number>(depth).fill(10),
      batchSize,
      learningRate,
    })),
  ),
);

/** Index of the last parameter of the smallest of these networks. */
export const LAST_PARAMETER = 40;

/** A place of the map, over the seeds. */
export interface MapCell extends MapPlace {
  /** Number of seeds. */
  n: number;
  /** The share of the seeds whose two trainings diverged. */
  parted: ShareInterval;
  /** The share of the seeds with a test accuracy of at least {@link LEARNT}. */
  learnt: ShareInterval;
  /** The share of the seeds that learnt and diverged. */
  both: ShareInterval;
  /** Whether the training of each seed diverged from its twin. */
  isParted: boolean[];
  /** Of the exponents, in e-foldings an epoch; of those that are finite. Null where none is. */
  exponent: MeanInterval | null;
  /** Mean test accuracy. */
  accuracy: number;
  /** Median of the sharpness times η/2; of those that are finite. NaN where none is. */
  sharpness: number;
  /** Trainings without an exponent, and without a sharpness. */
  without: { exponent: number; sharpness: number };
}

/** Sums up the seeds of one place. */
export function mapCell(place: MapPlace, results: readonly StabilityResult[]): MapCell {
  const finite = (name: "exponent" | "sharpness"): number[] =>
    results.map((result) => result[name]).filter(Number.isFinite);
  const [exponents, sharpnesses] = [finite("exponent"), finite("sharpness")];
  return {
    ...place,
    n: results.length,
    parted: shareOf(results, ({ isParted }) => isParted),
    learnt: shareOf(results, hasLearnt),
    both: shareOf(results, (result) => hasLearnt(result) && result.isParted),
    isParted: results.map(({ isParted }) => isParted),
    exponent: exponents.length > 0 ? meanInterval(exponents) : null,
    accuracy: meanOf(results.map(({ testAccuracy }) => testAccuracy)),
    sharpness: sharpnesses.length > 0 ? quantile(sharpnesses, 0.5) : Number.NaN,
    without: {
      exponent: results.length - exponents.length,
      sharpness: results.length - sharpnesses.length,
    },
  };
}

function hasLearnt({ testAccuracy }: StabilityResult): boolean {
  return testAccuracy >= LEARNT;
}

/** The cells of one batch size and depth, by learning rate. */
export interface MapRow extends Pick<MapPlace, "hiddenLayers" | "batchSize"> {
  cells: MapCell[];
}

/** The rows of the map, batch size by batch size, from the shallowest network on. */
export function mapRows(cells: readonly MapCell[]): MapRow[] {
  const rows: MapRow[] = [];
  for (const cell of cells) {
    const { hiddenLayers, batchSize } = cell;
    const last = rows[rows.length - 1];
    if (last?.batchSize === batchSize && last.hiddenLayers.length === hiddenLayers.length)
      last.cells.push(cell);
    else rows.push({ hiddenLayers, batchSize, cells: [cell] });
  }
  return rows;
}

/** The largest learning rate of a row at which most seeds learn and, as at all smaller ones, none diverges; null if there is none. */
export function calmUpTo({ cells }: MapRow): number | null {
  const first = cells.findIndex(({ parted }) => parted.count > 0);
  const calm = cells.slice(0, first < 0 ? cells.length : first).filter(({ learnt }) => learnt.share > 0.5);
  return calm.length > 0 ? calm[calm.length - 1].learningRate : null;
}

/** The smallest learning rate of a row at which a seed diverges; infinite if it does so at none. */
export function onsetOf({ cells }: MapRow, seed: number): number {
  return cells.find(({ isParted }) => isParted[seed])?.learningRate ?? Number.POSITIVE_INFINITY;
}
