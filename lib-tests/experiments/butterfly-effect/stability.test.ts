import assert from "node:assert/strict";
import { hessianOf } from "../../../src/core/network/hessian.js";
import { toParameters } from "../../../src/core/network/network.js";
import type { BatchSize } from "../../../src/core/network/train-options.js";
import { randomStream } from "../../../src/core/random.js";
import { PARTED } from "../../../src/experiments/butterfly-effect/butterfly-effect.js";
import { lockstep } from "../../../src/experiments/butterfly-effect/lockstep.js";
import { lengthOf, nudged } from "../../../src/experiments/butterfly-effect/nudge.js";
import { measureStability } from "../../../src/experiments/butterfly-effect/stability.js";
import { lastDistance, runTimelines } from "../../../src/experiments/butterfly-effect/timelines.js";
import { drawTask, trainOptionsOf, trainTask } from "../../../src/experiments/task.js";
import { parameters } from "./small-parameters.js";

describe("butterfly: trainings in lockstep", () => {
  for (const batchSize of [1, 7, "full"] as BatchSize[]) {
    it(`end on the bits of a training by itself, in batches of ${batchSize}`, () => {
      const own = { ...parameters, batchSize, weightDecay: 0.01 };
      const task = drawTask(own);
      const { network } = trainTask(own, task);
      const run = lockstep(trainOptionsOf(own, task), [task.initial, nudged(task.initial, own).network]);
      run.walk(3 * run.batches);
      run.move(1, run.parameters(0));
      for (let batch = 0; batch < run.batches; batch++) run.walk(1);
      run.walk(15 * run.batches);
      const kept = [run.parameters(0), run.parameters(1)];
      run.walk(run.batches);
      // the last epoch once more
      run.move(0, kept[0]);
      run.move(1, kept[1]);
      run.goBack(run.batches);
      run.walk(run.batches);
      assert.deepEqual(run.parameters(0), toParameters(network));
      assert.deepEqual(run.parameters(1), toParameters(network), "moved, it went on with the same batches");
    });
  }
});

describe("butterfly: stability", () => {
  it("measures a calm training as calm, a wild one as wild", () => {
    const calm = measureStability({ ...parameters, batchSize: "full", learningRate: 1, epochs: 50 });
    const wild = measureStability({ ...parameters, learningRate: 0.9, epochs: 50 });
    assert.ok(Math.abs(calm.exponent) < 0.1 && !calm.isParted, `${calm.exponent}`);
    assert.ok(wild.exponent > 0.1, `${wild.exponent}`);
    assert.ok(calm.sharpness > 0 && calm.sharpness < 1, `${calm.sharpness}`);
    assert.equal(measureStability({ ...parameters, epochs: 0 }).exponent, Number.NaN);
    assert.equal(measureStability({ ...parameters, learningRate: 1e300 }).exponent, Number.NaN);
    // the twin and the training are those of the two timelines
    const loud = { ...parameters, learningRate: 0.9, epochs: 50, nudge: 0.1 };
    const { nudged: pair } = runTimelines(loud);
    const { isParted, testAccuracy } = measureStability(loud);
    assert.deepEqual([isParted, testAccuracy], [lastDistance(pair) >= PARTED, pair.evaluations[0].accuracy]);
  });

  it("measures the growth under the product of I - η H, step by step", () => {
    for (const [hiddenLayers, learningRate] of [
      [[], 1],
      [[10], 0.5],
    ] as const) {
      const own = { ...parameters, hiddenLayers, learningRate, batchSize: "full" as const, epochs: 30 };
      const task = drawTask(own);
      const snapshots = Array.from({ length: 30 }, (_, epoch) => epoch);
      const random = randomStream("first separation", own.seed);
      let separation = toParameters(task.initial).map(() => random.normal());
      const start = lengthOf(separation);
      for (const { network } of trainTask(own, task, { snapshots }).snapshots) {
        const product = hessianOf(network, task.data.train)(separation);
        separation = separation.map((value, k) => value - learningRate * product[k]);
      }
      const expected = Math.log(lengthOf(separation) / start) / 30;
      const { exponent } = measureStability(own);
      assert.ok(Math.abs(exponent - expected) < 1e-5, `${exponent}, not ${expected}`);
    }
  });

  it("goes stretches of deep networks again, and leaves the training as it is", () => {
    const deep = { ...parameters, hiddenLayers: [10, 10, 10, 10], learningRate: 0.1, epochs: 30 };
    const seeds = [1, 2, 3, 4];
    const results = seeds.map((seed) => measureStability({ ...deep, seed }));
    for (const [i, { isParted, testAccuracy }] of results.entries()) {
      const { nudged: pair } = runTimelines({ ...deep, seed: seeds[i] });
      assert.deepEqual(
        [isParted, testAccuracy],
        [lastDistance(pair) >= PARTED, pair.evaluations[0].accuracy],
      );
    }
    // where all of a layer is silent at a point, the next one stands at its kink, and a step can take it anywhere
    assert.ok(results.filter(({ exponent }) => Number.isFinite(exponent)).length >= 2);
  });

  it("gives no exponent where a single step takes the shadow too far", () => {
    const { exponent, testAccuracy } = measureStability({ ...parameters, learningRate: 1e5, epochs: 3 });
    assert.equal(exponent, Number.NaN);
    assert.ok(Number.isFinite(testAccuracy));
  });
});
