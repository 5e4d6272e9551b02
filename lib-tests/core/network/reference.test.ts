/** The network against PyTorch: its numbers and how they were made are in lib-tests/reference/. */
import { Matrix } from "ml-matrix";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { toPrecision } from "../../../src/core/arithmetic/precision.js";
import { hiddenActivations } from "../../../src/core/network/activations.js";
import { batchNorm } from "../../../src/core/network/batch-norm.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import type { Layer } from "../../../src/core/network/layer.js";
import { layerNorm } from "../../../src/core/network/layer-norm.js";
import { smoothLabels } from "../../../src/core/network/loss.js";
import { blocksOf, type Network, withNumbers } from "../../../src/core/network/network.js";
import { gradientOf, meanLoss, plainObjective, withPenalties } from "../../../src/core/network/objective.js";
import {
  activityPenalty,
  balancePenalty,
  type Penalty,
  weightDecay,
} from "../../../src/core/network/penalties.js";
import {
  assertAgree,
  type ReferenceLayer,
  type ReferenceNetwork,
  type ReferenceTrajectory,
  reference,
} from "../../reference/reference.js";
import { denseOf } from "../../support/networks.js";
import { lossesOver, plainly, trainers } from "./trainers.js";

type Variant = ReferenceNetwork["variant"];

function toNetwork(layers: readonly ReferenceLayer[], { activation = "relu" }: Variant): Network {
  const hidden = layers.slice(0, -1).flatMap((layer) => [...toLayers(layer), hiddenActivations[activation]]);
  return { layers: [...hidden, ...layers.slice(-1).flatMap(toLayers)] };
}

function toLayers({ weights, biases, gains, shifts, means, variances }: ReferenceLayer): Layer[] {
  const neurons = denseOf(weights, biases[0]);
  if (!gains || !shifts) return [neurons];
  const parameters = { scale: new Matrix(gains), shift: new Matrix(shifts) };
  if (!means || !variances) return [neurons, { ...layerNorm(parameters.scale.columns), parameters }];
  const state = { mean: new Matrix(means), variance: new Matrix(variances) };
  return [neurons, { ...batchNorm(parameters.scale.columns), parameters, state }];
}

function toPenalties({
  weightDecay: decay,
  activityPenalty: activity,
  balancePenalty: balance,
}: Variant): Penalty[] {
  return [
    ...(decay === undefined ? [] : [weightDecay(decay)]),
    ...(activity === undefined ? [] : [activityPenalty(activity)]),
    ...(balance === undefined ? [] : [balancePenalty(balance)]),
  ];
}

/** The matrices of each layer of neurons, the running means of batch normalization included. */
function matricesOf(network: Network): Matrix[][] {
  return blocksOf(network).map(({ dense, rest }) =>
    [dense, ...rest].flatMap(({ parameters, state = {} }) =>
      [parameters, state].flatMap(Object.values<Matrix>),
    ),
  );
}

function assertNetworksAgree(actual: Network, expected: Network, what: string): void {
  const matrices = matricesOf(actual);
  matricesOf(expected).forEach((known, l) => {
    // a bias before batch normalization has no effect: its derivative is 0 but for rounding
    const size = Math.max(...known.flatMap((matrix) => matrix.to1DArray().map(Math.abs)));
    for (const [i, matrix] of known.entries()) {
      assertAgree(matrices[l][i].to2DArray(), matrix.to2DArray(), `${what}, layer ${l}, matrix ${i}`, size);
    }
  });
}

describe("network against PyTorch", () => {
  for (const known of reference.networks) {
    const { name, points, labels, learningRate, variant } = known;
    const { labelSmoothing = 0 } = variant;
    const objective = { ...plainObjective, penalties: toPenalties(variant) };
    const network = toNetwork(known.layers, variant);
    const data = { points: new Matrix(points), labels: new Matrix(labels) };

    it(`${name}: logits, loss and every derivative`, () => {
      const pass = forward(network, data.points);
      assertAgree(pass.logits.to2DArray(), known.logits, "logits");
      assertAgree(meanLoss(pass, data.labels).to2DArray(), [[known.loss]], "loss");
      const goals = smoothLabels(float64, data.labels, labelSmoothing);
      const { gradients } = gradientOf(network, { ...data, labels: goals }, objective);
      const derivatives = withPenalties(float64, network, gradients, objective.penalties);
      assertNetworksAgree(
        withNumbers(network, (_, l) => ({ parameters: derivatives[l] })),
        toNetwork(known.gradients, variant),
        "derivatives",
      );
    });

    const inBatches: [string, ReferenceTrajectory][] = [
      ["full batch", known.fullBatch],
      ["mini-batches", known.miniBatch],
    ];
    for (const [batching, expected] of inBatches) {
      for (const [path, makeTrainer] of trainers) {
        it(`${name}: ${expected.batches.length} steps, ${batching}, ${path} path`, () => {
          const trainer = makeTrainer({
            ...plainly,
            initial: network,
            train: data,
            objective,
            learningRate,
            labelSmoothing,
            precision: toPrecision("binary64"),
          });
          const losses = lossesOver(trainer, data, expected.batches);
          assertAgree([losses], [expected.losses], "losses");
          assertNetworksAgree(trainer.network(), toNetwork(expected.layers, variant), "values");
        });
      }
    }
  }
});
