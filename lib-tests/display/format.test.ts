import assert from "node:assert/strict";
import { quantityText, significantText, texNumber } from "../../src/display/format.js";

describe("format", () => {
  it("writes a quantity, or what it means that there is none", () => {
    assert.equal(quantityText({ value: 0.012345, absent: "never" }), "0.01235");
    assert.equal(quantityText({ value: null, absent: "never" }), "never");
    assert.equal(quantityText({ value: null }), "not a number");
  });

  const texts: [value: number, plain: string, tex: string][] = [
    [0, "0", "0"],
    [-0, "0", "0"],
    [250, "250", "250"],
    [-2.5, "-2.500", "-2.50"],
    [0.012345, "0.01235", "0.0123"],
    [0.00012345, "0.0001234", "1.23 \\cdot 10^{-4}"],
    [1.23456e-7, "1.235e-7", "1.23 \\cdot 10^{-7}"],
    // digits before the point stay, also where rounding adds one
    [12345.678, "12346", "12346"],
    [9999.6, "10000", "10000"],
    [999999.7, "1.000e+6", "1.00 \\cdot 10^{6}"],
    [123456789, "123456789", "123456789"],
    [-2.5e12, "-2.500e+12", "-2.50 \\cdot 10^{12}"],
    [Number.NaN, "NaN", "\\mathrm{NaN}"],
    [Number.POSITIVE_INFINITY, "Infinity", "\\infty"],
    [Number.NEGATIVE_INFINITY, "-Infinity", "-\\infty"],
  ];
  for (const [value, plain, tex] of texts) {
    it(`writes ${Object.is(value, -0) ? "-0" : value} as ${plain}, and in TeX as ${tex}`, () => {
      assert.equal(significantText(value), plain);
      assert.equal(texNumber(value), tex);
    });
  }
});
