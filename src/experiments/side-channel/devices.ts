/**
 * Devices that hide what one network tells, without training it again: by padding, by dummy work at random, by a random order of
 * the neurons. What each leaves of the leak, and what it costs.
 */
import type { Dataset } from "../../core/moons.js";
import type { ForwardPass } from "../../core/network/forward-backward.js";
import { denseLayers, hiddenBlocks, type Network } from "../../core/network/network.js";
import { randomStream } from "../../core/random.js";
import { type Activity, activeCounts, classBits, denseWork, savedShare, splitByClass } from "./leakage.js";

/** What a device saves and leaks, whoever counts. */
interface Hidden {
  /** Mean share of the multiply-accumulates of dense inference that it saves; below 0 if it adds more than it skips. */
  saved: number;
  /** Mutual information between class and one reading of the count, in bits. */
  bits: number;
}

/** The leak and the savings of a device that pads. */
export interface Padding extends Hidden {
  /** Least number of neurons of each layer that it works through. */
  atLeast: number;
}

/** Steps from no padding to all neurons. */
const PADDING_STEPS = 5;

/** The same network on devices that pad more and more, up to all neurons; none without hidden neurons. */
export function paddings(network: Network, activity: Activity, data: Dataset): Padding[] {
  const widest = Math.max(0, ...activity.widths);
  const steps = Array.from({ length: PADDING_STEPS }, (_, i) =>
    Math.round((widest * (i + 1)) / PADDING_STEPS),
  );
  return [...new Set(steps)]
    .filter((atLeast) => atLeast > 0)
    .map((atLeast) => ({
      atLeast,
      saved: savedShare(network, activity, atLeast),
      bits: classBits(splitByClass(activeCounts(activity, atLeast), data)),
    }));
}

/** The leak and the savings of a device that does dummy work. */
export interface DummyWork extends Hidden {
  /** Most dummy neurons of each layer, as a share of the layer's neurons; as many as the layer allows are equally likely. */
  most: number;
  /** Bits that the mean of {@link AVERAGED} readings of the same input leaks, rounded to a whole count. */
  averagedBits: number;
}

/** Dummy neurons that a device may add, as shares of the real ones. */
export const DUMMIES: readonly number[] = [0.2, 0.5, 1];

/** Readings of the same input that an attacker averages. */
export const AVERAGED = 100;

/**
 * The same network on devices that add, at each inference and in each layer, a number of dummy neurons drawn evenly from none
 * to most. A reading is the count plus the dummies of all layers. Averaging subtracts their mean, which the attacker knows.
 *
 * @param seed - of the draws
 * @throws RangeError when `most` is not a finite number >= 0
 */
export function dummyWork(
  network: Network,
  activity: Activity,
  data: Dataset,
  { most, seed }: { most: number; seed: number },
): DummyWork {
  if (!(Number.isFinite(most) && most >= 0)) {
    throw new RangeError(`most must be a finite number >= 0, got ${most}`);
  }
  const random = randomStream(`side channel/dummy work/${most}`, seed);
  const limits = activity.widths.map((width) => Math.round(most * width));
  const draw = (): number => limits.reduce((sum, limit) => sum + random.below(limit + 1), 0);
  const mean = limits.reduce((sum, limit) => sum + limit / 2, 0);
  const counts = activeCounts(activity);
  const averaged = counts.map((count) => {
    let total = 0;
    for (let i = 0; i < AVERAGED; i++) total += draw();
    return Math.round(count + total / AVERAGED - mean);
  });
  const [, ...next] = denseLayers(network);
  const added = limits.reduce((sum, limit, l) => sum + (limit / 2) * next[l].parameters.weights.columns, 0);
  return {
    most,
    saved: savedShare(network, activity) - added / denseWork(network),
    bits: bitsOf(
      counts.map((count) => count + draw()),
      data,
    ),
    averagedBits: bitsOf(averaged, data),
  };
}

/**
 * Bits that a trace of the neurons one by one leaks, each in its known time slot: which of them fire. In a random order, drawn
 * anew at each inference, all arrangements of a count are equally likely whatever the class, so such a trace tells what
 * the count tells, and no number of traces more.
 */
export function slotBits(network: Network, pass: ForwardPass, data: Dataset): number {
  return bitsOf(firingPatterns(network, pass), data);
}

/** Which hidden neurons fire at each point: a number for each pattern that occurs. */
function firingPatterns(network: Network, { layers, logits }: ForwardPass): number[] {
  const known = new Map<string, number>();
  return Array.from({ length: logits.rows }, (_, i) => {
    const rows = hiddenBlocks(network).map(({ last }) => layers[last].output.getRow(i));
    const pattern = rows.flatMap((row) => row.map((output) => (output === 0 ? 0 : 1))).join("");
    const number = known.get(pattern) ?? known.size;
    known.set(pattern, number);
    return number;
  });
}

/** Bits that the count would leak if each point's preactivations were centred first, layer by layer. */
export function centredBits(network: Network, { layers, logits }: ForwardPass, data: Dataset): number {
  const counts: number[] = new Array(logits.rows).fill(0);
  for (const { first } of hiddenBlocks(network)) {
    for (let i = 0; i < counts.length; i++) {
      const row = layers[first].output.getRow(i);
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      counts[i] += row.filter((value) => value > mean).length;
    }
  }
  return bitsOf(counts, data);
}

function bitsOf(symbols: readonly number[], data: Dataset): number {
  return classBits(splitByClass(symbols, data));
}
