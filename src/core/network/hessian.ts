/**
 * Curvature of the mean loss: exact products of its Hessian with a vector, without ever forming the Hessian, and its
 * largest eigenvalue, the sharpness.
 *
 * Pearlmutter's operator R{f(w)} = d/dr f(w + r v) at r = 0 takes every line of forward and backward to a line of its
 * own by the rules of differentiation; R of the gradient is H v (Pearlmutter 1994, Fast exact multiplication by the
 * Hessian, Neural Computation 6). As in forward-backward.ts, points are rows and each R line stands in the order of
 * the line that it belongs to.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import * as z from "zod/mini";
import { exp } from "../elementary.js";
import type { Dataset } from "../moons.js";
import { randomStream } from "../random.js";
import { parse } from "../validate.js";
import { type ActivationName, activations } from "./activations.js";
import { mapMatrix, type Network, toParameters, withParameters } from "./architecture.js";
import { backward, forward } from "./forward-backward.js";

/** A function that multiplies a vector, listed as by `toParameters`, by the Hessian. */
export type HessianProduct = (vector: Float64Array) => Float64Array;

/**
 * R{f'(z)} where f(z) = a: f''(z) R{z}, which is what f' changes by when a changes by R{a}. A ReLU's slope does not
 * change but at its kink, where it is taken to be 0 as in activations.ts.
 */
const slopeChange: Readonly<Record<ActivationName, (a: number, ra: number) => number>> = {
  relu: () => 0,
  "leaky-relu": () => 0,
  softplus: (a, ra) => exp(-a) * ra,
  tanh: (a, ra) => -2 * a * ra,
  sigmoid: (a, ra) => (1 - 2 * a) * ra,
};

/**
 * Products with the Hessian of the mean binary cross-entropy over `data`, in double precision.
 *
 * @throws RangeError when the network has normalization or winners, whose second derivatives are not written here
 */
export function hessianOf(network: Network, { points, labels }: Dataset): HessianProduct {
  const { layers } = network;
  if (layers.some(({ normalization, winners }) => normalization || winners !== undefined)) {
    throw new RangeError("network must be one without normalization or winners, got one with them");
  }
  const count = labels.rows;
  const pass = forward(network, points);
  const gradients = backward(network, pass, labels);
  const slopes = pass.layers.map(({ output }, l) =>
    mapMatrix(output, (a) => activations[layers[l].activation].df(a, (value) => value)),
  );

  return (vector) => {
    const directions = withParameters(network, vector).layers;

    // R{Z} = R{A} W + A V + 1·v, R{f(Z)} = f'(Z) ∘ R{Z}; the points themselves stay: R{X} = 0
    const changes: { input: Matrix; output: Matrix }[] = [];
    let input = Matrix.zeros(points.rows, points.columns);
    layers.forEach(({ weights }, l) => {
      const { weights: V, biases: v } = directions[l];
      const preactivation = input.mmul(weights).add(pass.layers[l].input.mmul(V)).addRowVector(v);
      const output = preactivation.mul(slopes[l]);
      changes.push({ input, output });
      input = output;
    });

    // δ = p - y, hence R{δ} = R{p}
    let delta = changes[layers.length - 1].output;
    const products: { weights: Matrix; biases: Matrix }[] = [];
    for (let l = layers.length - 1; l >= 0; l--) {
      const { delta: before } = gradients[l];
      // dL/dW = Aᵀ δ / n, hence R{dL/dW} = (R{A}ᵀ δ + Aᵀ R{δ}) / n
      products.unshift({
        weights: changes[l].input
          .transpose()
          .mmul(before)
          .add(pass.layers[l].input.transpose().mmul(delta))
          .div(count),
        biases: Matrix.rowVector(delta.sum("column")).div(count),
      });
      if (l > 0) {
        // δ below = (δ Wᵀ) ∘ f', hence R{δ below} = (R{δ} Wᵀ + δ Vᵀ) ∘ f' + (δ Wᵀ) ∘ R{f'}
        const { activation } = layers[l - 1];
        const turned = layers[l].weights.transpose();
        const bent = mapMatrix(pass.layers[l - 1].output, (a, i, j) =>
          slopeChange[activation](a, changes[l - 1].output.get(i, j)),
        );
        delta = delta
          .mmul(turned)
          .add(before.mmul(directions[l].weights.transpose()))
          .mul(slopes[l - 1])
          .add(before.mmul(turned).mul(bent));
      }
    }
    return toParameters({ layers: products });
  };
}

/** How to look for the sharpness. */
export interface SharpnessOptions {
  network: Network;
  data: Dataset;
  /** Largest residual, as a share of the eigenvalue, to be content with, > 0; 0.01 by default. */
  tolerance?: number;
  /** Most products with the Hessian, >= 1; 300 by default. */
  products?: number;
}

/** The largest eigenvalue of the Hessian. */
export interface Sharpness {
  /**
   * In nats per squared unit of the parameters, and never above the eigenvalue but for rounding; NaN where a
   * parameter or the loss is not finite.
   */
  value: number;
  /** |H v - λ v| of the unit vector v and the value λ: so close to it is an eigenvalue. */
  residual: number;
  /** Whether the residual came down to the tolerance before the products were used up. */
  converged: boolean;
}

const schema = z.strictObject({
  network: z.any(),
  data: z.any(),
  tolerance: z._default(z.number().check(z.gt(0)), 0.01),
  products: z._default(z.int().check(z.gte(1)), 300),
});

/**
 * Largest eigenvalue of the Hessian of the mean loss; see {@link largestEigenvalue}.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function sharpness(options: SharpnessOptions): Sharpness {
  const { tolerance, products } = parse(schema, options);
  const { network, data } = options;
  return largestEigenvalue(hessianOf(network, data), toParameters(network).length, { tolerance, products });
}

/** When the search ends. */
type Patience = Required<Pick<SharpnessOptions, "tolerance" | "products">>;

/** Products from one look at the residual to the next: a decomposition costs more than a few of them. */
const BETWEEN_LOOKS = 5;

/**
 * Largest eigenvalue of a symmetric matrix that is known by its products with vectors of `size` numbers, by Lanczos's
 * iteration with full reorthogonalisation (Parlett 1998, The symmetric eigenvalue problem, 13). Power iteration would
 * go to the eigenvalue of the largest size, and nowhere where two of opposite sign are of nearly the same.
 */
export function largestEigenvalue(
  times: HessianProduct,
  size: number,
  { tolerance, products }: Patience,
): Sharpness {
  const random = randomStream("Lanczos", 0);
  const most = Math.min(size, products);
  const basis: Float64Array[] = [];
  const projected = Matrix.zeros(most, most);
  let direction: Float64Array = Float64Array.from({ length: size }, () => random.normal());
  let norm = 0;
  for (let k = 0; ; k++) {
    const vector = unit(direction);
    basis.push(vector);
    direction = times(vector).slice();
    const own = dot(vector, direction);
    // what rounding leaves of a large part in the first turn, the second takes out
    for (let turn = 0; turn < 2; turn++) for (const known of basis) takeOut(direction, known);
    const rest = Math.sqrt(dot(direction, direction));
    if (!Number.isFinite(own + rest)) return { value: Number.NaN, residual: Number.NaN, converged: false };
    projected.set(k, k, own);
    norm = Math.max(norm, Math.abs(own) + rest);
    const rounding = size * Number.EPSILON * norm;
    const isLast = k + 1 === most || rest <= rounding;
    if (isLast || (k + 1) % BETWEEN_LOOKS === 0) {
      const found = largestOf(projected.subMatrix(0, k, 0, k));
      const residual = rest * Math.abs(found.last);
      const converged = residual <= Math.max(tolerance * Math.abs(found.value), rounding);
      if (isLast || converged) return { value: found.value, residual, converged };
    }
    projected.set(k, k + 1, rest);
    projected.set(k + 1, k, rest);
  }
}

/** The largest eigenvalue of a small symmetric matrix, and the last entry of its eigenvector. */
function largestOf(matrix: Matrix): { value: number; last: number } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const largest = realEigenvalues.indexOf(Math.max(...realEigenvalues));
  return { value: realEigenvalues[largest], last: eigenvectorMatrix.get(matrix.rows - 1, largest) };
}

/** Takes the part of `vector` along a unit vector out of it, in place. */
function takeOut(vector: Float64Array, along: Float64Array): void {
  const part = dot(vector, along);
  for (let k = 0; k < vector.length; k++) vector[k] -= part * along[k];
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k], 0);
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}
