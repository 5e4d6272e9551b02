/**
 * The posterior: what the training points leave of the prior. The model is the network itself. Its parameters are
 * independent normal deviates to begin with, and each label is drawn with the probability that the network gives it.
 */
import { Matrix } from "ml-matrix";
import type { Dataset } from "../../../core/moons.js";
import { hessianMatrix } from "../../../core/network/hessian.js";
import { logitLandscape, lossLandscape } from "../../../core/network/landscape.js";
import { type Network, toParameters } from "../../../core/network/network.js";
import { probabilityOf } from "../confidence.js";
import type { Density } from "./hamiltonian.js";

/**
 * Standard deviation of the prior on every weight and bias: that of He's initial weights on two inputs, √(2/2), and the usual
 * choice where nothing is known. Fixed before any seed was looked at.
 */
export const PRIOR_SD = 1;

const PRECISION = 1 / (PRIOR_SD * PRIOR_SD);

/**
 * log p(parameters | data) up to a constant: minus the cross-entropy, summed over the points, minus Σθ²/2σ².
 *
 * @param network - gives the shape, and what is not learnt
 */
export function posteriorOf(network: Network, data: Dataset): Density {
  const { loss, gradient } = lossLandscape(network, data);
  const n = data.labels.rows;
  return {
    logDensity(place) {
      let squares = 0;
      for (let k = 0; k < place.length; k++) squares += place[k] * place[k];
      return -n * loss(place) - (PRECISION / 2) * squares;
    },
    gradient(place) {
      const slope = gradient(place);
      for (let k = 0; k < place.length; k++) slope[k] = -n * slope[k] - PRECISION * place[k];
      return slope;
    },
  };
}

/**
 * Minus the Hessian of the log posterior, exact; undefined where a layer has no second derivatives.
 * At a kink it is that of the piece on which the parameters lie.
 */
export function exactPrecision(network: Network, data: Dataset): Matrix | undefined {
  if (network.layers.some(({ curvature }) => curvature === undefined)) return undefined;
  return withPrior(hessianMatrix(network, data).mul(data.labels.rows));
}

/**
 * The generalized Gauss-Newton matrix in place of that Hessian: Σ p (1 - p) J Jᵀ, where J is the gradient of a point's
 * logit. It leaves out how the logit bends, and with the prior it is positive definite.
 */
export function gaussNewtonPrecision(network: Network, { points }: Dataset): Matrix {
  const { logits, gradients } = logitLandscape(network, points);
  const place = toParameters(network);
  // p (1 - p), without the cancellation of 1 - p
  const weights = Array.from(logits(place), (z) => Math.sqrt(probabilityOf(z) * probabilityOf(-z)));
  const scaled = gradients(place).mulColumnVector(weights);
  return withPrior(scaled.transpose().mmul(scaled));
}

function withPrior(hessian: Matrix): Matrix {
  return hessian.add(Matrix.eye(hessian.rows).mul(PRECISION));
}
