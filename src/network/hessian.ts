/**
 * Curvature of the mean loss: exact products of its Hessian with a vector, without ever forming the Hessian, and its
 * largest eigenvalue, the sharpness.
 *
 * Pearlmutter's operator R{f(w)} = d/dr f(w + r v) at r = 0 takes every line of forward and backward to a line of its
 * own by the rules of differentiation; R of the gradient is H v (Pearlmutter 1994, Fast exact multiplication by the
 * Hessian, Neural Computation 6). As in forward-backward.ts, points are rows and each R line stands in the order of
 * the line that it belongs to.
 */
import { Matrix } from "ml-matrix";
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
  /** Largest residual |H v - λ v| / |λ| of a unit vector v to be content with, > 0; 0.01 unless said. */
  tolerance?: number;
  /** Most products with the Hessian, >= 1; 300 unless said. */
  products?: number;
}

/** The largest eigenvalue of the Hessian. */
export interface Sharpness {
  /** In nats per squared unit of the parameters; NaN where a parameter or the loss is not finite. */
  value: number;
  /** |H v - λ v| / |λ|: some eigenvalue is that close to `value`, as a share of it. */
  residual: number;
}

const schema = z.strictObject({
  network: z.any(),
  data: z.any(),
  tolerance: z._default(z.number().check(z.gt(0)), 0.01),
  products: z._default(z.int().check(z.gte(1)), 300),
});

/**
 * Largest eigenvalue of the Hessian of the mean loss, by power iteration.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function sharpness(options: SharpnessOptions): Sharpness {
  const { tolerance, products } = parse(schema, options);
  const { network, data } = options;
  return largestEigenvalue(hessianOf(network, data), toParameters(network).length, { tolerance, products });
}

/** When power iteration ends. */
type Patience = Required<Pick<SharpnessOptions, "tolerance" | "products">>;

/**
 * Largest eigenvalue of a symmetric matrix that is known by its products with vectors of `size` numbers. Power
 * iteration finds the eigenvalue of the largest size; where that is negative, a second run with the spectrum shifted
 * by it finds the largest one.
 */
export function largestEigenvalue(times: HessianProduct, size: number, patience: Patience): Sharpness {
  const first = powerIteration(times, size, patience);
  if (!(first.value < 0)) return first;
  const shift = first.value;
  const shifted = powerIteration(
    (vector) => times(vector).map((value, k) => value - shift * vector[k]),
    size,
    patience,
  );
  const value = shifted.value + shift;
  return { value, residual: (shifted.residual * shifted.value) / Math.abs(value) };
}

/** The eigenvalue of the largest size of a symmetric matrix that is known by its products. */
function powerIteration(times: HessianProduct, size: number, { tolerance, products }: Patience): Sharpness {
  const random = randomStream("power iteration", 0);
  let vector = unit(Float64Array.from({ length: size }, () => random.normal()));
  let found: Sharpness = { value: Number.NaN, residual: Number.NaN };
  for (let product = 0; product < products; product++) {
    const next = times(vector);
    const value = dot(vector, next); // Rayleigh's quotient
    const rest = next.map((entry, k) => entry - value * vector[k]);
    found = { value, residual: value === 0 ? 0 : Math.sqrt(dot(rest, rest)) / Math.abs(value) };
    // a matrix of zeros, or one that is not finite, has nowhere to go
    if (!(found.residual > tolerance)) break;
    vector = unit(next);
  }
  return found;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k], 0);
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}
