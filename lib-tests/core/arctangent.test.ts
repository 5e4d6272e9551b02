import assert from "node:assert/strict";
import { acos, atan2 } from "../../src/core/arctangent.js";
import { randomStream } from "../../src/core/random.js";
import { errorInUlps, highPrecisionAngles } from "../support/high-precision.js";

describe("angles", () => {
  const random = randomStream("test/angles", 1);

  it("of directions are the true ones, to 6 ulps", () => {
    for (let i = 0; i < 5000; i++) {
      const [y, x] = [random.normal(), random.normal() * 10 ** (20 * random.uniform() - 10)];
      const error = errorInUlps(atan2(y, x), highPrecisionAngles.atan2(y, x));
      assert.ok(error < 6, `atan2(${y}, ${x}) is off by ${error} ulp`);
    }
  });

  it("of cosines are the true ones, to 6 ulps", () => {
    for (let i = 0; i < 2000; i++) {
      const x = (1 - 10 ** (-12 * random.uniform())) * (random.below(2) === 0 ? 1 : -1);
      const error = errorInUlps(acos(x), highPrecisionAngles.acos(x));
      assert.ok(error < 6, `acos(${x}) is off by ${error} ulp`);
    }
  });

  it("are exact on the axes and the diagonals", () => {
    const angles = [
      [0, 1],
      [1, 1],
      [1, 0],
      [1, -1],
      [0, -1],
      [-1, 0],
      [-1, -1],
      [0, 0],
    ].map(([y, x]) => atan2(y, x) / Math.PI);
    [0, 0.25, 0.5, 0.75, 1, -0.5, -0.75, 0].forEach((expected, i) => {
      assert.ok(Math.abs(angles[i] - expected) < 1e-15, `${angles[i]} is not ${expected}`);
    });
    assert.equal(atan2(Number.NaN, 1), Number.NaN);
  });

  it("have their cosines, and end at 0 and π", () => {
    for (let k = -100; k <= 100; k++) {
      assert.ok(Math.abs(acos(k / 100) - Math.acos(k / 100)) < 1e-15, String(k));
    }
    assert.deepEqual([acos(1.5), acos(Number.POSITIVE_INFINITY)], [0, 0]);
    assert.deepEqual([acos(-1.5), acos(Number.NEGATIVE_INFINITY)], [Math.PI, Math.PI]);
    assert.equal(acos(Number.NaN), Number.NaN);
  });
});
