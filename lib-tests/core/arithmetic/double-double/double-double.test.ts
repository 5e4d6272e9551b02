/** Double-doubles against exact rational numbers. */
import assert from "node:assert/strict";
import {
  abs,
  add,
  type DoubleDouble,
  divide,
  fastTwoSum,
  isEqual,
  isGreater,
  maximum,
  multiply,
  negate,
  sqrt,
  subtract,
  timesPowerOfTwo,
  twoProduct,
  twoSum,
  widened,
} from "../../../../src/core/arithmetic/double-double.js";
import {
  exactly,
  exactProduct,
  exactSum,
  type FixedPoint,
  relativeError,
} from "../../../support/high-precision.js";
import { drawsOf } from "./draws.js";

const { between, hard, pick, withRest } = drawsOf("operations");
const DRAWS = 4000;

/** The largest error of many draws, in units of 2^-106; that every upper part is the rounded number is checked. */
function worst(draw: () => { computed: DoubleDouble; error: number }): number {
  let most = 0;
  for (let i = 0; i < DRAWS; i++) {
    const { computed, error } = draw();
    assert.equal(computed.high + computed.low, computed.high);
    most = Math.max(most, error);
  }
  return most;
}

const exactSquare = (x: FixedPoint): FixedPoint => exactProduct(x, x);

/** A second number for a sum: anywhere, or such that much cancels. */
function partner(x: DoubleDouble): DoubleDouble {
  return pick([
    () => hard(60),
    () => hard(2),
    () => withRest(-x.high),
    () => withRest(-x.high * (1 + pick([-1, 1, 2]) * 2 ** -52)),
    () => add(negate(x), widened(x.high * 2 ** -between(20, 105))),
  ])();
}

describe("double-doubles", () => {
  it("are made by sums and products that lose nothing", () => {
    for (let i = 0; i < DRAWS; i++) {
      const [a, b] = [hard(60).high, hard(60).high];
      for (const sum of [twoSum(a, b), Math.abs(a) >= Math.abs(b) ? fastTwoSum(a, b) : fastTwoSum(b, a)]) {
        assert.equal(sum.high, a + b);
        assert.deepEqual(exactly(sum), exactSum(exactly(a), exactly(b)));
      }
      const product = twoProduct(a, b);
      assert.equal(product.high, a * b);
      assert.equal(relativeError(exactly(product), exactProduct(exactly(a), exactly(b))), 0);
    }
  });

  it("multiply exactly where splitting would overflow", () => {
    for (const a of [Number.MAX_VALUE, 2 ** 1000 / 3, -(2 ** 997) / 7]) {
      for (const b of [1 / 3, 2 ** -1000 / 7, Math.PI / 4]) {
        for (const product of [twoProduct(a, b), twoProduct(b, a)]) {
          assert.equal(relativeError(exactly(product), exactProduct(exactly(a), exactly(b))), 0);
        }
      }
    }
  });

  it("add and subtract within 3 u^2, however much cancels", () => {
    const bound = 3.000001;
    const error = worst(() => {
      const x = hard(60);
      const y = partner(x);
      const computed = add(x, y);
      assert.deepEqual(subtract(x, negate(y)), computed);
      return { computed, error: relativeError(exactly(computed), exactSum(exactly(x), exactly(y))) };
    });
    assert.ok(error <= bound, `${error}`);
    assert.ok(error > 1, `${error}`); // the operands are hard
  });

  it("multiply within 5 u^2", () => {
    const error = worst(() => {
      const [x, y] = [hard(450), hard(450)];
      const computed = multiply(x, y);
      return { computed, error: relativeError(exactly(computed), exactProduct(exactly(x), exactly(y))) };
    });
    assert.ok(error <= 5, `${error}`);
    assert.ok(error > 2, `${error}`);
  });

  it("divide within 15 u^2", () => {
    const error = worst(() => {
      const [x, y] = [hard(450), hard(450)];
      const computed = divide(x, y);
      return { computed, error: relativeError(exactProduct(exactly(computed), exactly(y)), exactly(x)) };
    });
    assert.ok(error <= 15.000001, `${error}`);
    assert.ok(error > 3, `${error}`);
  });

  it("have a square root within 4 u^2", () => {
    const error = worst(() => {
      const x = abs(hard(900));
      const computed = sqrt(x);
      // twice as large for the square
      return { computed, error: relativeError(exactSquare(exactly(computed)), exactly(x)) / 2 };
    });
    assert.ok(error <= 4, `${error}`);
    assert.ok(error > 1, `${error}`);
  });

  it("compare by their lower parts where the upper ones are equal", () => {
    const [x, above] = [
      { high: 1, low: -(2 ** -80) },
      { high: 1, low: 2 ** -90 },
    ];
    assert.deepEqual([isGreater(above, x), isGreater(x, above), isGreater(x, x)], [true, false, false]);
    assert.deepEqual([isEqual(x, above), isEqual(x, { ...x })], [false, true]);
    assert.deepEqual([maximum(x, above), maximum(above, x)], [above, above]);
    assert.deepEqual(abs({ high: -1, low: 2 ** -80 }), { high: 1, low: -(2 ** -80) });
    assert.deepEqual(timesPowerOfTwo(x, -3), { high: 2 ** -3, low: -(2 ** -83) });
  });

  it("of special doubles give what doubles give", () => {
    const special = [0, -0, 1, -3, 2 ** -1074, 2 ** 1000, -Number.MAX_VALUE, Infinity, -Infinity, NaN];
    const check = (name: string, { high, low }: DoubleDouble, expected: number): void => {
      assert.ok(Object.is(high, expected), `${name}: ${high} instead of ${expected}`);
      assert.ok(Number.isFinite(low), `${name}: ${low}`);
      if (!Number.isFinite(high) || high === 0) assert.ok(low === 0, name);
    };
    for (const a of special) {
      check(`√ ${a}`, sqrt(widened(a)), Math.sqrt(a));
      check(`|${a}|`, abs(widened(a)), Math.abs(a));
      check(`- ${a}`, negate(widened(a)), -a);
      for (const k of [-1074, 0, 1023, 1024]) {
        check(`${a} 2^${k}`, timesPowerOfTwo(widened(a), k), k > 1023 ? a * 2 * 2 ** 1023 : a * 2 ** k);
      }
      for (const b of special) {
        const [x, y] = [widened(a), widened(b)];
        check(`${a} + ${b}`, add(x, y), a + b);
        check(`${a} - ${b}`, subtract(x, y), a - b);
        check(`${a} * ${b}`, multiply(x, y), a * b);
        check(`${a} / ${b}`, divide(x, y), a / b);
        check(`max ${a}, ${b}`, maximum(x, y), Math.max(a, b));
        assert.equal(isGreater(x, y), a > b);
      }
    }
  });

  it("become infinite where a sum of parts overflows", () => {
    const largest = { high: Number.MAX_VALUE, low: 2 ** 969 };
    assert.deepEqual(add(largest, largest), widened(Infinity));
    assert.deepEqual(multiply(largest, widened(2)), widened(Infinity));
    assert.deepEqual(timesPowerOfTwo(largest, 1), widened(Infinity));
  });
});
