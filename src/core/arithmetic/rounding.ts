/**
 * Rounds doubles to a format, to nearest with ties to even, or stochastically. Rounding goes directly from double to the
 * format, because an intermediate format could cause double rounding. See makeFormat for why sums, products, quotients and
 * roots may be computed in doubles first.
 */

import { exponentOf, powerOfTwo } from "../powers.js";
import type { Round } from "./arithmetic.js";
import type { Dither } from "./dither.js";
import { type Format, finfo, formats } from "./formats.js";

/** How to round a value between two numbers of the format. */
export type RoundingMode = "nearest" | "stochastic";

/**
 * Returns a function that rounds to the nearest number of the format. Ties go to the even significand, or to zero half way
 * to the smallest number of a format without subnormals. A result of zero keeps the sign of the value.
 *
 * Normal numbers are rounded by Veltkamp's splitting (Dekker 1971, A floating-point technique for extending the available
 * precision): with C = 2^(53-p) + 1, xC - (xC - x) is x rounded to p bits. A test over the significands of p + 1 bits shows
 * that ties go to even. Subnormals are rounded by adding and subtracting a number whose unit in the last place is the
 * spacing of the subnormals.
 */
export function roundToNearest(format: Format): Round {
  const { precision, subnormals, overflow, max } = format;
  if (precision === 53) return (x) => x; // binary64
  if (format === formats.binary32) return Math.fround; // same result, faster
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
      // x * 0 is a zero with the sign of x
      if (!subnormals) return size > 0.5 * smallestNormal ? Math.sign(x) * smallestNormal : x * 0;
      const rounded = x + magic - magic;
      return rounded === 0 ? x * 0 : rounded;
    }
    return x > 0 ? beyond : x < 0 ? -beyond : x; // NaN remains
  };
}

/**
 * The smallest size that overflows when rounded to nearest: half a step beyond the largest number.
 */
export function overflowLimit({ max, precision, maxExponent }: Format): number {
  return max + powerOfTwo(maxExponent - precision);
}

/**
 * Returns a function that rounds stochastically: away from zero with a probability equal to the distance from the number
 * below in units of the step, so that the expected result is the value itself (Gupta et al. 2015, Deep learning with
 * limited numerical precision). The probability is exact to 2^-32, the step of the dither. Numbers of the format do not
 * change; values beyond the largest number are rounded as by {@link roundToNearest}. Neither draws a random number.
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
