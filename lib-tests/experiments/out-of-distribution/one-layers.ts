/** Networks of one layer, for tests. */
import assert from "node:assert/strict";
import { type HiddenActivation, relu } from "../../../src/core/network/activations.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import type { Layer } from "../../../src/core/network/layer.js";
import type { Network } from "../../../src/core/network/network.js";
import { type OneLayer, oneLayerOf } from "../../../src/experiments/out-of-distribution/one-layer.js";
import { runTask } from "../../../src/experiments/task.js";
import { denseOf, shaken } from "../../support/networks.js";
import { smallTask } from "../small-task.js";

/** A network from its neurons: [w₁, w₂, b, v] each. */
export const networkOf = (neurons: number[][], bias = 0, activation: Layer = relu): Network => ({
  layers: [
    denseOf(
      [neurons.map(([x]) => x), neurons.map(([, y]) => y)],
      neurons.map(([, , b]) => b),
    ),
    activation,
    denseOf(
      neurons.map(([, , , v]) => [v]),
      [bias],
    ),
  ],
});

/** Its only layer as plain lists. */
export const layerOf = (network: Network): OneLayer => oneLayerOf(network) ?? assert.fail("not of one layer");

/** Trained and random networks of one layer. */
export const networks: [name: string, network: Network][] = [
  ...[1, 2, 3].map((seed): [string, Network] => [
    `trained ${seed}`,
    runTask({ ...smallTask, hiddenLayers: [10], seed, epochs: 60 }).training.network,
  ]),
  ...([1, 2, 3, 4, 6, 20] as const).map((width): [string, Network] => [
    `${width} neurons`,
    shaken(createNetwork({ hiddenLayers: [width], seed: width }), width),
  ]),
  ...(["relu", "leaky-relu"] as const).map((activation: HiddenActivation): [string, Network] => [
    `${activation}, batch normalization`,
    runTask({
      ...smallTask,
      hiddenLayers: [7],
      epochs: 20,
      batchSize: 10,
      activation,
      normalization: "batch",
    }).training.network,
  ]),
];
