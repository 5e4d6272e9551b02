import assert from "node:assert/strict";
import { exponentHistogram } from "../../../src/core/arithmetic/magnitudes.js";

describe("the histogram of exponents", () => {
  it("counts sizes from 2^e to below 2^(e + 1), and zeros and what is not finite apart", () => {
    const values = [1, -1.5, 2, 0.75, -0, 0, 2 ** -1074, NaN, -Infinity, 3.999];
    assert.deepEqual(exponentHistogram(values), {
      exponents: [-1074, -1, 0, 1],
      counts: [1, 1, 2, 2],
      zeros: 2,
      notFinite: 2,
    });
    assert.deepEqual(exponentHistogram([]), { exponents: [], counts: [], zeros: 0, notFinite: 0 });
  });
});
