/** The training that every contender does, and how a build of this project is told to do it. */
import { resolve } from "node:path";
import type { PrecisionChoice } from "../../src/core/arithmetic/precision.js";
import type { moonsSplit } from "../../src/core/moons.js";
import type { createNetwork } from "../../src/core/network/initialisation.js";
import type { Training, train } from "../../src/core/network/train.js";
import type { TrainOptions } from "../../src/core/network/train-options.js";

/** What to train: Two Moons of 250 points. */
export interface Task {
  hiddenLayers: readonly number[];
  batchSize: "full" | 1;
  arithmetic: PrecisionChoice;
  seed: number;
}

/** Small enough that rounding differences do not grow: then all can be compared. */
export const learningRateOf = ({ batchSize }: Task): number => (batchSize === "full" ? 0.5 : 0.05);

/** Makes the points of a task. */
export const pointsOf = (make: typeof moonsSplit, { seed }: Task): ReturnType<typeof moonsSplit>["train"] =>
  make({ trainPoints: 250, testPoints: 2, noise: 0.15, seed }).train;

/** What the first build and this one have in common: its networks look otherwise, but nobody looks at them here. */
export interface Build {
  moonsSplit: typeof moonsSplit;
  createNetwork: typeof createNetwork;
  train: typeof train;
}

/** The first build's training, minified; see freeze.ts. */
export const FIRST_BUILD: string = resolve(__dirname, "../../../lib-tests/bench/first-build.js");

/**
 * Prepares a training from the start to any number of epochs >= 1, which gives the mean loss in the end. A full batch's loss is
 * recorded after every epoch, that of single samples after the last.
 */
export function trainingBy(build: Build, task: Task, path?: "machine" | "eager"): (epochs: number) => number {
  const optionsOf = optionsBy(build, task);
  return (epochs) => lossOf(build.train({ ...optionsOf(epochs), ...(path && { path }) }));
}

/** The options of that training. */
export function optionsBy(
  { createNetwork, moonsSplit }: Omit<Build, "train">,
  task: Task,
): (epochs: number) => TrainOptions {
  const { hiddenLayers, batchSize, arithmetic, seed } = task;
  const network = createNetwork({ hiddenLayers, seed });
  const data = pointsOf(moonsSplit, task);
  return (epochs) => ({
    network,
    train: data,
    learningRate: learningRateOf(task),
    batchSize,
    epochs,
    seed,
    recordEvery: batchSize === "full" ? 1 : epochs,
    arithmetic,
  });
}

/** The mean loss in the end. */
export function lossOf({ history }: Training): number {
  return history[history.length - 1].train.loss;
}
