/**
 * The precision horizon: one training in 11, 24, 53 and some 106 bits. Rounding is a nudge in every step, so a training that
 * amplifies nudges follows the one in real numbers only so far.
 */
import { doubleDouble } from "../../core/arithmetic/double-double-arithmetic.js";
import { type FormatName, formats } from "../../core/arithmetic/formats.js";
import { roundToNearest } from "../../core/arithmetic/rounding.js";
import { log } from "../../core/elementary.js";
import { mapMatrix, mapParameters, toParameters } from "../../core/network/network.js";
import { trainIn } from "../../core/network/train-in.js";
import type { TrainOptions } from "../../core/network/train-options.js";
import { powerOfTwo } from "../../core/powers.js";
import { randomStream } from "../../core/random.js";
import { type Measurement, measurement, together, trained } from "../measurement.js";
import { drawTask, type TaskParameters, trainOptionsOf } from "../task.js";
import { PARTED } from "./butterfly-effect.js";
import { lockstep } from "./lockstep.js";
import { distance, firstApart } from "./nudge.js";
import { exponentOf, LINEAR_TO } from "./stability.js";

/** The precisions before double-double, with their bits, from the coarsest on. */
const FORMATS = ["binary16", "binary32", "binary64"] as const satisfies readonly FormatName[];

const BITS = FORMATS.map((format) => formats[format].precision);

/** Bits of a double-double. */
const FINEST = 106;

/** A training in one precision against the same in the next finer one. */
export interface Horizon {
  /** Bits of the two precisions. */
  bits: number;
  finer: number;
  /** See {@link firstApart}. */
  parted: number | null;
  /** That epoch as the next finer precision's course foretells it, see {@link foretold}; null for the finest. */
  foretold: number | null;
  /** The distances of their parameters after the {@link keptEpochs}, as decimal logarithms to one decimal. */
  logs: number[];
}

/** The horizons of one training. */
export interface Horizons {
  /** From the coarsest precision on; the last is that of doubles. */
  horizons: Horizon[];
  /**
   * Finite-time Lyapunov exponent in doubles up to the epoch at which doubles part, or over the whole training if they do
   * not, in e-foldings per epoch; NaN if there is none.
   */
  exponent: number;
}

/**
 * Trains in each precision. Data, initial weights and the learning rate are first rounded to numbers of binary16, which
 * each precision has, so that the trainings differ in nothing but their rounding (and, if there are any, the last bits of
 * the factors of penalties). A learning rate that would round to 0 or to infinity stays as it is: then each precision makes
 * of it what it can.
 */
export const measureHorizons: Measurement<[parameters: TaskParameters], Horizons> = measurement(
  function* (parameters) {
    const { seed, epochs } = parameters;
    const round = roundToNearest(formats.binary16);
    const rounded = round(parameters.learningRate);
    const isThere = rounded > 0 && rounded <= formats.binary16.max;
    const learningRate = isThere ? rounded : parameters.learningRate;
    const { data, initial } = drawTask(parameters);
    const options: TrainOptions = {
      ...trainOptionsOf({ ...parameters, learningRate }, { data, initial }),
      network: mapParameters(initial, round),
      train: { ...data.train, points: mapMatrix(data.train.points, round) },
      recordEvery: Math.max(1, epochs),
      snapshots: Array.from({ length: epochs + 1 }, (_, epoch) => epoch),
    };
    const coarser = yield* together(FORMATS.map((arithmetic) => trained({ ...options, arithmetic })));
    const all = [...coarser, trainIn(doubleDouble, options)];
    const parameterLists = all.map(({ snapshots }) => snapshots.map(({ network }) => toParameters(network)));
    const distances = FORMATS.map((_, k) =>
      parameterLists[k].map((own, epoch) => distance(own, parameterLists[k + 1][epoch])),
    );
    const kept = keptEpochs(epochs);
    const horizons = BITS.map((bits, k): Horizon => {
      const finer = BITS[k + 1] ?? FINEST;
      return {
        bits,
        finer,
        parted: firstApart(distances[k]),
        foretold: k + 1 < BITS.length ? foretold(distances[k + 1], finer, bits) : null,
        logs: kept.map((epoch) => Math.round((10 * log(distances[k][epoch])) / Math.LN10) / 10),
      };
    });
    const until = horizons[horizons.length - 1].parted ?? epochs;
    return { horizons, exponent: exponentUntil(until, options, seed) };
  },
);

/** The epochs whose distances are kept: at most 61, the first and the last among them. */
export function keptEpochs(epochs: number): number[] {
  const every = Math.max(1, Math.ceil(epochs / 60));
  return [...Array.from({ length: Math.ceil(epochs / every) }, (_, i) => i * every), epochs];
}

function exponentUntil(epochs: number, options: TrainOptions, seed: number): number {
  const { network } = options;
  const run = lockstep({ ...options, epochs }, [network, network, network]);
  const { exponent, farthest } = exponentOf(run, epochs, randomStream("first separation", seed));
  return farthest <= LINEAR_TO ? exponent : Number.NaN;
}

/**
 * The epoch at which a precision should part, foretold from a finer one: its rounding errors are as much larger as its unit
 * roundoff, and while they are small a training amplifies all alike. Null if not within the training.
 *
 * @param distances - of the finer precision's training from a much finer one, after each epoch
 * @param finer - its bits
 * @param bits - those of the precision to part
 */
export function foretold(distances: readonly number[], finer: number, bits: number): number | null {
  return firstApart(distances.map((value) => value * powerOfTwo(finer - bits)));
}

/**
 * The same from the mean rate of growth alone: an error of a unit roundoff, 2^-bits, takes (bits ln 2 + ln {@link PARTED}) / λ
 * epochs. Null where nothing grows.
 */
export function foretoldByRate(bits: number, exponent: number): number | null {
  return exponent > 0 ? (bits * Math.LN2 + log(PARTED)) / exponent : null;
}
