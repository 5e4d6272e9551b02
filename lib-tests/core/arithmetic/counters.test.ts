import assert from "node:assert/strict";
import { type Counters, counted, newCounters } from "../../../src/core/arithmetic/counters.js";
import { formats } from "../../../src/core/arithmetic/formats.js";
import { roundToNearest } from "../../../src/core/arithmetic/rounding.js";

describe("counters", () => {
  /** What is counted of one rounding to binary16. */
  const counts = (value: number): Partial<Counters> => {
    const counters = newCounters();
    counted(roundToNearest(formats.binary16), formats.binary16, counters)(value);
    assert.equal(counters.operations, 1);
    return Object.fromEntries(
      Object.entries(counters).filter(([name, count]) => name !== "operations" && count !== 0),
    );
  };

  /** Next to a number, as far as binary64 can tell them apart. */
  const ulp = (value: number): number => 2 ** (Math.floor(Math.log2(value)) - 52);
  // half way between 65504, the largest number, and 65536, the next there would be; a tie goes to the even one
  const limit = 65_520;
  // half of the smallest number, 2^-24; the tie goes to zero
  const half = 2 ** -25;

  const cases: readonly [value: number, expected: Partial<Counters>][] = [
    [1, {}],
    [0.1, { inexact: 1 }],
    [65_504, {}],
    [limit - ulp(limit - 1), { inexact: 1 }],
    [limit, { inexact: 1, overflow: 1 }],
    [-limit, { inexact: 1, overflow: 1 }],
    [Number.MAX_VALUE, { inexact: 1, overflow: 1 }],
    // no result of this operation: it was infinite before
    [Number.POSITIVE_INFINITY, {}],
    [Number.NaN, { nan: 1 }],
    [2 ** -14, {}],
    [2 ** -15, { subnormal: 1 }],
    [half + ulp(half), { inexact: 1, subnormal: 1 }],
    [half, { inexact: 1, flushed: 1 }],
    [0, {}],
    [-0, {}],
  ];
  for (const [value, expected] of cases) {
    it(`count ${JSON.stringify(expected)} for ${value}`, () => assert.deepEqual(counts(value), expected));
  }
});
