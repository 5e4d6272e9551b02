/**
 * Double precision whose sums add their terms in a new random order each time, as threads of a GPU do that add to one
 * number atomically: whichever comes first. All other operations are those of {@link float64}.
 */
import type { RandomStream } from "../random.js";
import type { Arithmetic } from "./arithmetic.js";
import { binary, sumsBy } from "./elementwise.js";
import { float64 } from "./float64.js";
import { sumTerms } from "./summation.js";

/** Makes the arithmetic; `random` draws the order of every sum of more than two terms, for two are the same either way. */
export function shuffledSums(random: RandomStream): Arithmetic {
  const sum = (count: number, term: (index: number) => number): number => {
    if (count < 3) return sumTerms("sequential", count, term, asItIs);
    const order = Int32Array.from({ length: count }, (_, i) => i);
    random.shuffle(order);
    return sumTerms("sequential", count, (k) => term(order[k]), asItIs);
  };
  return {
    ...float64,
    name: "binary64, shuffled sums",
    ...sumsBy(sum, binary.multiply),
  };
}

const asItIs = (value: number): number => value;
