import assert from "node:assert/strict";
import { randomStream } from "../../../src/core/random.js";
import { signOfSum } from "../../../src/experiments/out-of-distribution/exact-sign.js";

describe("signs without rounding", () => {
  it("are right where rounded sums are wrong", () => {
    assert.equal(
      signOfSum([
        [0.1, 3],
        [-0.3, 1],
      ]),
      1,
    ); // 0.1 is a little more than a tenth
    assert.equal(
      signOfSum([
        [1e200, 1e200],
        [-1e200, 1e200],
        [1e-300, 1e-300],
      ]),
      1,
    );
    assert.equal(
      signOfSum([
        [1, 2],
        [-2, 1],
      ]),
      0,
    );
    assert.equal(signOfSum([[2 ** 60], [1], [-(2 ** 60)]]), 1);
    assert.equal(
      signOfSum([
        [Number.MIN_VALUE, 0.25],
        [-Number.MIN_VALUE, 0.5],
      ]),
      -1,
    );
    assert.equal(
      signOfSum([
        [Number.MAX_VALUE, 2],
        [-Number.MAX_VALUE, 2, 1],
      ]),
      0,
    );
    assert.equal(signOfSum([[1e-200, 1e-200, 1e200], [-1e-250]]), 1);
    assert.deepEqual([signOfSum([]), signOfSum([[-3]])], [0, -1]);
  });

  it("are those of rational arithmetic, also of sums that nearly vanish", () => {
    const random = randomStream("test/signs", 1);
    for (let i = 0; i < 500; i++) {
      const [a, b] = [random.normal(), random.normal()];
      // a (b + ulp) - a b
      const next = b + Math.abs(b) * 2 ** -52;
      assert.equal(
        signOfSum([
          [a, next],
          [-a, b],
        ]),
        Math.sign(a) * Math.sign(next - b),
      );
      assert.equal(
        signOfSum([
          [a, b, 3],
          [-a, b],
          [-2, b, a],
        ]),
        0,
      );
    }
  });

  it("refuse what is not finite", () => {
    assert.throws(() => signOfSum([[1, Number.NaN]]), {
      name: "RangeError",
      message: "products must hold finite numbers, got NaN",
    });
    assert.throws(() => signOfSum([[Number.POSITIVE_INFINITY]]), RangeError);
  });
});
