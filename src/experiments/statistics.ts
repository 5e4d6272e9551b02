/** Statistics over seeds: estimates with their intervals. */
import { exp } from "../core/elementary.js";

/** The least and the largest value that a quantity can have; the largest may be infinite. */
export type Bounds = readonly [least: number, most: number];

/** A mean with its 95% confidence interval. */
export interface MeanInterval {
  /** Number of values. */
  n: number;
  mean: number;
  /** Standard deviation of the values, with n - 1 in the denominator; NaN for n = 1. */
  sd: number;
  /** Lower end of the interval; NaN below {@link FEWEST_FOR_INTERVAL} values. */
  low: number;
  /** Upper end of the interval; NaN below {@link FEWEST_FOR_INTERVAL} values. */
  high: number;
  /** The bounds of the quantity; the interval stays within them. */
  bounds?: Bounds;
  /** The values themselves where they are too few for an interval. */
  points?: readonly number[];
}

/** A share with its 95% confidence interval. */
export interface ShareInterval {
  /** Number of trials. */
  n: number;
  /** Number of successes. */
  count: number;
  /** count / n. */
  share: number;
  /** Lower end of the interval; NaN below {@link FEWEST_FOR_INTERVAL} trials. */
  low: number;
  /** Upper end of the interval; NaN below {@link FEWEST_FOR_INTERVAL} trials. */
  high: number;
}

/** With fewer values there is no interval: so few say more by themselves. */
export const FEWEST_FOR_INTERVAL = 5;

/** The 97.5% point of the standard normal distribution. */
const NORMAL_975 = 1.959963984540054;

/**
 * Mean and 95% interval by Student's t, for independent values. Of a bounded quantity t is applied to the logit of
 * the mean's place between the bounds, with the standard error by the delta method, and taken back (Korn and
 * Graubard 1999, Analysis of health surveys, 2.3), or to its logarithm where there is no upper bound: such an interval
 * stays within the bounds. Equal values have an interval of no width.
 *
 * @param bounds - of the quantity, where it has any
 * @throws RangeError when there is no value, or one lies outside the bounds
 */
export function meanInterval(values: readonly number[], bounds?: Bounds): MeanInterval {
  const n = values.length;
  if (n === 0) throw new RangeError("values must hold at least 1 number, got none");
  const outside = bounds && values.find((value) => value < bounds[0] || value > bounds[1]);
  if (bounds && outside !== undefined) {
    throw new RangeError(`values must hold numbers from ${bounds[0]} to ${bounds[1]}, got ${outside}`);
  }
  const mean = isConstant(values) ? values[0] : sum(values) / n;
  const squares = values.map((value) => (value === mean ? 0 : (value - mean) * (value - mean)));
  const sd = n > 1 ? Math.sqrt(sum(squares) / (n - 1)) : Number.NaN;
  const half = (studentT975(n - 1) * sd) / Math.sqrt(n);
  const [low, high] =
    n < FEWEST_FOR_INTERVAL
      ? [Number.NaN, Number.NaN]
      : sd === 0
        ? [mean, mean]
        : bounds
          ? [-half, half].map((step) => movedOnLogit(mean, step, bounds))
          : [mean - half, mean + half];
  return {
    n,
    mean,
    sd,
    low,
    high,
    ...(bounds && { bounds }),
    ...(n < FEWEST_FOR_INTERVAL && { points: [...values] }),
  };
}

/** A mean within its bounds, moved on the scale of the logit by what is, to first order, a `step` on its own scale. */
function movedOnLogit(mean: number, step: number, [least, most]: Bounds): number {
  const [below, above] = [mean - least, most - mean];
  if (!(below > 0 && above > 0)) return Math.max(least, Math.min(most, mean)); // at a bound but for rounding
  if (most === Number.POSITIVE_INFINITY) return least + below * exp(step / below);
  // logit u = log(below / above), and du/dmean = (below + above) / (below above)
  const factor = exp((step * (below + above)) / (below * above));
  return factor === Number.POSITIVE_INFINITY
    ? most
    : (least * above + most * below * factor) / (above + below * factor);
}

/**
 * Share and 95% interval by Wilson's score method (Wilson 1927, Probable inference, the law of succession,
 * and statistical inference), for independent trials. Unlike the textbook interval it stays within 0 and 1
 * and has a width even when no trial, or every trial, succeeded.
 *
 * @throws RangeError when `n` is not a whole number >= 1 or `count` not one from 0 to `n`
 */
export function wilsonInterval(count: number, n: number): ShareInterval {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`n must be a whole number >= 1, got ${n}`);
  if (!Number.isInteger(count) || count < 0 || count > n) {
    throw new RangeError(`count must be a whole number from 0 to ${n}, got ${count}`);
  }
  const share = count / n;
  if (n < FEWEST_FOR_INTERVAL) return { n, count, share, low: Number.NaN, high: Number.NaN };
  const z2 = NORMAL_975 * NORMAL_975;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (NORMAL_975 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return {
    n,
    count,
    share,
    // at the ends the formula gives 0 and 1 but for rounding
    low: count === 0 ? 0 : centre - half,
    high: count === n ? 1 : centre + half,
  };
}

/** {@link wilsonInterval} of the items that pass a test; without items, a share that is NaN. */
export function shareOf<T>(items: readonly T[], shows: (item: T, index: number) => boolean): ShareInterval {
  if (items.length === 0) return { n: 0, count: 0, share: Number.NaN, low: Number.NaN, high: Number.NaN };
  return wilsonInterval(items.filter(shows).length, items.length);
}

/**
 * The value below which a share `q` of the values lies, with linear interpolation between neighbours (type 7
 * of Hyndman and Fan 1996, Sample quantiles in statistical packages). Infinities are ordinary values; NaN where a
 * value is NaN.
 *
 * @throws RangeError when there is no value, or q is not from 0 to 1
 */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError("values must hold at least 1 number, got none");
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q must be a number from 0 to 1, got ${q}`);
  const sorted = Float64Array.from(values).sort();
  // a typed array sorts NaN to its end
  if (Number.isNaN(sorted[sorted.length - 1])) return Number.NaN;
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  const part = place - below;
  // between equal infinities, or from one on, the difference would be NaN
  if (part === 0 || sorted[below] === sorted[above] || sorted[below] === Number.NEGATIVE_INFINITY) {
    return sorted[below];
  }
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

/**
 * Area under the ROC curve: the probability that a score drawn from `positives` is above one drawn from
 * `negatives`, ties counted half (Hanley and McNeil 1982, The meaning and use of the area under a receiver
 * operating characteristic curve). 1/2 says nothing, 1 separates them perfectly, 0 does so with the sign reversed; NaN where
 * a score is NaN.
 *
 * @throws RangeError when either list is empty
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  if (positives.length === 0) throw new RangeError("positives must hold at least 1 number, got none");
  if (negatives.length === 0) throw new RangeError("negatives must hold at least 1 number, got none");
  const scores = Float64Array.from(negatives).sort();
  const wins = positives.map((score) => {
    // sorted, so that bisection counts the negatives below the score and those not above it
    const [below, notAbove] = [countBelow(scores, score, false), countBelow(scores, score, true)];
    return Number.isNaN(score) ? Number.NaN : (below + notAbove) / 2;
  });
  // a typed array sorts NaN to its end
  if (Number.isNaN(scores[scores.length - 1])) return Number.NaN;
  return sum(wins) / positives.length / negatives.length;
}

/** How many of the sorted values lie below a limit, or not above it. */
function countBelow(sorted: Float64Array, limit: number, inclusive: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit || (inclusive && sorted[middle] === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Pearson's correlation of two quantities measured on the same things; NaN where one of them never varies.
 *
 * @throws RangeError when the lists are not of the same length, or empty
 */
export function correlation(first: readonly number[], second: readonly number[]): number {
  if (first.length !== second.length) {
    throw new RangeError(`second must hold ${first.length} numbers, as first does, got ${second.length}`);
  }
  if (first.length === 0) throw new RangeError("first must hold at least 1 number, got none");
  // the deviations of a constant are only rounding errors of the mean
  if (isConstant(first) || isConstant(second)) return Number.NaN;
  const means = [sum(first) / first.length, sum(second) / second.length];
  const products = (a: readonly number[], i: number, b: readonly number[], j: number): number =>
    sum(a.map((value, k) => (value - means[i]) * (b[k] - means[j])));
  return (
    products(first, 0, second, 1) / Math.sqrt(products(first, 0, first, 0) * products(second, 1, second, 1))
  );
}

/**
 * Spearman's rank correlation: {@link correlation} of the ranks, equal values sharing the mean of theirs. NaN where one
 * quantity never varies, or a value is NaN.
 *
 * @throws RangeError when the lists are not of the same length, or empty
 */
export function rankCorrelation(first: readonly number[], second: readonly number[]): number {
  // only rounding takes it beyond 1
  return Math.max(-1, Math.min(1, correlation(ranksOf(first), ranksOf(second))));
}

/** The place of each value among all of them, from 0, equal values sharing the mean of theirs; NaN throughout where one is NaN. */
export function ranksOf(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  // a typed array sorts NaN to its end
  const none = values.length > 0 && Number.isNaN(sorted[sorted.length - 1]);
  return values.map((value) =>
    none ? Number.NaN : (countBelow(sorted, value, false) + countBelow(sorted, value, true) - 1) / 2,
  );
}

/**
 * The 97.5% point of Student's t with `degrees` of freedom: exact values where the expansion is poor, then
 * Cornish and Fisher's expansion (Abramowitz and Stegun 1964, 26.7.5), right to 3 digits or more.
 */
function studentT975(degrees: number): number {
  const few = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706];
  if (degrees <= few.length) return few[degrees - 1];
  const z = NORMAL_975;
  const z2 = z * z;
  const terms = [
    (z * (z2 + 1)) / 4,
    (z * ((5 * z2 + 16) * z2 + 3)) / 96,
    (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384,
    (z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945)) / 92160,
  ];
  return z + terms.reduceRight((tail, term) => (tail + term) / degrees, 0);
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

/** The sum over the number of values; of whole numbers, exact but for one rounding. */
export function meanOf(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
