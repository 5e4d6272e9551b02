/**
 * The loss, with its derivative beside it: binary cross-entropy -y log p - (1 - y) log(1 - p) in nats, where
 * p = sigmoid(z). It can be written down in more than one way. They are the same in exact arithmetic; in a
 * format with few digits they are not, and one of them is what kills a training.
 */
import type { Matrix } from "ml-matrix";
import type { Round } from "../arithmetic/arithmetic.js";
import { exp, log, log1p } from "../elementary.js";
import { mapMatrix } from "./architecture.js";

/** How the loss and its derivative are written down. */
export interface LossForm {
  /**
   * The loss as a function of the logit, max(z, 0) - z y + log(1 + e^-|z|), finite for every finite z (unless
   * said); or of the probability, -y log(p + ε) - (1 - y) log(1 - p + ε).
   */
  value: "logit" | "probability";
  /**
   * dL/dz `fused`, p - y (the default); or as the textbook's `chain` dL/dp * dp/dz, with ε in the
   * denominators of dL/dp = (1 - y) / (1 - p + ε) - y / (p + ε).
   */
  derivative: "fused" | "chain";
  /** ε, which is to keep the logarithm and the denominators from 0; >= 0, 0 by default. */
  epsilon: number;
  /**
   * Whether the mean over the points is taken `last`, of the sums of their products (the default), or `first`:
   * each dL/dz is divided by the number of points before anything is made of it.
   */
  mean: "last" | "first";
}

/** The form that is used unless another is asked for. */
export const usualLossForm: LossForm = { value: "logit", derivative: "fused", epsilon: 0, mean: "last" };

/** A form, the usual one by default, whose ε is rounded to a number of the format. */
export function roundedLossForm(form: LossForm = usualLossForm, round: Round): LossForm {
  return { ...form, epsilon: round(form.epsilon) };
}

/** A loss of one point, number by number, rounded after each operation. */
export interface Loss {
  /** L for the logit z, where p = sigmoid(z) is known already, and the class y, or a probability to aim at. */
  f(logit: number, probability: number, label: number, round: Round): number;
  /** dL/dz, where p is known already. */
  df(probability: number, label: number, round: Round): number;
}

/**
 * The loss in a form.
 *
 * @param form - its ε a number of the format that is rounded to
 */
export function lossIn({ value, derivative, epsilon }: LossForm): Loss {
  return {
    f: value === "logit" ? ofLogit : ofProbability(epsilon),
    df: derivative === "fused" ? fused : chain(epsilon),
  };
}

const ofLogit: Loss["f"] = (logit, _probability, label, round) => {
  const tail = round(log1p(round(exp(-Math.abs(logit)))));
  const hinge = round(Math.max(logit, 0) - round(logit * label));
  return round(hinge + tail);
};

const ofProbability =
  (epsilon: number): Loss["f"] =>
  (_logit, probability, label, round) => {
    const one = round(label * round(log(round(probability + epsilon))));
    const other = round(round(1 - label) * round(log(round(round(1 - probability) + epsilon))));
    return -round(one + other);
  };

/** dL/dp * dp/dz = (p - y) / (p (1 - p)) * p (1 - p): the denominators cancel. */
const fused: Loss["df"] = (probability, label, round) => round(probability - label);

const chain =
  (epsilon: number): Loss["df"] =>
  (probability, label, round) => {
    const rest = round(1 - probability);
    const other = round(round(1 - label) / round(rest + epsilon));
    const one = round(label / round(probability + epsilon));
    // dL/dp, then dp/dz = p (1 - p)
    return round(round(other - one) * round(probability * rest));
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
