/** Histograms of binary exponents, to compare the sizes of numbers with a format's range. */
import { exponentOf } from "../powers.js";

/** The number of values with each binary exponent. */
export interface ExponentHistogram {
  /** The exponents that occur, in ascending order; e stands for sizes from 2^e to below 2^(e + 1). */
  exponents: number[];
  /** counts[i] is the number of values with exponent exponents[i]. */
  counts: number[];
  /** The number of zeros, which have no exponent. */
  zeros: number;
  /** The number of infinities and NaNs. */
  notFinite: number;
}

/** The histogram of floor(log2 |value|). */
export function exponentHistogram(values: Iterable<number>): ExponentHistogram {
  const byExponent = new Map<number, number>();
  let zeros = 0;
  let notFinite = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) notFinite++;
    else if (value === 0) zeros++;
    else byExponent.set(exponentOf(value), (byExponent.get(exponentOf(value)) ?? 0) + 1);
  }
  const entries = [...byExponent].sort(([a], [b]) => a - b);
  return { exponents: entries.map(([e]) => e), counts: entries.map(([, count]) => count), zeros, notFinite };
}
