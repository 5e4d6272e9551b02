import assert from "node:assert/strict";
import {
  type FormatLimits,
  type FormatName,
  type FormatOptions,
  finfo,
  formats,
  makeFormat,
} from "../../../src/core/arithmetic/formats.js";

/** As C's `<float.h>`, NumPy's and ml_dtypes' `finfo`, and table 2 of the OFP8 specification have them. */
const published: Record<FormatName, FormatLimits> = {
  binary64: {
    eps: 2.220446049250313e-16,
    max: 1.7976931348623157e308,
    smallestNormal: 2.2250738585072014e-308,
    smallestSubnormal: 5e-324,
  },
  binary32: {
    eps: 1.1920928955078125e-7,
    max: 3.4028234663852886e38,
    smallestNormal: 1.1754943508222875e-38,
    smallestSubnormal: 1.401298464324817e-45,
  },
  bfloat16: {
    eps: 0.0078125,
    max: 3.3895313892515355e38,
    smallestNormal: 1.1754943508222875e-38,
    smallestSubnormal: 9.183549615799121e-41,
  },
  binary16: {
    eps: 0.0009765625,
    max: 65504,
    smallestNormal: 6.103515625e-5,
    smallestSubnormal: 5.9604644775390625e-8,
  },
  e5m2: {
    eps: 0.25,
    max: 57344,
    smallestNormal: 6.103515625e-5,
    smallestSubnormal: 1.52587890625e-5,
  },
  e4m3: { eps: 0.125, max: 448, smallestNormal: 0.015625, smallestSubnormal: 0.001953125 },
};

describe("formats", () => {
  for (const [name, limits] of Object.entries(published)) {
    it(`${name} has the published limits`, () => {
      const format = formats[name as FormatName];
      assert.equal(format.name, name);
      assert.deepEqual(finfo(format), limits);
    });
  }
});

describe("makeFormat", () => {
  const binary16 = { name: "mine", precision: 11, maxExponent: 15 };

  it("fills in subnormals, infinities and the exponents of IEEE 754", () => {
    assert.deepEqual(makeFormat(binary16), { ...formats.binary16, name: "mine" });
  });

  it("lets a saturating format use its topmost exponent", () => {
    const { max } = makeFormat({ name: "mine", precision: 3, maxExponent: 4, overflow: "saturate" });
    assert.equal(max, 24); // 28 would be the last pattern, which is NaN's
  });

  it("without subnormals has the smallest normal number as its smallest", () => {
    const limits = finfo(makeFormat({ ...binary16, subnormals: false }));
    assert.equal(limits.smallestSubnormal, 2 ** -14);
  });

  const wrong: [Record<string, unknown>, { name: string; message: string }][] = [
    [
      { precision: 1 },
      { name: "RangeError", message: "precision must be a whole number from 2 to 25, got 1" },
    ],
    [
      { precision: 26 },
      { name: "RangeError", message: "precision must be a whole number from 2 to 25, got 26" },
    ],
    [
      { precision: 2.5 },
      { name: "RangeError", message: "precision must be a whole number from 2 to 25, got 2.5" },
    ],
    [
      { precision: "11" },
      { name: "TypeError", message: 'precision must be a whole number from 2 to 25, got "11"' },
    ],
    [
      { maxExponent: 0 },
      { name: "RangeError", message: "maxExponent must be a whole number from 1 to 511, got 0" },
    ],
    [
      { maxExponent: 512 },
      { name: "RangeError", message: "maxExponent must be a whole number from 1 to 511, got 512" },
    ],
    [
      { minExponent: -511 },
      { name: "RangeError", message: "minExponent must be a whole number from -510 to 510, got -511" },
    ],
    [
      { minExponent: 15 },
      { name: "RangeError", message: "minExponent must be less than maxExponent (15), got 15" },
    ],
    [
      { overflow: "wrap" },
      { name: "RangeError", message: 'overflow must be one of "infinity", "saturate", got "wrap"' },
    ],
    [{ subnormals: 1 }, { name: "TypeError", message: "subnormals must be true or false, got 1" }],
    [
      { bias: 15 },
      {
        name: "TypeError",
        message:
          "options has no option named bias; its options are name, precision, maxExponent, minExponent, subnormals, overflow",
      },
    ],
  ];
  for (const [change, error] of wrong) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => makeFormat({ ...binary16, ...change } as FormatOptions), error);
    });
  }
});
