/**
 * Normalization of a layer's preactivations z, with its derivative beside it. Over a group of m of them,
 *
 *     n = (z - μ) / s,    h = γ n + β,    with the mean μ = Σz / m and the spread s = √(Σ(z - μ)² / m + ε).
 *
 * Layer normalization (Ba, Kiros and Hinton 2016, section 3): the group is all neurons at one point. Batch
 * normalization (Ioffe and Szegedy 2015, algorithms 1 and 2): the group is one neuron at all points of a batch;
 * when the network is only used, μ and s are those met in training, a fixed affine map a neuron.
 *
 * The work is done on groups that stand in columns.
 */
import { Matrix } from "ml-matrix";
import type { Arithmetic, Round } from "../arithmetic/arithmetic.js";
import { mapMatrix } from "./architecture.js";

/** The name of a normalization of hidden layers. */
export type NormalizationName = "none" | "layer" | "batch";

/** The parameters of a layer's normalization, or what belongs to them. */
export interface LayerNormalization {
  kind: "layer";
  /** γ, 1 x outputs. */
  gains: Matrix;
  /** β, 1 x outputs. */
  shifts: Matrix;
}

/** The parameters of batch normalization, and what training met. */
export interface BatchNormalization {
  kind: "batch";
  /** γ, 1 x outputs. */
  gains: Matrix;
  /** β, 1 x outputs. */
  shifts: Matrix;
  /** Running mean of μ, 1 x outputs; no parameter, nothing is descended here. */
  means: Matrix;
  /** Running mean of the unbiased variance, 1 x outputs; no parameter either. */
  variances: Matrix;
}

/** A normalization of either kind. */
export type Normalization = LayerNormalization | BatchNormalization;

/** Whether a network is trained on the points, or only used: batch normalization tells the two apart. */
export type Mode = "training" | "inference";

/** What normalization did on the way forward, for n points. */
export interface NormalizationPass {
  /** n, points x outputs. */
  normalized: Matrix;
  /** μ, 1 x groups. */
  means: Matrix;
  /** Σ(z - μ)² / m, 1 x groups. */
  variances: Matrix;
  /** s, 1 x groups. */
  spreads: Matrix;
  /** Whether μ and s are of these very points, and move with them. */
  isOwn: boolean;
  /** h, points x outputs. */
  output: Matrix;
}

/** ε: a power of two near the usual 1e-5, because binary16 has it. */
export const EPSILON: number = 1 / 65536;

/** The weight of the newest batch in the running means. */
export const MOMENTUM: number = 0.1;

/** Gains of 1 and shifts of 0. */
export function newNormalization(kind: "layer" | "batch", outputs: number): Normalization {
  const gains = Matrix.ones(1, outputs);
  const shifts = Matrix.zeros(1, outputs);
  if (kind === "layer") return { kind, gains, shifts };
  return { kind, gains, shifts, means: Matrix.zeros(1, outputs), variances: Matrix.ones(1, outputs) };
}

/**
 * Normalizes.
 *
 * @param preactivation - points x outputs
 */
export function normalize(
  preactivation: Matrix,
  normalization: Normalization,
  arithmetic: Arithmetic,
  mode: Mode,
): NormalizationPass {
  const { round } = arithmetic;
  const { gains, shifts } = normalization;
  const isOwn = normalization.kind === "layer" || mode === "training";
  const z = inColumns(preactivation, normalization);
  const means = isOwn
    ? columnMeans(z, arithmetic)
    : mapMatrix((normalization as BatchNormalization).means, round);
  const centred = mapMatrix(z, (value, _, group) => round(value - means.get(0, group)));
  const variances = isOwn
    ? columnMeans(arithmetic.hadamard(centred, centred), arithmetic)
    : mapMatrix((normalization as BatchNormalization).variances, round);
  const spreads = mapMatrix(variances, (variance) => round(Math.sqrt(round(variance + EPSILON))));
  const n = mapMatrix(centred, (value, _, group) => round(value / spreads.get(0, group)));
  const normalized = inColumns(n, normalization);
  const output = mapMatrix(normalized, (value, _, j) =>
    round(round(value * gains.get(0, j)) + shifts.get(0, j)),
  );
  return { normalized, means, variances, spreads, isOwn, output };
}

/**
 * From dL/dh to dL/dz: with d = γ dL/dh,
 *
 *     dL/dz = (d - mean(d) - n mean(d n)) / s,
 *
 * the means over the group: the first because every z moves μ, the second because every z moves s. Where μ and
 * s are given, dL/dz = d / s.
 *
 * @param delta - dL/dh, points x outputs
 */
export function denormalize(
  delta: Matrix,
  normalization: Normalization,
  { normalized, spreads, isOwn }: NormalizationPass,
  arithmetic: Arithmetic,
): Matrix {
  const { round } = arithmetic;
  const { gains } = normalization;
  const d = inColumns(
    mapMatrix(delta, (value, _, j) => round(value * gains.get(0, j))),
    normalization,
  );
  if (!isOwn) return mapMatrix(d, (value, _, group) => round(value / spreads.get(0, group)));
  const n = inColumns(normalized, normalization);
  const shared = columnMeans(d, arithmetic);
  const stretch = columnMeans(arithmetic.hadamard(d, n), arithmetic);
  const pulled = mapMatrix(d, (value, i, group) => {
    const rest = round(value - shared.get(0, group));
    return round(round(rest - round(n.get(i, group) * stretch.get(0, group))) / spreads.get(0, group));
  });
  return inColumns(pulled, normalization);
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
): { gains: Matrix; shifts: Matrix } {
  return {
    gains: arithmetic.columnSums(arithmetic.hadamard(delta, normalized)),
    shifts: arithmetic.columnSums(delta),
  };
}

/** A running mean after another batch: old + 0.1 (new - old). */
export function runningMean(old: number, batch: number, round: Round): number {
  return round(old + round(MOMENTUM * round(batch - old)));
}

/** A batch's variance without its bias: times n / (n - 1). */
export function unbiased(variance: number, points: number, round: Round): number {
  return round(round(variance * points) / (points - 1));
}

/** The matrix with its groups in columns, or back again. */
function inColumns(matrix: Matrix, { kind }: Normalization): Matrix {
  return kind === "layer" ? matrix.transpose() : matrix;
}

function columnMeans(matrix: Matrix, arithmetic: Arithmetic): Matrix {
  return arithmetic.divide(arithmetic.columnSums(matrix), matrix.rows);
}
