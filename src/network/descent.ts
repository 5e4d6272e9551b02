/** One step down the gradient. */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import type { Layer, Network } from "./architecture.js";

/** A matrix for the weights of a layer and one for its biases. */
export type LayerMatrices = Pick<Layer, "weights" | "biases">;

/** How to descend. */
export interface DescentOptions {
  /** η. */
  learningRate: number;
  /** Arithmetic of the parameters; double precision unless said. */
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
 * W - η dL/dW and b - η dL/db, as a new network. With `lost`, Kahan's compensated sum: what rounding swallows
 * of one step is added to the next.
 *
 * @param gradients - one a layer, in the order of the layers
 */
export function descend(
  network: Network,
  gradients: readonly LayerMatrices[],
  options: DescentOptions,
): Descent {
  const { learningRate, arithmetic = float64, lost, onUpdate } = options;
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
  const steps = network.layers.map((layer, l) => ({
    weights: step(layer.weights, gradients[l].weights, lost?.[l].weights),
    biases: step(layer.biases, gradients[l].biases, lost?.[l].biases),
  }));
  return {
    network: {
      layers: network.layers.map(({ activation }, l) => ({
        weights: steps[l].weights.parameter,
        biases: steps[l].biases.parameter,
        activation,
      })),
    },
    lost: lost && steps.map(({ weights, biases }) => ({ weights: weights.lost, biases: biases.lost })),
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
