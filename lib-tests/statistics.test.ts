import assert from "node:assert/strict";
import { meanAbove } from "../src/experiments/grading.js";
import { auroc, correlation, meanInterval, quantile, wilsonInterval } from "../src/statistics.js";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

describe("mean and interval", () => {
  // half widths are t(0.975, n - 1) sd / sqrt(n); t from Fisher and Yates, Statistical Tables, table III
  const t = new Map([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [5, 2.571],
    [6, 2.447],
    [9, 2.262],
    [19, 2.093],
    [29, 2.045],
    [120, 1.98],
  ]);
  for (const [degrees, quantile975] of t) {
    it(`uses Student's t with ${degrees} degrees of freedom`, () => {
      const values = Array.from({ length: degrees + 1 }, (_, i) => i * i - 3 * i);
      const { n, mean, sd, high, low } = meanInterval(values);
      assert.equal(n, degrees + 1);
      close(((high - mean) * Math.sqrt(n)) / sd, quantile975, 6e-4);
      close(mean - low, high - mean, 1e-9);
    });
  }

  it("gives the mean and the sample's standard deviation", () => {
    const { mean, sd } = meanInterval([2, 4, 4, 4, 5, 5, 7, 9]);
    assert.equal(mean, 5);
    close(sd, Math.sqrt(32 / 7), 1e-15);
  });

  it("has no interval for one value, and nothing for none", () => {
    const { mean, sd, low, high } = meanInterval([3]);
    assert.deepEqual([mean, sd, low, high], [3, Number.NaN, Number.NaN, Number.NaN]);
    assert.throws(() => meanInterval([]), { name: "RangeError", message: /at least 1 number/ });
  });
});

describe("mean of a quantity with a lower bound only", () => {
  const open = [2, Number.POSITIVE_INFINITY] as const;

  it("has the interval of the logarithm by the delta method, worked by hand", () => {
    // mean 6, sd sqrt(10), n 5: the half width is 2.776 sqrt(10 / 5), and (6 - 2) e^(± half / 4) is left and right of it
    const { mean, low, high } = meanInterval([2, 4, 6, 8, 10], open);
    const half = 2.7764 * Math.sqrt(2);
    assert.equal(mean, 6);
    close(low, 2 + 4 * Math.exp(-half / 4), 1e-3);
    close(high, 2 + 4 * Math.exp(half / 4), 1e-3);
  });

  it("is graded by that interval, and keeps above its bound", () => {
    const skewed = meanInterval([...new Array(24).fill(2.1), 40], open);
    assert.ok(skewed.low > 2);
    for (const bar of [skewed.low - 0.01, skewed.low + 0.01]) {
      assert.equal(meanAbove(skewed, bar).deviate > 1.96, bar < skewed.low, String(bar));
    }
    assert.deepEqual(
      [meanInterval([2, 2, 2, 2, 2], open)].map(({ low, high }) => [low, high]),
      [[2, 2]],
    );
  });
});

describe("share and interval", () => {
  it("agrees with Wilson's formula worked by hand", () => {
    // 8 of 10: Brown, Cai and DasGupta 2001, Interval estimation for a binomial proportion, give 0.490 to
    // 0.943
    const { share, low, high } = wilsonInterval(8, 10);
    close(share, 0.8, 0);
    close(low, 0.4902, 5e-5);
    close(high, 0.9433, 5e-5);
  });

  it("keeps within 0 and 1, with a width at either end", () => {
    const none = wilsonInterval(0, 20);
    assert.equal(none.low, 0);
    close(none.high, 0.1611, 5e-5);
    const all = wilsonInterval(20, 20);
    assert.equal(all.high, 1);
    close(all.low, 1 - 0.1611, 5e-5);
  });

  it("refuses impossible counts", () => {
    assert.throws(() => wilsonInterval(3, 2), {
      name: "RangeError",
      message: "count must be a whole number from 0 to 2, got 3",
    });
    assert.throws(() => wilsonInterval(0, 0), {
      name: "RangeError",
      message: "n must be a whole number >= 1, got 0",
    });
  });
});

describe("quantile", () => {
  it("interpolates between neighbours", () => {
    assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
    assert.equal(quantile([4, 1, 3, 2], 0), 1);
    assert.equal(quantile([4, 1, 3, 2], 1), 4);
    close(quantile([1, 2, 3, 4], 0.1), 1.3, 1e-12);
  });

  it("refuses a share outside 0 to 1, and no values", () => {
    assert.throws(() => quantile([1], 1.5), {
      name: "RangeError",
      message: "q must be a number from 0 to 1, got 1.5",
    });
    assert.throws(() => quantile([], 0.5), { name: "RangeError" });
  });
});

describe("area under the ROC curve", () => {
  const cases: [string, number[], number[], number][] = [
    ["all above", [3, 4], [1, 2], 1],
    ["all below", [1, 2], [3, 4], 0],
    ["all tied", [1, 1, 1], [1, 1], 0.5],
    ["a tie counts half", [2], [1, 2], 0.75],
    // pairs: 1 beats none of 2, 3; 2.5 beats one; 4 beats two
    ["counted pair by pair", [4, 1, 2.5], [3, 2], 0.5],
    ["infinities are scores", [Number.POSITIVE_INFINITY, 0], [Number.NEGATIVE_INFINITY, 0], 0.875],
  ];
  for (const [name, positives, negatives, expected] of cases) {
    it(name, () => assert.equal(auroc(positives, negatives), expected));
  }

  it("asks for the order of the scores and nothing else", () => {
    const scores = [0.3, -2, 7, 0.3, 5];
    const others = [0.3, 6, -9];
    const stretched = (values: number[]): number[] => values.map((value) => value * value * value);
    assert.equal(auroc(stretched(scores), stretched(others)), auroc(scores, others));
    assert.equal(auroc(others, scores), 1 - auroc(scores, others));
  });

  it("leaves the scores as they came", () => {
    const [positives, negatives] = [
      [2, 1],
      [3, 0],
    ];
    auroc(positives, negatives);
    assert.deepEqual(
      [positives, negatives],
      [
        [2, 1],
        [3, 0],
      ],
    );
  });

  it("is NaN where a score is, and refuses empty lists", () => {
    assert.equal(auroc([1, Number.NaN], [0]), Number.NaN);
    assert.equal(auroc([1], [0, Number.NaN]), Number.NaN);
    assert.throws(() => auroc([], [1]), {
      name: "RangeError",
      message: "positives must hold at least 1 number, got none",
    });
    assert.throws(() => auroc([1], []), {
      name: "RangeError",
      message: "negatives must hold at least 1 number, got none",
    });
  });
});

describe("correlation", () => {
  it("is 1 or -1 on a line, and that of a table by hand", () => {
    close(correlation([1, 2, 4], [3, 5, 9]), 1, 1e-15);
    close(correlation([1, 2, 4], [-3, -5, -9]), -1, 1e-15);
    close(correlation([1, 2, 3, 4], [2, 1, 4, 3]), 0.6, 1e-15);
  });

  it("does not exist where nothing varies, and refuses lists that do not match", () => {
    assert.equal(correlation([1, 1], [2, 3]), Number.NaN);
    assert.throws(() => correlation([1, 2], [1]), { name: "RangeError", message: /2 numbers.*got 1/ });
  });
});
