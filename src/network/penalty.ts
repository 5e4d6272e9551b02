/**
 * Weight decay: the penalty P = λ/2 Σ w² on the weights of all layers, with its derivative dP/dw = λ w beside
 * it. Biases, gains and shifts are free (Goodfellow et al. 2016, Deep learning, 7.1). In plain gradient descent
 * the penalty and a decay of the weights by the factor 1 - η λ in each step are the same thing.
 */
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import type { LayerMatrices, Network } from "./architecture.js";

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
