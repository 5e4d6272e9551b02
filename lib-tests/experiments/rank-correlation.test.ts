import assert from "node:assert/strict";
import fc from "fast-check";
import { rankCorrelation } from "../../src/experiments/statistics.js";

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

describe("rank correlation", () => {
  it("is 1 - 6 Σd² / n(n² - 1) without ties, and with ties that of their mean ranks", () => {
    // d = 1, 1, 0, 2, 2 in ranks
    close(rankCorrelation([10, 20, 30, 40, 50], [2, 1, 3, 9, 4]), 1 - (6 * 4) / (5 * 24));
    // ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3
    close(rankCorrelation([1, 2, 2, 9], [1, 2, 3, 4]), 4.5 / Math.sqrt(4.5 * 5));
  });

  it("asks for the order only: infinities are values like others, and no rising function changes it", () => {
    close(rankCorrelation([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY], [1, 2, 3]), 1);
    const values = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 2,
    });
    fc.assert(
      fc.property(values, (pairs) => {
        const [first, second] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        const r = rankCorrelation(first, second);
        if (Number.isNaN(r)) {
          assert.ok(new Set(first).size === 1 || new Set(second).size === 1);
          return;
        }
        close(r, rankCorrelation(second, first));
        close(
          r,
          rankCorrelation(
            first.map((x) => x ** 3 - 5),
            second,
          ),
        );
        close(
          r,
          -rankCorrelation(
            first.map((x) => -x),
            second,
          ),
        );
        assert.ok(Math.abs(r) <= 1);
      }),
    );
  });

  it("does not exist where nothing varies or a value is NaN, nor of lists that do not match", () => {
    assert.equal(rankCorrelation([0.1, 0.1, 0.1], [1, 2, 4]), Number.NaN);
    assert.equal(rankCorrelation([1, 2, Number.NaN], [1, 2, 3]), Number.NaN);
    assert.throws(() => rankCorrelation([1, 2], [1]), { name: "RangeError" });
    assert.throws(() => rankCorrelation([], []), { name: "RangeError" });
  });
});
