import assert from "node:assert/strict";
import { digestOf } from "../../src/core/digest.js";

describe("a digest of a text", () => {
  it("begins with the published values of FNV-1a", () => {
    // of its authors, as in RFC 9923
    for (const [text, value] of [
      ["", "811c9dc5"],
      ["a", "e40c292c"],
      ["foobar", "bf9cf968"],
    ]) {
      assert.equal(digestOf(text).slice(0, 8), value);
    }
  });

  it("goes on with another that tells places apart", () => {
    assert.equal(digestOf(""), "811c9dc59747b28c");
    // 0x9747b28c, times the prime 0x01000193 after each unit and its place
    const step = (value: number, word: number): number =>
      Number((BigInt(value ^ word) * 0x01000193n) & 0xffffffffn);
    const second = [..."ab"].reduce(
      (value, unit, i) => step(value, unit.charCodeAt(0) + i) | 0,
      0x9747b28c | 0,
    );
    assert.equal(digestOf("ab").slice(8), (second >>> 0).toString(16).padStart(8, "0"));
  });

  it("always has 16 digits, and takes every code unit", () => {
    const texts = Array.from({ length: 500 }, (_, i) => `text ${i}`);
    for (const text of texts) assert.match(digestOf(text), /^[\da-f]{16}$/);
    assert.equal(new Set(texts.map(digestOf)).size, 500);
    assert.notEqual(digestOf("\ud800"), digestOf("\ud801"));
  });
});
