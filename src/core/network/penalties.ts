/**
 * Penalties: terms added to the loss, each with its derivative. A penalty is a record; to add one, write its functions with
 * the operations of an `Arithmetic`.
 */
import type { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import type { Arithmetic, Operand } from "../arithmetic/arithmetic.js";
import { parse } from "../validate.js";
import { isActivation, sigmoid } from "./activations.js";
import type { ForwardPass } from "./forward-backward.js";
import type { Layer, Matrices } from "./layer.js";
import { hiddenBlocks, type Network } from "./network.js";

/** The allowed factors of a penalty. */
export const penaltyFactorSchema: z.ZodMiniType<number> = z.number().check(z.gte(0));

/** The data that a penalty on the outputs of layers depends on. */
export interface PenaltyContext {
  network: Network;
  pass: ForwardPass;
  /** n x 1. */
  labels: Matrix;
}

/** Matrices to add to the derivatives with respect to the outputs of layers, by layer index. */
export type Pulls = Readonly<Record<number, Matrix>>;

/** A penalty P on the outputs of layers, on the parameters, or on both. */
export interface Penalty {
  /** P, 1 x 1. */
  value(arithmetic: Arithmetic, context: PenaltyContext): Matrix;
  /**
   * n dP/dOutput for the layers it applies to. The factor n is there because the loss is a mean over n points.
   *
   * @param through - applies to a penalty's derivative what happens to that of the loss: the loss scale, and the mean if it is
   * taken first; apply it once, to the first derivative
   */
  pulls?(arithmetic: Arithmetic, context: PenaltyContext, through: (derivative: Operand) => Operand): Pulls;
  /** dP/dθ for the parameters of each layer it applies to. */
  gradients?(arithmetic: Arithmetic, network: Network): readonly Matrices[];
}

/**
 * Weight decay: P = λ/2 Σ w² over the weights of all layers, dP/dw = λ w. Biases, scales and shifts are not penalized
 * (Goodfellow et al. 2016, Deep learning, 7.1). In plain gradient descent this is the same as multiplying the weights by
 * 1 - η λ at each step.
 *
 * @param lambda - λ, >= 0
 * @throws RangeError or TypeError when λ is not a finite number >= 0
 */
export function weightDecay(lambda: number): Penalty {
  parse(penaltyFactorSchema, lambda, "weightDecay");
  const ofWeights = (layer: Layer, f: (weights: Matrix) => Matrix): Matrices =>
    "weights" in layer.parameters ? { weights: f(layer.parameters.weights) } : {};
  return {
    value({ add, multiply, convert, sumRows, sumColumns }, { network }) {
      const squares = network.layers.flatMap((layer) =>
        Object.values(ofWeights(layer, (w) => sumColumns(sumRows(multiply(w, w))))),
      );
      return multiply(lambda / 2, squares.reduce(add, convert(0)));
    },
    gradients: ({ multiply, convert }, { layers }) =>
      layers.map((layer) => ofWeights(layer, (w) => multiply(convert(lambda), w))),
  };
}

/**
 * Activity penalty: λ times the mean over the points of Σ|a| over all hidden neurons (Glorot, Bordes and Bengio 2011, Deep
 * sparse rectifier networks, 3.2.1), which silences neurons. Each point adds λ sign(a) to the derivative.
 *
 * @param lambda - λ, >= 0
 * @throws RangeError or TypeError when λ is not a finite number >= 0
 */
export function activityPenalty(lambda: number): Penalty {
  parse(penaltyFactorSchema, lambda, "activityPenalty");
  return {
    value({ add, multiply, divide, abs, sumRows, sumColumns, convert }, { network, pass, labels }) {
      const sums = hiddenBlocks(network).map(({ last }) =>
        sumColumns(sumRows(abs(pass.layers[last].output))),
      );
      return divide(multiply(lambda, sums.reduce(add, convert(0))), labels.rows);
    },
    pulls({ convert, select, greater, negate }, { network, pass }, through) {
      const factor = through(convert(lambda)) as Matrix;
      const pull = (a: Matrix): Matrix =>
        select(greater(a, 0), factor, select(greater(0, a), negate(factor), a));
      return Object.fromEntries(
        hiddenBlocks(network).map(({ last }) => [last, pull(pass.layers[last].output)]),
      );
    },
  };
}

/** Steepness of the soft count, enough to be close to the count. */
const STEEPNESS = 8;

/**
 * Balance penalty: μ/2 D², where D is how many more neurons fire for points of class 1 than of class 0, on average; 0 if a
 * class has no points. A count has no derivative, so each hidden neuron contributes the soft count s = sigmoid(8 h), where h
 * is the input of its activation and ds/dh = 8 s (1 - s). A smoothed label counts as the nearer class.
 *
 * @param mu - μ, >= 0
 * @throws RangeError or TypeError when μ is not a finite number >= 0
 */
export function balancePenalty(mu: number): Penalty {
  parse(penaltyFactorSchema, mu, "balancePenalty");
  return {
    value(arithmetic, context) {
      const { imbalance } = softCounts(arithmetic, context);
      return arithmetic.multiply(mu / 2, arithmetic.multiply(imbalance, imbalance));
    },
    pulls(arithmetic, context, through) {
      const { convert, multiply, divide, subtract, negate, select } = arithmetic;
      const { counts, imbalance, isOne, zeros, ones } = softCounts(arithmetic, context);
      // n dP/ds is n μ D / n₁ at a point of class 1 and -n μ D / n₀ at one of class 0
      const all = multiply(multiply(convert(mu), imbalance), context.labels.rows);
      const slopes = select(isOne, through(divide(all, ones)), through(negate(divide(all, zeros))));
      const pull = (s: Matrix): Matrix => multiply(slopes, multiply(STEEPNESS, multiply(s, subtract(1, s))));
      return Object.fromEntries(counts.map(({ l, soft }) => [l, pull(soft)]));
    },
  };
}

interface SoftCounts {
  /** s for every layer of hidden neurons (n x neurons), with the index of the layer before the activation. */
  counts: { l: number; soft: Matrix }[];
  /** D, 1 x 1. */
  imbalance: Matrix;
  /** 1 at points of class 1, n x 1. */
  isOne: Matrix;
  /** Number of points of each class, but at least 1; 1 x 1. */
  zeros: Matrix;
  ones: Matrix;
}

function softCounts(arithmetic: Arithmetic, { network, pass, labels }: PenaltyContext): SoftCounts {
  const { multiply, add, subtract, divide, sumRows, maximum, greater, select, count, column, convert } =
    arithmetic;
  const isOne = greater(labels, 0.5);
  const isZero = select(isOne, 0, 1);
  // the mean over no points is never used, but must not be 0 / 0
  const [zeros, ones] = [isZero, isOne].map((is) => maximum(count(is), 1));
  const counts = network.layers.flatMap((layer, l) => {
    // nothing below a first layer can be learnt
    if (!isActivation(layer) || l === 0) return [];
    return [{ l: l - 1, soft: sigmoid.f(arithmetic, multiply(STEEPNESS, pass.layers[l].input)) }];
  });
  let difference = convert(0);
  for (const { soft } of counts) {
    const meanOver = (is: Matrix, points: Matrix): Matrix => divide(sumRows(select(is, soft, 0)), points);
    const more = subtract(meanOver(isOne, ones), meanOver(isZero, zeros));
    for (let j = 0; j < more.columns; j++) difference = add(difference, column(more, j));
  }
  const imbalance = select(count(isOne), select(count(isZero), difference, 0), 0);
  return { counts, imbalance, isOne, zeros, ones };
}
