/** Who trains epoch by epoch. */
import { moonsSplit } from "../../src/core/moons.js";
import { createNetwork } from "../../src/core/network/initialisation.js";
import { train } from "../../src/core/network/train.js";
import { startChildren } from "./children.js";
import { type Contender, timed } from "./contender.js";
import { plainTraining } from "./plain.js";
import { type Build, FIRST_BUILD, type Task, trainingBy } from "./training.js";

export const thisBuild: Build = { train, createNetwork, moonsSplit };
export const firstBuild: Build = require(FIRST_BUILD);

/** The machine, the default path of this build. */
export const machine = (task: Task, name = "machine"): Contender =>
  trainer(name, trainingBy(thisBuild, task));

/** Whether an epoch takes so long that fewer have to do. */
export const isLarge = ({ hiddenLayers }: Task): boolean => Math.max(...hiddenLayers) > 10;

/**
 * All who can do a task, the machine first.
 *
 * @param warmUp - the number of epochs after which all have to come to the same loss
 * @param onVersion - told what each of the others says it is
 */
export async function trainers(
  task: Task,
  warmUp: number,
  onVersion: (version: string) => void,
): Promise<Contender[]> {
  const children = await startChildren(task, warmUp);
  for (const { version } of children) onVersion(version);
  const isPlain = task.arithmetic === "binary64" && task.hiddenLayers.length === 1;
  return [
    machine(task),
    // it would take seconds an epoch
    ...(isLarge(task) ? [] : [trainer("eager path", trainingBy(thisBuild, task, "eager"))]),
    trainer("first build", trainingBy(firstBuild, task)),
    ...(isPlain ? [trainer("plain loop", plainTraining(task))] : []),
    ...children,
  ];
}

function trainer(name: string, training: (epochs: number) => number): Contender {
  return { name, run: (epochs) => timed(() => training(epochs)) };
}
