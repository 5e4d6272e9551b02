import type { TaskParameters } from "./task.js";

/** Number of weights and biases of a task's network; those of a normalization are not counted. */
export function weightCount({ hiddenLayers }: Pick<TaskParameters, "hiddenLayers">): number {
  const sizes = [2, ...hiddenLayers, 1];
  return sizes.slice(1).reduce((sum, outputs, l) => sum + outputs * (sizes[l] + 1), 0);
}
