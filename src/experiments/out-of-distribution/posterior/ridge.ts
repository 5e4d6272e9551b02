/** Where the top of a posterior has a kink: on a training point where a neuron switches. */
import type { Dataset } from "../../../core/moons.js";
import { forward } from "../../../core/network/forward-backward.js";
import { hiddenBlocks, type Network } from "../../../core/network/network.js";
import type { FoundTop } from "./posterior.js";

/** The activations that have a kink at 0. */
const KINKED: ReadonlySet<string> = new Set(["relu", "leaky-relu"]);

/** A point lies on a neuron's line where the neuron's input is less than this times the length of its weights and bias. */
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
  for (const { dense, rest, first } of hiddenBlocks(network)) {
    const kink = rest.findIndex(({ kind }) => KINKED.has(kind));
    if (kink === -1) continue;
    const { weights, biases } = dense.parameters;
    // the input of the activation
    const { output } = layers[first + kink];
    for (let j = 0; j < output.columns; j++) {
      const squares = weights.getColumn(j).reduce((sum, w) => sum + w * w, biases.get(0, j) ** 2);
      const nearest = ON_LINE * Math.sqrt(squares);
      for (const [i, value] of output.getColumn(j).entries()) {
        if (Math.abs(value) < nearest) found.add(i);
      }
    }
  }
  return found.size;
}

/** Whether a top is a ridge: points lie on lines there, and the gradient jumps instead of vanishing. */
export function isRidge({ onLines, slope }: FoundTop): boolean {
  return onLines > 0 && slope > STEEP;
}
