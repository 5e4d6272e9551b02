import assert from "node:assert/strict";
import {
  countText,
  epochText,
  lossText,
  partText,
  shareText,
  sureText,
} from "../../src/experiments/words.js";

describe("numbers in words", () => {
  it("count the nines of a confidence, and name the class", () => {
    // 1 - confidence is e^-|z| there, and e^-119.177 is 10^-51.76
    assert.equal(sureText(-119.177), "sure of Red to 51 nines");
    assert.equal(sureText(4.7), "sure of Blue to 2 nines");
    assert.equal(sureText(4.5), "in doubt: 99% for Blue");
    assert.equal(sureText(0), "in doubt: 50% for Red");
    assert.equal(sureText(Number.NEGATIVE_INFINITY), "sure of Red without end");
    assert.equal(sureText(Number.NaN), "lost: not a number");
  });

  it("count what can be counted, and say what share the rest is", () => {
    assert.deepEqual(
      [countText(0.985, 2000), countText(1, 250), countText(0, 5), countText(Number.NaN, 5), partText(3, 5)],
      ["1970 of 2000", "all 250", "none of 5", "not a number", "3 of 5"],
    );
    assert.deepEqual([0, 0.001, 0.125, 0.4, 0.5, 0.72, 0.97, 1, Number.NaN].map(shareText), [
      "none",
      "1 in 1000",
      "1 in 8",
      "4 in 10",
      "half",
      "7 in 10",
      "nearly all",
      "all",
      "not a number",
    ]);
  });

  it("say what a loss comes to, and when something happens", () => {
    assert.equal(lossText(Math.LN2), "the right class gets 50%, geometric mean");
    assert.equal(lossText(0.0002), "the right class gets 99.98%, geometric mean");
    assert.equal(lossText(Number.POSITIVE_INFINITY), "not a number");
    assert.deepEqual(
      [epochText("parted", null), epochText("parted", 98)],
      ["never parted", "parted from epoch 98 on"],
    );
  });
});
