/**
 * Whether chains can be believed: R-hat and the effective sample size, after Vehtari, Gelman, Simpson, Carpenter and Bürkner
 * 2021, Rank-normalization, folding, and localization: an improved R-hat for assessing convergence of MCMC. Both are of one
 * prediction, not of a weight: with two hidden neurons swapped the weights are others and the network is the same.
 */
import { log } from "../../../core/elementary.js";
import { meanOf, quantile, ranksOf } from "../../statistics.js";

/**
 * R-hat, rank-normalized, of split chains, the larger of the plain and the folded one (section 4): 1 when the
 * chains agree in place and width. NaN where a value is not a number, or no value differs from the others.
 *
 * @param chains - values in the order of drawing, at least 4 in each chain, equally many
 * @throws RangeError when there are fewer, or chains differ in length
 */
export function rHat(chains: readonly (readonly number[])[]): number {
  const halves = split(chains);
  const median = quantile(halves.flat(), 0.5);
  const folded = halves.map((half) => half.map((value) => Math.abs(value - median)));
  const plain = potentialReduction(rankNormalized(halves));
  const wide = potentialReduction(rankNormalized(folded));
  // folding two values makes them one
  return Number.isNaN(wide) ? plain : Math.max(plain, wide);
}

/**
 * The effective sample size of the bulk: how many independent draws would tell as much of the middle of the distribution (sections 3
 * and 4). Autocorrelations are summed as long as the sums of neighbouring pairs stay positive, and made to fall (Geyer 1992,
 * Practical Markov chain Monte Carlo). NaN where a value is not a number, or no value differs from the others.
 *
 * @param chains - as for {@link rHat}
 * @throws RangeError as {@link rHat}
 */
export function effectiveSamples(chains: readonly (readonly number[])[]): number {
  const halves = rankNormalized(split(chains));
  const n = halves[0].length;
  const { within, total } = variances(halves);
  const means = halves.map(meanOf);
  /** Correlation of draws `lag` apart. */
  const correlationAt = (lag: number): number => {
    const covariances = halves.map((half, m) => {
      let sum = 0;
      for (let i = lag; i < n; i++) sum += (half[i] - means[m]) * (half[i - lag] - means[m]);
      return sum / (n - 1);
    });
    return 1 - (within - meanOf(covariances)) / total;
  };
  let [sum, least] = [0, Number.POSITIVE_INFINITY];
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = correlationAt(lag) + correlationAt(lag + 1);
    if (Number.isNaN(pair)) return Number.NaN;
    if (pair <= 0) break;
    least = Math.min(least, pair);
    sum += least;
  }
  const draws = n * halves.length;
  // draws that are better than independent are believed only so far; of few, the sum may come out below a half
  return draws / Math.max(2 * sum - 1, Math.LN10 / log(draws));
}

/** Each chain as two, so that one that drifts disagrees with itself. */
function split(chains: readonly (readonly number[])[]): number[][] {
  const { length } = chains[0] ?? [];
  if (length < 4 || chains.some((chain) => chain.length !== length)) {
    throw new RangeError(
      `chains must all have the same number of values, at least 4, got ${chains.map((chain) => chain.length).join(", ")}`,
    );
  }
  const half = length >> 1;
  return chains.flatMap((chain) => [chain.slice(0, half), chain.slice(length - half)]);
}

/** R-hat of a normal quantity. */
function potentialReduction(chains: readonly (readonly number[])[]): number {
  const { within, total } = variances(chains);
  return within === 0 && total === 0 ? Number.NaN : Math.sqrt(total / within);
}

/** The variance within chains, and that of all draws. */
function variances(chains: readonly (readonly number[])[]): { within: number; total: number } {
  const n = chains[0].length;
  const within = meanOf(chains.map(varianceOf));
  return { within, total: ((n - 1) / n) * within + varianceOf(chains.map(meanOf)) };
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (values.length - 1);
}

/** Each value replaced by the normal deviate of its rank among all. */
function rankNormalized(chains: readonly (readonly number[])[]): number[][] {
  const ranks = ranksOf(chains.flat());
  const deviates = ranks.map((rank) => normalQuantile((rank + 1 - 3 / 8) / (ranks.length + 1 / 4)));
  const { length } = chains[0];
  return chains.map((_, c) => deviates.slice(c * length, (c + 1) * length));
}

/** The normal deviate below which a share p lies, to 4.5e-4 (Abramowitz and Stegun 1964, 26.2.23). */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * log(Math.min(p, 1 - p)));
  const size =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return p < 0.5 ? -size : size;
}
