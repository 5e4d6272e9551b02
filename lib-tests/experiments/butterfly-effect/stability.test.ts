import assert from "node:assert/strict";
import { selectPoints } from "../../../src/core/moons.js";
import { sharpness } from "../../../src/core/network/hessian.js";
import { toParameters } from "../../../src/core/network/network.js";
import type { BatchSize } from "../../../src/core/network/train-options.js";
import { PARTED } from "../../../src/experiments/butterfly-effect/butterfly-effect.js";
import { lockstep } from "../../../src/experiments/butterfly-effect/lockstep.js";
import { nudged } from "../../../src/experiments/butterfly-effect/nudge.js";
import { stabilityText } from "../../../src/experiments/butterfly-effect/sentences.js";
import {
  isInBand,
  MAPPED_SETTINGS,
  measureStability,
  type StabilityResult,
  stabilityCell,
  steepness,
} from "../../../src/experiments/butterfly-effect/stability.js";
import { studies } from "../../../src/experiments/butterfly-effect/studies.js";
import { lastDistance, runTimelines } from "../../../src/experiments/butterfly-effect/timelines.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
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

describe("butterfly: the map", () => {
  it("measures a calm training as calm, a wild one as wild", () => {
    const calm = measureStability({ ...parameters, batchSize: "full", learningRate: 1, epochs: 50 });
    const wild = measureStability({ ...parameters, learningRate: 0.9, epochs: 50 });
    assert.ok(Math.abs(calm.exponent) < 0.1 && !calm.isParted, `${calm.exponent}`);
    assert.ok(wild.exponent > 0.1, `${wild.exponent}`);
    assert.equal(calm.steepestBatch, calm.sharpness);
    assert.equal(measureStability({ ...parameters, epochs: 0 }).exponent, Number.NaN);
    assert.equal(measureStability({ ...parameters, learningRate: 1e300 }).exponent, Number.NaN);
    // the twin and the training are those of the two timelines
    const loud = { ...parameters, learningRate: 0.9, epochs: 50, nudge: 0.1 };
    const { nudged: pair } = runTimelines(loud);
    const { isParted, testAccuracy } = measureStability(loud);
    assert.deepEqual([isParted, testAccuracy], [lastDistance(pair) >= PARTED, pair.evaluations[0].accuracy]);
  });

  it("keeps the shadow where things are linear, at every setting of the notebook", () => {
    for (const setting of MAPPED_SETTINGS) {
      const { exponent } = measureStability({ ...parameters, trainPoints: 250, ...setting, epochs: 100 });
      assert.ok(Number.isFinite(exponent), `${setting.batchSize} at ${setting.learningRate}`);
    }
  }).timeout(120_000);

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

  it("takes each batch size and learning rate with the same seeds", async () => {
    const small = { ...parameters, trainPoints: 12, epochs: 2, sweepSeeds: 8 };
    const cells = await doStudy(studies.map, small, plainLoop());
    for (const [i, setting] of MAPPED_SETTINGS.entries()) {
      const results = [1, 2].map((seed) => measureStability({ ...small, ...setting, seed }));
      assert.deepEqual(cells[i], stabilityCell(setting, results));
    }
  });

  it("knows a single point's steepness: that of its Hessian where the logit is straight", () => {
    const { data, initial } = drawTask({ ...parameters, hiddenLayers: [] });
    const steep = steepness(initial, data.train);
    for (const i of [0, 5, 39]) {
      const point = selectPoints(data.train, [i]);
      const { value } = sharpness({ network: initial, data: point, tolerance: 1e-6 });
      assert.ok(Math.abs(steep[i] - value) < 1e-9, `${steep[i]} and ${value}`);
    }
  });

  it("finds the band where trainings learn and part, and says what was left out", () => {
    const result: StabilityResult = {
      exponent: 0.05,
      isParted: true,
      testAccuracy: 0.98,
      sharpness: 0.5,
      steepestBatch: 1,
    };
    const cellOf = (batchSize: BatchSize, learningRate: number, change: Partial<StabilityResult> = {}) =>
      stabilityCell({ batchSize, learningRate }, new Array(2).fill({ ...result, ...change }));
    const wild = cellOf(1, 0.4);
    const quiet = cellOf("full", 2, { isParted: false });
    const useless = cellOf(1, 5, { testAccuracy: 0.5, exponent: Number.NaN });
    assert.deepEqual([wild, quiet, useless].map(isInBand), [true, false, false]);
    assert.deepEqual([wild.exponent?.mean, useless.exponent, wild.sharpness], [0.05, null, 0.5]);
    const text = stabilityText([wild, useless, quiet]);
    assert.match(
      text,
      /diverges: 0\.4 for single samples, none of the map for full batch\. In a full batch, .* stays below 1\./,
    );
    assert.match(text, /2 of 6 trainings have no exponent/);
    const steep = cellOf("full", 8, { sharpness: 1.1 });
    assert.match(
      stabilityText([quiet, steep]),
      / 8 for full batch\. In a full batch, .* first reaches 1 at learning rate 8\./,
    );
    assert.doesNotMatch(stabilityText([quiet, steep]), /left out/);
  });
});
