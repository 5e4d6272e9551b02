import assert from "node:assert/strict";
import { meanInterval, wilsonInterval } from "../../src/experiments/statistics.js";
import { meanText, percent, shareText } from "../../src/experiments/verdict.js";

describe("a mean in words", () => {
  it("is its interval, or its values where they are too few", () => {
    assert.equal(meanText(meanInterval([1, 2, 3, 4, 5])), "3.0 [1.0, 5.0]");
    assert.equal(meanText(meanInterval([0.012, -0.5]), 1, 100), "1.2, -50.0");
  });

  it("claims no certainty where all values are alike", () => {
    assert.equal(meanText(meanInterval([0, 0, 0, 0, 0], [0, 1]), 1, 100, "%"), "0.0% in all 5");
    assert.equal(meanText(meanInterval([1, 2, 3, 4, 5]), 0, 1, " ns"), "3 [1, 5] ns");
    assert.equal(meanText(meanInterval([2, 2]), 0, 1, "%"), "2, 2%");
  });

  it("has no minus where rounding leaves nothing", () => {
    assert.equal(meanText(meanInterval([-0.04, -0.06, 0.04])), "0.0, -0.1, 0.0");
    assert.equal(meanText(meanInterval([-0.4, -10.4]), 0), "0, -10");
  });

  it("refuses what is no mean, and digits that no number has", () => {
    const mean = meanInterval([1, 2, 3, 4, 5]);
    const tooMany = "digits must be a whole number from 0 to 100, got 101";
    assert.throws(() => meanText(mean, 101), { name: "RangeError", message: tooMany });
    const noNumber = 'interval.mean must be a number, got "3"';
    assert.throws(() => meanText({ ...mean, mean: "3" as never }), { name: "TypeError", message: noNumber });
  });

  it("gives no unit to what is no number", () => {
    assert.equal(meanText(meanInterval([1, 2, 3, 4, Number.NaN]), 1, 1, "%"), "not a number");
  });
});

describe("a percentage", () => {
  it("is a share with so many decimals, or not a number", () => {
    assert.equal(percent(0.98526), "98.5%");
    assert.equal(percent(1, 0), "100%");
    assert.equal(percent(Number.NaN), "not a number");
  });

  it("refuses what is no share, and decimals that no number has", () => {
    const tooFew = "decimals must be a whole number from 0 to 100, got -1";
    assert.throws(() => percent(0.5, -1), { name: "RangeError", message: tooFew });
    const noNumber = 'share must be a number, got "1"';
    assert.throws(() => percent("1" as never), { name: "TypeError", message: noNumber });
  });
});

describe("a share in words", () => {
  it("keeps the width of its interval, of many seeds too", () => {
    assert.equal(shareText(wilsonInterval(24, 24)), "24 of 24 seeds (95% interval 86 to 100%)");
    assert.equal(shareText(wilsonInterval(1000, 1000)), "1000 of 1000 seeds (95% interval 99.6 to 100.0%)");
    assert.equal(shareText(wilsonInterval(0, 800)), "0 of 800 seeds (95% interval 0.0 to 0.5%)");
    assert.equal(shareText(wilsonInterval(955, 1000)), "955 of 1000 seeds (95% interval 94 to 97%)");
    assert.equal(shareText(wilsonInterval(2, 4), "maps"), "2 of 4 maps");
  });

  it("refuses an interval without ends", () => {
    const message = "interval.low must be a finite number, got NaN";
    const share = { ...wilsonInterval(5, 6), low: Number.NaN };
    assert.throws(() => shareText(share), { name: "RangeError", message });
  });
});
