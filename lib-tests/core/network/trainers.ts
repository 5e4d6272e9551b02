/** Both paths of training, and how to lead a trainer through given batches. */
import { fusedTrainer } from "../../../src/core/network/logits.js";
import { readableTrainer, type Trainer, type TrainerOptions } from "../../../src/core/network/trainer.js";

/** The two paths by name. */
export const trainers: readonly [name: string, make: (options: TrainerOptions) => Trainer][] = [
  ["readable", readableTrainer],
  ["fast", fusedTrainer],
];

/** Takes one step for each batch; returns the training loss before the first and after each. */
export function lossesOver(
  trainer: Trainer,
  train: TrainerOptions["train"],
  batches: readonly (readonly number[])[],
): number[] {
  const losses = [trainer.evaluate(train).loss];
  for (const batch of batches) {
    trainer.step(Int32Array.from(batch), 0, batch.length);
    losses.push(trainer.evaluate(train).loss);
  }
  return losses;
}
