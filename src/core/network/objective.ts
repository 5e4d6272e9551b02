/** The objective of training, the mean loss of a batch plus penalties, and its gradient. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic, Operand } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import type { Dataset } from "../moons.js";
import { backward, type ForwardPass, forward } from "./forward-backward.js";
import type { Matrices, Mode } from "./layer.js";
import { type Answers, crossEntropy, type Loss } from "./loss.js";
import { mapMatrices, type Network, withNumbers } from "./network.js";
import type { Penalty } from "./penalties.js";
import { requireNames, requirePulls, requireShapes } from "./shapes.js";
import { meanOver } from "./step.js";

/** The objective to minimize. */
export interface Objective {
  loss: Loss;
  penalties: readonly Penalty[];
  /** Whether the mean over the points is taken first; see `LossForm`. */
  isMeanFirst: boolean;
}

/** The mean cross-entropy and nothing else. */
export const plainObjective: Objective = { loss: crossEntropy, penalties: [], isMeanFirst: false };

/** The arithmetic of each part of a step. */
export type StepArithmetics = Readonly<Record<"forward" | "backward" | "update", Arithmetic>>;

/** The result of {@link gradientOf}. */
export interface BatchGradient {
  pass: ForwardPass;
  /** dL/dOutput of each layer, see `backward`; times the loss scale. */
  deltas: readonly Matrix[];
  /** The derivatives for the parameters of each layer. */
  gradients: readonly Matrices[];
  /** The network, with its layers' states updated by the batch. */
  network: Network;
}

/** How to compute a gradient. */
export interface GradientOptions {
  /** Double precision by default. */
  arithmetics?: StepArithmetics;
  /** A factor on the loss in the backward pass, divided out at the end; 1 by default. */
  lossScale?: Operand;
  /** Whether the parameters are master weights, so that the network computes with rounded copies; false by default. */
  withMasterWeights?: boolean;
  /** `training` by default. */
  mode?: Mode;
}

const plainArithmetics: StepArithmetics = { forward: float64, backward: float64, update: float64 };

/**
 * Computes the gradient of the objective on a batch. Penalties on parameters are added later, by {@link withPenalties}.
 *
 * @param batch - points (n x inputs) and labels (n x 1)
 * @throws RangeError when there is not one label per point
 * @throws RangeError or TypeError when a layer or a penalty returns matrices with wrong shapes, names or layer indices
 */
export function gradientOf(
  network: Network,
  { points, labels }: Dataset,
  { loss, penalties, isMeanFirst }: Objective = plainObjective,
  options: GradientOptions = {},
): BatchGradient {
  const {
    arithmetics = plainArithmetics,
    lossScale = 1,
    withMasterWeights = false,
    mode = "training",
  } = options;
  const { update, backward: arithmetic } = arithmetics;
  const { multiply, divide } = arithmetic;
  const operands = withMasterWeights ? toOperands(network, arithmetics.forward) : network;
  const pass = forward(operands, points, arithmetics.forward, mode);
  requireLabels(labels, pass);
  const through = (derivative: Operand): Operand => {
    const scaled = lossScale === 1 ? derivative : multiply(lossScale, derivative);
    return isMeanFirst ? divide(scaled, labels.rows) : scaled;
  };
  const delta = through(loss.gradient(arithmetic, pass, labels)) as Matrix;
  const context = { network: operands, pass, labels };
  const pulls = penalties.map((penalty, k) => {
    const own = penalty.pulls?.(arithmetic, context, through) ?? {};
    requirePulls(`penalties[${k}].pulls`, own, pass.layers);
    return own;
  });
  const { deltas, gradients: sums } = backward(operands, pass, delta, arithmetic, pulls);
  const means = isMeanFirst ? sums : meanOver(labels.rows, sums, arithmetic);
  return {
    pass,
    deltas,
    gradients: means.map((layer) =>
      mapMatrices(layer, (mean) => (lossScale === 1 ? mean : update.divide(mean, lossScale))),
    ),
    network: withNumbers(network, (layer, l) => {
      if (!layer.nextState) return {};
      const state = layer.nextState(update, layer, pass.layers[l]);
      requireShapes(`layers[${l}].nextState`, state, layer.state ?? {});
      return { state };
    }),
  };
}

/**
 * Adds the gradients of penalties on parameters.
 *
 * @throws RangeError or TypeError when a penalty returns a gradient for an unknown parameter, or of the wrong shape
 */
export function withPenalties(
  arithmetic: Arithmetic,
  network: Network,
  gradients: readonly Matrices[],
  penalties: readonly Penalty[],
): readonly Matrices[] {
  let sums = gradients;
  penalties.forEach((penalty, k) => {
    const own = penalty.gradients?.(arithmetic, network) ?? [];
    if (own.length > gradients.length) {
      throw new RangeError(
        `penalties[${k}].gradients must return at most ${gradients.length} layers, got ${own.length}`,
      );
    }
    sums = sums.map((layer, l) => {
      const name = `penalties[${k}].gradients, layer ${l}`;
      requireNames(name, own[l], layer);
      const total = mapMatrices(layer, (sum, name) =>
        own[l]?.[name] ? arithmetic.add(sum, own[l][name]) : sum,
      );
      requireShapes(name, total, layer);
      return total;
    });
  });
  return sums;
}

/** Rounds the parameters and states of a network to numbers of the format. */
export function toOperands(network: Network, { convert }: Arithmetic): Network {
  return withNumbers(network, ({ parameters, state }) => ({
    parameters: mapMatrices(parameters, convert),
    ...(state && { state: mapMatrices(state, convert) }),
  }));
}

/**
 * Computes the mean loss over n points in nats, 1 x 1.
 *
 * @param pass - the result of `forward` for these points
 * @param labels - n x 1
 * @throws RangeError when there is not one label per point
 */
export function meanLoss(
  pass: Answers,
  labels: Matrix,
  { value }: Loss = crossEntropy,
  arithmetic: Arithmetic = float64,
): Matrix {
  requireLabels(labels, pass);
  return arithmetic.divide(arithmetic.sumRows(value(arithmetic, pass, labels)), labels.rows);
}

/** Checked here, because a single label would silently be repeated for all points. */
function requireLabels({ rows, columns }: Matrix, { logits }: Answers): void {
  if (rows === logits.rows && columns === 1) return;
  throw new RangeError(`labels must be ${logits.rows} x 1, one per point, got ${rows} x ${columns}`);
}
