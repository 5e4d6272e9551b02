/** One step down the gradient. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import { type LayerMatrices, matricesOf, type Network, withMatrices } from "./architecture.js";
import { addPenaltyGradient } from "./penalty.js";

/** How to descend. */
export interface DescentOptions {
  /** η. */
  learningRate: number;
  /** λ of the penalty on the weights, see penalty.ts; 0 by default. */
  weightDecay?: number;
  /** Arithmetic of the parameters; double precision by default. */
  arithmetic?: Arithmetic;
  /**
   * What earlier steps should have taken off the parameters and did not; without it nothing is carried along.
   */
  lost?: readonly LayerMatrices[] | undefined;
  /** Told of each parameter's change and of its value before and after. */
  onUpdate?: (change: number, before: number, after: number) => void;
}

/** What a step comes to. */
export interface Descent {
  network: Network;
  /** What rounding kept the step from taking off; undefined without `lost`. */
  lost: LayerMatrices[] | undefined;
}

/**
 * θ - η dL/dθ for every parameter θ, as a new network. With `lost`, Kahan's compensated sum: what rounding
 * swallows of one step is added to the next.
 *
 * @param gradients - of the mean loss without the penalty, one a layer, in the order of the layers
 */
export function descend(
  network: Network,
  gradients: readonly LayerMatrices[],
  options: DescentOptions,
): Descent {
  const { learningRate, weightDecay = 0, arithmetic = float64, lost, onUpdate } = options;
  const step = (
    parameter: Matrix,
    gradient: Matrix,
    carried?: Matrix,
  ): { parameter: Matrix; lost: Matrix } => {
    const wanted = arithmetic.scale(gradient, learningRate);
    const change = carried ? arithmetic.sum(wanted, carried) : wanted;
    const next = arithmetic.difference(parameter, change);
    if (onUpdate) tellAll(onUpdate, change, parameter, next);
    return {
      parameter: next,
      lost: carried ? arithmetic.difference(change, arithmetic.difference(parameter, next)) : change,
    };
  };
  const layers = network.layers.map((layer, l) => {
    const slopes = matricesOf(addPenaltyGradient(gradients[l], layer, weightDecay, arithmetic));
    const carried = lost && matricesOf(lost[l]);
    const steps = matricesOf(layer).map((parameter, i) => step(parameter, slopes[i], carried?.[i]));
    return {
      network: withMatrices(
        layer,
        steps.map(({ parameter }) => parameter),
      ),
      lost: withMatrices(
        layer as LayerMatrices,
        steps.map((one) => one.lost),
      ),
    };
  });
  return {
    network: { layers: layers.map((layer) => layer.network) },
    lost: lost && layers.map((layer) => layer.lost),
  };
}

function tellAll(
  tell: NonNullable<DescentOptions["onUpdate"]>,
  change: Matrix,
  before: Matrix,
  after: Matrix,
): void {
  for (let i = 0; i < change.rows; i++) {
    for (let j = 0; j < change.columns; j++) tell(change.get(i, j), before.get(i, j), after.get(i, j));
  }
}
