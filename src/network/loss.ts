/**
 * The loss, with its derivative beside it. It is a function of the logit and not of the probability: a
 * sigmoid that saturates to exactly 0 or 1 would put log 0 into it, the logit does not.
 */
import type { Matrix } from "ml-matrix";
import type { Round } from "../arithmetic/arithmetic.js";
import { exp, log1p } from "../elementary.js";
import { mapMatrix } from "./architecture.js";

/** A loss of one point, number by number, rounded after each operation. */
export interface Loss {
  /** L(z, y) for the logit z and the class y in {0, 1}, or a probability y to aim at. */
  f(logit: number, label: number, round: Round): number;
  /** dL/dz, where p = sigmoid(z) is known already. */
  df(logit: number, label: number, probability: number, round: Round): number;
}

/**
 * Binary cross-entropy -y log p - (1 - y) log(1 - p) in nats, with p = sigmoid(z). Written out it is
 * max(z, 0) - z y + log(1 + e^-|z|), finite for every finite z.
 */
export const binaryCrossEntropy: Loss = {
  f: (logit, label, round) => {
    const tail = round(log1p(round(exp(-Math.abs(logit)))));
    const hinge = round(Math.max(logit, 0) - round(logit * label));
    return round(hinge + tail);
  },
  // dL/dp * dp/dz = (p - y) / (p (1 - p)) * p (1 - p): the denominators cancel
  df: (_logit, label, probability, round) => round(probability - label),
};

/**
 * The probabilities to aim at in the place of classes: (1 - ε) y + ε/2, so that even a learnt point pulls the
 * logit back from infinity (Szegedy et al. 2016, Rethinking the Inception architecture, section 7).
 *
 * @param labels - n x 1
 * @param smoothing - ε, from 0 to 1
 */
export function smoothLabels(labels: Matrix, smoothing: number, round: Round): Matrix {
  return mapMatrix(labels, (y) => round((1 - smoothing) * y + smoothing / 2));
}
