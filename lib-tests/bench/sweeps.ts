/** A sweep over worker threads: trainings of 32 seeds, 500 epochs of single samples each. */
import { type Measurement, measurement, trained } from "../../src/experiments/measurement.js";
import { sweep } from "../../src/sweep/index.js";
import { type Contender, processorTime, timed, wallTime } from "./contender.js";
import { firstBuild, thisBuild } from "./epochs.js";
import { plainTraining } from "./plain.js";
import { lossOf, optionsBy, type Task, trainingBy } from "./training.js";

const seeds = Array.from({ length: 32 }, (_, i) => i + 1);
const EPOCHS = 500;
const taskOf = (seed: number): Task => ({
  hiddenLayers: [10],
  batchSize: 1,
  arithmetic: "binary64",
  seed,
});

/** Wishes for its training, so that a sweep may do it beside others. */
export const trainHere: Measurement<[seed: number], number> = measurement(function* (seed: number) {
  return lossOf(yield* trained(optionsBy(thisBuild, taskOf(seed))(EPOCHS)));
});
export const trainFirst = (seed: number): number => trainingBy(firstBuild, taskOf(seed))(EPOCHS);
export const trainPlainly = (seed: number): number => plainTraining(taskOf(seed))(EPOCHS);

/** The loss of each seed in the end. */
async function sweepOf32(train: (seed: number) => number, workers: number): Promise<number[]> {
  return sweep(seeds, train, { workers, modules: [__filename] });
}

/** Who sweeps on one worker, in processor time. A unit of work is the whole sweep. */
export function sweepers(): Contender[] {
  return [
    contender("machine", trainHere, 1, processorTime),
    contender("first build", trainFirst, 1, processorTime),
    contender("plain loop", trainPlainly, 1, processorTime),
  ];
}

/** Numbers of workers, by the clock on the wall. A unit of work is the whole sweep. */
export function workers(): Contender[] {
  return [contender("2 workers", trainHere, 2, wallTime), contender("1 worker", trainHere, 1, wallTime)];
}

function contender(
  name: string,
  train: (seed: number) => number,
  workers: number,
  clock: () => number,
): Contender {
  return {
    name,
    run: (count) =>
      timed(async () => {
        let losses: number[] = [];
        for (let i = 0; i < count; i++) losses = await sweepOf32(train, workers);
        return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      }, clock),
  };
}
