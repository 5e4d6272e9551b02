/** Double-doubles to measure with. */
import { type DoubleDouble, fastTwoSum } from "../../../../src/core/arithmetic/double-double.js";
import { randomStream } from "../../../../src/core/random.js";

/** Draws of a test's own, the same whatever other tests run before it. */
export interface Draws {
  /** A random one of these. */
  pick<T>(all: readonly T[]): T;
  /** A uniform number between two. */
  between(low: number, high: number): number;
  /** A number with a random lower part, as large as that of any, or much smaller, or 0. */
  withRest(high: number): DoubleDouble;
  /**
   * A number of a size from 2^-exponents to 2^exponents, often one where roundings add up: just above or below a power of
   * two, or with a lower part of almost half a unit in the last place.
   */
  hard(exponents: number): DoubleDouble;
}

export function drawsOf(name: string): Draws {
  const random = randomStream(`test/double-double/${name}`, 1);

  function pick<T>(all: readonly T[]): T {
    return all[random.below(all.length)];
  }

  function between(low: number, high: number): number {
    return low + (high - low) * random.uniform();
  }

  function withRest(high: number): DoubleDouble {
    const size = pick([1, 1, 1, 0.999999, 2 ** -random.below(60), 0]);
    return fastTwoSum(high, high * 2 ** -53 * size * between(-1, 1));
  }

  function hard(exponents: number): DoubleDouble {
    const mantissa = pick([
      () => between(1, 2),
      () => 1 + 2 ** -52 * random.below(4),
      () => 2 - 2 ** -52 * (1 + random.below(4)),
      () => 1 + 2 ** -random.below(27) * between(0, 1),
      () => Math.SQRT2 + 2 ** -52 * random.below(9),
    ])();
    const scale = pick([1, -1]) * 2 ** (random.below(2 * exponents + 1) - exponents);
    const low = pick([
      () => between(-1, 1),
      () => 1 - 2 ** -random.below(53),
      () => 2 ** -random.below(53) - 1,
    ])();
    return fastTwoSum(mantissa * scale, 2 ** -53 * low * scale);
  }

  return { pick, between, withRest, hard };
}
