import assert from "node:assert/strict";
import fc from "fast-check";
import { meanAbove } from "../../src/experiments/grading.js";
import {
  auroc,
  correlation,
  meanInterval,
  quantile,
  shareOf,
  wilsonInterval,
} from "../../src/experiments/statistics.js";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

describe("mean and interval", () => {
  // half widths are t(0.975, n - 1) sd / sqrt(n); t from Fisher and Yates, Statistical Tables, table III
  const t = new Map([
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

  it("has no interval below five values, but the values; and nothing for none", () => {
    const { mean, sd, low, high, points } = meanInterval([3, 4, 5, 6]);
    assert.deepEqual([mean, low, high, points], [4.5, Number.NaN, Number.NaN, [3, 4, 5, 6]]);
    close(sd, Math.sqrt(5 / 3), 1e-15);
    assert.equal(meanInterval([3]).sd, Number.NaN);
    assert.equal(meanInterval([3, 4, 5, 6, 7]).points, undefined);
    assert.throws(() => meanInterval([]), { name: "RangeError", message: /at least 1 number/ });
  });

  it("of a bounded quantity agrees with the logit's delta method worked by hand", () => {
    // mean 0.9, sd 0.1, n = 5: logit 2.19722 ± 2.7764 · 0.0447214 / 0.09, back by 1 / (1 + e^-u)
    const { mean, low, high } = meanInterval([0.8, 0.8, 0.9, 1, 1], [0, 1]);
    close(mean, 0.9, 1e-15);
    close(low, 1 / (1 + Math.exp(-(2.1972246 - 1.3796197))), 1e-4);
    close(high, 1 / (1 + Math.exp(-(2.1972246 + 1.3796197))), 1e-4);
  });

  it("keeps within the bounds, around the mean, and follows a change of unit", () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(values, (shares) => {
        const { mean, low, high } = meanInterval(shares, [0, 1]);
        assert.ok(0 <= low && low <= mean && mean <= high && high <= 1, `${low} ${mean} ${high}`);
        const percents = meanInterval(
          shares.map((share) => 100 - 100 * share),
          [0, 100],
        );
        close(percents.low, 100 - 100 * high, 1e-6);
        close(percents.high, 100 - 100 * low, 1e-6);
      }),
    );
  });

  it("of values that are all alike has no width, whatever rounding does to their sum", () => {
    const { mean, sd, low, high } = meanInterval(new Array(10).fill(0.1), [0, 1]);
    assert.deepEqual([mean, sd, low, high], [0.1, 0, 0.1, 0.1]);
  });

  it("refuses a value outside its bounds, and has no number for one that is none", () => {
    assert.throws(() => meanInterval([0.5, 1.5], [0, 1]), {
      name: "RangeError",
      message: "values must hold numbers from 0 to 1, got 1.5",
    });
    const broken = meanInterval([1, 2, Number.NaN, 3, 4], [0, 5]);
    assert.deepEqual([broken.mean, broken.low, broken.high], [Number.NaN, Number.NaN, Number.NaN]);
    const infinite = meanInterval([1, 2, Number.POSITIVE_INFINITY, 3, 4]);
    assert.deepEqual([infinite.mean, infinite.low], [Number.POSITIVE_INFINITY, Number.NaN]);
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

  it("is none below five trials", () => {
    const { share, low, high } = wilsonInterval(1, 4);
    assert.deepEqual([share, low, high], [0.25, Number.NaN, Number.NaN]);
    assert.ok(wilsonInterval(1, 5).low > 0);
  });

  it("counts what shows something, and knows that none is no share", () => {
    assert.deepEqual(
      shareOf([3, 1, 4, 1, 5], (value, i) => value > i),
      wilsonInterval(3, 5),
    );
    const { n, count, share } = shareOf([], () => true);
    assert.deepEqual([n, count, share], [0, 0, Number.NaN]);
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

  it("takes infinities as values, and has none where one is not a number", () => {
    const [most, least] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    assert.equal(quantile([most, 5, 4], 0.5), 5);
    assert.equal(quantile([most, most], 0.3), most);
    assert.equal(quantile([most, 1], 0.5), most);
    assert.equal(quantile([least, 1], 0.5), least);
    assert.equal(quantile([1, Number.NaN, 2], 0.5), Number.NaN);
  });

  it("lies between its neighbours, rises with q, and is turned round with the values", () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), {
      minLength: 1,
      maxLength: 30,
    });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, share, share, (sample, a, b) => {
        const [low, high] = [quantile(sample, Math.min(a, b)), quantile(sample, Math.max(a, b))];
        assert.ok(Math.min(...sample) <= low && low <= high && high <= Math.max(...sample));
        assert.equal(
          quantile(sample, 0) + 0,
          -quantile(
            sample.map((value) => -value),
            1,
          ) + 0,
        );
      }),
    );
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
  it("is what counting pair by pair gives", () => {
    const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(scores, scores, (positives, negatives) => {
        const pairs = positives.flatMap((a) => negatives.map((b): number => (a > b ? 1 : a === b ? 0.5 : 0)));
        close(auroc(positives, negatives), pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length, 1e-12);
      }),
    );
  });

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
  it("is at most 1 in size, the same either way round, and blind to the unit", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(pairs, (sample) => {
        const [first, second] = [sample.map(([a]) => a), sample.map(([, b]) => b)];
        const own = correlation(first, second);
        if (Number.isNaN(own)) {
          assert.ok([first, second].some((values) => new Set(values).size === 1));
          return;
        }
        assert.ok(Math.abs(own) <= 1 + 1e-12);
        close(correlation(second, first), own, 1e-12);
        close(
          correlation(
            first.map((value) => 3 - 2 * value),
            second,
          ),
          -own,
          1e-9,
        );
      }),
    );
  });

  it("is 1 or -1 on a line, and that of a table by hand", () => {
    close(correlation([1, 2, 4], [3, 5, 9]), 1, 1e-15);
    close(correlation([1, 2, 4], [-3, -5, -9]), -1, 1e-15);
    close(correlation([1, 2, 3, 4], [2, 1, 4, 3]), 0.6, 1e-15);
  });

  it("does not exist where nothing varies, and refuses lists that do not match", () => {
    assert.equal(correlation([1, 1], [2, 3]), Number.NaN);
    // the mean of these is not 0.1: what rounding leaves is no variation
    assert.equal(correlation([0.1, 0.1, 0.1], [1, 2, 4]), Number.NaN);
    assert.equal(correlation([1, 2, 4], [0.1, 0.1, 0.1]), Number.NaN);
    assert.equal(correlation([7], [3]), Number.NaN);
    assert.throws(() => correlation([], []), { name: "RangeError", message: /at least 1 number/ });
    assert.throws(() => correlation([1, 2], [1]), { name: "RangeError", message: /2 numbers.*got 1/ });
  });
});
