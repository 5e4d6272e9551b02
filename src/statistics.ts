/** Numbers about numbers: what many seeds say, with the interval that says how well. */

/** A mean with its 95% confidence interval. */
export interface MeanInterval {
  /** Number of values. */
  n: number;
  mean: number;
  /** Standard deviation of the values, with n - 1 in the denominator; NaN for n = 1. */
  sd: number;
  /** Lower end of the interval; NaN for n = 1. */
  low: number;
  /** Upper end of the interval; NaN for n = 1. */
  high: number;
}

/** A share with its 95% confidence interval. */
export interface ShareInterval {
  /** Number of trials. */
  n: number;
  /** Number of successes. */
  count: number;
  /** count / n. */
  share: number;
  /** Lower end of the interval. */
  low: number;
  /** Upper end of the interval. */
  high: number;
}

/** The 97.5% point of the standard normal distribution. */
const NORMAL_975 = 1.959963984540054;

/**
 * Mean and 95% interval by Student's t, for independent values.
 *
 * @throws RangeError when there is no value
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  const n = values.length;
  if (n === 0) throw new RangeError("values must hold at least 1 number, got none");
  const mean = sum(values) / n;
  const sd = Math.sqrt(sum(values.map((value) => (value - mean) * (value - mean))) / (n - 1));
  const half = n > 1 ? (studentT975(n - 1) * sd) / Math.sqrt(n) : Number.NaN;
  return { n, mean, sd: n > 1 ? sd : Number.NaN, low: mean - half, high: mean + half };
}

/**
 * Share and 95% interval by Wilson's score method (Wilson 1927, Probable inference, the law of succession,
 * and statistical inference), for independent trials. Unlike the textbook's interval it keeps within 0 and 1
 * and has a width even when no trial, or every one, succeeded.
 *
 * @throws RangeError when `n` is not a whole number >= 1 or `count` not one from 0 to `n`
 */
export function wilsonInterval(count: number, n: number): ShareInterval {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`n must be a whole number >= 1, got ${n}`);
  if (!Number.isInteger(count) || count < 0 || count > n) {
    throw new RangeError(`count must be a whole number from 0 to ${n}, got ${count}`);
  }
  const z2 = NORMAL_975 * NORMAL_975;
  const share = count / n;
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

/**
 * The value below which a share `q` of the values lies, with linear interpolation between neighbours (type 7
 * of Hyndman and Fan 1996, Sample quantiles in statistical packages).
 *
 * @throws RangeError when there is no value, or q is not from 0 to 1
 */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError("values must hold at least 1 number, got none");
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q must be a number from 0 to 1, got ${q}`);
  const sorted = [...values].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/**
 * Area under the ROC curve: the probability that a score drawn from `positives` is above one drawn from
 * `negatives`, ties counted half (Hanley and McNeil 1982, The meaning and use of the area under a receiver
 * operating characteristic curve). 1/2 says nothing, 1 tells all apart, 0 does so with the sign turned; NaN where
 * a score is NaN.
 *
 * @throws RangeError when either list is empty
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  if (positives.length === 0) throw new RangeError("positives must hold at least 1 number, got none");
  if (negatives.length === 0) throw new RangeError("negatives must hold at least 1 number, got none");
  const scores = Float64Array.from(negatives).sort();
  const wins = positives.map((score) => {
    // sorted, and so the negatives below the score, and those not above it, are counted by bisection
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
  const means = [meanInterval(first).mean, meanInterval(second).mean];
  const products = (a: readonly number[], i: number, b: readonly number[], j: number): number =>
    sum(a.map((value, k) => (value - means[i]) * (b[k] - means[j])));
  return (
    products(first, 0, second, 1) / Math.sqrt(products(first, 0, first, 0) * products(second, 1, second, 1))
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
