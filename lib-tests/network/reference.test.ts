/** The network against PyTorch: its numbers and how they were made are in lib-tests/reference/. */
import { Matrix } from "ml-matrix";
import { toPrecision } from "../../src/arithmetic/precision.js";
import type { Network } from "../../src/network/architecture.js";
import { backward, forward, meanLoss } from "../../src/network/forward-backward.js";
import {
  assertAgree,
  type ReferenceLayer,
  type ReferenceTrajectory,
  reference,
} from "../reference/reference.js";
import { lossesOver, trainers } from "./trainers.js";

function toNetwork(layers: readonly ReferenceLayer[]): Network {
  return {
    layers: layers.map(({ weights, biases }, l) => ({
      weights: new Matrix(weights),
      biases: new Matrix(biases),
      activation: l < layers.length - 1 ? "relu" : "sigmoid",
    })),
  };
}

function assertLayersAgree(
  actual: readonly { weights: Matrix; biases: Matrix }[],
  expected: readonly ReferenceLayer[],
  what: string,
): void {
  expected.forEach(({ weights, biases }, l) => {
    assertAgree(actual[l].weights.to2DArray(), weights, `${what} of weights, layer ${l}`);
    assertAgree(actual[l].biases.to2DArray(), biases, `${what} of biases, layer ${l}`);
  });
}

describe("network against PyTorch", () => {
  for (const {
    name,
    layers,
    points,
    labels,
    logits,
    loss,
    gradients,
    learningRate,
    ...trajectories
  } of reference.networks) {
    const network = toNetwork(layers);
    const data = { points: new Matrix(points), labels: new Matrix(labels) };

    it(`${name}: logits, loss and every derivative`, () => {
      const pass = forward(network, data.points);
      assertAgree(pass.logits.to2DArray(), logits, "logits");
      assertAgree([[meanLoss(pass.logits, data.labels)]], [[loss]], "loss");
      assertLayersAgree(backward(network, pass, data.labels), gradients, "derivatives");
    });

    const inBatches: [string, ReferenceTrajectory][] = [
      ["full batch", trajectories.fullBatch],
      ["mini-batches", trajectories.miniBatch],
    ];
    for (const [batching, expected] of inBatches) {
      for (const [path, makeTrainer] of trainers) {
        it(`${name}: ${expected.batches.length} steps, ${batching}, ${path} path`, () => {
          const trainer = makeTrainer({
            initial: network,
            train: data,
            learningRate,
            precision: toPrecision("binary64"),
          });
          const losses = lossesOver(trainer, data, expected.batches);
          assertAgree([losses], [expected.losses], "losses");
          assertLayersAgree(trainer.network().layers, expected.layers, "values");
        });
      }
    }
  }
});
