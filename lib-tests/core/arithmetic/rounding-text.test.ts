import type { Round } from "../../../src/core/arithmetic/arithmetic.js";
import { overflowLimit, roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { nearestText } from "../../../src/core/arithmetic/rounding-text.js";
import { randomStream } from "../../../src/core/random.js";
import { assertSame, examples, midpoint, nextDouble, randomDoubles, stepsOf } from "./examples.js";

describe("rounding to nearest, written out", () => {
  for (const format of examples) {
    const written = new Function("fround", "x", `let t, u, c, h, o; return ${nearestText(format)("x")};`);
    const round: Round = (x) => written(Math.fround, x);
    const roundCalled = roundToNearest(format);
    const assertAgree = (x: number): void => {
      assertSame(round(x), roundCalled(x), () => `round(${x})`);
      assertSame(round(-x), roundCalled(-x), () => `round(${-x})`);
    };

    it(`is what the function does: numbers, midpoints and the doubles beside them, ${format.name}`, () => {
      for (const { below } of stepsOf(format)) {
        const middle = midpoint(below, format);
        for (const x of [below, nextDouble(middle, -1), middle, nextDouble(middle)]) assertAgree(x);
      }
    });

    it(`and anything else, ${format.name}`, () => {
      const random = randomStream(`rounding text ${format.name}`, 1);
      for (const x of randomDoubles(format, 20_000, random)) assertAgree(x);
      const limit = overflowLimit(format);
      for (const x of [limit, nextDouble(limit, -1), Number.MAX_VALUE, Number.MIN_VALUE, Infinity, NaN])
        assertAgree(x);
    });
  }
});
