/** The elementary functions of double-doubles against whole-number arithmetic with 200 bits. */
import assert from "node:assert/strict";
import { type DoubleDouble, widened } from "../../../../src/core/arithmetic/double-double.js";
import { exp, expm1, log, log1p, tanh } from "../../../../src/core/arithmetic/double-double-functions.js";
import { exactly, highPrecision, relativeError } from "../../../support/high-precision.js";
import { drawsOf } from "./draws.js";

const { between, withRest } = drawsOf("functions");
const functions = { exp, expm1, tanh, log, log1p };

/** Where a function is measured: its stated bound, and intervals with random points. */
const measured: Record<
  keyof typeof functions,
  { bound: number; intervals: readonly (readonly [number, number])[] }
> = {
  exp: {
    bound: 2 ** -105,
    intervals: [
      [-0.35, 0.35],
      [0.34, 0.35],
      [-20, 20],
      [-670, 708],
      [-1e-20, 1e-20],
    ],
  },
  expm1: {
    bound: 2 ** -103,
    intervals: [
      [-0.35, 0.35],
      [-0.36, -0.34],
      [0.34, 0.36],
      [-100, 100],
      [-1e-20, 1e-20],
    ],
  },
  tanh: {
    bound: 2 ** -102,
    intervals: [
      [-0.18, 0.18],
      [-1, 1],
      [-40, 40],
      [-1e-20, 1e-20],
    ],
  },
  log: {
    bound: 2 ** -102,
    intervals: [
      [0.5, 2],
      [0.7, 0.72],
      [1.41, 1.42],
      [1 - 1e-12, 1 + 1e-12],
      [1e-30, 1e-28],
      [0, 1e300],
    ],
  },
  log1p: {
    bound: 2 ** -102,
    intervals: [
      [-0.3, -0.28],
      [0.4, 0.42],
      [-0.3, 0.42],
      [-1, 3],
      [1, 1e30],
      [-1e-20, 1e-20],
    ],
  },
};

const DRAWS = 40;

describe("elementary functions of double-doubles", () => {
  for (const name of Object.keys(functions) as (keyof typeof functions)[]) {
    const { bound, intervals } = measured[name];
    it(`${name} stays within 2^${Math.log2(bound)}`, () => {
      for (const [low, high] of intervals) {
        for (let i = 0; i < DRAWS; i++) {
          const x = withRest(between(low, high));
          const computed = functions[name](x);
          assert.equal(computed.high + computed.low, computed.high);
          const error = 2 ** -106 * relativeError(exactly(computed), highPrecision[name](x));
          assert.ok(error < bound, `2^${Math.log2(error)} at ${x.high} + ${x.low}`);
        }
      }
    });
  }

  it("take the limits of their domains as doubles do", () => {
    const expected: [keyof typeof functions, x: number, value: number][] = [
      ["exp", 0, 1],
      ["exp", -0, 1],
      ["exp", 709.9, Infinity],
      ["exp", Infinity, Infinity],
      ["exp", -Infinity, 0],
      ["exp", -800, 0],
      ["expm1", 0, 0],
      ["expm1", -0, -0],
      ["expm1", -Infinity, -1],
      ["expm1", Infinity, Infinity],
      ["tanh", -0, -0],
      ["tanh", Infinity, 1],
      ["tanh", -1000, -1],
      ["log", 1, 0],
      ["log", 0, -Infinity],
      ["log", -0, -Infinity],
      ["log", -1, NaN],
      ["log", Infinity, Infinity],
      ["log1p", -0, -0],
      ["log1p", -1, -Infinity],
      ["log1p", -2, NaN],
      ["log1p", Infinity, Infinity],
      ...Object.keys(functions).map((name): [keyof typeof functions, number, number] => [
        name as keyof typeof functions,
        NaN,
        NaN,
      ]),
    ];
    for (const [name, x, value] of expected) {
      const result: DoubleDouble = functions[name](widened(x));
      assert.ok(Object.is(result.high, value), `${name}(${x}) is ${result.high}`);
      assert.ok(result.low === 0, `${name}(${x})`);
    }
  });

  it("rise where their argument does", () => {
    for (const name of Object.keys(functions) as (keyof typeof functions)[]) {
      // across the edges of the pieces that they are computed in, in steps of 2^-90
      for (const edge of [Math.LN2 / 2, Math.SQRT2, 0.41, 0.125]) {
        const values = Array.from({ length: 40 }, (_, i) =>
          functions[name]({ high: edge, low: (i - 20) * 2 ** -90 * edge }),
        );
        for (let i = 1; i < values.length; i++) {
          const [before, after] = [exactly(values[i - 1]).value, exactly(values[i]).value];
          assert.ok(after > before, `${name} at ${edge}, step ${i}`);
        }
      }
    }
  });
});
