import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../../src/core/random.js";
import {
  gradeTiming,
  isSound,
  lostShare,
  testTimings,
  timingEffect,
  timingSpread,
} from "../../../src/experiments/side-channel/constant-time.js";
import { guessedRight } from "../../../src/experiments/side-channel/timing-guess.js";
import type { Timings } from "../../../src/experiments/side-channel/timings.js";
import { meanInterval } from "../../../src/experiments/statistics.js";

/** Times that are made up: 1000 ns with noise, `later` for class 1, and now and then an interrupt. */
function madeUp(measurements: number, later: number, noise = 20, spreads = [1, 1]): Timings {
  const random = randomStream("test/timings", 1);
  const classes = Array.from({ length: measurements }, () => random.below(2));
  return {
    classes,
    nanoseconds: classes.map((label) => {
      const interrupt = random.uniform() < 0.01 ? 1e6 * random.uniform() : 0;
      return 1000 + later * label + noise * spreads[label] * random.normal() + interrupt;
    }),
    batch: 1,
  };
}

/** Numbers with standard deviation 1, each correlated with the next. */
function wandering(count: number, correlation: number, seed: number): number[] {
  const random = randomStream("test/wandering", seed);
  let last = random.normal();
  return Array.from({ length: count }, () => {
    last = correlation * last + Math.sqrt(1 - correlation * correlation) * random.normal();
    return last;
  });
}

describe("the timing test", () => {
  it("sees a difference through interrupts", () => {
    const timings = madeUp(12_000, 10);
    const { grade, median, effect, spread } = testTimings(timings);
    assert.equal(grade, "fails");
    assert.ok(
      effect.low < 10 && effect.high > 10 && effect.high - effect.low < 4,
      `${effect.low}, ${effect.high}`,
    );
    assert.ok(Math.abs(median - 1005) < 2);
    assert.notEqual(spread.grade, "fails");
  });

  it("has a sign, and counts for one inference of the batch", () => {
    const { effect, grade, median } = testTimings({ ...madeUp(12_000, -10), batch: 100 });
    assert.ok(Math.abs(effect.mean + 0.1) < 0.02);
    assert.ok(Math.abs(median - 9.95) < 0.02);
    assert.equal(grade, "passes"); // seen for sure, and too little to matter
  });

  it("passes where there is nothing, if the times are quiet enough to tell", () => {
    assert.equal(testTimings(madeUp(12_000, 0, 5)).grade, "passes");
    assert.equal(testTimings(madeUp(12_000, 0, 100)).grade, "inconclusive");
  });

  it("sees spreads that differ where the means are equal, and their sign", () => {
    const { grade, effect, spread } = testTimings(madeUp(12_000, 0, 10, [1, 2]));
    assert.notEqual(grade, "fails");
    assert.ok(Math.abs(effect.mean) < 0.6, `${effect.mean}`);
    assert.equal(spread.grade, "fails");
    // normal noise between its deciles has 0.6616 of its standard deviation
    const { low, high } = spread.effect;
    assert.ok(low < 6.616 + 0.1 && high > 6.616 - 0.1 && high - low < 1, `${low}, ${high}`);
    assert.ok(timingSpread(madeUp(12_000, 0, 10, [2, 1])).high < -6);
  });

  it("says nothing of too few times, however clear", () => {
    assert.equal(
      testTimings({ classes: [0, 1, 0, 1], nanoseconds: [1, 99, 1, 99], batch: 1 }).grade,
      "inconclusive",
    );
    const { median, effect, spread, guess, grade } = testTimings({ classes: [], nanoseconds: [], batch: 1 });
    assert.deepEqual(
      [median, effect.n, spread.effect.n, guess.n, grade],
      [Number.NaN, 0, 0, 0, "inconclusive"],
    );
  });

  it("is not troubled by a clock that hardly ticks, or that stands still for ever", () => {
    const classes = Array.from({ length: 12_000 }, (_, i) => i % 2);
    const still = { classes, nanoseconds: classes.map(() => 100), batch: 1 };
    const { grade, effect, spread, guess } = testTimings(still);
    assert.deepEqual([effect.low, effect.high, grade, spread.grade], [0, 0, "passes", "passes"]);
    assert.deepEqual([guess.low, guess.high], [0.5, 0.5]);
    const stuck = classes.map((_, i) => (i % 50 < 2 ? Number.POSITIVE_INFINITY : 100));
    assert.deepEqual(timingEffect({ ...still, nanoseconds: stuck }), effect);
  });

  it("refuses times without a class", () => {
    assert.throws(() => testTimings({ classes: [0], nanoseconds: [1, 2], batch: 1 }), {
      name: "RangeError",
      message: "nanoseconds must hold 1 times, as classes does, got 2",
    });
  });

  // 300 clocks: the share of intervals that hold the truth is known to 0.04 or better
  const coverage = (
    make: (seed: number) => Timings,
    truth: number,
  ): Record<"blocks" | "independent", number> => {
    const held = { blocks: 0, independent: 0 };
    for (let seed = 1; seed <= 300; seed++) {
      const timings = make(seed);
      const { low, high } = timingEffect(timings);
      if (low <= truth && truth <= high) held.blocks++;
      const [first, second] = [0, 1].map((label) =>
        meanInterval(timings.nanoseconds.filter((_, i) => timings.classes[i] === label)),
      );
      const half = 1.96 * Math.sqrt(first.sd ** 2 / first.n + second.sd ** 2 / second.n);
      if (Math.abs(second.mean - first.mean - truth) <= half) held.independent++;
    }
    return { blocks: held.blocks / 300, independent: held.independent / 300 };
  };
  const inRandomOrder = (count: number, seed: number): number[] => {
    const random = randomStream("test/order", seed);
    return Array.from({ length: count }, () => random.below(2));
  };

  it("holds the truth where the difference wanders, which an interval of independent times does not", () => {
    const { blocks, independent } = coverage((seed) => {
      const classes = inRandomOrder(4000, seed);
      const later = wandering(4000, 0.97, seed);
      const noise = wandering(4000, 0, 1000 + seed);
      return {
        classes,
        nanoseconds: classes.map((label, i) => 100 + label * (5 + later[i]) + noise[i]),
        batch: 1,
      };
    }, 5);
    assert.ok(blocks > 0.89 && blocks <= 1, `${blocks}`);
    assert.ok(independent < 0.75, `${independent}`);
  });

  it("holds it where the noise wanders, which random order makes harmless and long runs of one class do not", () => {
    const withOrder = (order: (seed: number) => number[]) =>
      coverage((seed) => {
        const noise = wandering(4000, 0.9, seed);
        return { classes: order(seed), nanoseconds: noise.map((one) => 100 + one), batch: 1 };
      }, 0);
    const random = withOrder((seed) => inRandomOrder(4000, seed));
    assert.ok(random.blocks > 0.91 && random.independent > 0.91, JSON.stringify(random));
    const runs = withOrder(() => Array.from({ length: 4000 }, (_, i) => Math.floor(i / 20) % 2));
    assert.ok(runs.blocks > 0.91, `${runs.blocks}`);
    assert.ok(runs.independent < 0.7, `${runs.independent}`);
  });

  it("fails beyond the smallest leak that matters, passes within it, and is inconclusive across its edge", () => {
    const grade = (low: number, high: number, n = 20) =>
      gradeTiming({ n, mean: (low + high) / 2, sd: 1, low, high }, 2);
    assert.deepEqual(
      [grade(2.1, 9), grade(-9, -2.1), grade(-1.9, 1.9), grade(1, 3), grade(-3, 3), grade(2.1, 9, 4)],
      ["fails", "fails", "passes", "inconclusive", "inconclusive", "inconclusive"],
    );
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (low, width) => {
          // turning the classes round changes nothing, and a narrower interval never turns a fail into a pass
          assert.equal(grade(low, low + width), grade(-low - width, -low));
          if (grade(low, low + width) !== "inconclusive")
            assert.equal(grade(low, low + width / 2), grade(low, low + width));
        },
      ),
    );
    assert.throws(() => gradeTiming(meanInterval([1]), 0), {
      name: "RangeError",
      message: /^smallest must be/,
    });
  });
});

describe("guesses from times", () => {
  // of two normal distributions d standard deviations apart, the best guess is right with probability Phi(d / 2)
  it("are right as often as they can be, from one time and from several", () => {
    const timings = madeUp(80_000, 20, 20);
    const known = (readings: number, right: number): void => {
      const { low, high } = guessedRight(timings, readings);
      assert.ok(
        low - 0.012 < right && right < high + 0.012 && high - low < 0.05,
        `${low} to ${high}, ${right}`,
      );
    };
    known(1, 0.6915);
    known(4, 0.8413);
  });

  it("are right by chance alone where times tell nothing, and see spreads as well as means", () => {
    const none = guessedRight(madeUp(40_000, 0));
    assert.ok(none.low < 0.5 && none.high > 0.5 && none.high - none.low < 0.03, `${none.low}, ${none.high}`);
    // N(0, 1) against N(0, 9): the densities cross at |z| = 1.482, and 0.7419 are right
    const wider = guessedRight(madeUp(40_000, 0, 10, [1, 3]));
    assert.ok(Math.abs(wider.mean - 0.742) < 0.015, `${wider.mean}`);
  });

  it("do not need a side: a class that is sooner is guessed as well as one that is later", () => {
    const [later, sooner] = [20, -20].map((shift) => guessedRight(madeUp(20_000, shift)).mean);
    assert.ok(Math.abs(later - sooner) < 0.02);
  });

  it("attack times that the profile has not seen", () => {
    // every time is of its own, so what was learnt by heart would help nowhere else
    const classes = Array.from({ length: 2000 }, (_, i) => i % 2);
    const { mean } = guessedRight({ classes, nanoseconds: wandering(2000, 0, 5), batch: 1 });
    assert.ok(Math.abs(mean - 0.5) < 0.06, `${mean}`);
    assert.equal(guessedRight({ classes, nanoseconds: classes, batch: 1 }, 51).n, 0); // no block holds 51 of a class
    assert.equal(guessedRight({ classes, nanoseconds: classes, batch: 1 }, 50).mean, 1);
  });

  it("need a time at least", () => {
    assert.throws(() => guessedRight(madeUp(100, 0), 0), {
      name: "RangeError",
      message: "readings must be a whole number >= 1, got 0",
    });
  });
});

describe("a quiet machine", () => {
  it("loses little time to other work, in all ways of timing together", () => {
    assert.equal(
      lostShare([
        { elapsed: 100, lost: 10 },
        { elapsed: 300, lost: 10 },
      ]),
      0.05,
    );
  });

  it("has controls that come out as they must", () => {
    const grades = ["passes", "fails", "inconclusive"] as const;
    const sound = grades.flatMap((same) =>
      grades
        .filter((delayed) => isSound({ same: { grade: same }, delayed: { grade: delayed } }))
        .map((delayed) => [same, delayed]),
    );
    assert.deepEqual(sound, [["passes", "fails"]]);
  });
});
