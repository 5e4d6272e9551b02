/**
 * Elementary functions in binary64 with the same bits on every engine.
 *
 * ECMAScript leaves the accuracy of Math.exp and similar functions to the engine, and engines differ in the last bit.
 * These functions use only what the standard defines exactly: + - * /, Math.abs, Math.fround, Math's constants and the bits
 * of a double. Each stays within 1 ulp, the unit in the last place of the true value (rounding alone costs 0.5), keeps the
 * special values of IEEE 754 and never throws: undefined values are NaN. The bounds at the functions hold in all tests; beside
 * them stands the largest error, by exact arithmetic, that a search found: 20,000 arguments of each of two or three intervals,
 * and from the worst 100 of them 1000 steps each to worse ones nearby (lib-tests/core/worst-errors.ts).
 *
 * The coefficients are those of textbook series, so that readers can derive them; libraries fit polynomials, which saves a
 * term or two. The argument reductions follow Cody and Waite, "Software Manual for the Elementary Functions" (1980). Where a
 * sum must not be rounded, its error is carried along, after Dekker, "A floating-point technique for extending the
 * available precision" (Numer. Math. 18, 1971). Series are summed in two halves, every other term each, because a processor
 * is faster on two short chains of dependent operations than on a long one.
 */

import { powerOfTwo } from "./powers.js";

/**
 * Adding and subtracting 1.5 * 2^52 rounds to a whole number (half to even, so symmetric in x), because doubles of that size
 * have no fraction bits. For |x| < 2^51.
 */
const ROUNDER = 1.5 * powerOfTwo(52);

/** The rounding error of `sum`, which is a + b rounded (Knuth's two-sum). */
function sumError(a: number, b: number, sum: number): number {
  const bInSum = sum - a;
  const aInSum = sum - bInSum;
  return a - aInSum + (b - bInSum);
}

// ---- exp, expm1, tanh ------------------------------------------------------------------------------------

/*
 * x = k ln 2 + r with |r| <= ln(2)/2, so exp(x) = 2^k exp(r). ln 2 is split in two: the upper part has 32 bits, so that
 * k * LN2_UPPER is exact for |k| < 2^21, and so is upper = x - k * LN2_UPPER. r = upper - k * LN2_LOWER.
 */
const LN2_UPPER = 2977044471 * powerOfTwo(-32);
const LN2_LOWER = 1.9082149292705877e-10;

/**
 * exp(upper - lower) - (1 + upper), for |upper - lower| <= 0.35 and a small `lower`: Taylor's series up to r^13 / 13!. The
 * first omitted term is below 2^-57.
 */
function beyondLinear(upper: number, lower: number): number {
  const r = upper - lower;
  const z = r * r;
  const odd =
    1 / 6 + z * (1 / 120 + z * (1 / 5040 + z * (1 / 362880 + z * (1 / 39916800 + z * (1 / 6227020800)))));
  const even = 1 / 24 + z * (1 / 720 + z * (1 / 40320 + z * (1 / 3628800 + z * (1 / 479001600))));
  const rLow = upper - r - lower; // the error of r; only its product with the derivative of z / 2 matters
  return z / 2 + (r * z * odd + z * z * even + (r * rLow - lower));
}

/**
 * e^x. Error below 0.65 ulp (most found: 0.609), or 0.85 ulp where the result is subnormal. Above about 709.78 the result is
 * Infinity, below about -745.13 it is 0.
 */
export function exp(x: number): number {
  if (!(x < 710 && x > -746)) return x > 0 ? Infinity : x < 0 ? 0 : NaN;
  const k = x * Math.LOG2E + ROUNDER - ROUNDER;
  const upper = x - k * LN2_UPPER;
  // 1 + upper and the error of that sum; two operations recover it, since 1 is the larger term.
  const sum = 1 + upper;
  const y = sum + (upper - (sum - 1) + beyondLinear(upper, k * LN2_LOWER));
  if (k >= -1074 && k <= 1023) return y * powerOfTwo(k);
  // No double holds 2^k: split it into two factors, of which only the second can overflow or round.
  return k > 0 ? y * 2 * powerOfTwo(k - 1) : (y / 4) * powerOfTwo(k + 2);
}

/** e^x - 1, without cancellation near 0. Error below 0.95 ulp (most found: 0.857). */
export function expm1(x: number): number {
  if (x === 0) return x; // keeps the sign of zero
  // Beyond 40, either 1 or the power is below a tenth of an ulp of the other.
  if (!(x < 40 && x > -40)) return x < 0 ? -1 : exp(x);
  const k = x * Math.LOG2E + ROUNDER - ROUNDER;
  const upper = x - k * LN2_UPPER;
  const power = powerOfTwo(k);
  // 2^k (1 + upper + beyond) - 1: sum the large terms first, and add the errors of their sums to the rest.
  const whole = power - 1;
  const linear = power * upper;
  const sum = whole + linear;
  const errors = linear - (sum - whole) + (power - whole - 1);
  return sum + (errors + power * beyondLinear(upper, k * LN2_LOWER));
}

/** Hyperbolic tangent. Error below 0.8 ulp (most found: 0.732); odd to the bit. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-9) return x; // the next term, x^3/3, is below 2^-60 of it
  const y = size < 2 ? tanhBelow2(size) : 1 - 2 / (exp(2 * size) + 1);
  return x < 0 ? -y : y;
}

/**
 * tanh(x) = E / (E + 2) with E = e^2x - 1, for 1e-9 <= x < 2. E, E + 2 and the quotient are each kept as a double and its
 * error: rounding them to doubles would cost more than an ulp.
 */
function tanhBelow2(x: number): number {
  const k = 2 * x * Math.LOG2E + ROUNDER - ROUNDER;
  const upper = 2 * x - k * LN2_UPPER;
  const power = powerOfTwo(k);
  const linear = power * upper;
  const sum = power - 1 + linear;
  const rest = sumError(power - 1, linear, sum) + power * beyondLinear(upper, k * LN2_LOWER);
  const numerator = sum + rest;
  const numeratorRest = sumError(sum, rest, numerator);
  const denominator = numerator + 2;
  const denominatorRest = sumError(numerator, 2, denominator) + numeratorRest;
  // One step of long division: with 24 bits each, quotient * head is exact, and so is the first difference.
  const quotient = Math.fround(numerator / denominator);
  const head = Math.fround(denominator);
  const remainder =
    numerator - quotient * head - quotient * (denominator - head + denominatorRest) + numeratorRest;
  return quotient + remainder / denominator;
}

// ---- log, log1p ------------------------------------------------------------------------------------------

/** A double, and the same eight bytes as two 32-bit words; word SIGN_WORD has the sign and the exponent. */
const DOUBLE: Float64Array = new Float64Array([1]);
const WORDS: Int32Array = new Int32Array(DOUBLE.buffer);
const SIGN_WORD = WORDS[0] === 0 ? 1 : 0; // little-endian or big-endian

const SMALLEST_NORMAL = powerOfTwo(-1022);

/** The k with sqrt(1/2) <= x 2^-k < sqrt(2) (up to rounding), for a positive, normal, finite x. */
function nearestExponent(x: number): number {
  DOUBLE[0] = x * Math.SQRT2;
  return (WORDS[SIGN_WORD] >> 20) - 1023;
}

/**
 * k ln 2 + log(1 + f) + extra for sqrt(1/2) <= 1 + f <= sqrt(2) and a tiny `extra`.
 *
 * With s = f / (2 + f), log(1 + f) = 2 artanh(s) = 2s + s R where R = 2/3 s^2 + 2/5 s^4 + … (Abramowitz and
 * Stegun 4.1.27) and |s| < 0.172; the first omitted term is below 2^-60 of the sum. From 2s = f - s f and
 * s f = f^2/2 - s f^2/2 follows f - f^2/2 + s (f^2/2 + R): f is exact, f^2/2 can be kept exact, and the rest
 * is small.
 */
function logOfProduct(k: number, f: number, extra: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = z * (2 / 3 + w * (2 / 7 + w * (2 / 11 + w * (2 / 15 + w * (2 / 19)))));
  const even = w * (2 / 5 + w * (2 / 9 + w * (2 / 13 + w * (2 / 17 + w * (2 / 21)))));
  const whole = k * LN2_UPPER;
  const sum = whole + f;
  // The square of f's upper half is exact, and the errors of the sums of large terms are recovered.
  const head = Math.fround(f);
  const halfSquare = (head * head) / 2;
  const y = sum - halfSquare;
  const errors = f - (sum - whole) + (sum - y - halfSquare) - ((f - head) * (f + head)) / 2;
  return y + (errors + (s * ((f * f) / 2 + (odd + even)) + (k * LN2_LOWER + extra)));
}

/** Natural logarithm. Error below 0.75 ulp (most found: 0.655). log(±0) is -Infinity, and of a negative number it is NaN. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  if (x < SMALLEST_NORMAL) return logOfNormal(x * powerOfTwo(54), -54);
  return logOfNormal(x, 0);
}

/** log(x 2^scale) for a positive, normal, finite x. */
function logOfNormal(x: number, scale: number): number {
  const k = nearestExponent(x);
  return logOfProduct(k + scale, x * powerOfTwo(-k) - 1, 0);
}

/** log(1 + x), without the rounding of 1 + x. Error below 0.75 ulp (most found: 0.661). log1p(-1) is -Infinity; NaN below. */
export function log1p(x: number): number {
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x > 0 ? x : NaN;
  const sum = 1 + x;
  if (sum === 1) return x; // the next term, x^2/2, is at most half an ulp
  const k = nearestExponent(sum);
  if (k === 0) return logOfProduct(0, x, 0);
  // log(sum + lost) is log(sum) + lost / sum to far more than double precision; beyond 2^53 neither 1 matters.
  const lost = x - (sum - 1);
  return logOfProduct(k, sum * powerOfTwo(-k) - 1, lost / sum);
}

// ---- sin, cos --------------------------------------------------------------------------------------------

/*
 * x = n pi/2 + r with |r| <= pi/4. pi/2 is split into slices of 33 bits, whose products with n < 2^20 are exact, and a rest.
 * Together they have over 150 bits, so that even the double below 2^20 nearest to a multiple of pi/2 gives a sine (or cosine)
 * with all its bits.
 */
const HALF_PI_SLICE_1 = 6746518852 * powerOfTwo(-32);
const HALF_PI_SLICE_2 = 2242054355 * powerOfTwo(-65);
const HALF_PI_SLICE_3 = 640881756 * powerOfTwo(-98);
const HALF_PI_REST = 8.4784276603689e-32;

/** The largest |x| for sin and cos; beyond it they return NaN. */
export const LARGEST_ANGLE: number = powerOfTwo(20);

/**
 * Sine, for |x| <= {@link LARGEST_ANGLE} (NaN beyond). Error below 0.9 ulp, even next to multiples of pi (most found: 0.779).
 */
export function sin(x: number): number {
  return Math.abs(x) < 1e-9 ? x : sineAfterQuarterTurns(x, 0);
}

/**
 * Cosine, for |x| <= {@link LARGEST_ANGLE} (NaN beyond). Error below 0.9 ulp, even next to its zeros (most found: 0.808).
 */
export function cos(x: number): number {
  return sineAfterQuarterTurns(x, 1);
}

/** sin(x + turns pi/2). */
function sineAfterQuarterTurns(x: number, turns: number): number {
  if (!(Math.abs(x) <= LARGEST_ANGLE)) return NaN;
  const n = x * (2 / Math.PI) + ROUNDER - ROUNDER;
  // r = first - second - third - n * HALF_PI_REST. The first difference is exact, because the two terms are close; the
  // errors of the others are recovered, because they may cancel.
  const first = x - n * HALF_PI_SLICE_1;
  const second = n * HALF_PI_SLICE_2;
  const third = n * HALF_PI_SLICE_3;
  const r1 = first - second;
  const r2 = r1 - third;
  const rest = sumError(first, -second, r1) + sumError(r1, -third, r2) - n * HALF_PI_REST;
  const r = r2 + rest;
  const rLow = r2 - r + rest;
  switch ((n + turns) & 3) {
    case 0:
      return sineNear0(r, rLow);
    case 1:
      return cosineNear0(r, rLow);
    case 2:
      return -sineNear0(r, rLow);
    default:
      return -cosineNear0(r, rLow);
  }
}

/** sin(r + rLow) for |r| <= pi/4 and rLow below an ulp of r: Taylor's series up to r^17. */
function sineNear0(r: number, rLow: number): number {
  const z = r * r;
  const w = z * z;
  const minus = z * (1 / 6 + w * (1 / 5040 + w * (1 / 39916800 + w * (1 / 1307674368000))));
  const plus = w * (1 / 120 + w * (1 / 362880 + w * (1 / 6227020800 + w * (1 / 355687428096000))));
  return r + (r * (plus - minus) + rLow * (1 - z / 2));
}

/** cos(r + rLow) for |r| <= pi/4 and rLow below an ulp of r: Taylor's series up to r^16. */
function cosineNear0(r: number, rLow: number): number {
  const z = r * r;
  const w = z * z;
  const plus = w * (1 / 24 + w * (1 / 40320 + w * (1 / 479001600 + w * (1 / 20922789888000))));
  const minus = z * w * (1 / 720 + w * (1 / 3628800 + w * (1 / 87178291200)));
  const half = z / 2;
  const y = 1 - half;
  return y + (1 - y - half + (plus - minus - r * rLow));
}
