/**
 * Batch normalization (Ioffe and Szegedy 2015, algorithms 1 and 2): a group is one neuron at all points of a batch. At
 * inference, μ and σ are running means from training, so each neuron gets a fixed affine map.
 */
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import type { DenseParameters } from "./dense.js";
import type { Layer, Matrices } from "./layer.js";
import { type Block, mapMatrix } from "./network.js";
import {
  deviationOf,
  EPSILON,
  type GroupMean,
  type NormalizationParameters,
  type Standardized,
  scaled,
  scaleGradient,
  standardize,
  standardizeBackward,
  unitScale,
} from "./normalization.js";

const meanOfPoints: GroupMean = ({ divide, sumRows }, values) => divide(sumRows(values), values.rows);

/** The weight of the newest batch in the running means. */
const MOMENTUM = 0.1;

/**
 * Makes batch normalization for `outputs` neurons, initially with γ = 1 and β = 0. Its state holds the running means `mean`
 * of μ and `variance` of the unbiased variance, each 1 x outputs.
 */
export function batchNorm(outputs: number): Layer<NormalizationParameters, Standardized> {
  return {
    parameters: unitScale(outputs),
    state: { mean: Matrix.zeros(1, outputs), variance: Matrix.ones(1, outputs) },
    ...rules,
  };
}

const rules: Omit<Layer<NormalizationParameters, Standardized>, "parameters"> = {
  kind: "batch-norm",

  forward(arithmetic, { parameters, state = {} }, input, mode) {
    const standardized =
      mode === "training" ? standardize(arithmetic, input, meanOfPoints) : asMet(arithmetic, state, input);
    return { ...standardized, output: scaled(arithmetic, parameters, standardized.normalized) };
  },

  backward(arithmetic, { parameters: { scale } }, { normalized, deviation }, delta, mode) {
    const d = arithmetic.multiply(delta, scale);
    // at inference, μ and σ do not depend on these points
    if (mode === "inference") return arithmetic.divide(d, deviation);
    return standardizeBackward(arithmetic, d, { normalized, deviation }, meanOfPoints);
  },

  gradient: (arithmetic, _, { normalized }, delta) => scaleGradient(arithmetic, normalized, delta),

  nextState: (arithmetic, { state = {} }, { input, mean, variance }) => ({
    mean: runningMean(arithmetic, state.mean, mean),
    variance: runningMean(arithmetic, state.variance, unbiased(arithmetic, variance, input.rows)),
  }),
};

function asMet(arithmetic: Arithmetic, { mean, variance }: Matrices, input: Matrix): Standardized {
  const deviation = deviationOf(arithmetic, variance);
  const normalized = arithmetic.divide(arithmetic.subtract(input, mean), deviation);
  return { normalized, mean, variance, deviation };
}

/** old + 0.1 (new - old). */
function runningMean({ add, multiply, subtract }: Arithmetic, old: Matrix, batch: Matrix): Matrix {
  return add(old, multiply(MOMENTUM, subtract(batch, old)));
}

/** The unbiased variance of a batch: times n / (n - 1). */
function unbiased({ multiply, divide }: Arithmetic, variance: Matrix, points: number): Matrix {
  return divide(multiply(variance, points), points - 1);
}

/**
 * Folds a block's batch normalization into its dense layer, for inference. μ and σ are then fixed numbers, so that
 *
 *     γ (x w + b - μ) / σ + β = x (γ/σ w) + (γ/σ (b - μ) + β),
 *
 * which is a neuron with other weights and another bias.
 */
export function foldedBatchNorm({ dense, rest }: Block): DenseParameters {
  const { weights, biases } = dense.parameters;
  const normalization = rest.find(({ kind }) => kind === "batch-norm");
  if (!normalization) return { weights, biases };
  const { scale, shift } = normalization.parameters;
  const { mean, variance } = normalization.state as Matrices;
  const factors = mapMatrix(scale, (value, _, j) => value / Math.sqrt(variance.get(0, j) + EPSILON));
  return {
    weights: mapMatrix(weights, (weight, _, j) => factors.get(0, j) * weight),
    biases: mapMatrix(biases, (bias, _, j) => factors.get(0, j) * (bias - mean.get(0, j)) + shift.get(0, j)),
  };
}
