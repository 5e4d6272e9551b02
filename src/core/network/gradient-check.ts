/** Checks the hand-written derivatives against centred differences of the objective itself. */
import { float64 } from "../arithmetic/float64.js";
import type { Dataset } from "../moons.js";
import { type ForwardPass, forward } from "./forward-backward.js";
import type { Matrices } from "./layer.js";
import { crossEntropy, smoothLabels } from "./loss.js";
import { listed, type Network, toParameters, withParameters } from "./network.js";
import { gradientOf, meanLoss, withPenalties } from "./objective.js";
import type { Penalty } from "./penalties.js";

/** One parameter's derivative, found in both ways. */
export interface GradientComparison {
  /** Index of the parameter in the order of `toParameters`. */
  parameter: number;
  /** dL/dθ by the chain rule. */
  analytic: number;
  /** (L(θ + h) - L(θ - h)) / 2h. */
  numeric: number;
  /** |analytic - numeric| as a share of the larger of the two; see {@link gradientCheck}. */
  relativeError: number;
  /** Number of times that a neuron fires for a point at θ - h and not at θ + h, or the other way round. */
  kinks: number;
}

/** What to check, and how. */
export interface GradientCheckOptions {
  network: Network;
  data: Dataset;
  /** The gradient to check, of each layer's parameters; that of the chain rule by default. */
  gradients?: readonly Matrices[];
  /** h, 2^-16 by default: small enough for few kinks, large enough for little rounding. */
  step?: number;
  /** What L is besides the mean loss; nothing by default. */
  penalties?: readonly Penalty[];
  /** ε; with it L is the mean loss for smoothed labels. 0 by default. */
  labelSmoothing?: number;
}

/**
 * Compares dL/dθ with a centred difference for every parameter θ, where L is the mean loss over the data.
 *
 * The difference has an error of its own: the loss is a double of size 1, so that with the step h it is off
 * by some 2^-53 / h, whatever the derivative. The relative error is therefore taken against the larger
 * of the two derivatives or, for derivatives close to zero, against 10^-3 of the largest in the network.
 * Where a step of h carries a point over the kink of a ReLU the two rightly differ; these are counted.
 *
 * @throws RangeError when `step` is not a finite number > 0
 */
export function gradientCheck(options: GradientCheckOptions): GradientComparison[] {
  const { network, data, step = 1 / 65536, penalties = [], labelSmoothing = 0 } = options;
  if (!(step > 0 && step < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`step must be a finite number > 0, got ${step}`);
  }
  const { points } = data;
  const labels = smoothLabels(float64, data.labels, labelSmoothing);
  const objective = { loss: crossEntropy, penalties, isMeanFirst: false };
  const gradients = options.gradients ?? gradientOf(network, { points, labels }, objective).gradients;
  const analytic = listed(network, withPenalties(float64, network, gradients, penalties));
  const parameters = toParameters(network);
  const at = (index: number, value: number): { pass: ForwardPass; loss: number } => {
    const moved = withParameters(network, Float64Array.from(parameters).with(index, value));
    const pass = forward(moved, points, float64, "training");
    const terms = penalties.map((penalty) => penalty.value(float64, { network: moved, pass, labels }));
    return { pass, loss: [meanLoss(pass, labels), ...terms].reduce((sum, term) => sum + term.get(0, 0), 0) };
  };
  const floor = 1e-3 * analytic.reduce((largest, derivative) => Math.max(largest, Math.abs(derivative)), 0);
  return Array.from(parameters, (value, parameter) => {
    const above = at(parameter, value + step);
    const below = at(parameter, value - step);
    const rise = above.loss - below.loss;
    // divided by the step that was really taken, after rounding
    const numeric = rise / (value + step - (value - step));
    const size = Math.max(Math.abs(analytic[parameter]), Math.abs(numeric), floor);
    const relativeError = size === 0 ? 0 : Math.abs(analytic[parameter] - numeric) / size;
    return {
      parameter,
      analytic: analytic[parameter],
      numeric,
      relativeError,
      kinks: kinksBetween(network, below.pass, above.pass),
    };
  });
}

function kinksBetween({ layers }: Network, a: ForwardPass, b: ForwardPass): number {
  return layers.reduce((kinks, { kind }, l) => {
    if (!kind.endsWith("relu")) return kinks;
    const others = b.layers[l].output.to1DArray();
    return kinks + a.layers[l].output.to1DArray().filter((value, i) => value > 0 !== others[i] > 0).length;
  }, 0);
}
