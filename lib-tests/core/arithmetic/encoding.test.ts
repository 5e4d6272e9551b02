import assert from "node:assert/strict";
import { decode, encode, widthOf } from "../../../src/core/arithmetic/encoding.js";
import { type FormatName, finfo, formats } from "../../../src/core/arithmetic/formats.js";
import { randomStream } from "../../../src/core/random.js";
import { assertSame, examples, patternsOf } from "./examples.js";

describe("encoding", () => {
  for (const format of examples) {
    it(`goes there and back in ${format.name}`, () => {
      const signBit = 1n << BigInt(widthOf(format) - 1);
      const { smallestNormal } = finfo(format);
      let last = -1;
      for (const pattern of patternsOf(format)) {
        const number = decode(pattern, format);
        assertSame(decode(pattern | signBit, format), -number, () => `the opposite of ${pattern}`);
        const isSpare = number === 0 && pattern !== 0n; // of a subnormal in a format without
        assert.ok(
          isSpare ? !format.subnormals && last < smallestNormal : number > last,
          `order at ${pattern}`,
        );
        assert.equal(encode(number, format), isSpare ? 0n : pattern);
        assert.equal(encode(-number, format), signBit | (isSpare ? 0n : pattern));
        last = number;
      }
      assert.equal(last, format.max);
    });

    it(`has infinity and NaN in ${format.name} beyond the largest number`, () => {
      const patterns = 1n << BigInt(widthOf(format) - 1);
      const afterMax = encode(format.max, format) + 1n;
      const nan = encode(Number.NaN, format);
      assertSame(decode(nan, format), Number.NaN, () => "NaN's pattern");
      assert.ok(nan >= afterMax && nan < patterns);
      if (format.overflow === "infinity") {
        for (const infinity of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          assertSame(decode(encode(infinity, format), format), infinity, () => "infinity's pattern");
        }
      } else {
        assert.throws(() => encode(Number.POSITIVE_INFINITY, format), {
          name: "RangeError",
          message: `value must be a number of ${format.name}, got Infinity`,
        });
      }
      // all that is left is NaN, as far as a few hundred patterns tell
      const infinity = format.overflow === "infinity" ? encode(Number.POSITIVE_INFINITY, format) : undefined;
      for (let pattern = afterMax; pattern < patterns && pattern < afterMax + 500n; pattern++) {
        if (pattern !== infinity) assertSame(decode(pattern, format), Number.NaN, () => `pattern ${pattern}`);
      }
    });
  }

  /** Out of table 2 of the OFP8 specification 1.0, and Wikipedia's tables of half precision and bfloat16. */
  const published: [FormatName, string, number][] = [
    ["e4m3", "0.1111.110", 448],
    ["e4m3", "0.0001.000", 2 ** -6],
    ["e4m3", "0.0000.111", 0.875 * 2 ** -6],
    ["e4m3", "1.0000.001", -(2 ** -9)],
    ["e4m3", "0.1111.111", Number.NaN],
    ["e5m2", "0.11110.11", 57344],
    ["e5m2", "0.11111.00", Number.POSITIVE_INFINITY],
    ["e5m2", "0.00001.00", 2 ** -14],
    ["e5m2", "0.00000.11", 0.75 * 2 ** -14],
    ["e5m2", "0.00000.01", 2 ** -16],
    ["binary16", "0.01101.0101010101", 0.333251953125],
    ["binary16", "1.10000.0000000000", -2],
    ["binary16", "0.00000.1111111111", 6.097555160522461e-5],
    ["binary16", "0.11111.1000000000", Number.NaN],
    ["bfloat16", "0.10000000.1001001", 3.140625],
    ["bfloat16", "1.11111111.0000000", Number.NEGATIVE_INFINITY],
  ];
  for (const [name, fields, number] of published) {
    it(`has ${number} as ${fields} in ${name}`, () => {
      const pattern = BigInt(`0b${fields.replaceAll(".", "")}`);
      assert.equal(encode(number, formats[name]), pattern);
      assertSame(decode(pattern, formats[name]), number, () => fields);
    });
  }

  it("agrees with the machine's own binary64 and binary32", () => {
    const view = new DataView(new ArrayBuffer(8));
    const random = randomStream("patterns", 1);
    for (let i = 0; i < 20_000; i++) {
      view.setUint32(0, random.below(2 ** 31) * 2 + random.below(2));
      view.setUint32(4, random.below(2 ** 31) * 2 + random.below(2));
      const what = () => view.getBigUint64(0).toString(16);
      assertSame(decode(view.getBigUint64(0), formats.binary64), view.getFloat64(0), what);
      assertSame(decode(BigInt(view.getUint32(0)), formats.binary32), view.getFloat32(0), what);
    }
  });

  it("has bfloat16 as the upper half of binary32, and e5m2 as that of binary16", () => {
    for (let i = 0n; i < 65_536n; i++) {
      assertSame(decode(i, formats.bfloat16), decode(i << 16n, formats.binary32), () => `bfloat16 ${i}`);
    }
    for (let i = 0n; i < 256n; i++) {
      assertSame(decode(i, formats.e5m2), decode(i << 8n, formats.binary16), () => `e5m2 ${i}`);
    }
  });

  it("refuses what is no number of the format", () => {
    const withoutSubnormals = { ...formats.binary16, name: "mine", subnormals: false };
    const cases = [
      [2049, formats.binary16],
      [2 ** -25, formats.binary16],
      [-65536, formats.binary16],
      [5e-324, formats.binary32],
      [480, formats.e4m3],
      [2 ** -15, withoutSubnormals],
    ] as const;
    for (const [value, format] of cases) {
      const message = `value must be a number of ${format.name}, got ${value}`;
      assert.throws(() => encode(value, format), { name: "RangeError", message });
    }
    // too small by so much that scaling it underflows
    const multiples = examples.find(({ name }) => name === "multiples of 32");
    assert.ok(multiples);
    assert.throws(() => encode(5e-324, multiples), RangeError);
  });

  it("refuses patterns of the wrong width", () => {
    for (const pattern of [-1n, 65_536n]) {
      const message = `pattern must be a whole number below 2^16, got ${pattern}`;
      assert.throws(() => decode(pattern, formats.binary16), { name: "RangeError", message });
    }
  });

  it("refuses what is no pattern, no number or no format", () => {
    const { binary16 } = formats;
    const refuses = (call: () => unknown, name: string, message: string): void =>
      assert.throws(call, { name, message });
    refuses(
      () => decode(5 as never, binary16),
      "TypeError",
      "pattern must be a whole number, as a bigint, got 5",
    );
    refuses(() => encode("1" as never, binary16), "TypeError", 'value must be a finite number, got "1"');
    refuses(
      () => widthOf(undefined as never),
      "TypeError",
      "format must be an object of options, got undefined",
    );
    const message = "format.precision must be a whole number from 2 to 53, got 0";
    refuses(() => encode(1, { ...binary16, precision: 0 }), "RangeError", message);
    const empty = "format.minExponent must be less than maxExponent (15), got 15";
    refuses(() => decode(1n, { ...binary16, minExponent: 15 }), "RangeError", empty);
  });

  it("knows the widths", () => {
    const widths = Object.values(formats).map((format) => [format.name, widthOf(format)]);
    assert.deepEqual(Object.fromEntries(widths), {
      binary64: 64,
      binary32: 32,
      bfloat16: 16,
      binary16: 16,
      e5m2: 8,
      e4m3: 8,
    });
  });
});
