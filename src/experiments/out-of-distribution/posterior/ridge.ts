/** Where the top of a posterior has a kink: on a training point where a neuron switches. */
import type { Dataset } from "../../../core/moons.js";
import { forward } from "../../../core/network/forward-backward.js";
import { hiddenBlocks, type Network } from "../../../core/network/network.js";

/** The activations that have a kink at 0. */
const KINKED: ReadonlySet<string> = new Set(["relu", "leaky-relu"]);

/** A point lies on a neuron's line where the neuron's input is less than this times its largest at any point. */
const ON_LINE = 1e-5;

/** A longer gradient at a top does not vanish; a climb to a smooth one ends at far less. */
const STEEP = 1e-3;

/**
 * How many training points lie on the line of a neuron with a kink, each counted once. A neuron that the prior has shrunk to nothing
 * has an input near 0 everywhere, but no line.
 */
export function pointsOnLines(network: Network, { points }: Dataset): number {
  const { layers } = forward(network, points);
  const found = new Set<number>();
  for (const { rest, first } of hiddenBlocks(network)) {
    const kink = rest.findIndex(({ kind }) => KINKED.has(kind));
    if (kink === -1) continue;
    // what the activation is given
    const { output } = layers[first + kink];
    for (let j = 0; j < output.columns; j++) {
      const sizes = output.getColumn(j).map(Math.abs);
      const near = ON_LINE * Math.max(...sizes);
      for (const [i, size] of sizes.entries()) if (size < near) found.add(i);
    }
  }
  return found.size;
}

/**
 * Whether a top is a ridge: the gradient jumps there instead of vanishing.
 *
 * @param top - the points on lines there, and the length of the gradient
 */
export function isRidge({ onLines, slope }: { onLines: number; slope: number }): boolean {
  return onLines > 0 && slope > STEEP;
}
