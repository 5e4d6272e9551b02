/** The network against PyTorch: its numbers and how they were made are in lib-tests/reference/. */
import { Matrix } from "ml-matrix";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { toPrecision } from "../../../src/core/arithmetic/precision.js";
import { backward, forward, meanLoss } from "../../../src/core/network/forward-backward.js";
import { smoothLabels } from "../../../src/core/network/loss.js";
import { type LayerMatrices, matricesOf, type Network } from "../../../src/core/network/network.js";
import type { Normalization } from "../../../src/core/network/normalization.js";
import { addPenaltyGradient } from "../../../src/core/network/penalty.js";
import {
  assertAgree,
  type ReferenceLayer,
  type ReferenceNetwork,
  type ReferenceTrajectory,
  reference,
} from "../../reference/reference.js";
import { lossesOver, trainers } from "./trainers.js";

function toNetwork({ layers, variant }: ReferenceNetwork): Network {
  return {
    layers: layers.map((layer, l) => ({
      ...toMatrices(layer),
      activation: l < layers.length - 1 ? (variant.activation ?? "relu") : "sigmoid",
    })),
  };
}

function toMatrices({ weights, biases, ...rest }: ReferenceLayer): LayerMatrices {
  const normalization = toNormalization(rest);
  return {
    weights: new Matrix(weights),
    biases: new Matrix(biases),
    ...(normalization && { normalization }),
  };
}

function toNormalization({
  gains,
  shifts,
  means,
  variances,
}: Omit<ReferenceLayer, "weights" | "biases">): Normalization | undefined {
  if (!gains || !shifts) return undefined;
  const parameters = { gains: new Matrix(gains), shifts: new Matrix(shifts) };
  if (!means || !variances) return { kind: "layer", ...parameters };
  return { kind: "batch", ...parameters, means: new Matrix(means), variances: new Matrix(variances) };
}

/** The matrices of a layer, the running means of batch normalization included. */
function allMatrices(layer: LayerMatrices): Matrix[] {
  const { normalization } = layer;
  const running = normalization?.kind === "batch" ? [normalization.means, normalization.variances] : [];
  return [...matricesOf(layer), ...running];
}

function assertLayersAgree(
  actual: readonly LayerMatrices[],
  expected: readonly ReferenceLayer[],
  what: string,
): void {
  expected.forEach((layer, l) => {
    const matrices = allMatrices(actual[l]);
    const known = allMatrices(toMatrices(layer));
    // a bias before batch normalization has no effect: its derivative is 0 but for rounding
    const size = Math.max(...known.flatMap((matrix) => matrix.to1DArray().map(Math.abs)));
    for (const [i, matrix] of known.entries()) {
      assertAgree(matrices[i].to2DArray(), matrix.to2DArray(), `${what}, layer ${l}, matrix ${i}`, size);
    }
  });
}

describe("network against PyTorch", () => {
  for (const known of reference.networks) {
    const { name, points, labels, learningRate } = known;
    const { weightDecay = 0, labelSmoothing = 0, activityPenalty = 0, balancePenalty = 0 } = known.variant;
    const penalties = { activityPenalty, balancePenalty };
    const network = toNetwork(known);
    const data = { points: new Matrix(points), labels: new Matrix(labels) };

    it(`${name}: logits, loss and every derivative`, () => {
      const pass = forward(network, data.points);
      assertAgree(pass.logits.to2DArray(), known.logits, "logits");
      assertAgree([[meanLoss(pass, data.labels)]], [[known.loss]], "loss");
      const learnt = forward(network, data.points, float64, "training");
      const goals = smoothLabels(data.labels, labelSmoothing, float64.round);
      const gradients = backward(network, learnt, goals, penalties);
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
            ...penalties,
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
