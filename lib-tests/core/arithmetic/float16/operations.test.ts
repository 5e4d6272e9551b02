import assert from "node:assert/strict";
import { decode } from "../../../../src/core/arithmetic/encoding.js";
import { formats } from "../../../../src/core/arithmetic/formats.js";
import { roundToNearest } from "../../../../src/core/arithmetic/rounding.js";
import { skipUnless } from "../../../support/skip.js";
import { assertSame } from "../examples.js";
import { compiledOperations, type Operations, recordedOperations } from "./float16.js";

/** The number of each bit pattern. */
const values = Float64Array.from({ length: 65_536 }, (_, i) => decode(BigInt(i), formats.binary16));
const round = roundToNearest(formats.binary16);

/** Asserts that operations in binary64, rounded once, are what the C compiler's binary16 gave. */
function assertAgree(table: readonly Operations[]): void {
  for (const row of table) {
    const a = values[row.a];
    const b = values[row.b];
    assertSame(round(a + b), values[row.sum], () => `${a} + ${b}`);
    assertSame(round(a - b), values[row.difference], () => `${a} - ${b}`);
    assertSame(round(a * b), values[row.product], () => `${a} * ${b}`);
    assertSame(round(a / b), values[row.quotient], () => `${a} / ${b}`);
    assertSame(round(Math.sqrt(Math.abs(a))), values[row.root], () => `square root of |${a}|`);
  }
}

describe("operations in binary16", () => {
  it("agree with the recorded ones of gcc's _Float16", () => {
    const table = recordedOperations();
    assert.equal(table.length, 21 ** 2 + 1150);
    assertAgree(table);
    const products = table.map(({ product }) => Math.abs(values[product]));
    const kinds = {
      zero: products.filter((size) => size === 0),
      subnormal: products.filter((size) => size > 0 && size < 2 ** -14),
      normal: products.filter((size) => size >= 2 ** -14 && size <= 65504),
      infinite: products.filter((size) => size === Number.POSITIVE_INFINITY),
      nan: products.filter(Number.isNaN),
    };
    for (const [kind, { length }] of Object.entries(kinds))
      assert.ok(length > 30, `${length} ${kind} products`);
  });

  it("agree with a million random ones of gcc's _Float16", function () {
    const table = compiledOperations(200_000, 2);
    skipUnless(this, table, "no gcc that knows _Float16");
    assert.equal(table.length, 21 ** 2 + 200_000);
    assertAgree(table);
  });
});
