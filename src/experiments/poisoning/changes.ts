/**
 * Notebook 03: changes of a training, one at a time. The lies, the same points left out, and harmless
 * changes that nobody would call an attack: the lies have to exceed their effect.
 */
import type { Training } from "../../core/network/train.js";
import { nudged } from "../butterfly-effect/nudge.js";
import { type Measurement, measurement } from "../measurement.js";
import { drawTask, type Task, type TaskOptions, type TaskParameters, trainingSteps } from "../task.js";
import { withFlips } from "./attacks.js";

/** Trains with one change; data, initial weights and order otherwise stay. */
export type Change = Measurement<[parameters: TaskParameters, task: Task, options?: TaskOptions], Training>;

/** The labels of some points turned to the other class. */
export function flipping(indices: readonly number[]): Change {
  return measurement((parameters, task, options) =>
    trainingSteps(parameters, withFlips(task, indices), options),
  );
}

/** Some points left out, while the others keep their order. */
export function leavingOut(indices: readonly number[]): Change {
  return measurement((parameters, task, options) =>
    trainingSteps(parameters, task, { ...options, leftOut: indices }),
  );
}

/** The harmless changes, by their names. */
export type Control = "another order" | "a nudge of 1e-14" | "other initial weights";

/** Trains with a harmless change: another order of the points, 1e-14 on the first weight, other initial weights. */
export const CONTROLS: Readonly<Record<Control, Change>> = {
  "another order": measurement((parameters, task, options) => {
    const orderSeed = otherSeed(parameters.orderSeed ?? parameters.seed);
    return trainingSteps({ ...parameters, orderSeed }, task, options);
  }),
  "a nudge of 1e-14": measurement((parameters, { data, initial }, options) => {
    const { network } = nudged(initial, { nudge: 1e-14, nudgedParameter: 0 });
    return trainingSteps(parameters, { data, initial: network }, options);
  }),
  "other initial weights": measurement((parameters, { data }, options) => {
    const weightsSeed = otherSeed(parameters.weightsSeed ?? parameters.seed);
    const { initial } = drawTask({ ...parameters, weightsSeed });
    return trainingSteps(parameters, { data, initial }, options);
  }),
};

/** A seed for another order or other weights, far from the seeds of a sweep. */
export function otherSeed(seed: number): number {
  const far = 1_000_000;
  return seed < far ? seed + far : seed - far;
}
