import assert from "node:assert/strict";
import fc from "fast-check";
import { moonsSplit } from "../../../src/core/moons.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { randomStream } from "../../../src/core/random.js";
import {
  gradeTiming,
  type Timings,
  testTimings,
} from "../../../src/experiments/side-channel/constant-time.js";
import { denseInference, skippingInference } from "../../../src/experiments/side-channel/inference.js";
import { meanInterval } from "../../../src/experiments/statistics.js";

/** Times that are made up: 1000 ns with noise, `later` for class 1, and now and then an interrupt. */
function madeUp(measurements: number, later: number, noise = 20): Timings {
  const random = randomStream("test/timings", 1);
  const classes = Array.from({ length: measurements }, () => random.below(2));
  return {
    classes,
    nanoseconds: classes.map((label) => {
      const interrupt = random.uniform() < 0.01 ? 1e6 * random.uniform() : 0;
      return 1000 + later * label + noise * random.normal() + interrupt;
    }),
    batch: 1,
  };
}

describe("the timing test", () => {
  it("sees a difference through interrupts that hide it from a plain t-test", () => {
    const timings = madeUp(12_000, 10);
    const { t, grade, medians, effect } = testTimings(timings);
    assert.ok(t > 15, `t = ${t}`);
    assert.equal(grade, "fails");
    assert.ok(
      effect.low < 10 && effect.high > 10 && effect.high - effect.low < 4,
      `${effect.low}, ${effect.high}`,
    );
    assert.ok(Math.abs(medians[1] - medians[0] - 10) < 2);
    const [own, other] = [0, 1].map((label) =>
      timings.nanoseconds.filter((_, i) => timings.classes[i] === label),
    );
    const mean = (times: number[]): number => times.reduce((sum, time) => sum + time, 0) / times.length;
    const sd = Math.sqrt(mean(own.map((time) => (time - mean(own)) * (time - mean(own)))));
    assert.ok(Math.abs(mean(other) - mean(own)) < 4 * sd * Math.sqrt(2 / own.length));
  });

  it("has a sign, and counts for one inference of the batch", () => {
    const { t, effect, grade } = testTimings({ ...madeUp(12_000, -10), batch: 100 });
    assert.ok(t < -15);
    assert.ok(Math.abs(effect.mean + 0.1) < 0.02);
    assert.equal(grade, "passes"); // seen for sure, and too little to matter
  });

  it("passes where there is nothing, if the times are quiet enough to tell", () => {
    const { t, grade } = testTimings(madeUp(12_000, 0, 5));
    assert.ok(Math.abs(t) < 5, `t = ${t}`);
    assert.equal(grade, "passes");
    assert.equal(testTimings(madeUp(12_000, 0, 100)).grade, "inconclusive");
  });

  it("says nothing of too few times, however clear", () => {
    assert.equal(
      testTimings({ classes: [0, 1, 0, 1], nanoseconds: [1, 99, 1, 99], batch: 1 }).grade,
      "inconclusive",
    );
    const { t, medians, effect, grade } = testTimings({ classes: [], nanoseconds: [], batch: 1 });
    assert.deepEqual(
      [t, ...medians, effect.n, grade],
      [Number.NaN, Number.NaN, Number.NaN, 0, "inconclusive"],
    );
  });

  it("is not troubled by a clock that hardly ticks, or that stands still for ever", () => {
    const classes = Array.from({ length: 12_000 }, (_, i) => i % 2);
    const { t, grade, effect } = testTimings({ classes, nanoseconds: classes.map(() => 100), batch: 1 });
    assert.deepEqual([t, effect.low, effect.high, grade], [0, 0, 0, "passes"]);
    const stuck = classes.map((_, i) => (i % 50 < 2 ? Number.POSITIVE_INFINITY : 100));
    assert.deepEqual(testTimings({ classes, nanoseconds: stuck, batch: 1 }).effect, effect);
  });

  it("refuses times without a class", () => {
    assert.throws(() => testTimings({ classes: [0], nanoseconds: [1, 2], batch: 1 }), {
      name: "RangeError",
      message: "nanoseconds must hold 1 times, as classes does, got 2",
    });
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

describe("inference for the clock", () => {
  const { test } = moonsSplit({ trainPoints: 2, testPoints: 50, noise: 0.2, seed: 1 });
  const inputs = Float64Array.from(test.points.to1DArray());
  for (const hiddenLayers of [[], [10], [7, 5, 3]]) {
    it(`gives forward's logits to the bit, [${hiddenLayers}]`, () => {
      const network = createNetwork({ hiddenLayers, seed: 3 });
      const logits = forward(network, test.points).logits.to1DArray();
      const [dense, skipping] = [denseInference(network), skippingInference(network)];
      logits.forEach((logit, i) => {
        assert.equal(dense(inputs, 2 * i), logit);
        assert.equal(skipping(inputs, 2 * i), logit);
      });
    });
  }

  it("refuses neurons that are not plain ReLUs", () => {
    const others = [{ activation: "tanh" }, { normalization: "layer" }, { topK: 2 }] as const;
    for (const other of others) {
      const network = createNetwork({ hiddenLayers: [4], seed: 1, ...other });
      assert.throws(() => denseInference(network), {
        name: "RangeError",
        message: /ReLU neurons and nothing else/,
      });
      assert.throws(() => skippingInference(network), { name: "RangeError" });
    }
  });
});
