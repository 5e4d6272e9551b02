/**
 * Curvature of the mean loss: exact products of its Hessian with a vector, without forming the Hessian, and its largest
 * eigenvalue, the sharpness.
 *
 * Pearlmutter's operator R{f(w)} = d/dr f(w + r v) at r = 0 differentiates every line of forward and backward; R of the
 * gradient is H v (Pearlmutter 1994, Fast exact multiplication by the Hessian, Neural Computation 6). As in
 * forward-backward.ts, points are rows.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import * as z from "zod/mini";
import { float64 } from "../arithmetic/float64.js";
import type { Dataset } from "../moons.js";
import { randomStream } from "../random.js";
import { parse } from "../validate.js";
import { sigmoid } from "./activations.js";
import { backward, forward } from "./forward-backward.js";
import type { Matrices } from "./layer.js";
import { crossEntropy } from "./loss.js";
import { listed, type Network, parameterCount, toParameters, withParameters } from "./network.js";
import { datasetSchema, networkSchema } from "./schemas.js";
import { requireShape, requireShapes } from "./shapes.js";
import { meanOver } from "./step.js";

/** A function that multiplies a vector, in the order of `toParameters`, by the Hessian. */
export type HessianProduct = (vector: Float64Array) => Float64Array;

/**
 * Returns products with the Hessian of the mean binary cross-entropy over `data`, in double precision: another pass forward
 * and back, in which each layer says how its part changes along the vector.
 *
 * @throws RangeError when the network has a layer without second derivatives, such as a normalization
 */
export function hessianOf(network: Network, { points, labels }: Dataset): HessianProduct {
  const { layers } = network;
  const curvatures = layers.map(({ kind, curvature }) => {
    if (curvature) return curvature;
    throw new RangeError(`network must have only layers that define curvature, got one of kind "${kind}"`);
  });
  const pass = forward(network, points);
  const { deltas } = backward(network, pass, crossEntropy.gradient(float64, pass, labels));
  const { multiply } = float64;

  return (vector) => {
    const directions = withParameters(network, vector).layers.map(({ parameters }) => parameters);

    // R{X} = 0: the points stay
    const rInputs: Matrix[] = [Matrix.zeros(points.rows, points.columns)];
    layers.forEach((layer, l) => {
      const move = { direction: directions[l], rInput: rInputs[l] };
      const rOutput = curvatures[l].forward(float64, layer, pass.layers[l], move);
      requireShape(`layers[${l}].curvature.forward`, rOutput, pass.layers[l].output);
      rInputs.push(rOutput);
    });

    // dL/dz = p - y, hence R{dL/dz} = R{p}
    let rDelta = multiply(rInputs[layers.length], sigmoid.df(float64, pass.probabilities, pass.logits));
    const products: Matrices[] = [];
    for (let l = layers.length - 1; l >= 0; l--) {
      const move = { direction: directions[l], rInput: rInputs[l], delta: deltas[l], rDelta };
      const product = curvatures[l].gradient(float64, layers[l], pass.layers[l], move);
      requireShapes(`layers[${l}].curvature.gradient`, product, layers[l].parameters);
      products.unshift(product);
      if (l === 0) break;
      rDelta = curvatures[l].backward(float64, layers[l], pass.layers[l], move);
      requireShape(`layers[${l}].curvature.backward`, rDelta, pass.layers[l].input);
    }
    return listed(network, meanOver(labels.rows, products));
  };
}

/**
 * The Hessian itself, parameters x parameters, one row a product; its symmetry is that of the products, up to rounding.
 *
 * @throws RangeError as {@link hessianOf}
 */
export function hessianMatrix(network: Network, data: Dataset): Matrix {
  const times = hessianOf(network, data);
  const size = parameterCount(network);
  return new Matrix(Array.from({ length: size }, (_, k) => times(new Float64Array(size).fill(1, k, k + 1))));
}

/** Options of {@link sharpness}. */
export interface SharpnessOptions {
  network: Network;
  data: Dataset;
  /** Largest acceptable residual as a share of the eigenvalue, > 0; 0.01 by default. */
  tolerance?: number;
  /** Maximal number of products with the Hessian, >= 1; 300 by default. */
  products?: number;
}

/** The largest eigenvalue of the Hessian. */
export interface Sharpness {
  /**
   * The estimate, in nats per squared unit of the parameters; except for rounding, never above the true eigenvalue. NaN if a
   * parameter or the loss is not finite.
   */
  value: number;
  /** |H v - λ v| for the unit vector v found and the value λ: some eigenvalue is at most this far away. */
  residual: number;
  /** Whether the residual reached the tolerance before the products were used up. */
  converged: boolean;
}

const schema = z.strictObject({
  network: networkSchema,
  data: datasetSchema,
  tolerance: z._default(z.number().check(z.gt(0)), 0.01),
  products: z._default(z.int().check(z.gte(1)), 300),
});

/**
 * Computes the largest eigenvalue of the Hessian of the mean loss; see {@link largestEigenvalue}.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function sharpness(options: SharpnessOptions): Sharpness {
  const { network, data, tolerance, products } = parse(schema, options);
  return largestEigenvalue(hessianOf(network, data), toParameters(network).length, { tolerance, products });
}

/** When to end the search. */
type Patience = Required<Pick<SharpnessOptions, "tolerance" | "products">>;

/** Products between checks of the residual, because a decomposition costs more than a few products. */
const BETWEEN_LOOKS = 5;

/**
 * Computes the largest eigenvalue of a symmetric matrix, given its products with vectors of `size` numbers, by Lanczos's
 * iteration with full reorthogonalisation (Parlett 1998, The symmetric eigenvalue problem, 13). Power iteration would find
 * the eigenvalue of the largest size instead, and would not converge if two of opposite sign have nearly the same size.
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
    // the second turn removes what rounding left in the first
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

/** Removes the component along a unit vector, in place. */
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
