import assert from "node:assert/strict";
import {
  gradeTiming,
  type Timings,
  testTimings,
} from "../../../src/experiments/side-channel/constant-time.js";
import { denseInference, skippingInference } from "../../../src/experiments/side-channel/inference.js";
import { moonsSplit } from "../../../src/moons.js";
import { forward } from "../../../src/network/forward-backward.js";
import { createNetwork } from "../../../src/network/initialisation.js";
import { randomStream } from "../../../src/random.js";

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
  };
}

describe("the timing test", () => {
  it("sees a difference through interrupts that hide it from a plain t-test", () => {
    const timings = madeUp(12_000, 10);
    const { t, grade, medians, curve } = testTimings(timings);
    assert.ok(t > 15, `t = ${t}`);
    assert.equal(grade, "difference seen");
    assert.ok(Math.abs(medians[1] - medians[0] - 10) < 2);
    assert.equal(curve.length, 40);
    assert.deepEqual(curve[curve.length - 1], { measurements: 12_000, t });
    const [own, other] = [0, 1].map((label) =>
      timings.nanoseconds.filter((_, i) => timings.classes[i] === label),
    );
    const mean = (times: number[]): number => times.reduce((sum, time) => sum + time, 0) / times.length;
    const sd = Math.sqrt(mean(own.map((time) => (time - mean(own)) * (time - mean(own)))));
    assert.ok(Math.abs(mean(other) - mean(own)) < 4 * sd * Math.sqrt(2 / own.length));
  });

  it("has a sign", () => {
    assert.ok(testTimings(madeUp(12_000, -10)).t < -15);
  });

  it("sees nothing where there is nothing", () => {
    const { t, grade } = testTimings(madeUp(12_000, 0));
    assert.ok(Math.abs(t) < 5, `t = ${t}`);
    assert.equal(grade, "no difference seen");
  });

  it("says when there are too few times, however clear", () => {
    assert.equal(testTimings(madeUp(2000, 100)).grade, "not enough measurements");
    assert.equal(testTimings({ classes: [], nanoseconds: [] }).grade, "not enough measurements");
  });

  it("is not troubled by a clock that hardly ticks", () => {
    const classes = Array.from({ length: 12_000 }, (_, i) => i % 2);
    const { t, grade } = testTimings({ classes, nanoseconds: classes.map(() => 100) });
    assert.equal(t, 0);
    assert.equal(grade, "no difference seen");
  });

  it("grades", () => {
    assert.equal(gradeTiming(9999, 600), "not enough measurements");
    assert.equal(gradeTiming(10_000, 10), "no difference seen");
    assert.equal(gradeTiming(10_000, -10.1), "difference seen");
    assert.equal(gradeTiming(10_000, 501), "glaring");
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
    const others = [{ activation: "tanh" }, { normalization: "layer" }, { winners: 2 }] as const;
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
