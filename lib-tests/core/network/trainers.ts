/** Both paths of training, and how to lead a trainer through given batches. */
import { eagerTrainer } from "../../../src/core/network/eager-trainer.js";
import { machineTrainer } from "../../../src/core/network/machine-trainer.js";
import { plainObjective } from "../../../src/core/network/objective.js";
import { gradientDescent } from "../../../src/core/network/step.js";
import type { Trainer, TrainerOptions } from "../../../src/core/network/trainer.js";

/** The two paths by name. */
export const trainers: readonly [name: string, make: (options: TrainerOptions) => Trainer][] = [
  ["eager", eagerTrainer],
  ["machine", machineTrainer],
];

/** Nothing but descent on the mean loss. */
export const plainly: Pick<TrainerOptions, "objective" | "rule" | "labelSmoothing"> = {
  objective: plainObjective,
  rule: gradientDescent,
  labelSmoothing: 0,
};

/** Takes one step for each batch; returns the training loss before the first and after each. */
export function lossesOver(
  trainer: Trainer,
  train: TrainerOptions["train"],
  batches: readonly (readonly number[])[],
): number[] {
  const losses = [trainer.evaluate(train).loss];
  for (const batch of batches) {
    trainer.run(Int32Array.from(batch), 0, batch.length, batch.length);
    losses.push(trainer.evaluate(train).loss);
  }
  return losses;
}
