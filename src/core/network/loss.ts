/**
 * The loss and its derivative: binary cross-entropy -y log p - (1 - y) log(1 - p) in nats, where p = sigmoid(z). It can be
 * written in several forms. They are equal in exact arithmetic, but not in a format with few digits, where one of them
 * makes training fail.
 */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";

/** A network's output for n points. */
export interface Answers {
  /** z, n x 1: the logits. */
  readonly logits: Matrix;
  /** p = sigmoid(z), n x 1: the probabilities of class 1. */
  readonly probabilities: Matrix;
}

/** A loss that is computed for each point separately. */
export interface Loss {
  /** L, n x 1, for labels y, n x 1: classes, or target probabilities of class 1. */
  value(arithmetic: Arithmetic, answers: Answers, labels: Matrix): Matrix;
  /** dL/dz, n x 1. */
  gradient(arithmetic: Arithmetic, answers: Answers, labels: Matrix): Matrix;
}

/** Binary cross-entropy. */
export const crossEntropy: Loss = {
  // max(z, 0) - z y + log(1 + e^-|z|): finite for every finite z
  value({ add, subtract, maximum, multiply, log1p, exp, negate, abs }, { logits }, labels) {
    const hinge = subtract(maximum(logits, 0), multiply(logits, labels));
    return add(hinge, log1p(exp(negate(abs(logits)))));
  },
  // dL/dp dp/dz = (p - y) / (p (1 - p)) · p (1 - p): the denominators cancel
  gradient: ({ subtract }, { probabilities }, labels) => subtract(probabilities, labels),
};

/** The form in which the loss and its derivative are computed. */
export interface LossForm {
  /**
   * The loss as a function of the `logit` (the default), max(z, 0) - z y + log(1 + e^-|z|), finite for every finite z; or of
   * the `probability`, -y log(p + ε) - (1 - y) log(1 - p + ε).
   */
  value: "logit" | "probability";
  /**
   * dL/dz `fused`, p - y (the default); or by the textbook's `chain` rule, dL/dp * dp/dz, with ε in the denominators of
   * dL/dp = (1 - y) / (1 - p + ε) - y / (p + ε).
   */
  derivative: "fused" | "chain";
  /** ε, which keeps the logarithm and the denominators away from 0; >= 0, 0 by default. */
  epsilon: number;
  /**
   * Whether the mean over the points is taken `last`, after summing the gradients (the default), or `first`: each dL/dz is
   * divided by the number of points before it is used.
   */
  mean: "last" | "first";
}

/** The default form. */
export const usualLossForm: LossForm = { value: "logit", derivative: "fused", epsilon: 0, mean: "last" };

/** Binary cross-entropy in a given form, with ε rounded to a number of the arithmetic. */
export function lossIn({ value, derivative, epsilon }: LossForm): Loss {
  return {
    value: value === "logit" ? crossEntropy.value : ofProbability(epsilon),
    gradient: derivative === "fused" ? crossEntropy.gradient : byChain(epsilon),
  };
}

const ofProbability =
  (epsilon: number): Loss["value"] =>
  ({ convert, negate, add, subtract, multiply, log }, { probabilities }, labels) => {
    const smallest = convert(epsilon);
    const one = multiply(labels, log(add(probabilities, smallest)));
    const other = multiply(subtract(1, labels), log(add(subtract(1, probabilities), smallest)));
    return negate(add(one, other));
  };

const byChain =
  (epsilon: number): Loss["gradient"] =>
  ({ convert, add, subtract, multiply, divide }, { probabilities }, labels) => {
    const smallest = convert(epsilon);
    const rest = subtract(1, probabilities);
    const other = divide(subtract(1, labels), add(rest, smallest));
    const one = divide(labels, add(probabilities, smallest));
    // dL/dp, then dp/dz = p (1 - p)
    return multiply(subtract(other, one), multiply(probabilities, rest));
  };

/**
 * Replaces classes by target probabilities (1 - ε) y + ε/2, so that the loss does not push logits to infinity (Szegedy et al.
 * 2016, Rethinking the Inception architecture, section 7). Computed in double precision and rounded once.
 *
 * @param labels - n x 1
 * @param smoothing - ε, from 0 to 1
 */
export function smoothLabels({ convert }: Arithmetic, labels: Matrix, smoothing: number): Matrix {
  return convert(
    labels
      .clone()
      .mul(1 - smoothing)
      .add(smoothing / 2),
  );
}
