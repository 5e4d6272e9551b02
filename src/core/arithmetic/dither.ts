/**
 * The random numbers of stochastic rounding. They are not drawn one after the other but computed from what is
 * rounded: a hash of the seed, the number of the step and the exact value. So the order in which operations
 * are done does not matter, and every way of doing them (matrix by matrix, point by point) rounds alike.
 * Within one step two equal values are rounded to the same side; from step to step, and from value to value,
 * the sides are independent as far as a hash can make them.
 */
import { randomStream } from "../random.js";

/** A source of random numbers for {@link roundStochastically}. */
export interface Dither {
  /** A number in [0, 1) for this value in this step: a multiple of 2^-32. */
  at(value: number): number;
  /** What the numbers of this step are a hash of: a whole number from 0 to 2^31 - 1. */
  key: number;
  /** Goes on to the next step, and returns the key that is drawn for it. */
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
 * A bijection of the 32-bit words in which every bit of the argument matters to each of the result
 * (MurmurHash3's finaliser).
 */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
