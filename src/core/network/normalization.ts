/**
 * The common part of both normalizations. Over a group of m values z,
 *
 *     n = (z - μ) / σ,    with the mean μ = Σz / m and the standard deviation σ = √(Σ(z - μ)² / m + ε).
 *
 * Each normalization defines its groups by how it takes means.
 */
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";

/** The name of a normalization of hidden layers. */
export type NormalizationName = "none" | "layer" | "batch";

/** The parameters of both: h = γ n + β. */
export type NormalizationParameters = {
  /** γ, 1 x outputs. */
  readonly scale: Matrix;
  /** β, 1 x outputs. */
  readonly shift: Matrix;
};

/** ε: a power of two near the usual 1e-5 that exists in binary16. */
export const EPSILON: number = 1 / 65536;

/** A scale of 1 and a shift of 0. */
export function unitScale(outputs: number): NormalizationParameters {
  return { scale: Matrix.ones(1, outputs), shift: Matrix.zeros(1, outputs) };
}

/** The mean over each group. */
export type GroupMean = (arithmetic: Arithmetic, values: Matrix) => Matrix;

/** n, and the mean, the variance Σ(z - μ)² / m and σ of each group. */
export interface Standardized {
  normalized: Matrix;
  mean: Matrix;
  variance: Matrix;
  deviation: Matrix;
}

/** Computes n from z. */
export function standardize(arithmetic: Arithmetic, z: Matrix, meanOf: GroupMean): Standardized {
  const { subtract, multiply, divide } = arithmetic;
  const mean = meanOf(arithmetic, z);
  const centred = subtract(z, mean);
  const variance = meanOf(arithmetic, multiply(centred, centred));
  const deviation = deviationOf(arithmetic, variance);
  return { normalized: divide(centred, deviation), mean, variance, deviation };
}

/** σ from a variance. */
export function deviationOf({ sqrt, add }: Arithmetic, variance: Matrix): Matrix {
  return sqrt(add(variance, EPSILON));
}

/** h = γ n + β. */
export function scaled(
  { add, multiply }: Arithmetic,
  { scale, shift }: NormalizationParameters,
  n: Matrix,
): Matrix {
  return add(multiply(n, scale), shift);
}

/** dL/dγ = Σ dL/dh n and dL/dβ = Σ dL/dh, over the points. */
export function scaleGradient(
  { sumRows, multiply }: Arithmetic,
  normalized: Matrix,
  delta: Matrix,
): NormalizationParameters {
  return { scale: sumRows(multiply(delta, normalized)), shift: sumRows(delta) };
}

/**
 * Computes dL/dz = (d - mean(d) - n mean(d n)) / σ from d = dL/dn, with means over the group: the first because every z
 * changes μ, the second because every z changes σ.
 */
export function standardizeBackward(
  arithmetic: Arithmetic,
  d: Matrix,
  { normalized, deviation }: Pick<Standardized, "normalized" | "deviation">,
  meanOf: GroupMean,
): Matrix {
  const { subtract, multiply, divide } = arithmetic;
  const throughMean = meanOf(arithmetic, d);
  const throughDeviation = meanOf(arithmetic, multiply(d, normalized));
  const rest = subtract(d, throughMean);
  return divide(subtract(rest, multiply(normalized, throughDeviation)), deviation);
}
