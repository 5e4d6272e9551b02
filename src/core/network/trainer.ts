/** What training needs of a network on its way, and the readable way to do it: matrices all along. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic, Round } from "../arithmetic/arithmetic.js";
import type { Counters, Phase } from "../arithmetic/counters.js";
import { float64 } from "../arithmetic/float64.js";
import { type Precision, phaseArithmetics } from "../arithmetic/precision.js";
import { type Dataset, selectPoints } from "../moons.js";
import {
  type LayerMatrices,
  mapMatrix,
  mapParameters,
  matricesOf,
  type Network,
  toParameters,
  withMatrices,
} from "./architecture.js";
import { descend } from "./descent.js";
import { backward, type ForwardPass, forward, meanLoss } from "./forward-backward.js";
import { type LossForm, roundedLossForm, smoothLabels, usualLossForm } from "./loss.js";
import { newLossScaler } from "./loss-scaler.js";
import { runningMean, unbiased } from "./normalization.js";
import type { NeuronPenalties } from "./penalty.js";

/** How well a network does on a set of points. */
export interface Evaluation {
  /** Mean binary cross-entropy, in nats. */
  loss: number;
  /** Share of the points whose class is the more probable one; at exactly 1/2 the guess is class 0. */
  accuracy: number;
}

/** What a trainer starts from; all of it is left unchanged. */
export interface TrainerOptions extends NeuronPenalties {
  initial: Network;
  train: Dataset;
  learningRate: number;
  /** λ, 0 by default; see penalty.ts. */
  weightDecay?: number;
  /** ε, 0 by default; see `smoothLabels`. */
  labelSmoothing?: number;
  /** How the loss is written down. */
  lossForm?: LossForm;
  precision: Precision;
  /** Where to count what arithmetic does; nothing is counted without. */
  counters?: Record<Phase, Counters> | undefined;
}

/** A network in training. */
export interface Trainer {
  /** One step of gradient descent on the mean loss of the training points order[from] to order[to - 1]. */
  step(order: Int32Array, from: number, to: number): void;
  /**
   * How well the network does now, in its own format, rounded to nearest: looking at it leaves no trace in
   * the training. Of the training points, the operations of the loss are counted; nothing else is.
   */
  evaluate(data: Dataset): Evaluation;
  /** A copy of the network as it is now: its master weights. */
  network(): Network;
}

/** The readable path, the specification of what training computes. */
export function readableTrainer({
  initial,
  train,
  precision,
  counters,
  ...options
}: TrainerOptions): Trainer {
  const { arithmetics, evaluation, toOperand, toMaster, nextStep } = phaseArithmetics(precision, counters);
  const learningRate = toMaster(options.learningRate);
  const weightDecay = toMaster(options.weightDecay ?? 0);
  const lossForm = roundedLossForm(options.lossForm, toOperand);
  const penalties = {
    activityPenalty: toOperand(options.activityPenalty ?? 0),
    balancePenalty: toOperand(options.balancePenalty ?? 0),
  };
  const scaler = newLossScaler(precision.lossScale);
  const learnt = {
    points: mapMatrix(train.points, toOperand),
    labels: smoothLabels(train.labels, options.labelSmoothing ?? 0, toOperand),
  };
  let master = mapParameters(initial, toMaster);
  let lost: readonly LayerMatrices[] | undefined = precision.compensated
    ? mapParameters(initial, () => 0).layers
    : undefined;

  const unscaled = (gradient: Matrix): Matrix =>
    scaler.scale === 1 ? gradient : arithmetics.update.divide(gradient, scaler.scale);
  const onUpdate = (change: number, before: number, after: number): void => {
    if (counters && change !== 0) {
      counters.update.updates++;
      if (after === before) counters.update.swallowed++;
    }
  };

  return {
    step(order, from, to) {
      nextStep();
      const network = mapParameters(master, toOperand);
      const chosen = selectPoints(learnt, [...order.subarray(from, to)]);
      const pass = forward(network, chosen.points, arithmetics.forward, "training");
      if (counters) counters.forward.saturated += saturated(pass.probabilities);
      const gradients = backward(network, pass, chosen.labels, {
        arithmetic: arithmetics.backward,
        lossScale: scaler.scale,
        lossForm,
        ...penalties,
      }).map((gradient) => withMatrices(gradient, matricesOf(gradient).map(unscaled)));
      master = withRunningMeans(master, pass, arithmetics.update.round);
      if (!scaler.accepts(toParameters({ layers: gradients }).every(Number.isFinite))) return;
      const arithmetic = arithmetics.update;
      const descent = descend(master, gradients, {
        learningRate,
        weightDecay,
        arithmetic,
        lost,
        onUpdate,
      });
      master = descent.network;
      lost = descent.lost;
    },
    evaluate(data) {
      const seen = { points: mapMatrix(data.points, toOperand), labels: data.labels };
      const arithmetic = {
        forward: evaluation,
        loss: data === train ? arithmetics.loss : evaluation,
      };
      return evaluate(mapParameters(master, toOperand), seen, arithmetic, lossForm);
    },
    network: () => mapParameters(master, (parameter) => parameter),
  };
}

/** How well a network does on a set of points; in double precision and the usual loss by default. */
export function evaluate(
  network: Network,
  { points, labels }: Dataset,
  arithmetics: Record<"forward" | "loss", Arithmetic> = { forward: float64, loss: float64 },
  lossForm: LossForm = usualLossForm,
): Evaluation {
  const pass = forward(network, points, arithmetics.forward);
  const right = pass.logits.to1DArray().filter((logit, i) => logit > 0 === (labels.get(i, 0) === 1)).length;
  return { loss: meanLoss(pass, labels, arithmetics.loss, lossForm), accuracy: right / labels.rows };
}

/** The network after batch normalization has met another batch. */
function withRunningMeans(network: Network, pass: ForwardPass, round: Round): Network {
  if (!network.layers.some(({ normalization }) => normalization?.kind === "batch")) return network;
  return {
    layers: network.layers.map((layer, l) => {
      const { normalization } = layer;
      const met = pass.layers[l].normalization;
      if (normalization?.kind !== "batch" || !met) return layer;
      const points = pass.logits.rows;
      const means = mapMatrix(normalization.means, (old, _, j) =>
        runningMean(old, met.means.get(0, j), round),
      );
      const variances = mapMatrix(normalization.variances, (old, _, j) =>
        runningMean(old, unbiased(met.variances.get(0, j), points, round), round),
      );
      return { ...layer, normalization: { ...normalization, means, variances } };
    }),
  };
}

function saturated(probabilities: Matrix): number {
  return probabilities.to1DArray().filter((p) => p === 0 || p === 1).length;
}
