/**
 * The glass house: what the network computes, and beside it the chain rule that takes it apart again. No
 * automatic differentiation; every derivative is written by hand.
 *
 * Points are rows. For layer l with input A (n x k): Z = A W + 1·b, and the next layer's input is f(Z), or
 * f(H) where H is Z normalized.
 */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import { activations } from "./activations.js";
import { type LayerMatrices, mapMatrix, type Network } from "./architecture.js";
import { type LossForm, lossIn, usualLossForm } from "./loss.js";
import {
  denormalize,
  type Mode,
  type Normalization,
  type NormalizationPass,
  normalizationGradient,
  normalize,
} from "./normalization.js";
import {
  activityPull,
  balancePull,
  balanceSlopes,
  imbalance,
  type NeuronPenalties,
  softCounts,
} from "./penalty.js";
import { keepLargest } from "./winners.js";

/** What one layer did on the way forward, for n points. */
export interface LayerPass {
  /** A, n x inputs: what came in. */
  input: Matrix;
  /** Z = A W + 1·b, n x outputs. */
  preactivation: Matrix;
  /** What normalization made of Z, where there is any. */
  normalization?: NormalizationPass;
  /** f(Z), or f(H), n x outputs. */
  output: Matrix;
}

/** What the network did on the way forward, layer by layer. */
export interface ForwardPass {
  layers: readonly LayerPass[];
  /** Preactivation of the output neuron, n x 1. */
  logits: Matrix;
  /** sigmoid(logits), n x 1: the probability of class 1. */
  probabilities: Matrix;
}

/** The derivatives of the mean loss with respect to the parameters of one layer. */
export interface LayerGradient extends LayerMatrices {
  /** n dL/dZ, n x outputs: what each point by itself pulls at each neuron. */
  delta: Matrix;
}

/**
 * Runs points through the network.
 *
 * @param points - n x inputs
 * @param arithmetic - what a number is; double precision by default
 * @param mode - whether the network is trained on these points; by default it is only used
 * @throws RangeError when the points have not as many columns as the network has inputs
 */
export function forward(
  network: Network,
  points: Matrix,
  arithmetic: Arithmetic = float64,
  mode: Mode = "inference",
): ForwardPass {
  const inputs = network.layers[0].weights.rows;
  if (points.columns !== inputs) {
    throw new RangeError(`points must have ${inputs} columns, one an input, got ${points.columns}`);
  }
  const layers: LayerPass[] = [];
  let input = points;
  for (const layer of network.layers) {
    const { f } = activations[layer.activation];
    const preactivation = arithmetic.addRow(arithmetic.product(input, layer.weights), layer.biases);
    const normalization =
      layer.normalization && normalize(preactivation, layer.normalization, arithmetic, mode);
    const all = mapMatrix(normalization?.output ?? preactivation, (z) => f(z, arithmetic.round));
    const output = layer.winners === undefined ? all : keepLargest(all, layer.winners);
    layers.push({ input, preactivation, ...(normalization && { normalization }), output });
    input = output;
  }
  const last = layers[layers.length - 1];
  return { layers, logits: last.preactivation, probabilities: last.output };
}

/** How to find a gradient. The factors of the penalties are numbers of the arithmetic. */
export interface BackwardOptions extends NeuronPenalties {
  /** What a number is; double precision by default. */
  arithmetic?: Arithmetic;
  /** A factor on the loss, and so on every derivative; 1 by default. */
  lossScale?: number;
  /** How the loss is written down, its ε a number of the arithmetic. */
  lossForm?: LossForm;
}

/**
 * The gradient of the mean loss and of the penalties on the neurons, by the chain rule from the output back to the input.
 *
 * @param pass - what {@link forward} returned for these points
 * @param labels - n x 1, the classes of the points, or probabilities of class 1 to aim at
 * @returns one gradient a layer, in the order of the layers
 */
export function backward(
  network: Network,
  pass: ForwardPass,
  labels: Matrix,
  options: BackwardOptions = {},
): LayerGradient[] {
  const { arithmetic = float64, lossScale = 1, lossForm = usualLossForm } = options;
  const gradients: LayerGradient[] = [];
  const isMeanFirst = lossForm.mean === "first";
  const mean = (sum: Matrix): Matrix => (isMeanFirst ? sum : arithmetic.divide(sum, labels.rows));
  const { activityPenalty = 0, balancePenalty = 0 } = options;
  const { round } = arithmetic;
  /** What goes for the loss's derivative at the output goes for that of a penalty. */
  const likeLoss = (derivative: number): number => {
    const scaled = lossScale === 1 ? derivative : round(lossScale * derivative);
    return isMeanFirst ? round(scaled / labels.rows) : scaled;
  };
  const activity = activityPenalty === 0 ? 0 : likeLoss(activityPenalty);
  const soft = balancePenalty === 0 ? undefined : softCounts(pass, round);
  const slopes =
    soft && balanceSlopes(imbalance(soft, labels, arithmetic), labels, balancePenalty, round).map(likeLoss);
  const { df } = lossIn(lossForm);
  // dL/dz of the output neuron
  let delta = mapMatrix(pass.probabilities, (p, i) => likeLoss(df(p, labels.get(i, 0), round)));
  for (let l = network.layers.length - 1; l >= 0; l--) {
    const { input, normalization: normalized } = pass.layers[l];
    const { weights, normalization } = network.layers[l];
    let normalizationGradients: Normalization | undefined;
    if (normalization && normalized) {
      const { gains, shifts } = normalizationGradient(delta, normalized, arithmetic);
      normalizationGradients = { ...normalization, gains: mean(gains), shifts: mean(shifts) };
      delta = denormalize(delta, normalization, normalized, arithmetic);
    }
    gradients.unshift({
      delta,
      // Z = A W + 1·b, hence dL/dW = Aᵀ dL/dZ and dL/db = 1ᵀ dL/dZ
      weights: mean(arithmetic.product(input.transpose(), delta)),
      biases: mean(arithmetic.columnSums(delta)),
      ...(normalizationGradients && { normalization: normalizationGradients }),
    });
    if (l > 0) {
      const below = pass.layers[l - 1];
      const { df: slope } = activations[network.layers[l - 1].activation];
      // dL/dA = dL/dZ Wᵀ, then through A = f(Z), or f(H), of the layer below
      const pulled = arithmetic.product(delta, weights.transpose());
      const dA =
        activityPenalty === 0 ? pulled : arithmetic.sum(pulled, activityPull(below.output, activity));
      delta = arithmetic.hadamard(
        dA,
        mapMatrix(below.output, (a) => slope(a, round)),
      );
      if (soft && slopes) {
        delta = arithmetic.sum(delta, balancePull(soft[l - 1], labels, slopes as [number, number], round));
      }
    }
  }
  return gradients;
}

/**
 * The mean loss over n points, in nats.
 *
 * @param pass - what {@link forward} returned for these points
 * @param labels - n x 1
 * @param form - how the loss is written down, its ε a number of the arithmetic
 */
export function meanLoss(
  { logits, probabilities }: Pick<ForwardPass, "logits" | "probabilities">,
  labels: Matrix,
  arithmetic: Arithmetic = float64,
  form: LossForm = usualLossForm,
): number {
  const { f } = lossIn(form);
  const losses = mapMatrix(logits, (z, i) =>
    f(z, probabilities.get(i, 0), labels.get(i, 0), arithmetic.round),
  );
  return arithmetic.divide(arithmetic.columnSums(losses), labels.rows).get(0, 0);
}
