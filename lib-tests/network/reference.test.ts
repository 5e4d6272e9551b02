/** The network against PyTorch: its numbers and how they were made are in lib-tests/reference/. */
import { Matrix } from "ml-matrix";
import { float64 } from "../../src/arithmetic/float64.js";
import { toPrecision } from "../../src/arithmetic/precision.js";
import { type LayerMatrices, matricesOf, type Network } from "../../src/network/architecture.js";
import { backward, forward, meanLoss } from "../../src/network/forward-backward.js";
import { smoothLabels } from "../../src/network/loss.js";
import { addPenaltyGradient } from "../../src/network/penalty.js";
import {
  assertAgree,
  type ReferenceLayer,
  type ReferenceNetwork,
  type ReferenceTrajectory,
  reference,
} from "../reference/reference.js";
import { lossesOver, trainers } from "./trainers.js";

function toNetwork({ layers, variant }: ReferenceNetwork): Network {
  return {
    layers: layers.map((layer, l) => ({
      ...toMatrices(layer),
      activation: l < layers.length - 1 ? (variant.activation ?? "relu") : "sigmoid",
    })),
  };
}

function toMatrices({ weights, biases, gains, shifts }: ReferenceLayer): LayerMatrices {
  return {
    weights: new Matrix(weights),
    biases: new Matrix(biases),
    ...(gains &&
      shifts && { normalization: { kind: "layer", gains: new Matrix(gains), shifts: new Matrix(shifts) } }),
  };
}

function assertLayersAgree(
  actual: readonly LayerMatrices[],
  expected: readonly ReferenceLayer[],
  what: string,
): void {
  expected.forEach((layer, l) => {
    const matrices = matricesOf(toMatrices(layer));
    for (const [i, matrix] of matricesOf(actual[l]).entries()) {
      assertAgree(matrix.to2DArray(), matrices[i].to2DArray(), `${what}, layer ${l}, matrix ${i}`);
    }
  });
}

describe("network against PyTorch", () => {
  for (const known of reference.networks) {
    const { name, points, labels, learningRate } = known;
    const { weightDecay = 0, labelSmoothing = 0 } = known.variant;
    const network = toNetwork(known);
    const data = { points: new Matrix(points), labels: new Matrix(labels) };

    it(`${name}: logits, loss and every derivative`, () => {
      const pass = forward(network, data.points);
      assertAgree(pass.logits.to2DArray(), known.logits, "logits");
      assertAgree([[meanLoss(pass, data.labels)]], [[known.loss]], "loss");
      const gradients = backward(network, pass, smoothLabels(data.labels, labelSmoothing, float64.round));
      const derivatives = gradients.map((gradient, l) =>
        addPenaltyGradient(gradient, network.layers[l], weightDecay, float64),
      );
      assertLayersAgree(derivatives, known.gradients, "derivatives");
    });

    const inBatches: [string, ReferenceTrajectory][] = [
      ["full batch", known.fullBatch],
      ["mini-batches", known.miniBatch],
    ];
    for (const [batching, expected] of inBatches) {
      for (const [path, makeTrainer] of trainers) {
        it(`${name}: ${expected.batches.length} steps, ${batching}, ${path} path`, () => {
          const trainer = makeTrainer({
            initial: network,
            train: data,
            learningRate,
            weightDecay,
            labelSmoothing,
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
