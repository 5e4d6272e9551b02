/**
 * Batch normalization (Ioffe and Szegedy 2015, algorithms 1 and 2): a group is one neuron at all points of a batch. When the
 * network is only used, μ and σ are those met in training, a fixed affine map a neuron.
 */
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import type { Layer, Matrices } from "./layer.js";
import {
  deviationOf,
  type GroupMean,
  type NormalizationParameters,
  scaled,
  scaleGradient,
  standardize,
  standardizeBackward,
  unitScale,
} from "./normalization.js";

const meanOfPoints: GroupMean = ({ divide, sumRows }, values) => divide(sumRows(values), values.rows);

/** The weight of the newest batch in the running means. */
export const MOMENTUM: number = 0.1;

/**
 * Batch normalization of so many neurons, with γ = 1 and β = 0 to begin with. Its state: the running means `mean` of μ and
 * `variance` of the unbiased variance, 1 x outputs each.
 */
export function batchNorm(outputs: number): Layer<NormalizationParameters> {
  return {
    parameters: unitScale(outputs),
    state: { mean: Matrix.zeros(1, outputs), variance: Matrix.ones(1, outputs) },
    ...rules,
  };
}

const rules: Omit<Layer<NormalizationParameters>, "parameters"> = {
  kind: "batch-norm",

  forward(arithmetic, { parameters, state = {} }, input, mode) {
    const standardized =
      mode === "training" ? standardize(arithmetic, input, meanOfPoints) : asMet(arithmetic, state, input);
    return { ...standardized, output: scaled(arithmetic, parameters, standardized.normalized) };
  },

  backward(arithmetic, { parameters: { scale } }, { normalized, deviation }, delta, mode) {
    const d = arithmetic.multiply(delta, scale);
    // what was met in training does not move with these points
    if (mode === "inference") return arithmetic.divide(d, deviation);
    return standardizeBackward(arithmetic, d, { normalized, deviation }, meanOfPoints);
  },

  gradient: (arithmetic, _, { normalized }, delta) => scaleGradient(arithmetic, normalized, delta),

  nextState: (arithmetic, { state = {} }, { input, mean, variance }) => ({
    mean: runningMean(arithmetic, state.mean, mean),
    variance: runningMean(arithmetic, state.variance, unbiased(arithmetic, variance, input.rows)),
  }),
};

function asMet(arithmetic: Arithmetic, { mean, variance }: Matrices, input: Matrix): Matrices {
  const deviation = deviationOf(arithmetic, variance);
  const normalized = arithmetic.divide(arithmetic.subtract(input, mean), deviation);
  return { normalized, mean, variance, deviation };
}

/** old + 0.1 (new - old). */
function runningMean({ add, multiply, subtract }: Arithmetic, old: Matrix, batch: Matrix): Matrix {
  return add(old, multiply(MOMENTUM, subtract(batch, old)));
}

/** A batch's variance without its bias: times n / (n - 1). */
function unbiased({ multiply, divide }: Arithmetic, variance: Matrix, points: number): Matrix {
  return divide(multiply(variance, points), points - 1);
}
