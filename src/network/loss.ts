/**
 * The loss, with its derivative beside it. It is a function of the logit and not of the probability: a
 * sigmoid that saturates to exactly 0 or 1 would put log 0 into it, the logit does not.
 */
import type { Round } from "../arithmetic/arithmetic.js";
import { exp, log1p } from "../elementary.js";

/** A loss of one point, number by number, rounded after each operation. */
export interface Loss {
  /** L(z, y) for the logit z and the class y in {0, 1}. */
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
