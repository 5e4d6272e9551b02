/**
 * The elementary functions of double-doubles, by the textbook series of elementary.ts with more terms. Bounds are on the
 * relative error, as seen in tests and rounded up; they hold where those of double-double.ts do.
 */
import { exponentOf, powerOfTwo } from "../powers.js";
import {
  abs,
  add,
  type DoubleDouble,
  divide,
  multiply,
  negate,
  timesPowerOfTwo,
  widened,
} from "./double-double.js";

const ONE = widened(1);
const TWO = widened(2);

/** Adding and subtracting 1.5 * 2^52 rounds to a whole number. */
const ROUNDER = 1.5 * powerOfTwo(52);

/** ln 2 in three doubles. The first has 32 bits, so that its product with an exponent is exact. */
const LN2_UPPER = 2977044471 * powerOfTwo(-32);
const LN2_REST: DoubleDouble = { high: 1.9082149292705877e-10, low: 1.1612227229362532e-26 };

/** Terms of the series of e^r - 1 for |r| <= ln(2)/2: the first omitted one is below 2^-114 of the sum. */
const EXP_TERMS = 23;

/** e^x = 2^k e^r: k and r, |r| <= ln(2)/2. */
function reduced(x: DoubleDouble): { k: number; r: DoubleDouble } {
  const k = x.high * Math.LOG2E + ROUNDER - ROUNDER;
  const upper = add(x, widened(-k * LN2_UPPER));
  return { k, r: add(upper, multiply(LN2_REST, widened(-k))) };
}

/** e^r - 1 = r (1 + r/2 (1 + r/3 (…))). */
function expm1Series(r: DoubleDouble): DoubleDouble {
  let sum = ONE;
  for (let n = EXP_TERMS; n > 1; n--) sum = add(ONE, divide(multiply(sum, r), widened(n)));
  return multiply(r, sum);
}

/** e^x. Error below 2^-105. */
export function exp(x: DoubleDouble): DoubleDouble {
  if (!(x.high < 710 && x.high > -746)) return widened(x.high > 0 ? Infinity : x.high < 0 ? 0 : NaN);
  const { k, r } = reduced(x);
  return timesPowerOfTwo(add(ONE, expm1Series(r)), k);
}

/** e^x - 1. Error below 2^-103: just above ln(2)/2 the subtraction makes that of e^x 3.4 times as large. */
export function expm1(x: DoubleDouble): DoubleDouble {
  if (Math.abs(x.high) < Math.LN2 / 2) return expm1Series(x);
  return add(exp(x), widened(-1));
}

/** tanh x = E / (E + 2) with E = e^2x - 1. Error below 2^-102. */
export function tanh(x: DoubleDouble): DoubleDouble {
  if (x.high === 0) return x; // keeps the sign of zero
  if (Math.abs(x.high) > 300) return widened(Math.sign(x.high)); // not infinity / infinity
  const e = expm1(multiply(TWO, abs(x)));
  const y = divide(e, add(e, TWO));
  return x.high < 0 ? negate(y) : y;
}

/** 1/1, 1/3, 1/5 …: for s^2 < 0.0295 the first omitted term of artanh is below 2^-111 of the sum. */
const ODD_RECIPROCALS = Array.from({ length: 21 }, (_, j) => divide(ONE, widened(2 * j + 1)));

/** log((1 + s) / (1 - s)) = 2 artanh(s) = 2s (1 + s^2/3 + s^4/5 + …), for |s| < 0.1717. */
function logSeries(s: DoubleDouble): DoubleDouble {
  const square = multiply(s, s);
  const sum = ODD_RECIPROCALS.reduceRight((below, reciprocal) => add(reciprocal, multiply(below, square)));
  return multiply(multiply(TWO, s), sum);
}

/** The natural logarithm. Error below 2^-102. log(±0) is -Infinity, and of a negative number it is NaN. */
export function log(x: DoubleDouble): DoubleDouble {
  if (!(x.high > 0 && x.high < Infinity))
    return widened(x.high === 0 ? -Infinity : x.high > 0 ? x.high : NaN);
  // x = 2^k m with m from sqrt(1/2) to sqrt(2)
  const k = exponentOf(x.high * Math.SQRT1_2) + 1;
  const m = timesPowerOfTwo(x, -k);
  const ofM = logSeries(divide(add(m, widened(-1)), add(m, ONE)));
  return add(widened(k * LN2_UPPER), add(multiply(LN2_REST, widened(k)), ofM));
}

/** log(1 + x), without the rounding of 1 + x near 0. Error below 2^-102. */
export function log1p(x: DoubleDouble): DoubleDouble {
  if (x.high > -0.29 && x.high < 0.41) return logSeries(divide(x, add(x, TWO)));
  return log(add(ONE, x));
}
