/**
 * The approximation of Laplace: around its top a log density bends like a parabola, so the density is nearly a normal one, with minus
 * the Hessian as its precision (MacKay 1992, The evidence framework applied to classification networks).
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";

/** A normal distribution of parameters around the top. */
export interface Normal {
  /** Its precision, the inverse of the covariance; symmetric. */
  precision: Matrix;
  /**
   * The variance of a linear function of the parameters, for each row of its coefficients.
   *
   * @param coefficients - n x parameters
   */
  variances(coefficients: Matrix): number[];
}

/** The normal distribution with a precision; undefined where that is not positive definite (Cholesky). */
export function normalOf(given: Matrix): Normal | undefined {
  // products with vectors round differently on the two sides of the diagonal
  const precision = Matrix.add(given, given.transpose()).div(2);
  const cholesky = new CholeskyDecomposition(precision);
  if (!cholesky.isPositiveDefinite()) return undefined;
  return {
    precision,
    variances(coefficients) {
      const solved = cholesky.solve(coefficients.transpose());
      return Array.from({ length: coefficients.rows }, (_, i) => {
        let sum = 0;
        for (let k = 0; k < coefficients.columns; k++) sum += coefficients.get(i, k) * solved.get(k, i);
        return sum;
      });
    },
  };
}

/**
 * The logit of the mean probability when the logit itself is normal: z / √(1 + π v / 8) (MacKay 1992, section 4.2, who
 * takes a probit for the sigmoid). Its limit where both grow is finite: z grows as the distance and v as its square
 * (Kristiadi, Hein and Hennig 2020, Being Bayesian, even just a bit, fixes overconfidence in ReLU networks, theorem 2.3).
 *
 * @param logit - z, at the top
 * @param variance - v, >= 0
 */
export function moderated(logit: number, variance: number): number {
  return logit / Math.sqrt(1 + (Math.PI * variance) / 8);
}
