/**
 * What is descended besides the loss: terms, each with its derivative beside it. A penalty is a record; whoever wants
 * another one writes its functions over the operations of an `Arithmetic`.
 */
import type { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import type { Arithmetic, Operand } from "../arithmetic/arithmetic.js";
import { parse } from "../validate.js";
import { isActivation, sigmoid } from "./activations.js";
import type { ForwardPass } from "./forward-backward.js";
import type { Layer, Matrices } from "./layer.js";
import { hiddenBlocks, type Network } from "./network.js";

/** What factors of a penalty are allowed to be. */
export const penaltyFactorSchema: z.ZodMiniType<number> = z.number().check(z.gte(0));

/** What a penalty on the outputs of layers sees. */
export interface PenaltyContext {
  network: Network;
  pass: ForwardPass;
  /** n x 1. */
  labels: Matrix;
}

/** Matrices that are added to the derivatives with respect to the outputs of layers, by the index of the layer. */
export type Pulls = Readonly<Record<number, Matrix>>;

/** A penalty P, on the outputs of layers or on the parameters, or on both. */
export interface Penalty {
  /** P, 1 x 1. */
  value(arithmetic: Arithmetic, context: PenaltyContext): Matrix;
  /**
   * n dP/dOutput of the layers that it concerns: what it adds at each point to a loss that is the mean over n points.
   *
   * @param through - what happens to the loss's derivative happens to that of a penalty: the loss scale, and the mean where it
   * comes first; to be applied once, to the first derivative
   */
  pulls?(arithmetic: Arithmetic, context: PenaltyContext, through: (derivative: Operand) => Operand): Pulls;
  /** dP/dθ for the parameters of each layer that it concerns. */
  gradients?(arithmetic: Arithmetic, network: Network): readonly Matrices[];
}

/**
 * Weight decay: P = λ/2 Σ w² over the weights of all layers, dP/dw = λ w. Biases, scales and shifts are free (Goodfellow et
 * al. 2016, Deep learning, 7.1). In plain gradient descent the penalty and a decay of the weights by the factor
 * 1 - η λ in each step are the same thing.
 *
 * @param lambda - λ, >= 0
 * @throws RangeError or TypeError when it is not
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
 * Activity: λ times the mean over the points of Σ|a| over all hidden neurons (Glorot, Bordes and Bengio 2011, Deep sparse
 * rectifier networks, 3.2.1), which makes neurons silent; λ sign(a) is what each point adds.
 *
 * @param lambda - λ, >= 0
 * @throws RangeError or TypeError when it is not
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

/** 8 in the soft count: steep enough for it to be near the count. */
const STEEPNESS = 8;

/**
 * Balance: μ/2 D², where D is how many more neurons fire at points of class 1 than of class 0, on average; 0 where a class has
 * no point. A count has no derivative; taken instead is the soft count s = sigmoid(8 h) of each hidden neuron, where h is
 * what the activation is of, and ds/dh = 8 s (1 - s). A smoothed label belongs to the class that is nearer.
 *
 * @param mu - μ, >= 0
 * @throws RangeError or TypeError when it is not
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
  /** s of every layer of hidden neurons, n x neurons, with the index of the layer that gives the activation its input. */
  counts: { l: number; soft: Matrix }[];
  /** D, 1 x 1. */
  imbalance: Matrix;
  /** 1 at points of class 1, n x 1. */
  isOne: Matrix;
  /** Number of points of each class, at least 1, 1 x 1. */
  zeros: Matrix;
  ones: Matrix;
}

function softCounts(arithmetic: Arithmetic, { network, pass, labels }: PenaltyContext): SoftCounts {
  const { multiply, add, subtract, divide, sumRows, maximum, greater, select, count, column, convert } =
    arithmetic;
  const isOne = greater(labels, 0.5);
  const isZero = select(isOne, 0, 1);
  // the mean over no point is never used, but must not be 0 / 0
  const [zeros, ones] = [isZero, isOne].map((is) => maximum(count(is), 1));
  const counts = network.layers.flatMap((layer, l) => {
    // of the inputs of the network nothing is learnt
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
