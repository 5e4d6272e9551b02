/**
 * The loss, with its derivative beside it: binary cross-entropy -y log p - (1 - y) log(1 - p) in nats, where
 * p = sigmoid(z). It can be written down in more than one way. They are the same in exact arithmetic; in a
 * format with few digits they are not, and one of them is what kills a training.
 */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";

/** What a network says of n points. */
export interface Answers {
  /** z, n x 1: the logits. */
  readonly logits: Matrix;
  /** p = sigmoid(z), n x 1: the probabilities of class 1. */
  readonly probabilities: Matrix;
}

/** A loss of each point by itself. */
export interface Loss {
  /** L, n x 1, for the labels y, n x 1: the classes, or probabilities of class 1 to aim at. */
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

/** Binary cross-entropy in a form; its ε is rounded to a number of the arithmetic. */
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
 * The probabilities to aim at in the place of classes: (1 - ε) y + ε/2, so that even a learnt point pulls the
 * logit back from infinity (Szegedy et al. 2016, Rethinking the Inception architecture, section 7). Computed in double
 * precision and rounded once.
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
