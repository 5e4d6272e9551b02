import assert from "node:assert/strict";
import { newDither } from "../../../src/core/arithmetic/dither.js";
import { decode, encode } from "../../../src/core/arithmetic/encoding.js";
import { type Format, finfo, formats } from "../../../src/core/arithmetic/formats.js";
import { roundStochastically, roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { randomStream } from "../../../src/core/random.js";
import { assertSame, examples, nextDouble, numbersOf, randomDoubles, successor } from "./examples.js";

/** No dither, but the same number for all. */
const always = (at: number) => ({ at: () => at });

const noDraw = { at: () => assert.fail("a random number was drawn") };

/** A value between two numbers of a format, and its distance from the one below as a share of the step. */
interface Between {
  x: number;
  below: number;
  above: number;
  share: number;
}

/** Values next to zero, in the subnormal range, at its end, and next to the largest number. */
function between(format: Format): Between[] {
  const { smallestNormal, smallestSubnormal, max } = finfo(format);
  return [...new Set([0, smallestSubnormal, smallestNormal, predecessor(max, format)])].flatMap((below) => {
    const above = successor(below, format);
    const step = above - below;
    return [2 ** -10, 0.25, 0.3, 0.5, 0.9].map((wanted) => {
      const x = below + wanted * step;
      return { x, below, above, share: (x - below) / step };
    });
  });
}

/** Those with numbers between theirs. */
const narrow = examples.filter(({ precision }) => precision < 53);

/**
 * Deviation of a count from its mean, in standard deviations. Beyond 4.5 lie 7e-6 of all normal deviates:
 * with the 400 counts below, a seed has a chance of 0.3 % to raise a false alarm. The seeds are fixed, so a
 * test fails always or never.
 */
function assertCount(count: number, mean: number, variance: number, what: string): void {
  const z = (count - mean) / Math.sqrt(variance);
  assert.ok(Math.abs(z) < 4.5, `${what}: ${count} where ${mean} were expected, z = ${z}`);
}

describe("stochastic rounding", () => {
  for (const format of narrow) {
    describe(`in ${format.name}`, () => {
      it("goes up as often as the value lies above: one value in many steps", () => {
        const steps = 5000;
        for (const { x, below, above, share } of between(format)) {
          const dither = newDither(1);
          const round = roundStochastically(format, dither);
          let ups = 0;
          for (let i = 0; i < steps; i++) {
            if (round(x) === above) ups++;
            dither.next();
          }
          assertCount(ups, steps * share, steps * share * (1 - share), `${x} from ${below} to ${above}`);
        }
      });

      it("gives one of the two neighbours, and up as often as it should: many values in one step", () => {
        const nearest = roundToNearest(format);
        const round = roundStochastically(format, newDither(2));
        let ups = 0;
        let mean = 0;
        let variance = 0;
        for (const x of randomDoubles(format, 10_000, randomStream(`values ${format.name}`, 1))) {
          const to = nearest(x);
          const rounded = round(x);
          if (Math.abs(x) > format.max || to === x) {
            assertSame(rounded, to, () => `round(${x})`);
            continue;
          }
          const [size, near] = [Math.abs(x), Math.abs(to)];
          const below = near < size ? near : predecessor(near, format);
          const above = near < size ? successor(near, format) : near;
          const isUp = Math.abs(rounded) === above;
          assertSame(rounded, Math.sign(x) * (isUp ? above : below), () => `round(${x})`);
          const share = (size - below) / (above - below);
          if (isUp) ups++;
          mean += share;
          variance += share * (1 - share);
        }
        assertCount(ups, mean, variance, "ups");
      });

      it("goes up if the random number is less than the share, else down, for either sign", () => {
        for (const { x, below, above, share } of between(format)) {
          for (const sign of [1, -1]) {
            const round = (at: number) => roundStochastically(format, always(at))(sign * x);
            assertSame(round(0), sign * above, () => `${sign * x} at 0`);
            assertSame(round(nextDouble(share, -1)), sign * above, () => `${sign * x} just below its share`);
            assertSame(round(share), sign * below, () => `${sign * x} at its share`);
            assertSame(round(1 - 2 ** -32), sign * below, () => `${sign * x} at the largest random number`);
          }
        }
      });
    });
  }

  for (const format of examples) {
    it(`leaves the numbers of ${format.name}, and draws nothing for them`, () => {
      const round = roundStochastically(format, noDraw);
      for (const number of [...numbersOf(format), Number.NaN]) {
        assertSame(round(number), number, () => `round(${number})`);
        assertSame(round(-number), -number, () => `round(-${number})`);
      }
    });
  }

  it("draws nothing beyond the largest number", () => {
    const infinity = Number.POSITIVE_INFINITY;
    const inBinary16 = [65505, 65520, -65520, 1e300, infinity].map(
      roundStochastically(formats.binary16, noDraw),
    );
    assert.deepEqual(inBinary16, [65504, infinity, -infinity, infinity, infinity]);
    const inE4m3 = [449, 1e9, -infinity].map(roundStochastically(formats.e4m3, noDraw));
    assert.deepEqual(inE4m3, [448, 448, -448]);
  });

  it("takes the smallest double to a number of the format, however coarse that is", () => {
    for (const format of narrow) {
      const round = roundStochastically(format, always(0.5));
      assertSame(round(5e-324), 0, () => format.name);
      assertSame(round(-5e-324), -0, () => format.name);
    }
  });
});

describe("the dither", () => {
  it("repeats itself from the same seed, and differs between seeds and between steps", () => {
    const draws = (seed: number) => {
      const dither = newDither(seed);
      return Array.from({ length: 100 }, () => {
        const draw = dither.at(1.1);
        dither.next();
        return draw;
      });
    };
    assert.deepEqual(draws(1), draws(1));
    // 200 of 2^32 words: the chance of a coincidence is 5e-6
    assert.equal(new Set([...draws(1), ...draws(2)]).size, 200);
  });

  it("is the same for the same value within a step, whatever was asked in between", () => {
    const dither = newDither(1);
    const first = dither.at(1.1);
    dither.at(2.2);
    assert.equal(dither.at(1.1), first);
  });

  /** Values as alike as those that are rounded within a step. */
  const pairs: [string, number, number][] = [
    ["opposite values", 0.1, -0.1],
    ["opposite values of few bits", 1.5, -1.5],
    ["a value and its double", 0.1, 0.2],
    ["a value of few bits and its double", 1.25, 2.5],
    ["neighbouring doubles", 0.1, nextDouble(0.1)],
    ["neighbouring binary16", 1, 1 + 2 ** -10],
    ["values that differ in the same bit of both words", 1, 1 + 2 ** -20 + 2 ** -52],
  ];
  for (const [what, x, y] of pairs) {
    it(`is uniform, and uncorrelated between ${what}`, () => {
      const steps = 20_000;
      const dither = newDither(3);
      const cells = new Array<number>(64).fill(0); // eighths of one by eighths of the other
      for (let i = 0; i < steps; i++) {
        cells[8 * Math.floor(8 * dither.at(x)) + Math.floor(8 * dither.at(y))]++;
        dither.next();
      }
      const expected = steps / cells.length;
      const chiSquared = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // 63 degrees of freedom: p = 1e-4; again the seed is fixed
      assert.ok(chiSquared < 113.5, `chi squared ${chiSquared}`);
    });
  }
});

/** The next smaller number of a format before a positive one. */
function predecessor(number: number, format: Format): number {
  return number === finfo(format).smallestSubnormal ? 0 : decode(encode(number, format) - 1n, format);
}
