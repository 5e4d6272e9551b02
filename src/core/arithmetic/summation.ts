/**
 * The order in which many terms are summed. In exact arithmetic it makes no difference; floating-point addition is not
 * associative, so each order gives different last bits.
 */
import type { Round } from "./arithmetic.js";

/** The order of a sum. */
export type Summation =
  /** From the first term to the last. */
  | "sequential"
  /** From the last term to the first. */
  | "reversed"
  /** Neighbours first, then the sums of neighbours, and so on, as vector units and GPUs do. */
  | "pairwise";

/** The names of the orders. */
export const SUMMATIONS: readonly Summation[] = ["sequential", "reversed", "pairwise"];

/** Sums the terms 0 to count - 1, starting from 0; `round` rounds each addition. */
export function sumTerms(
  summation: Summation,
  count: number,
  term: (index: number) => number,
  round: Round,
): number {
  let sum = 0;
  switch (summation) {
    case "sequential":
      for (let k = 0; k < count; k++) sum = round(sum + term(k));
      return sum;
    case "reversed":
      for (let k = count - 1; k >= 0; k--) sum = round(sum + term(k));
      return sum;
    case "pairwise": {
      if (count === 0) return 0;
      const sums = Array.from({ length: count }, (_, k) => round(0 + term(k)));
      for (let width = 1; width < count; width *= 2) {
        for (let k = 0; k + width < count; k += 2 * width) sums[k] = round(sums[k] + sums[k + width]);
      }
      return sums[0];
    }
  }
}
