import assert from "node:assert/strict";
import { exponentOf, powerOfTwo } from "../../src/core/powers.js";

describe("powers of two", () => {
  it("are all there, exactly", () => {
    for (let k = -1074; k <= 1023; k++) {
      // the bits, put together by hand
      const pattern = k >= -1022 ? BigInt(k + 1023) << 52n : 1n << BigInt(k + 1074);
      assert.equal(powerOfTwo(k), new Float64Array(BigUint64Array.of(pattern).buffer)[0]);
    }
  });

  it("give the exponent of every power, and of the doubles up to the next", () => {
    for (let k = -1074; k <= 1023; k++) {
      const power = powerOfTwo(k);
      const last = k === 1023 ? Number.MAX_VALUE : 2 * power - powerOfTwo(Math.max(k - 52, -1074));
      for (const x of [power, last, 1.5 * power]) {
        if (k === -1074 && x !== power) continue; // rounds to the next power
        assert.equal(exponentOf(x), k);
        assert.equal(exponentOf(-x), k);
      }
    }
  });
});
