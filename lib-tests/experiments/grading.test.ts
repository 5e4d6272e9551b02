import assert from "node:assert/strict";
import fc from "fast-check";
import {
  allOf,
  anyOf,
  FEWEST_UNITS,
  type Finding,
  gradeLines,
  type Line,
  meanAbove,
  meanBelow,
  NOT_TRIED,
  opposite,
  shareAbove,
  shareBelow,
  verdictOf,
} from "../../src/experiments/grading.js";
import { meanInterval, shareOf, wilsonInterval } from "../../src/experiments/statistics.js";
import type { Outcome } from "../../src/experiments/verdict.js";

const lineOf = (finding: Finding, more: Partial<Line> = {}): Line => ({
  claim: "",
  measured: "",
  finding,
  ...more,
});
const outcomesOf = (...findings: Finding[]): Outcome[] =>
  gradeLines(findings.map((finding) => lineOf(finding))).map(({ outcome }) => outcome);
const share = (count: number, n: number): Finding => shareAbove(wilsonInterval(count, n), 0.75);
const sure = (n = 100): Finding => ({ n, deviate: 9 });
const open = (n = 100): Finding => ({ n, deviate: 0.5 });

describe("grading: one line", () => {
  it("is decided where the whole interval lies on one side of the bar, and only there", () => {
    for (const n of [20, 33, 100, 1000]) {
      for (let count = 0; count <= n; count++) {
        const interval = wilsonInterval(count, n);
        const expected = interval.low > 0.75 ? "holds" : interval.high < 0.75 ? "does not hold" : "undecided";
        assert.equal(outcomesOf(share(count, n))[0], expected, `${count} of ${n}`);
      }
    }
  });

  it("does so for means as well, bounded or not", () => {
    const values = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: FEWEST_UNITS, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 5, max: 95 }), fc.boolean(), (tenths, percent, isBounded) => {
        const interval = meanInterval(
          tenths.map((tenth) => tenth / 10),
          isBounded ? [0, 1] : undefined,
        );
        const bar = percent / 100;
        // the quantile behind the interval and Wallace's deviate agree to a thousandth: too close to call is left out
        const edges = [interval.low, interval.high].map((end) => Math.abs(end - bar));
        if (Math.min(...edges) < 2e-3 * (interval.high - interval.low)) return;
        const expected = interval.low > bar ? "holds" : interval.high < bar ? "does not hold" : "undecided";
        assert.equal(outcomesOf(meanAbove(interval, bar))[0], expected);
        const turned = { holds: "does not hold", "does not hold": "holds", undecided: "undecided" }[expected];
        assert.equal(outcomesOf(meanBelow(interval, bar))[0], turned);
      }),
    );
  });

  it("treats both sides of the bar alike", () => {
    for (const [count, n] of [
      [3, 20],
      [10, 20],
      [17, 20],
    ]) {
      const mirrored = shareBelow(wilsonInterval(n - count, n), 0.25);
      assert.deepEqual(outcomesOf(mirrored), outcomesOf(shareAbove(wilsonInterval(count, n), 0.75)));
      assert.deepEqual(opposite(opposite(share(count, n))), share(count, n));
    }
  });

  it("is not graded below 20 units, however clear, and not tested where nothing was tried", () => {
    assert.deepEqual(outcomesOf(share(19, 19), share(0, 19), share(20, 20), share(0, 20)), [
      "undecided",
      "undecided",
      "holds",
      "does not hold",
    ]);
    assert.deepEqual(
      outcomesOf(
        NOT_TRIED,
        shareAbove(
          shareOf([], () => true),
          0.5,
        ),
      ),
      ["not tested", "not tested"],
    );
  });

  it("says what would decide it, and such a number does", () => {
    const [{ note }] = gradeLines([lineOf(share(32, 40))]);
    const needed = Number(/^about (\d+) would decide it/.exec(note ?? "")?.[1]);
    assert.ok(needed > 40);
    assert.equal(outcomesOf(share(Math.ceil(0.8 * 1.1 * needed), Math.ceil(1.1 * needed)))[0], "holds");
    assert.equal(outcomesOf(share(Math.floor(0.8 * 0.8 * needed), Math.floor(0.8 * needed)))[0], "undecided");
    assert.equal(gradeLines([lineOf(share(30, 40))])[0].note, "the estimate lies at the bar");
    assert.match(gradeLines([lineOf(share(5, 5))])[0].note ?? "", /5 of the 20/);
  });

  it("of values that are all alike knows where they lie; at the bar they do not exceed it", () => {
    const all = (value: number): Finding => meanAbove(meanInterval(new Array(20).fill(value)), 0.1);
    assert.deepEqual(outcomesOf(all(0.2), all(0.1), all(0)), ["holds", "does not hold", "does not hold"]);
  });

  it("is undecided where a value is not a number", () => {
    const broken = meanInterval([...new Array(30).fill(1), Number.NaN]);
    assert.deepEqual(outcomesOf(meanAbove(broken, 0)), ["undecided"]);
  });
});

describe("grading: several findings in one line", () => {
  it("needs all of them, or any of them", () => {
    const fails = opposite(sure());
    assert.deepEqual(outcomesOf(allOf([sure(), sure()]), allOf([sure(), fails]), allOf([sure(), open()])), [
      "holds",
      "does not hold",
      "undecided",
    ]);
    assert.deepEqual(outcomesOf(anyOf([fails, fails]), anyOf([sure(), fails]), anyOf([fails, open()])), [
      "does not hold",
      "holds",
      "undecided",
    ]);
    assert.deepEqual(outcomesOf(allOf([]), anyOf([])), ["not tested", "not tested"]);
    assert.equal(allOf([sure(30), sure(50)]).n, 30);
  });

  it("pays for a choice among several", () => {
    const lucky = { n: 100, deviate: 2.2 };
    assert.deepEqual(outcomesOf(anyOf([lucky])), ["holds"]);
    assert.deepEqual(outcomesOf(anyOf([lucky, ...new Array(6).fill({ n: 100, deviate: -5 })])), [
      "undecided",
    ]);
  });
});

describe("grading: a condition", () => {
  const under = (finding: Finding, without: Finding): Outcome =>
    gradeLines([lineOf(finding, { unless: { condition: "it is small", finding: without } })])[0].outcome;

  it("counts where the line holds with it and does not without", () => {
    assert.equal(under(sure(), opposite(sure())), "holds only if");
    const [{ note }] = gradeLines([
      lineOf(sure(), { unless: { condition: "it is small", finding: opposite(sure()) } }),
    ]);
    assert.equal(note, "it is small");
  });

  it("is no condition where both come out alike, and undecided where one is", () => {
    assert.equal(under(sure(), sure()), "holds");
    assert.equal(under(opposite(sure()), opposite(sure())), "does not hold");
    assert.equal(under(opposite(sure()), sure()), "does not hold");
    assert.equal(under(sure(), open()), "undecided");
    assert.equal(under(open(), opposite(sure())), "undecided");
    assert.equal(under(sure(), NOT_TRIED), "undecided");
    assert.equal(under(NOT_TRIED, sure()), "not tested");
  });
});

describe("grading: a notebook's lines together", () => {
  const doubtful: Finding = { n: 100, deviate: 2.1 }; // p = 0.036

  it("corrects for their number (Holm)", () => {
    assert.deepEqual(outcomesOf(doubtful), ["holds"]);
    const [line] = gradeLines([lineOf(doubtful), lineOf(open()), lineOf(open())]);
    assert.equal(line.outcome, "undecided");
    assert.equal(line.note, "by itself it would be decided, but not among the 3 tests made here");
  });

  it("steps down: what is beyond doubt makes the others' bar no higher", () => {
    assert.deepEqual(outcomesOf(doubtful, sure(), sure()), ["holds", "holds", "holds"]);
  });

  it("does not count lines that are not graded", () => {
    assert.deepEqual(outcomesOf(doubtful, NOT_TRIED, open(5)), ["holds", "not tested", "undecided"]);
  });

  it("by chance alone grades any line wrongly in at most one notebook of twenty", () => {
    // 12 true bars: deviates of a standard normal, from quantiles in an order by the golden ratio, no luck involved
    let wrong = 0;
    const [notebooks, lines] = [400, 12];
    for (let k = 0; k < notebooks; k++) {
      const deviates = Array.from({ length: lines }, (_, i) => normal(k * lines + i + 1));
      const outcomes = outcomesOf(...deviates.map((deviate) => ({ n: 100, deviate })));
      if (outcomes.some((outcome) => outcome !== "undecided")) wrong++;
    }
    assert.ok(wrong > 0 && wrong / notebooks < 0.07, `${wrong} of ${notebooks}`);
  });

  /** A deviate by the sum of 12 uniforms would have no tails: Box and Muller on two low-discrepancy sequences. */
  function normal(i: number): number {
    const [u, v] = [(i * 0.7548776662466927) % 1, (i * 0.5698402909980532) % 1];
    return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
  }
});

describe("grading: the stamp", () => {
  it("is the outcome of the primary line, whatever the others say, and however many they are", () => {
    const doubtful: Finding = { n: 100, deviate: 2.1 }; // p = 0.036
    const stamp = (finding: Finding): Outcome =>
      verdictOf({
        claim: "It learns.",
        lines: [
          lineOf(opposite(sure())),
          lineOf(finding, { isPrimary: true }),
          lineOf(open()),
          lineOf(doubtful),
        ],
        summarise: () => "",
      }).stamp;
    assert.equal(stamp(doubtful), "holds");
    assert.equal(stamp(opposite(doubtful)), "does not hold");
    assert.equal(stamp(open()), "undecided");
    assert.equal(stamp(NOT_TRIED), "not tested");
  });

  it("takes no part in the correction of the others", () => {
    const doubtful: Finding = { n: 100, deviate: 2.1 };
    const [primary, other] = gradeLines([lineOf(open(), { isPrimary: true }), lineOf(doubtful)]);
    assert.deepEqual([primary.outcome, other.outcome], ["undecided", "holds"]);
  });

  it("needs one primary line", () => {
    const lines = [lineOf(sure(), { isPrimary: true }), lineOf(sure(), { isPrimary: true })];
    for (const [count, some] of [[0, [lineOf(sure())]] as const, [2, lines] as const]) {
      assert.throws(
        () => verdictOf({ claim: "", lines: some, summarise: () => "" }),
        new RangeError(`lines must have one primary line, got ${count}`),
      );
    }
  });

  it("comes with a sentence of its own", () => {
    const verdict = verdictOf({
      claim: "It learns.",
      lines: [lineOf(sure(), { isPrimary: true })],
      summarise: (outcome, rows) => `${outcome} in ${rows.length} line`,
    });
    assert.deepEqual([verdict.stamp, verdict.summary], ["holds", "holds in 1 line"]);
  });
});
