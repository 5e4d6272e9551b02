/** Checks the hand-written derivatives against central differences of the objective. */
import * as z from "zod/mini";
import { float64 } from "../arithmetic/float64.js";
import type { Dataset } from "../moons.js";
import { parse } from "../validate.js";
import { type ForwardPass, forward } from "./forward-backward.js";
import type { Matrices } from "./layer.js";
import { crossEntropy, smoothLabels } from "./loss.js";
import { listed, type Network, toParameters, withParameters } from "./network.js";
import { gradientOf, meanLoss, withPenalties } from "./objective.js";
import type { Penalty } from "./penalties.js";
import { datasetSchema, matricesSchema, networkSchema, penaltySchema } from "./schemas.js";
import { requireLayers } from "./shapes.js";
import { labelSmoothingSchema } from "./train-options.js";

/** The derivative for one parameter, computed both ways. */
export interface GradientComparison {
  /** Index of the parameter in the order of `toParameters`. */
  parameter: number;
  /** dL/dθ by the chain rule. */
  analytic: number;
  /** (L(θ + h) - L(θ - h)) / 2h. */
  numeric: number;
  /** |analytic - numeric| relative to the larger of the two; see {@link gradientCheck}. */
  relativeError: number;
  /** Number of cases in which a neuron fires for a point at θ - h but not at θ + h, or the other way round. */
  kinks: number;
}

/** Options of {@link gradientCheck}. */
export interface GradientCheckOptions {
  network: Network;
  data: Dataset;
  /** The gradient to check, by layer; that of the chain rule by default. */
  gradients?: readonly Matrices[];
  /** h; 2^-16 by default, small enough for few kinks and large enough for small rounding errors. */
  step?: number;
  /** Penalties that L includes besides the mean loss; none by default. */
  penalties?: readonly Penalty[];
  /** ε of label smoothing; 0 by default. */
  labelSmoothing?: number;
}

const schema = z.strictObject({
  network: networkSchema,
  data: datasetSchema,
  gradients: z.optional(z.array(matricesSchema)),
  step: z._default(z.number().check(z.gt(0)), 1 / 65536),
  penalties: z._default(z.array(penaltySchema), []),
  labelSmoothing: z._default(labelSmoothingSchema, 0),
});

/**
 * Compares dL/dθ with a central difference for every parameter θ, where L is the mean loss over the data.
 *
 * The difference itself has an error of about 2^-53 / h, whatever the derivative, because the loss is a double of size 1.
 * The relative error is therefore taken with respect to the larger of the two derivatives or, for derivatives close to
 * zero, to 10^-3 of the largest in the network. If a step of h carries a point over the kink of a ReLU, the two rightly
 * differ; such cases are counted.
 *
 * @throws RangeError or TypeError when an option is not as described
 */
export function gradientCheck(options: GradientCheckOptions): GradientComparison[] {
  const { network, data, step, penalties, labelSmoothing, ...own } = parse(schema, options);
  const { points } = data;
  const labels = smoothLabels(float64, data.labels, labelSmoothing);
  const objective = { loss: crossEntropy, penalties, isMeanFirst: false };
  const gradients = own.gradients ?? gradientOf(network, { points, labels }, objective).gradients;
  requireLayers("gradients", gradients, network);
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
    // divide by the actual step after rounding
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
