/**
 * Layer normalization (Ba, Kiros and Hinton 2016, Layer normalization, section 3), with its derivative beside
 * it. For each point by itself, the preactivations z of the m neurons of a layer become
 *
 *     n = (z - μ) / s,    h = γ n + β,    with the mean μ = Σz / m and the spread s = √(Σ(z - μ)² / m + ε).
 *
 * Points are rows outside of this file and columns inside, so that a sum over a point's neurons is a sum of a
 * column.
 */
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import { mapMatrix } from "./architecture.js";

/** The name of a normalization of hidden layers. */
export type NormalizationName = "none" | "layer";

/** The parameters of a layer's normalization, or what belongs to them. */
export interface LayerNormalization {
  kind: "layer";
  /** γ, 1 x outputs. */
  gains: Matrix;
  /** β, 1 x outputs. */
  shifts: Matrix;
}

/** What normalization did on the way forward, for n points. */
export interface NormalizationPass {
  /** n, points x outputs. */
  normalized: Matrix;
  /** s, 1 x points. */
  spreads: Matrix;
  /** h, points x outputs. */
  output: Matrix;
}

/** ε: a power of two near the usual 1e-5, because binary16 has it. */
export const EPSILON: number = 1 / 65536;

/** Gains of 1 and shifts of 0. */
export function newNormalization(outputs: number): LayerNormalization {
  return { kind: "layer", gains: Matrix.ones(1, outputs), shifts: Matrix.zeros(1, outputs) };
}

/**
 * Normalizes.
 *
 * @param preactivation - points x outputs
 */
export function normalize(
  preactivation: Matrix,
  { gains, shifts }: LayerNormalization,
  arithmetic: Arithmetic,
): NormalizationPass {
  const { round } = arithmetic;
  const z = preactivation.transpose();
  const means = columnMeans(z, arithmetic);
  const centred = mapMatrix(z, (value, _, i) => round(value - means.get(0, i)));
  const variances = columnMeans(arithmetic.hadamard(centred, centred), arithmetic);
  const spreads = mapMatrix(variances, (variance) => round(Math.sqrt(round(variance + EPSILON))));
  const normalized = mapMatrix(centred, (value, _, i) => round(value / spreads.get(0, i))).transpose();
  const output = mapMatrix(normalized, (n, _, j) => round(round(n * gains.get(0, j)) + shifts.get(0, j)));
  return { normalized, spreads, output };
}

/**
 * From dL/dh to dL/dz: with d = γ dL/dh,
 *
 *     dL/dz = (d - mean(d) - n mean(d n)) / s.
 *
 * The first mean is there because every z moves μ, the second because every z moves s.
 *
 * @param delta - dL/dh, points x outputs
 */
export function denormalize(
  delta: Matrix,
  { gains }: LayerNormalization,
  { normalized, spreads }: NormalizationPass,
  arithmetic: Arithmetic,
): Matrix {
  const { round } = arithmetic;
  const d = mapMatrix(delta, (value, _, j) => round(value * gains.get(0, j))).transpose();
  const n = normalized.transpose();
  const shared = columnMeans(d, arithmetic);
  const stretch = columnMeans(arithmetic.hadamard(d, n), arithmetic);
  return mapMatrix(d, (value, j, i) => {
    const rest = round(value - shared.get(0, i));
    return round(round(rest - round(n.get(j, i) * stretch.get(0, i))) / spreads.get(0, i));
  }).transpose();
}

/**
 * The sums over the points of dL/dγ = dL/dh n and of dL/dβ = dL/dh.
 *
 * @param delta - dL/dh, points x outputs
 */
export function normalizationGradient(
  delta: Matrix,
  { normalized }: NormalizationPass,
  arithmetic: Arithmetic,
): LayerNormalization {
  return {
    kind: "layer",
    gains: arithmetic.columnSums(arithmetic.hadamard(delta, normalized)),
    shifts: arithmetic.columnSums(delta),
  };
}

function columnMeans(matrix: Matrix, arithmetic: Arithmetic): Matrix {
  return arithmetic.divide(arithmetic.columnSums(matrix), matrix.rows);
}
