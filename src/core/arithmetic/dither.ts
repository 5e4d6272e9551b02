/**
 * The random numbers of stochastic rounding. Each is a hash of a key, which changes with every step, and of the exact value
 * to round. The order of operations therefore does not matter, and every implementation (matrix by matrix, point by point)
 * rounds alike. Within one step equal values are rounded to the same side; between steps and between values the sides are
 * as independent as a hash can make them.
 */
import { randomStream } from "../random.js";

/** A source of random numbers for {@link roundStochastically}. */
export interface Dither {
  /** Returns a number in [0, 1) for this value in this step, a multiple of 2^-32. */
  at(value: number): number;
  /** The key of this step: a whole number from 0 to 2^31 - 1. */
  key: number;
  /** Draws the key of the next step, and returns it. */
  next(): number;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** The dither of a seed, at its first step. */
export function newDither(seed: number): Dither {
  const random = randomStream("stochastic rounding", seed);
  const draw = (): number => random.below(0x80000000);
  const dither: Dither = {
    key: draw(),
    at(value) {
      double[0] = value;
      return mix(mix(dither.key ^ words[0]) ^ words[1]) / 0x100000000;
    },
    next() {
      dither.key = draw();
      return dither.key;
    },
  };
  return dither;
}

/**
 * A bijection of 32-bit words in which every bit of the argument affects every bit of the result (MurmurHash3's finaliser).
 */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
