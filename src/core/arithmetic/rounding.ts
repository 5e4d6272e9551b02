/**
 * Rounding of a double to a format: to nearest with ties to even, or stochastically. The value is rounded
 * straight from the double; by way of a third format it could be rounded once too often. That a sum, product,
 * quotient or root may be computed in doubles first is a property of the formats: see makeFormat.
 */

import { exponentOf, powerOfTwo } from "../powers.js";
import type { Round } from "./arithmetic.js";
import type { Dither } from "./dither.js";
import { type Format, finfo, formats } from "./formats.js";

/** How a value between two numbers of the format is rounded. */
export type RoundingMode = "nearest" | "stochastic";

/**
 * Rounding to the nearest number of the format, to the one with an even significand where two are equally
 * near, and to zero half way to the smallest number of a format without subnormals. A result of zero has the
 * sign of the value.
 *
 * Normal numbers by Veltkamp's splitting (Dekker 1971, A floating-point technique for extending the available
 * precision): with C = 2^(53-p) + 1, xC - (xC - x) is x rounded to p bits. That ties go to even is shown by a
 * test over the significands of p + 1 bits. Subnormals by adding and subtracting a number so large that a
 * unit in its last place is the spacing of the subnormals.
 */
export function roundToNearest(format: Format): Round {
  const { precision, subnormals, overflow, max } = format;
  if (precision === 53) return (x) => x; // binary64
  if (format === formats.binary32) return Math.fround; // the same, faster
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
 * Stochastic rounding: away from zero with the probability of the distance from the number below as a share
 * of the step, so that the expected value is the value itself (Gupta et al. 2015, Deep learning with limited
 * numerical precision). The probability is right to 2^-32, the step of the dither. A value that is a number
 * of the format stays what it is, and draws nothing; neither does one beyond the largest number, which goes
 * where {@link roundToNearest} puts it.
 */
export function roundStochastically(format: Format, dither: Pick<Dither, "at">): Round {
  const { max, precision, minExponent, subnormals } = format;
  const nearest = roundToNearest(format);
  const { smallestNormal } = finfo(format);

  return (x) => {
    const size = Math.abs(x);
    if (!(size > 0 && size <= max)) return nearest(x);
    const isBelowNormal = size < smallestNormal;
    const step =
      isBelowNormal && !subnormals
        ? smallestNormal
        : powerOfTwo((isBelowNormal ? minExponent : exponentOf(size)) - precision + 1);
    const below = Math.floor(size / step) * step;
    if (below === size) return x;
    const up = dither.at(x) < (size - below) / step;
    const rounded = up ? below + step : below;
    return x < 0 ? -rounded : rounded;
  };
}
