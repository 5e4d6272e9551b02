import assert from "node:assert/strict";
import { f16round } from "@petamoriken/float16";
import { type FormatName, formats, makeFormat } from "../../../src/core/arithmetic/formats.js";
import { overflowLimit, roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { randomStream } from "../../../src/core/random.js";
import { assertSame, examples, midpoint, nextDouble, numbersOf, randomDoubles, stepsOf } from "./examples.js";

describe("rounding to nearest", () => {
  for (const format of examples) {
    describe(`in ${format.name}`, () => {
      const round = roundToNearest(format);

      it("leaves the numbers of the format", () => {
        for (const number of [...numbersOf(format), Number.NaN]) {
          assertSame(round(number), number, () => `round(${number})`);
          assertSame(round(-number), -number, () => `round(-${number})`);
        }
      });

      if (format.precision < 53) {
        it("takes midpoints to the even neighbour, and the doubles beside them to the nearer", () => {
          for (const { below, above, even } of stepsOf(format)) {
            const middle = midpoint(below, format);
            const cases = [
              [nextDouble(middle, -1), below],
              [middle, even],
              [nextDouble(middle), above],
            ];
            for (const [x, expected] of cases) {
              assertSame(round(x), expected, () => `round(${x})`);
              assertSame(round(-x), -expected, () => `round(${-x})`);
            }
          }
        });
      }

      it("is monotonic, and nothing changes when it is done twice", () => {
        const random = randomStream(`monotonic ${format.name}`, 1);
        const doubles = randomDoubles(format, 20_000, random).sort((a, b) => a - b);
        let last = Number.NEGATIVE_INFINITY;
        for (const x of doubles) {
          const rounded = round(x);
          assert.ok(rounded >= last, `round(${x}) is ${rounded}, below ${last}`);
          assertSame(round(rounded), rounded, () => `round(round(${x}))`);
          last = rounded;
        }
      });

      it("beyond the largest number does what the format says", () => {
        const { max, overflow } = format;
        const beyond = overflow === "infinity" ? Number.POSITIVE_INFINITY : max;
        const limit = overflowLimit(format);
        for (const x of [limit, 2 * max, Number.MAX_VALUE, Number.POSITIVE_INFINITY]) {
          if (format.precision === 53 && x === Number.MAX_VALUE) continue;
          assertSame(round(x), beyond, () => `round(${x})`);
          assertSame(round(-x), -beyond, () => `round(${-x})`);
        }
      });
    });
  }

  const { e4m3, e5m2, binary16, bfloat16 } = formats;
  const binary16WithoutSubnormals = { ...binary16, name: "binary16 without subnormals", subnormals: false };
  const infinity = Number.POSITIVE_INFINITY;
  const tie = 2 ** -25;
  const edges = [
    { format: binary16, x: tie, expected: 0, why: "half the smallest number, to even" },
    { format: binary16, x: -tie, expected: -0, why: "its opposite" },
    { format: binary16, x: nextDouble(tie), expected: 2 ** -24, why: "the first double above" },
    { format: binary16, x: 3 * tie, expected: 2 ** -23, why: "one and a half of the smallest" },
    { format: binary16, x: 5 * tie, expected: 2 ** -23, why: "two and a half" },
    { format: binary16, x: 2 ** -14 - tie, expected: 2 ** -14, why: "a subnormal's tie that is normal" },
    {
      format: binary16,
      x: nextDouble(2 ** -14, -1),
      expected: 2 ** -14,
      why: "just below the normal numbers",
    },
    { format: binary16, x: 5e-324, expected: 0, why: "the smallest double" },
    { format: binary16, x: -5e-324, expected: -0, why: "its opposite" },
    { format: binary16, x: 0, expected: 0, why: "zero" },
    { format: binary16, x: -0, expected: -0, why: "negative zero" },
    { format: binary16, x: 0.1, expected: 0.0999755859375, why: "a tenth" },
    { format: binary16, x: 1 + 2 ** -11, expected: 1, why: "a tie, down" },
    { format: binary16, x: 1 + 3 * 2 ** -11, expected: 1 + 2 ** -9, why: "a tie, up" },
    {
      format: binary16,
      x: 1 + 2 ** -11 + 2 ** -40,
      expected: 1 + 2 ** -10,
      why: "no tie, unless by way of binary32",
    },
    { format: binary16, x: 2049, expected: 2048, why: "the first whole number that is missing" },
    { format: binary16, x: 65504, expected: 65504, why: "the largest number" },
    { format: binary16, x: 65519.99, expected: 65504, why: "below the overflow" },
    { format: binary16, x: nextDouble(65520, -1), expected: 65504, why: "just below it" },
    { format: binary16, x: 65520, expected: infinity, why: "at it" },
    { format: binary16, x: -65520, expected: -infinity, why: "its opposite" },
    { format: binary16, x: 1e300, expected: infinity, why: "far beyond it" },
    { format: binary16, x: Number.NaN, expected: Number.NaN, why: "NaN" },
    { format: bfloat16, x: 1.00390625, expected: 1, why: "a tie, down" },
    { format: bfloat16, x: 3.4e38, expected: infinity, why: "a binary32 that is too large" },
    { format: e5m2, x: 61439.99, expected: 57344, why: "below the overflow" },
    { format: e5m2, x: 61440, expected: infinity, why: "at it" },
    { format: e4m3, x: 448, expected: 448, why: "the largest number" },
    { format: e4m3, x: 464, expected: 448, why: "saturated" },
    { format: e4m3, x: 480, expected: 448, why: "saturated, where NaN's pattern is" },
    { format: e4m3, x: 1e9, expected: 448, why: "saturated" },
    { format: e4m3, x: -infinity, expected: -448, why: "saturated" },
    { format: e4m3, x: Number.NaN, expected: Number.NaN, why: "NaN" },
    { format: e4m3, x: 2 ** -10, expected: 0, why: "half the smallest number, to even" },
    { format: binary16WithoutSubnormals, x: 2 ** -15, expected: 0, why: "half the smallest number" },
    { format: binary16WithoutSubnormals, x: -(2 ** -15), expected: -0, why: "its opposite" },
    {
      format: binary16WithoutSubnormals,
      x: nextDouble(2 ** -15),
      expected: 2 ** -14,
      why: "the first double above",
    },
  ];
  for (const { format, x, expected, why } of edges) {
    const print = (value: number) => (Object.is(value, -0) ? "-0" : String(value));
    it(`${print(x)} is ${print(expected)} in ${format.name}: ${why}`, () => {
      assertSame(roundToNearest(format)(x), expected, () => "rounded");
    });
  }

  for (let precision = 2; precision <= 25; precision++) {
    const isAll = precision <= 16;
    it(`Veltkamp's splitting breaks ties to even at ${precision} bits, ${isAll ? "all" : "20,000"} significands`, () => {
      const round = roundToNearest(makeFormat({ name: "p bits", precision, maxExponent: 127 }));
      const lowest = 2 ** precision; // of the significands of p + 1 bits
      const random = randomStream("significands", precision);
      const count = isAll ? lowest : 20_000;
      for (let i = 0; i < count; i++) {
        const significand = lowest + (isAll ? i : random.below(lowest));
        const half = Math.floor(significand / 2);
        const expected = significand % 2 === 0 ? significand : 2 * (half + (half % 2));
        assertSame(round(significand), expected, () => `round(${significand})`);
        assertSame(
          round(-significand / lowest),
          -expected / lowest,
          () => `round(-${significand}/${lowest})`,
        );
      }
    });
  }

  it("as a generic binary32 agrees with Math.fround on a million doubles", () => {
    const format = makeFormat({ name: "generic", precision: 24, maxExponent: 127 });
    const round = roundToNearest(format);
    for (const x of randomDoubles(format, 1_000_000, randomStream("binary32", 1))) {
      assertSame(round(x), Math.fround(x), () => `round(${x})`);
    }
  });

  it("as binary16 agrees with @petamoriken/float16 on a million doubles", () => {
    const round = roundToNearest(binary16);
    for (const x of randomDoubles(binary16, 1_000_000, randomStream("binary16", 1))) {
      assertSame(round(x), f16round(x), () => `round(${x})`);
    }
  });

  it("is by the numbers of a format, whatever its name", () => {
    const named = (name: FormatName) => makeFormat({ name, precision: 11, maxExponent: 15 });
    for (const name of ["binary32", "binary64"] as const)
      assert.equal(roundToNearest(named(name))(2049), 2048);
  });
});
