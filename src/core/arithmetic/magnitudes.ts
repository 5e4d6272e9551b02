/** How large numbers are: a histogram of the binary exponents, which a format's range can be held against. */
import { exponentOf } from "../powers.js";

/** How many numbers have which binary exponent. */
export interface ExponentHistogram {
  /** The exponents that occur, from the lowest; e stands for all sizes from 2^e to below 2^(e + 1). */
  exponents: number[];
  /** counts[i] numbers have the exponent exponents[i]. */
  counts: number[];
  /** Numbers that are 0, which have no exponent. */
  zeros: number;
  /** Infinities and NaNs. */
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
