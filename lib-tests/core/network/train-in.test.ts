/** Training in an arithmetic that is given as such. */
import assert from "node:assert/strict";
import type { FormatName } from "../../../src/core/arithmetic/formats.js";
import { phaseArithmetics, toPrecision } from "../../../src/core/arithmetic/precision.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { activityPenalty, balancePenalty, weightDecay } from "../../../src/core/network/penalties.js";
import { train } from "../../../src/core/network/train.js";
import { trainIn } from "../../../src/core/network/train-in.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";

const { train: data, test } = moonsSplit({ trainPoints: 30, testPoints: 20, noise: 0.15, seed: 3 });

const plain: TrainOptions = {
  network: createNetwork({ hiddenLayers: [4], seed: 3 }),
  train: data,
  test,
  learningRate: 0.4,
  batchSize: 1,
  epochs: 3,
  seed: 5,
};

/** With all that a training may have in any arithmetic. */
const rich: TrainOptions = {
  ...plain,
  network: createNetwork({ hiddenLayers: [4, 3], activation: "softplus", normalization: "batch", seed: 4 }),
  batchSize: 8,
  penalties: [weightDecay(0.01), activityPenalty(0.1), balancePenalty(0.1)],
  labelSmoothing: 0.1,
  leftOut: [2, 9],
  lossForm: { mean: "first" },
  recordEvery: 2,
  snapshots: [1, 3],
};

describe("training in a given arithmetic", () => {
  for (const format of ["binary64", "binary16"] as FormatName[]) {
    it(`gives the bits of train in ${format}`, () => {
      const { forward } = phaseArithmetics(toPrecision(format)).arithmetics;
      for (const options of [plain, rich]) {
        const ours = trainIn(forward, options);
        const theirs = train({ ...options, arithmetic: format });
        assert.deepEqual(JSON.parse(JSON.stringify(ours)), JSON.parse(JSON.stringify(theirs)));
      }
    });
  }

  it("refuses what train refuses", () => {
    const { forward } = phaseArithmetics(toPrecision("binary64")).arithmetics;
    assert.throws(() => trainIn(forward, { ...plain, learningRate: 0 }), /learningRate/);
  });
});
