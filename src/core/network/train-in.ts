/** Trains in any arithmetic, also in one that is none of the formats, such as double-double. */
import type { Arithmetic } from "../arithmetic/arithmetic.js";
import { eagerTrainer } from "./eager-trainer.js";
import { type Training, trainBy } from "./train.js";
import { planOf, type TrainOptions } from "./train-options.js";

/**
 * Trains as `train` does, with every operation in `arithmetic`: data, constants and parameters are converted to it first.
 * The networks returned have its matrices.
 *
 * @throws RangeError or TypeError as `train` does
 */
export function trainIn(
  arithmetic: Arithmetic,
  options: Omit<TrainOptions, "arithmetic" | "count" | "path">,
): Training {
  const plan = planOf(options);
  const arithmetics = {
    forward: arithmetic,
    loss: arithmetic,
    backward: arithmetic,
    update: arithmetic,
    evaluation: arithmetic,
  };
  return trainBy(plan, eagerTrainer(plan.trainer, { arithmetics, nextStep: () => 0 }));
}
