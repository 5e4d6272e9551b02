/**
 * A deep ensemble (Lakshminarayanan et al. 2017, Simple and scalable predictive uncertainty estimation using deep ensembles):
 * networks that differ only in their initial weights and in the order of the points.
 */
import { exp, log, log1p } from "../../core/elementary.js";
import type { Network } from "../../core/network/network.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { type TaskParameters, taskSteps } from "../task.js";

/** Further apart than the seeds of any sweep, so that no member is another seed's network. */
const SEED_STRIDE = 1_000_003;

/**
 * Trains the members on the same data; the first is the network that the parameters alone give.
 *
 * @param members - how many, from 1 on
 */
export const trainEnsemble: Measurement<[parameters: TaskParameters, members: number], Network[]> =
  measurement(function* (parameters, members) {
    const { seed, weightsSeed = seed, orderSeed = seed, epochs } = parameters;
    const trainings = Array.from({ length: members }, (_, m) => {
      const own = (seed: number): number => (seed + m * SEED_STRIDE) % Number.MAX_SAFE_INTEGER;
      const member = { ...parameters, weightsSeed: own(weightsSeed), orderSeed: own(orderSeed) };
      return taskSteps(member, { recordEvery: Math.max(1, epochs) });
    });
    return (yield* together(trainings)).map(({ training }) => training.network);
  });

/** An ensemble's answer at one point. */
export interface EnsembleAnswer {
  /** The logit of the mean probability. */
  logit: number;
  /**
   * Mean Kullback-Leibler divergence of the members' distributions from their mean, in nats: 0 where all agree,
   * at most log 2 (Lakshminarayanan et al. 2017, section 3.5).
   */
  disagreement: number;
  /** Standard deviation of the members' logits, in nats: unlike a probability, a logit does not saturate. */
  spread: number;
}

/** An ensemble's answers at some points, from the logits of each member there. */
export function ensembleAnswers(members: readonly ArrayLike<number>[]): EnsembleAnswer[] {
  return Array.from(members[0], (_, i) => ensembleAnswer(members.map((logits) => logits[i])));
}

/** An ensemble's answer at one point, from the logits of its members; exact up to rounding at any size, even infinite. */
export function ensembleAnswer(logits: readonly number[]): EnsembleAnswer {
  const n = logits.length;
  const logProbabilities = logits.map(logSigmoid);
  const logComplements = logits.map((z) => logSigmoid(-z));
  const logMean = logMeanExp(logProbabilities);
  const logMeanComplement = logMeanExp(logComplements);
  let divergence = 0;
  for (let m = 0; m < n; m++) {
    divergence += weightedLog(logProbabilities[m], logMean);
    divergence += weightedLog(logComplements[m], logMeanComplement);
  }
  return {
    logit: logMean - logMeanComplement,
    // rounding may leave it a hair below zero
    disagreement: Math.max(0, divergence / n),
    spread: spreadOf(logits),
  };
}

/** p log(p / q), given their logarithms; 0 where p is, whatever q. */
function weightedLog(logP: number, logQ: number): number {
  return logP === Number.NEGATIVE_INFINITY ? 0 : exp(logP) * (logP - logQ);
}

/** Standard deviation, with n in the denominator; infinite where some value is infinite and not all are equal. */
function spreadOf(values: readonly number[]): number {
  if (values.every((value) => value === values[0])) return 0;
  if (values.some(Number.isNaN)) return Number.NaN;
  if (!values.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
}

/** log(1 / (1 + e^-z)). */
function logSigmoid(z: number): number {
  return z < 0 ? z - log1p(exp(z)) : -log1p(exp(-z));
}

/** log of the mean of e^value, which may themselves be too small for a double. */
function logMeanExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + log(values.reduce((sum, value) => sum + exp(value - largest), 0) / values.length);
}
