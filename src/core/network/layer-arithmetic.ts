/** Networks whose layers compute in an arithmetic of their own. */
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import type { Layer } from "./layer.js";
import type { Network } from "./network.js";

/**
 * Returns a network whose layers receive a changed arithmetic, such as one with other products. Sigmoid, loss and update keep
 * the arithmetic of the training. Second derivatives are left out: those of rounding are not defined.
 *
 * @param change - makes a layer's arithmetic out of the training's, with its operations
 */
export function withLayerArithmetic(
  { layers }: Network,
  change: (arithmetic: Arithmetic) => Arithmetic,
): Network {
  const changed = ({ curvature: _, ...layer }: Layer): Layer => ({
    ...layer,
    forward: (arithmetic, ...rest) => layer.forward(change(arithmetic), ...rest),
    backward: (arithmetic, ...rest) => layer.backward(change(arithmetic), ...rest),
    gradient: (arithmetic, ...rest) => layer.gradient(change(arithmetic), ...rest),
  });
  return { layers: layers.map(changed) };
}
