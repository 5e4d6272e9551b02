import assert from "node:assert/strict";
import { acos, atan2 } from "../../src/core/arctangent.js";
import { randomStream } from "../../src/core/random.js";

describe("angles", () => {
  it("are those of the engine, to 4 ulps", () => {
    const random = randomStream("test/angles", 1);
    let worst = 0;
    for (let i = 0; i < 20_000; i++) {
      const [y, x] = [random.normal(), random.normal() * 10 ** (20 * random.uniform() - 10)];
      const true_ = Math.atan2(y, x);
      worst = Math.max(worst, Math.abs(atan2(y, x) - true_) / (Math.abs(true_) * 2 ** -52));
    }
    assert.ok(worst < 4, `${worst} ulps`);
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
