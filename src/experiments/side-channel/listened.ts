/** A network in training, and what the panel of notebook 06 measures of it. */

import { selectPoints } from "../../core/moons.js";
import { forward } from "../../core/network/forward-backward.js";
import type { Gradual } from "../../core/network/gradual.js";
import { mapped, remembered, taskGradually } from "../gradual.js";
import { type PlaneGrid, type Rectangle, rectangleAround } from "../plane.js";
import type { TaskParameters, TrainedTask } from "../task.js";
import { activityOf, type Leak, leakOf, savedShare } from "./leakage.js";
import {
  activeCountOnPlane,
  type LeakResult,
  leaksOf,
  outputRange,
  type PowerReadings,
  powerReadings,
} from "./side-channel.js";
import { agreement, copyFrom } from "./theft.js";
import type { Loot } from "./thief.js";

/** What of a trained network does not depend on the input. */
export interface Measured {
  result: LeakResult;
  readings: PowerReadings;
  leak: Leak;
  counts: PlaneGrid;
  /** Of the neurons' outputs at the training points. */
  range: [number, number];
}

/** A network as far as it is trained. */
export interface Listened extends TrainedTask {
  /** @param area - of the map; around the moons by default */
  measured(isMoving: boolean, area?: Rectangle): Measured;
  /** Share of the multiplications that a device saves at the test points if it pads. */
  savedPadded(padding: number): number;
  /** A copy made of what a thief has, how many labels it took, and the share of the moons' square where both say the same. */
  copied(loot: Loot): { labels: number; agreement: number };
}

/** Test points at which a network is measured while it moves. */
const FEW = 200;

function measure(
  { data, training: { network } }: TrainedTask,
  { seed, testPoints }: TaskParameters,
  isMoving: boolean,
  area: Rectangle | undefined,
): Measured {
  const every = isMoving ? Math.max(1, Math.floor(testPoints / FEW)) : 1;
  const some = Array.from({ length: testPoints }, (_, i) => i).filter((i) => i % every === 0);
  const seen = isMoving ? { ...data, test: selectPoints(data.test, some) } : data;
  const readings = powerReadings(network, seen);
  return {
    result: leaksOf(network, seen, seed),
    readings,
    leak: leakOf(readings.count),
    counts: activeCountOnPlane(network, area ?? rectangleAround(data.train, 0.5), isMoving ? 32 : 80),
    range: outputRange(network, data.train),
  };
}

/** Trains, so that it can be measured on the way. */
export function listened(task: TaskParameters): Gradual<Listened> {
  return mapped(taskGradually(task, { recordEvery: Math.max(1, task.epochs) }), (run) => ({
    ...run,
    measured: remembered((isMoving: boolean, area?: Rectangle) => measure(run, task, isMoving, area)),
    savedPadded: remembered((padding: number) => {
      const { network } = run.training;
      return savedShare(network, activityOf(network, forward(network, run.data.test.points)), padding);
    }),
    copied: remembered((loot: Loot) => {
      const { network } = run.training;
      const copy = copyFrom(network, loot, task.seed);
      return { labels: copy.queries, agreement: agreement(network, copy.network, run.data).square };
    }),
  }));
}
