/**
 * Double-double numbers: unevaluated sums of two doubles, of which the first is the sum rounded to a double. They carry
 * some 106 bits, twice those of a double, and have the range of a double.
 *
 * The algorithms and bounds are those of Joldes, Muller and Popescu 2017, Tight and rigorous error bounds for basic building
 * blocks of double-word arithmetic (ACM Trans. Math. Softw. 44); u is 2^-53, and a bound is on the relative error. It
 * holds for results from 2^-968 to 2^1022: below, the lower part would be subnormal or 0. Infinity and NaN have a lower
 * part of 0.
 */
import { powerOfTwo } from "../powers.js";

/** The number high + low, where `high` is that sum rounded to a double. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** A double as a double-double. */
export function widened(x: number): DoubleDouble {
  return { high: x, low: 0 };
}

// ---- exact ----

/** a + b as the rounded sum and its error (Knuth's two-sum). Always exact, unless the sum overflows. */
export function twoSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  if (!Number.isFinite(high)) return widened(high);
  const bInSum = high - a;
  return { high, low: a - (high - bInSum) + (b - bInSum) };
}

/** The same with fewer operations, for |a| >= |b| or a = 0 (Dekker 1971). Adding a zero keeps the sign of a zero. */
export function fastTwoSum(a: number, b: number): DoubleDouble {
  const high = b === 0 ? a : a + b;
  return Number.isFinite(high) ? { high, low: b - (high - a) } : widened(high);
}

/** Veltkamp's constant: it splits a double of 53 bits in two of at most 26. */
const SPLITTER = powerOfTwo(27) + 1;

/** Above it, splitting would overflow. */
const LARGEST_TO_SPLIT = powerOfTwo(996);

/** a b as the rounded product and its error (Dekker 1971, without fused multiply-add). Exact if the error is not subnormal. */
export function twoProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  if (!Number.isFinite(high)) return widened(high);
  if (Math.abs(a) > LARGEST_TO_SPLIT) {
    return { high, low: twoProduct(a * powerOfTwo(-53), b).low * powerOfTwo(53) };
  }
  if (Math.abs(b) > LARGEST_TO_SPLIT) return twoProduct(b, a);
  const aScaled = SPLITTER * a;
  const aHead = aScaled - (aScaled - a);
  const aTail = a - aHead;
  const bScaled = SPLITTER * b;
  const bHead = bScaled - (bScaled - b);
  const bTail = b - bHead;
  return { high, low: aHead * bHead - high + aHead * bTail + aTail * bHead + aTail * bTail };
}

/** -x. */
export function negate({ high, low }: DoubleDouble): DoubleDouble {
  return { high: -high, low: -low };
}

/** |x|. */
export function abs(x: DoubleDouble): DoubleDouble {
  return x.high < 0 || Object.is(x.high, -0) ? negate(x) : x;
}

/** Whether x > y. */
export function isGreater(x: DoubleDouble, y: DoubleDouble): boolean {
  return x.high > y.high || (x.high === y.high && x.low > y.low);
}

/** Whether x = y. */
export function isEqual(x: DoubleDouble, y: DoubleDouble): boolean {
  return x.high === y.high && x.low === y.low;
}

/** The larger of the two; NaN where either is NaN. */
export function maximum(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  if (x.high === y.high && x.high !== 0) return x.low >= y.low ? x : y;
  const high = Math.max(x.high, y.high);
  return Object.is(high, x.high) ? x : y;
}

/** x 2^k; exact, unless a part overflows or becomes subnormal. */
export function timesPowerOfTwo({ high, low }: DoubleDouble, k: number): DoubleDouble {
  // in two factors, because 2^k itself may be no double
  const [first, second] = [powerOfTwo(k >> 1), powerOfTwo(k - (k >> 1))];
  const scaled = high * first * second;
  return Number.isFinite(scaled) ? { high: scaled, low: low * first * second } : widened(scaled);
}

// ---- rounded ----

/** x + y. Error at most 3u^2 / (1 - 4u), however much cancels (algorithm 6, AccurateDWPlusDW). */
export function add(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const sum = twoSum(x.high, y.high);
  const rest = twoSum(x.low, y.low);
  const most = fastTwoSum(sum.high, sum.low + rest.high);
  return fastTwoSum(most.high, rest.low + most.low);
}

/** x - y. Error as of {@link add}. */
export function subtract(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  return add(x, negate(y));
}

/**
 * x y. Error at most 5u^2 (algorithm 10, DWTimesDW1, with the bound of Muller and Rideau 2022, Formalization of double-word
 * arithmetic, ACM Trans. Math. Softw. 48).
 */
export function multiply(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const product = twoProduct(x.high, y.high);
  if (!Number.isFinite(product.high)) return product;
  return fastTwoSum(product.high, product.low + (x.high * y.low + x.low * y.high));
}

/** x / y. Error at most 15u^2 + 56u^3 (algorithm 17, DWDivDW2). */
export function divide(x: DoubleDouble, y: DoubleDouble): DoubleDouble {
  const quotient = x.high / y.high;
  if (!Number.isFinite(quotient) || quotient === 0) return widened(quotient);
  if (Math.abs(x.high) > LARGEST_TO_SPLIT) {
    // quotient times y must not overflow
    return timesPowerOfTwo(divide(timesPowerOfTwo(x, -53), y), 53);
  }
  const taken = timesDouble(y, quotient);
  const rest = x.high - taken.high + (x.low - taken.low);
  return fastTwoSum(quotient, rest / y.high);
}

/** x y for a double y. Error at most 3/2 u^2 + 4u^3 (algorithm 7, DWTimesFP1). */
function timesDouble(x: DoubleDouble, y: number): DoubleDouble {
  const product = twoProduct(x.high, y);
  const most = fastTwoSum(product.high, x.low * y);
  return fastTwoSum(most.high, most.low + product.low);
}

/**
 * The square root: that of the upper part, and one step of Newton's iteration (Lefèvre, Louvet, Muller, Picot and Rideau
 * 2023, Accurate calculation of Euclidean norms using double-word arithmetic). Error below 4u^2, as seen in tests.
 */
export function sqrt(x: DoubleDouble): DoubleDouble {
  const root = Math.sqrt(x.high);
  if (!(root > 0 && root < Infinity)) return widened(root);
  const square = twoProduct(root, root);
  const rest = x.high - square.high - square.low + x.low;
  return fastTwoSum(root, rest / (2 * root));
}
