import assert from "node:assert/strict";
import { meanInterval, quantile, wilsonInterval } from "../src/statistics.js";

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
