/**
 * The approximation of Laplace: around its top a log density bends like a parabola, so the density is nearly a normal one, with minus
 * the Hessian as its precision (MacKay 1992, The evidence framework applied to classification networks).
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";

/**
 * The variances of linear functions of normal parameters, one for each row of coefficients.
 *
 * @param coefficients - n x parameters
 */
export type Variances = (coefficients: Matrix) => number[];

/** Whether a symmetric matrix is positive definite: whether it has a Cholesky decomposition. */
export function isPositiveDefinite(matrix: Matrix): boolean {
  return choleskyOf(matrix).isPositiveDefinite();
}

/**
 * The variances by the normal distribution with a precision.
 *
 * @param precision - the inverse of the covariance, parameters x parameters
 * @throws RangeError when it is not positive definite
 */
export function variancesBy(precision: Matrix): Variances {
  const cholesky = choleskyOf(precision);
  if (!cholesky.isPositiveDefinite()) {
    throw new RangeError(
      "precision must be positive definite, got a matrix without a Cholesky decomposition",
    );
  }
  return (coefficients) => {
    const solved = cholesky.solve(coefficients.transpose());
    return coefficients.to2DArray().map((row, i) => row.reduce((sum, c, k) => sum + c * solved.get(k, i), 0));
  };
}

/** Of the symmetric part: products with vectors round differently on the two sides of the diagonal. */
function choleskyOf(matrix: Matrix): CholeskyDecomposition {
  return new CholeskyDecomposition(Matrix.add(matrix, matrix.transpose()).div(2));
}

/**
 * The logit of the mean probability when the logit itself is normal: z / √(1 + π v / 8) (MacKay 1992, who
 * takes a probit for the sigmoid). Its limit where both grow is finite: z grows as the distance and v as its square
 * (Kristiadi, Hein and Hennig 2020, Being Bayesian, even just a bit, fixes overconfidence in ReLU networks).
 *
 * @param logit - z, at the top
 * @param variance - v, >= 0
 */
export function moderated(logit: number, variance: number): number {
  return logit / Math.sqrt(1 + (Math.PI * variance) / 8);
}
