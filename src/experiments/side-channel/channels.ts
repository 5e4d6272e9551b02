/** What a thief reads of a device, and through which channels: an {@link Oracle} of the number of neurons that fire. */
import { Matrix } from "ml-matrix";
import { log } from "../../core/elementary.js";
import { forward } from "../../core/network/forward-backward.js";
import { hiddenBlocks, type Network } from "../../core/network/network.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import type { Rectangle } from "../plane.js";
import { activityOf } from "./leakage.js";
import type { Oracle } from "./thief.js";

/** Where the thief looks: a square of 20 moon radii around the middle of the moons. */
export const THIEF_BOX: Rectangle = { x: [-9.5, 10.5], y: [-9.75, 10.25] };

/** Where the moons are, with a margin. */
export const MOONS_SQUARE: Rectangle = { x: [-1.5, 2.5], y: [-1.25, 1.75] };

/**
 * The number of neurons that fire, or that a device works through if it pads.
 *
 * @param atLeast - neurons of each layer that it works through at least, as far as the layer has so many
 */
export function countReader(network: Network, atLeast = 0): Oracle {
  const hidden = hiddenBlocks(network);
  return (point) => {
    const { layers } = forward(network, new Matrix([[...point]]));
    return hidden.reduce((sum, { last }) => {
      const outputs = layers[last].output.getRow(0);
      const firing = outputs.filter((output) => output !== 0).length;
      return sum + Math.max(firing, Math.min(atLeast, outputs.length));
    }, 0);
  };
}

/**
 * The count by a device whose readings have Gaussian noise. The thief reads it again and again until one whole number is so much
 * likelier than its neighbours: a sequential test of many hypotheses (Baum and Veeravalli 1994, A sequential procedure
 * for multihypothesis testing), with Wald's limit.
 *
 * @param noise - standard deviation of a reading in neurons, above 0
 * @param error - probability of a wrong number that the thief accepts
 * @param onReading - is told of each reading
 */
export function steadied(
  read: Oracle,
  {
    noise,
    error,
    random,
    onReading,
  }: { noise: number; error: number; random: RandomStream; onReading?: () => void },
): Oracle {
  const enough = 2 * noise * noise * log(1 / error);
  return (point, spread) => {
    const count = read(point, spread);
    let sum = 0;
    for (let n = 1; ; n++) {
      sum += count + noise * random.normal();
      onReading?.();
      const nearest = Math.round(sum / n);
      // the log likelihood ratio against the second nearest, times 2 noise²
      if (n * (1 - 2 * Math.abs(sum / n - nearest)) >= enough) return nearest;
    }
  };
}

/** Ones in an output that is not 0, about: half of the 52 bits of its fraction, and some of its exponent. */
const ONES = 32;

/**
 * The Hamming weight of the hidden outputs, in neurons. It changes with every bit of an output, so the thief takes the mean over inputs
 * so near that the same neurons should fire there.
 */
export function weightReader(
  network: Network,
  { samples, random, onReading }: { samples: number; random: RandomStream; onReading?: () => void },
): Oracle {
  return ([x, y], spread) => {
    const near = Array.from({ length: samples }, () => {
      onReading?.();
      return [x + spread * (2 * random.uniform() - 1), y + spread * (2 * random.uniform() - 1)];
    });
    const { hammingWeights } = activityOf(network, forward(network, new Matrix(near)));
    return hammingWeights.reduce((sum, weight) => sum + weight, 0) / samples / ONES;
  };
}

/** Wrong counts that the thief accepts among noisy ones. */
const ERROR = 1e-4;

/** Inputs to average the Hamming weight over. */
const SAMPLES = 16;

/** A way to look at a device. */
export interface Channel {
  name: string;
  /** Where the thief looks. */
  box: Rectangle;
  /** As in the thief's options. */
  width?: number;
  reader(network: Network, seed: number, onReading: () => void): Oracle;
}

/** The same, telling of each reading. */
export function told(read: Oracle, onReading: () => void): Oracle {
  return (point, spread) => {
    onReading();
    return read(point, spread);
  };
}

function noisyCount(noise: number): Channel {
  return {
    name: `count, noise of ${noise} ${noise === 1 ? "neuron" : "neurons"}`,
    box: THIEF_BOX,
    reader(network, seed, onReading) {
      const random = randomStream(`side channel/readings/${noise}`, seed);
      return steadied(countReader(network), { noise, error: ERROR, random, onReading });
    },
  };
}

/** What a thief may see of a network. */
export const CHANNELS: Readonly<Record<"count" | "noise1" | "noise4" | "weight", Channel>> = {
  count: {
    name: "count",
    box: THIEF_BOX,
    reader: (network, _, onReading) => told(countReader(network), onReading),
  },
  noise1: noisyCount(1),
  noise4: noisyCount(4),
  weight: {
    name: "Hamming weight, near the moons",
    box: MOONS_SQUARE,
    width: 1e-8,
    reader(network, seed, onReading) {
      const random = randomStream("side channel/near inputs", seed);
      return weightReader(network, { samples: SAMPLES, random, onReading });
    },
  },
};
