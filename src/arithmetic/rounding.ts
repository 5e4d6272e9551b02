/**
 * Rounding of a double to a format: to nearest with ties to even, or stochastically. The value is rounded once, straight
 * from the double; by way of another format it could be rounded twice.
 */

import { exponentOf, powerOfTwo } from "../powers.js";
import type { RandomStream } from "../random.js";
import type { Round } from "./arithmetic.js";
import { type Format, finfo } from "./formats.js";

/** How a value between two numbers of the format is rounded. */
export type RoundingMode = "nearest" | "stochastic";

/**
 * Rounding to the nearest number of the format, to the one with an even significand where two are equally near.
 *
 * Normal numbers by Veltkamp's splitting (Dekker 1971, A floating-point technique for extending the available
 * precision): with C = 2^(53-p) + 1, xC - (xC - x) is x rounded to p bits. That ties go to even is shown by a test over all
 * significands of p + 1 bits. Subnormals by adding and subtracting a number so large that a unit in its last place is the
 * spacing of the subnormals.
 */
export function roundToNearest(format: Format): Round {
  const { precision, subnormals, overflow, max } = format;
  if (precision === 53) return (x) => x;
  if (format.name === "binary32") return Math.fround;
  const { smallestNormal, smallestSubnormal } = finfo(format);
  const splitter = powerOfTwo(53 - precision) + 1;
  const magic = 1.5 * powerOfTwo(52) * smallestSubnormal;
  const limit = overflowLimit(format);
  const beyond = overflow === "infinity" ? Number.POSITIVE_INFINITY : max;

  return (x) => {
    const size = Math.abs(x);
    if (size >= smallestNormal && size < limit) {
      const c = x * splitter;
      return c - (c - x);
    }
    if (size < smallestNormal) {
      // times 0 keeps the sign of a zero
      if (!subnormals) return size > 0.5 * smallestNormal ? Math.sign(x) * smallestNormal : x * 0;
      const rounded = x + magic - magic;
      return rounded === 0 ? x * 0 : rounded;
    }
    return x > 0 ? beyond : x < 0 ? -beyond : x; // NaN is left
  };
}

/**
 * The smallest size that overflows when it is rounded to nearest: half a step beyond the largest number.
 */
export function overflowLimit({ max, precision, maxExponent }: Format): number {
  return max + powerOfTwo(maxExponent - precision);
}

/**
 * Stochastic rounding: up with the probability of the distance from below as a share of the step, so that the expected
 * value is the value itself (Gupta et al. 2015, Deep learning with limited numerical precision). A value that is a number of
 * the format stays what it is, and draws nothing. Beyond the largest number: as {@link roundToNearest}.
 */
export function roundStochastically(format: Format, random: RandomStream): Round {
  const nearest = roundToNearest(format);
  const { max, smallestNormal } = finfo(format);
  const lowest = format.subnormals ? format.minExponent : Number.NEGATIVE_INFINITY;
  return (x) => {
    const size = Math.abs(x);
    if (!(size > 0 && size <= max)) return nearest(x);
    if (!format.subnormals && size < smallestNormal) {
      return random.uniform() * smallestNormal < size ? Math.sign(x) * smallestNormal : x * 0;
    }
    const step = powerOfTwo(Math.max(exponentOf(size), lowest) - format.precision + 1);
    const steps = size / step;
    const below = Math.floor(steps);
    if (below === steps) return x;
    const up = random.uniform() < steps - below;
    const rounded = (up ? below + 1 : below) * step;
    return x < 0 ? -rounded : rounded;
  };
}
