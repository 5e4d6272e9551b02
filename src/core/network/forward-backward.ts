/**
 * The glass house: what the network computes, and the chain rule that takes it apart again. Both are folds over the layers,
 * each of which knows its own part.
 */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import { float64 } from "../arithmetic/float64.js";
import { sigmoid } from "./activations.js";
import type { LayerPass, Matrices, Mode } from "./layer.js";
import type { Answers } from "./loss.js";
import { isDense, type Network } from "./network.js";
import { requireShape, requireShapes } from "./shapes.js";

/** The result of {@link forward}: logits, probabilities, and every intermediate, layer by layer. */
export interface ForwardPass extends Answers {
  readonly layers: readonly LayerPass[];
  readonly mode: Mode;
}

/**
 * Runs points through the network.
 *
 * @param points - n x inputs
 * @param arithmetic - the number format; double precision by default
 * @param mode - whether the network is being trained on these points; `inference` by default
 * @throws RangeError when there are no points, they do not have one column per input of the network, or the network does not
 * end in one output
 * @throws RangeError or TypeError when a layer does not return a matrix with one row per point
 */
export function forward(
  network: Network,
  points: Matrix,
  arithmetic: Arithmetic = float64,
  mode: Mode = "inference",
): ForwardPass {
  requireInputs(network, points);
  const layers: LayerPass[] = [];
  let input = points;
  network.layers.forEach((layer, l) => {
    const pass = { input, ...layer.forward(arithmetic, layer, input, mode) };
    requireShape(`layers[${l}].forward, output,`, pass.output, { rows: points.rows });
    layers.push(pass);
    input = pass.output;
  });
  if (input.columns !== 1) throw new RangeError(`network must end in 1 output, got ${input.columns}`);
  return { layers, mode, logits: input, probabilities: sigmoid.f(arithmetic, input) };
}

/** The result of {@link backward}. */
export interface BackwardPass {
  /** dL/dOutput of each layer, n x outputs. */
  readonly deltas: readonly Matrix[];
  /** dL/dθ for the parameters of each layer, summed over the points. */
  readonly gradients: readonly Matrices[];
}

/**
 * Applies the chain rule from the output back to the input.
 *
 * @param pass - the result of {@link forward}
 * @param delta - dL/dz of each point, n x 1
 * @param arithmetic - the number format; double precision by default
 * @param pulls - derivatives of penalties with respect to the outputs of layers, by layer index; none by default
 * @throws RangeError or TypeError when a layer returns matrices whose shapes or names differ from those of its input and
 * parameters
 */
export function backward(
  network: Network,
  pass: ForwardPass,
  delta: Matrix,
  arithmetic: Arithmetic = float64,
  pulls: readonly Readonly<Record<number, Matrix>>[] = [],
): BackwardPass {
  const deltas: Matrix[] = [];
  const gradients: Matrices[] = [];
  let below = delta;
  for (let l = network.layers.length - 1; l >= 0; l--) {
    const layer = network.layers[l];
    const own = pass.layers[l];
    for (const pull of pulls) if (l in pull) below = arithmetic.add(below, pull[l]);
    deltas.unshift(below);
    const gradient = layer.gradient(arithmetic, layer, own, below);
    requireShapes(`layers[${l}].gradient`, gradient, layer.parameters);
    gradients.unshift(gradient);
    if (l === 0) break;
    below = layer.backward(arithmetic, layer, own, below, pass.mode);
    requireShape(`layers[${l}].backward`, below, own.input);
  }
  return { deltas, gradients };
}

function requireInputs({ layers }: Network, points: Matrix): void {
  if (points.rows === 0) throw new RangeError("points must have at least 1 row, got 0");
  const [first] = layers;
  const inputs = isDense(first) ? first.parameters.weights.rows : points.columns;
  if (points.columns !== inputs) {
    throw new RangeError(`points must have ${inputs} columns, one per input, got ${points.columns}`);
  }
}
