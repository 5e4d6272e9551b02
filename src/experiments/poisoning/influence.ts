/**
 * What one flipped label would do, foretold without training (Koh and Liang 2017, Understanding black-box predictions via
 * influence functions, 2.2). At a minimum θ of the mean loss plus λ/2 |θ|², another label of point i moves the minimum, to
 * first order, by
 *
 *   Δθ = -1/n (H + λ I)⁻¹ (∇ℓ(xᵢ, 1 - yᵢ) - ∇ℓ(xᵢ, yᵢ)),   H the Hessian of the mean loss.
 *
 * The derivative of a point's loss with respect to its logit is p - y, so the difference of the two gradients is
 * (2 yᵢ - 1) ∇zᵢ: a lie pulls as hard at a point that the network is sure of as at any other. Elsewhere the logit then moves
 * by ∇z(x) · Δθ. Where θ is no minimum, or the loss has kinks, λ only damps (4.2), and nothing is promised.
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import type { Dataset } from "../../core/moons.js";
import { hessianMatrix } from "../../core/network/hessian.js";
import { logitLandscape } from "../../core/network/landscape.js";
import { type Network, toParameters } from "../../core/network/network.js";

/** What each flip would do. */
export interface Influence {
  /** Δθ of each flip, n x parameters. */
  moves: Matrix;
  /** The λ that made H + λ I positive definite. */
  damping: number;
}

/** Times ten, and no oftener than this: more damping than that leaves nothing of the curvature. */
const MOST_DAMPING = 1e6;

/**
 * Foretells every single flip. Where H + λ I is not positive definite, λ is ten times as large, and so on.
 *
 * @param train - n points, on which the network was trained
 * @param decay - λ, > 0
 * @returns undefined when there is no such λ, because a parameter is not finite
 * @throws RangeError when the network has a layer without second derivatives, such as a normalization
 */
export function influenceOfFlips(network: Network, train: Dataset, decay: number): Influence | undefined {
  const half = hessianMatrix(network, train).mul(0.5);
  // the decomposition wants the symmetry that rounding takes
  const hessian = Matrix.add(half, half.transpose());
  const pulls = logitGradients(network, train.points);
  if (![hessian, pulls].every((own) => own.to1DArray().every(Number.isFinite))) return undefined;
  const n = train.labels.rows;
  train.labels.to1DArray().forEach((label, i) => {
    pulls.mulRow(i, (1 - 2 * label) / n);
  });
  for (let damping = decay; damping <= MOST_DAMPING * decay; damping *= 10) {
    const damped = new CholeskyDecomposition(Matrix.add(hessian, Matrix.eye(hessian.rows).mul(damping)));
    if (damped.isPositiveDefinite()) return { moves: damped.solve(pulls.transpose()).transpose(), damping };
  }
  return undefined;
}

/**
 * How far each flip would move the logit of each place, to first order. Several flips together move it by the sum.
 *
 * @param places - m x inputs
 * @returns flips x m
 */
export function movedLogits({ moves }: Influence, network: Network, places: Matrix): Matrix {
  return moves.mmul(logitGradients(network, places).transpose());
}

/**
 * On how many places the answer would change.
 *
 * @param logits - of the places
 * @param moved - the result of {@link movedLogits}
 * @param lies - the flips, told together
 */
export function foretoldChanges(logits: Float64Array, moved: Matrix, lies: readonly number[]): number {
  let changes = 0;
  for (let j = 0; j < logits.length; j++) {
    let logit = logits[j];
    for (const i of lies) logit += moved.get(i, j);
    if (logit > 0 !== logits[j] > 0) changes++;
  }
  return changes;
}

/** ∇z of each point, n x parameters, in the order of `toParameters`. */
function logitGradients(network: Network, points: Matrix): Matrix {
  return logitLandscape(network, points).gradients(toParameters(network));
}
