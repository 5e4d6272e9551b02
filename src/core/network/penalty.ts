/**
 * What is descended besides the loss, each with its derivative beside it.
 *
 * Weight decay: the penalty P = λ/2 Σ w² on the weights of all layers, with its derivative dP/dw = λ w beside
 * it. Biases, gains and shifts are free (Goodfellow et al. 2016, Deep learning, 7.1). In plain gradient descent
 * the penalty and a decay of the weights by the factor 1 - η λ in each step are the same thing.
 *
 * Activity: λ times the mean over the points of Σ|a| over all hidden neurons (Glorot, Bordes and Bengio 2011,
 * Deep sparse rectifier networks, 3.2.1), which makes neurons silent.
 *
 * Balance: μ/2 D², where D is how many more neurons fire at points of class 1 than of class 0, on average. A
 * count has no derivative; taken instead is the soft count Σ sigmoid(8 h) over all hidden neurons, where h is
 * what the activation is of.
 */
import { Matrix } from "ml-matrix";
import type { Arithmetic, Round } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import { activations } from "./activations.js";
import { type LayerMatrices, mapMatrix, type Network } from "./architecture.js";
import type { ForwardPass } from "./forward-backward.js";

/** P = λ/2 Σ w². */
export function weightPenalty({ layers }: Network, weightDecay: number): number {
  const squares = layers.flatMap(({ weights }) => weights.to1DArray().map((w) => w * w));
  return (weightDecay / 2) * squares.reduce((sum, square) => sum + square, 0);
}

/** The gradient of a layer with dP/dW = λ W added to it; the gradient itself where λ is 0. */
export function addPenaltyGradient<G extends LayerMatrices>(
  gradient: G,
  { weights }: LayerMatrices,
  weightDecay: number,
  arithmetic: Arithmetic,
): G {
  if (weightDecay === 0) return gradient;
  return { ...gradient, weights: arithmetic.sum(gradient.weights, arithmetic.scale(weights, weightDecay)) };
}

/** The factors of the penalties on what hidden neurons do. */
export interface NeuronPenalties {
  /** λ of the activity, >= 0; 0 by default. */
  activityPenalty?: number;
  /** μ of the balance, >= 0; 0 by default. */
  balancePenalty?: number;
}

/** 8 in the soft count: steep enough for it to be near the count. */
export const STEEPNESS: number = 8;

/** λ Σ|a| / n and μ/2 D² of a pass. */
export function neuronPenalty(
  pass: ForwardPass,
  labels: Matrix,
  { activityPenalty = 0, balancePenalty = 0 }: NeuronPenalties,
): number {
  const outputs = pass.layers.slice(0, -1).flatMap(({ output }) => output.to1DArray());
  const activity = outputs.reduce((sum, a) => sum + Math.abs(a), 0) / labels.rows;
  const d = imbalance(softCounts(pass, float64.round), labels, float64);
  return activityPenalty * activity + (balancePenalty / 2) * d * d;
}

/** Derivatives of what each point adds to the activity: λ sign(a), points x neurons. */
export function activityPull(output: Matrix, factor: number): Matrix {
  return mapMatrix(output, (a) => factor * Math.sign(a));
}

/** The soft count of each hidden neuron, sigmoid(8 h): points x neurons for each hidden layer. */
export function softCounts({ layers }: ForwardPass, round: Round): Matrix[] {
  return layers
    .slice(0, -1)
    .map(({ preactivation, normalization }) =>
      mapMatrix(normalization?.output ?? preactivation, (h) =>
        activations.sigmoid.f(round(STEEPNESS * h), round),
      ),
    );
}

/** D, from the class means of each neuron's soft count; 0 where a class has no point. */
export function imbalance(soft: readonly Matrix[], labels: Matrix, arithmetic: Arithmetic): number {
  const [zeros, ones] = [0, 1].map((label) => rowsOf(labels, label));
  if (zeros.length === 0 || ones.length === 0) return 0;
  const meanOver = (counts: Matrix, rows: readonly number[]): Matrix =>
    arithmetic.divide(arithmetic.columnSums(new Matrix(rows.map((i) => counts.getRow(i)))), rows.length);
  let d = 0;
  for (const counts of soft) {
    const more = arithmetic.difference(meanOver(counts, ones), meanOver(counts, zeros));
    for (let j = 0; j < counts.columns; j++) d = arithmetic.round(d + more.get(0, j));
  }
  return d;
}

/**
 * n dP/ds of the balance for the soft counts s of a point of class 0 and of one of class 1: -n μ D / n₀ and
 * n μ D / n₁; 0 where a class has no point.
 */
export function balanceSlopes(
  d: number,
  labels: Matrix,
  balancePenalty: number,
  round: Round,
): [zero: number, one: number] {
  const [zeros, ones] = [0, 1].map((label) => rowsOf(labels, label).length);
  if (zeros === 0 || ones === 0) return [0, 0];
  const all = round(round(balancePenalty * d) * labels.rows);
  return [-round(all / zeros), round(all / ones)];
}

/** From dP/ds to dP/dh: ds/dh = 8 s (1 - s). */
export function balancePull(
  soft: Matrix,
  labels: Matrix,
  slopes: readonly [zero: number, one: number],
  round: Round,
): Matrix {
  return mapMatrix(soft, (s, i) =>
    round(slopes[labels.get(i, 0) > 0.5 ? 1 : 0] * round(STEEPNESS * round(s * round(1 - s)))),
  );
}

/** Where the points of a class are; a smoothed label belongs to the class that is nearer. */
function rowsOf(labels: Matrix, label: number): number[] {
  return labels.to1DArray().flatMap((y, i) => (y > 0.5 === (label === 1) ? [i] : []));
}
