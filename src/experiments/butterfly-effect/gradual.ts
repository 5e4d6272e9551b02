/** Notebook 04: the two timelines while they grow. */

import type { Gradual } from "../../core/network/gradual.js";
import { toParameters } from "../../core/network/network.js";
import type { Training } from "../../core/network/train.js";
import { mapped, trainedGradually, wishesOf } from "../gradual.js";
import { disagreement } from "../plane.js";
import { quickEvaluation } from "../quick.js";
import { drawTask, type Task } from "../task.js";
import type { ButterflyParameters } from "./butterfly-effect.js";
import { distance, lengthOf, type Nudge, nudged } from "./nudge.js";
import { type Comparison, type Timeline, timelineOf, trainMembers } from "./timelines.js";

/** Trainings as far as they are: without the nudge, with it, and once more without. */
export interface Twins extends Task {
  nudge: Nudge;
  trainings: readonly Training[];
}

/** The trainings of `runTimelines`, epoch by epoch. */
export function twinsGradually(parameters: ButterflyParameters): Gradual<Twins> {
  const { data, initial } = drawTask(parameters);
  const { network, nudge } = nudged(initial, parameters);
  const members = [initial, network, initial].map((start) => ({ initial: start, train: data.train }));
  return mapped(trainedGradually(wishesOf(trainMembers.steps(parameters, members))), (trainings) => ({
    data,
    initial,
    nudge,
    trainings,
  }));
}

/** What a panel shows of the twins: all of a comparison but what it takes to align them. */
export type Look = Omit<Comparison, "alignedDistance" | "barrier" | "lossGap">;

/**
 * Compares twins as `runTimelines` does.
 *
 * @param most - epochs looked at, at most, besides the last; all by default
 */
export function compareTwins(
  { data, trainings }: Twins,
  most: number = Number.POSITIVE_INFINITY,
): { nudged: Look; repeated: Timeline } {
  const [first, second, again] = trainings.map((training) => thinned(training, most));
  const networks: [Training["network"], Training["network"]] = [first.network, second.network];
  const [own, other] = networks.map(toParameters);
  return {
    nudged: {
      ...timelineOf(first, second),
      relativeDistance: distance(own, other) / lengthOf(own),
      churn: disagreement(...networks, data.test.points),
      networks,
      evaluations: [quickEvaluation(networks[0], data.test), quickEvaluation(networks[1], data.test)],
    },
    repeated: timelineOf(first, again),
  };
}

/** A training looked at less often; what there is of its end stays. */
function thinned(training: Training, most: number): Training {
  const { history } = training;
  const step = Math.max(1, Math.ceil(history.length / most));
  const isKept = (_: unknown, i: number): boolean => i % step === 0 || i === history.length - 1;
  return { ...training, history: history.filter(isKept), snapshots: looksOf(training).filter(isKept) };
}

/** A copy for each record: where a training was halted between two looks, the network as it is there. */
function looksOf({ network, history, snapshots }: Training): Training["snapshots"] {
  return history.map(({ epoch }, i) => snapshots[i] ?? { epoch, network });
}
