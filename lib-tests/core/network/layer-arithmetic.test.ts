import assert from "node:assert/strict";
import { inScaledBlocks } from "../../../src/core/arithmetic/scaled-blocks.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { withLayerArithmetic } from "../../../src/core/network/layer-arithmetic.js";
import { toParameters } from "../../../src/core/network/network.js";
import { train } from "../../../src/core/network/train.js";
import { trainAll } from "../../../src/core/network/train-all.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";
import { resultOf } from "../../../src/core/settled.js";

const data = moonsSplit({ trainPoints: 70, testPoints: 2, noise: 0.15, seed: 1 });

function optionsOf(batchSize: TrainOptions["batchSize"], seed = 1): TrainOptions {
  const network = withLayerArithmetic(createNetwork({ hiddenLayers: [10], seed }), (wide) =>
    inScaledBlocks(wide, { element: "e4m3", scale: "up" }),
  );
  return {
    network,
    train: data.train,
    learningRate: 0.2,
    batchSize,
    epochs: 3,
    seed,
    arithmetic: "binary32",
  };
}

const resultsOf = (training: ReturnType<typeof train>): unknown[] => [
  ...toParameters(training.network),
  ...training.history.map(({ train: { loss, accuracy } }) => [loss, accuracy]),
];

describe("layers with an arithmetic of their own", () => {
  // 70 points are three blocks of the sum over a full batch
  for (const batchSize of [1, 7, "full"] as const) {
    it(`train alike on both paths, batch ${batchSize}`, () => {
      const options = optionsOf(batchSize);
      const machine = resultsOf(train(options));
      assert.deepEqual(machine, resultsOf(train({ ...options, path: "eager" })));
      const plain = createNetwork({ hiddenLayers: [10], seed: 1 });
      assert.notDeepEqual(machine, resultsOf(train({ ...options, network: plain })));
    });
  }

  it("train alike side by side", () => {
    const all = [1, 2, 3].map((seed) => optionsOf(1, seed));
    const together = trainAll(all).map((one) => resultsOf(resultOf(one)));
    assert.deepEqual(
      together,
      all.map((options) => resultsOf(train(options))),
    );
  });

  it("leave the network that they are made of as it is", () => {
    const network = createNetwork({ hiddenLayers: [10], seed: 1 });
    const { layers } = withLayerArithmetic(network, (arithmetic) => arithmetic);
    assert.ok(layers.every((layer, l) => layer.parameters === network.layers[l].parameters));
    assert.ok(layers.every(({ curvature }) => curvature === undefined));
    assert.ok(network.layers[0].curvature);
  });
});
