/** Trains step by step on real matrices: the specification of what training computes. */
import { countSaturated, countUpdates } from "../arithmetic/counters.js";
import { hasMasterWeights, type PhaseArithmetics, phaseArithmetics } from "../arithmetic/precision.js";
import { type Dataset, selectPoints } from "../moons.js";
import { accuracyOf } from "./evaluate.js";
import { forward } from "./forward-backward.js";
import { smoothLabels } from "./loss.js";
import { newLossScaler } from "./loss-scaler.js";
import { listed, toParameters } from "./network.js";
import { gradientOf, meanLoss, toOperands, withPenalties } from "./objective.js";
import { startOf, takeStep } from "./step.js";
import type { Trainer, TrainerOptions } from "./trainer.js";

/**
 * Makes a trainer whose matrices can all be inspected.
 *
 * @param phases - what to compute with; the arithmetic of `options.precision` by default
 */
export function eagerTrainer(
  options: TrainerOptions,
  phases: Pick<PhaseArithmetics, "arithmetics" | "nextStep"> = phaseArithmetics(
    options.precision,
    options.counters,
  ),
): Trainer {
  const { initial, train, objective, rule, precision, counters } = options;
  const { arithmetics, nextStep } = phases;
  const { update, evaluation } = arithmetics;
  const scaler = newLossScaler(precision.lossScale);
  const withMasterWeights = hasMasterWeights(precision);
  const learningRate = update.convert(options.learningRate);
  const learnt = {
    points: evaluation.convert(train.points),
    labels: smoothLabels(evaluation, train.labels, options.labelSmoothing),
  };
  let master = toOperands(initial, update);
  let kept = startOf(rule, master, update);

  const step = (batch: Dataset): void => {
    nextStep();
    const lossScale = precision.lossScale === 1 ? 1 : scaler.scale;
    const found = gradientOf(master, batch, objective, { arithmetics, lossScale, withMasterWeights });
    if (counters) countSaturated(counters, found.pass.probabilities.to1DArray());
    master = found.network;
    if (!scaler.accepts(listed(master, found.gradients).every(Number.isFinite))) return;
    const gradients = withPenalties(update, master, found.gradients, objective.penalties);
    const stepped = takeStep(update, rule, master, gradients, learningRate, kept);
    if (counters) {
      const changes = listed(master, stepped.changes);
      countUpdates(counters, changes, toParameters(master), toParameters(stepped.network));
    }
    master = stepped.network;
    kept = stepped.kept;
  };

  return {
    run(order, from, to, batchSize) {
      for (let at = from; at < to; at += batchSize) {
        step(selectPoints(learnt, [...order.subarray(at, Math.min(at + batchSize, to))]));
      }
    },
    evaluate(data) {
      const [points, labels] = [data.points, data.labels].map(evaluation.convert);
      const network = withMasterWeights ? toOperands(master, evaluation) : master;
      const pass = forward(network, points, evaluation);
      const arithmetic = data === train ? arithmetics.loss : evaluation;
      return {
        loss: meanLoss(pass, labels, objective.loss, arithmetic).get(0, 0),
        accuracy: accuracyOf(pass.logits.to1DArray(), labels.to1DArray()),
      };
    },
    network: () => master,
  };
}
