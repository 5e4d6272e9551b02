/** Notebook 03: defences against lies in the labels, and their cost when there are none. */
import { evaluate } from "../../core/network/evaluate.js";
import type { Network } from "../../core/network/network.js";
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import { drawTask, type Task, type TaskParameters, trainingSteps } from "../task.js";
import { attackedPoints, flipLabels, withFlips, withTraining } from "./attacks.js";
import { assessAgainst, measuredPlane } from "./damage.js";
import { holdOut } from "./held-out.js";
import { outvoted } from "./label-cleaning.js";
import { ENDS_ONLY, endOf, type PoisoningParameters } from "./poisoning.js";

/** The defences; the first is none. */
export type PoisonDefenceName =
  | "none"
  | "early stopping"
  | "weight decay"
  | "label smoothing"
  | "neighbours' labels";

/** A seed to defend. */
export type DefencePoint = TaskParameters &
  Pick<PoisoningParameters, "flips" | "heldOutShare" | "patience" | "decay" | "smoothing" | "neighbours"> & {
    defence: PoisonDefenceName;
  };

/** One defence on one seed, with lies and without. */
export interface DefenceResult {
  seed: number;
  /** Accuracy on the test points when no label was flipped. */
  cleanAccuracy: number;
  /** Share of the plane that a cluster of lies changes, against the same defence without lies. */
  plane: number;
  /** The same for scattered lies. */
  planeScattered: number;
  /** What the cluster costs in accuracy. */
  accuracyDrop: number;
  /** How many of the cluster are learnt. */
  captured: number;
  /** Where labels are cleaned: the lies of the cluster that are true again, and without lies the true labels turned wrong. */
  cleaned?: { restored: number; harmed: number };
}

/** Trains on data that may hold lies, without knowing them. */
type Defence = (point: DefencePoint, task: Task) => Steps<Network>;

/** Every defence by name; first none. */
export const DEFENCES: Readonly<Record<PoisonDefenceName, Defence>> = {
  none: endOf.steps,
  *"early stopping"(parameters, task) {
    // nobody checks the held-out points either: they may hold lies like the rest
    const { train, heldOut } = holdOut(task.data.train, parameters.heldOutShare, parameters.seed);
    const { network } = yield* trainingSteps(parameters, withTraining(task, train), {
      recordEvery: ENDS_ONLY,
      earlyStopping: { heldOut, patience: parameters.patience },
    });
    return network;
  },
  "weight decay": (parameters, task) => endOf.steps({ ...parameters, weightDecay: parameters.decay }, task),
  "label smoothing": (parameters, task) =>
    endOf.steps({ ...parameters, labelSmoothing: parameters.smoothing }, task),
  "neighbours' labels": (parameters, task) =>
    endOf.steps(parameters, withFlips(task, outvoted(task.data.train, parameters.neighbours))),
};

/** A defence on a seed: without lies, and against scattered and clustered ones. */
export const measureDefence: Measurement<[point: DefencePoint], DefenceResult> = measurement(
  function* (point) {
    const { defence, flips, seed, neighbours } = point;
    const task = drawTask(point);
    const { train } = task.data;
    const plane = measuredPlane(train);
    const cluster = attackedPoints(train, { attack: "cluster", flips, seed });
    const scattered = attackedPoints(train, { attack: "random", flips, seed });
    const defend = (lies: readonly number[]): Steps<Network> =>
      DEFENCES[defence](point, withFlips(task, lies));
    const [clean, poisoned, peppered] = yield* together([[], cluster, scattered].map(defend));
    const assess = assessAgainst(clean, task.data, plane, cluster);
    const { plane: changed, accuracyDrop, captured } = assess(poisoned);
    return {
      seed,
      cleanAccuracy: evaluate(clean, task.data.test).accuracy,
      plane: changed,
      planeScattered: assess(peppered).plane,
      accuracyDrop,
      captured,
      ...(defence === "neighbours' labels" && {
        cleaned: {
          restored: outvoted(flipLabels(train, cluster), neighbours).filter((i) => cluster.includes(i))
            .length,
          harmed: outvoted(train, neighbours).length,
        },
      }),
    };
  },
);
