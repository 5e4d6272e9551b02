/**
 * The leak of a device that runs the network, in a simulated leakage model: its readings, and how
 * much they tell about the class. Nothing physical is measured here; src/timing/ does that.
 */
import type { Matrix } from "ml-matrix";
import { log } from "../../core/elementary.js";
import type { Dataset } from "../../core/moons.js";
import type { ForwardPass } from "../../core/network/forward-backward.js";
import { denseLayers, hiddenBlocks, type Network } from "../../core/network/network.js";
import { meanOf } from "../statistics.js";
import { type ByClass, requireReadings, singleTraceGuess, welchTest } from "./attacker.js";

/** The activity of the hidden neurons, point by point. */
export interface Activity {
  /** Number of neurons in each hidden layer. */
  widths: number[];
  /** active[layer][point]: how many of its neurons fire, that is, have an output other than 0. */
  active: number[][];
  /**
   * Hamming weight of all outputs together, for each point: the number of ones among the 64 bits of each as
   * binary64. It is the textbook's model of a bus or a register, which draws power for each bit that it
   * charges (Mangard, Oswald and Popp 2007, Power analysis attacks, 3.3).
   */
  hammingWeights: number[];
}

/** Looks at the hidden neurons on the way forward. */
export function activityOf(network: Network, { layers, logits }: ForwardPass): Activity {
  const hidden = hiddenBlocks(network).map(({ last }) => layers[last].output);
  const perPoint = (output: Matrix, f: (value: number) => number): number[] =>
    Array.from({ length: output.rows }, (_, i) => {
      let total = 0;
      for (let j = 0; j < output.columns; j++) total += f(output.get(i, j));
      return total;
    });
  return {
    widths: hidden.map(({ columns }) => columns),
    active: hidden.map((output) => perPoint(output, (value) => (value === 0 ? 0 : 1))),
    hammingWeights: addUp(
      hidden.map((output) => perPoint(output, onesIn)),
      logits.rows,
    ),
  };
}

/**
 * Number of hidden neurons that the device works through, for each point: those that fire, or, if it pads,
 * at least `atLeast` in each layer, as far as the layer has so many.
 */
export function activeCounts({ widths, active, hammingWeights }: Activity, atLeast = 0): number[] {
  const worked = active.map((counts, l) =>
    counts.map((count) => Math.max(count, Math.min(atLeast, widths[l]))),
  );
  return addUp(worked, hammingWeights.length);
}

/** Multiply-accumulate operations of one inference that skips nothing. */
export function denseWork(network: Network): number {
  return sum(denseLayers(network).map(({ parameters: { weights } }) => weights.rows * weights.columns));
}

/**
 * Mean share of those operations that skipping silent neurons saves: a neuron whose output is 0 need not be
 * multiplied by its weights into the next layer.
 *
 * @param activity - of that network
 * @param atLeast - as for {@link activeCounts}
 */
export function savedShare(network: Network, { widths, active }: Activity, atLeast = 0): number {
  const [, ...next] = denseLayers(network);
  const saved = active.map((counts, l) => {
    const idle = counts.map((count) => widths[l] - Math.max(count, Math.min(atLeast, widths[l])));
    return (sum(idle) / idle.length) * next[l].parameters.weights.columns;
  });
  return sum(saved) / denseWork(network);
}

const real = new Float64Array(1);
const halves = new Uint32Array(real.buffer);

/** The number of ones among the 64 bits of a number. */
export function onesIn(value: number): number {
  real[0] = value;
  return onesIn32(halves[0]) + onesIn32(halves[1]);
}

/** Counts in pairs of bits, in fours, in bytes; the product adds the bytes up in the highest. */
function onesIn32(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Splits the measurements of each point of a dataset by class. */
export function splitByClass(values: readonly number[], { labels }: Dataset): [number[], number[]] {
  const split: [number[], number[]] = [[], []];
  for (const [i, value] of values.entries()) split[labels.get(i, 0)].push(value);
  return split;
}

/** The points of each class of a dataset, a row each. */
export function pointsByClass({ points, labels }: Dataset): [number[][], number[][]] {
  const rows = points.to2DArray();
  const own = (label: number): number[][] => rows.filter((_, i) => labels.get(i, 0) === label);
  return [own(0), own(1)];
}

/** The leak of one reading. */
export interface Leak {
  /** Mean reading of each class. */
  means: [number, number];
  /** Standard deviation of each class. */
  sds: [number, number];
  /** Mean of class 1 minus mean of class 0. */
  difference: number;
  /** Welch's t, positive where class 1 reads more; one reading for each point, without noise. */
  t: number;
  /** Mutual information between class and reading, in bits. */
  bits: number;
  /** Share of right guesses of the class from one reading without noise. */
  guess: number;
}

/**
 * Measures a leak.
 *
 * @param readings - one for each point, without noise
 * @throws RangeError when a class has no reading
 */
export function leakOf(readings: ByClass): Leak {
  requireReadings(readings);
  const { sds, t } = welchTest(readings);
  // from exact sums: running means of equal classes differ by a rounding error, which would count as a lead
  const means: [number, number] = [meanOf(readings[0]), meanOf(readings[1])];
  return {
    means,
    sds,
    difference: means[1] - means[0],
    t,
    bits: classBits(readings),
    guess: singleTraceGuess(readings),
  };
}

/** Mutual information between class and symbol in bits, kept from 0 to 1, which the correction for bias may leave. */
export function classBits(symbols: ByClass): number {
  return Math.min(1, Math.max(0, mutualInformation(countTable(symbols))));
}

/** Bins for a reading that takes many values: enough to see what it tells, few enough to fill. */
const BINS = 16;

/**
 * Readings sorted into 16 bins that hold about as many each. Sorting can only lose information, so what the
 * bins tell is a lower bound of what the readings do (the data processing inequality).
 */
export function binned(readings: ByClass): [number[], number[]] {
  const all = readings.flat().sort((a, b) => a - b);
  const edges = Array.from({ length: BINS - 1 }, (_, i) => all[Math.floor((all.length * (i + 1)) / BINS)]);
  const bin = (value: number): number => edges.filter((edge) => edge <= value).length;
  return [readings[0].map(bin), readings[1].map(bin)];
}

/** How often each symbol occurs in each class: table[class][symbol], the symbols in rising order. */
export function countTable(symbols: ByClass): [number[], number[]] {
  const known = [...new Set(symbols.flat())].sort((a, b) => a - b);
  const place = new Map(known.map((symbol, i) => [symbol, i]));
  const count = (own: readonly number[]): number[] => {
    const counts = known.map(() => 0);
    for (const symbol of own) counts[place.get(symbol) as number]++;
    return counts;
  };
  return [count(symbols[0]), count(symbols[1])];
}

/**
 * Mutual information H(row) + H(column) - H(row, column) of a table of counts, in bits. Each entropy is
 * corrected for its bias by Miller and Madow's (m - 1) / 2N, m being the number of cells that are not empty
 * (Miller 1955, Note on the bias of information estimates). Without any information the result
 * scatters around 0 and may lie a little below.
 *
 * @param table - table[row][column], how often the two came together: whole numbers
 * @throws RangeError when all counts are 0
 */
export function mutualInformation(table: readonly (readonly number[])[]): number {
  const cells = table.flat();
  const total = sum(cells);
  if (total === 0) throw new RangeError("the table must hold at least 1 observation, got none");
  const rows = table.map(sum);
  const columns = table[0].map((_, j) => sum(table.map((row) => row[j])));
  return (entropy(rows, total) + entropy(columns, total) - entropy(cells, total)) / log(2);
}

/** In nats. */
function entropy(counts: readonly number[], total: number): number {
  const seen = counts.filter((count) => count > 0);
  return -sum(seen.map((count) => (count / total) * log(count / total))) + (seen.length - 1) / (2 * total);
}

function addUp(lists: readonly (readonly number[])[], length: number): number[] {
  return Array.from({ length }, (_, i) => sum(lists.map((list) => list[i])));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
