/**
 * Notebook 03: how much of a change is due to the lies, and how much any change would do. A cluster of lies, the
 * same points left out, another order, other initial weights and a nudge, for several depths and widths.
 */
import type { Network } from "../../core/network/network.js";
import type { Snapshot, Training } from "../../core/network/train.js";
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import { drawTask, type Task, type TaskParameters, trainingSteps } from "../task.js";
import { attackedPoints } from "./attacks.js";
import { CONTROLS, type Control, flipping, leavingOut } from "./changes.js";
import { assessAgainst, measuredPlane } from "./damage.js";
import { ENDS_ONLY } from "./poisoning.js";

/** The share of the plane that changes class with a cluster of lies, with the same points left out, and with each control. */
export type Comparison = Record<"flipped" | "leftOut" | Control, number>;

/** All of the plane that the lies change, as a share. */
export function changedByLies({ flipped }: Comparison): number {
  return flipped;
}

/** The lies' own part of that: the rest after what leaving the same points out does, seed by seed. */
export function poisonsOwn({ flipped, leftOut }: Comparison): number {
  return flipped - leftOut;
}

/** When to compare. */
export interface SensitivityPoint extends TaskParameters {
  flips: number;
  /** Training loss on true labels, in nats, at which to compare. */
  targetLoss: number;
  /** Whether to compare after all epochs as well. */
  isComparedAtEnd: boolean;
}

/** One seed, compared once or twice. */
export interface SensitivityResult {
  /** After all epochs, where that is asked. */
  end?: Comparison;
  /** At the first epoch with the target loss on true labels; undefined if there is none. */
  target?: Comparison & { epoch: number };
}

/** Trains on true labels, on lies, and with each control, and compares along the way. */
export const measureSensitivity: Measurement<[point: SensitivityPoint], SensitivityResult> = measurement(
  function* (point) {
    const { seed, flips, epochs, isComparedAtEnd } = point;
    const task = drawTask(point);
    const { train } = task.data;
    const attacked = attackedPoints(train, { attack: "cluster", flips, seed });
    const plane = measuredPlane(train);

    const arrival = yield* trainingToLoss(point, task);
    const wanted = [...(isComparedAtEnd ? [epochs] : []), ...(arrival ? [arrival.epoch] : [])];
    const changes = { flipped: flipping(attacked), leftOut: leavingOut(attacked), ...CONTROLS };
    const names = Object.keys(changes) as (keyof Comparison)[];
    const all = [...names.map((name) => changes[name]), ...(isComparedAtEnd ? [flipping([])] : [])];
    const trainings = yield* together(
      all.map(({ steps }) =>
        steps({ ...point, epochs: Math.max(0, ...wanted) }, task, {
          recordEvery: ENDS_ONLY,
          snapshots: wanted,
        }),
      ),
    );
    const clean: Training | undefined = trainings[names.length]; // true labels

    const compareAt = (epoch: number, reference: Network): Comparison => {
      const assess = assessAgainst(reference, task.data, plane, attacked);
      const shares = names.map((name, i) => [name, assess(networkAt(trainings[i], epoch)).plane]);
      return Object.fromEntries(shares);
    };
    return {
      ...(clean && { end: compareAt(epochs, clean.network) }),
      ...(arrival && { target: { epoch: arrival.epoch, ...compareAt(arrival.epoch, arrival.network) } }),
    };
  },
);

/** The network when it first has the target loss, and after which epoch; undefined if it never has. */
function* trainingToLoss(
  { targetLoss, ...parameters }: SensitivityPoint,
  task: Task,
): Steps<{ epoch: number; network: Network } | undefined> {
  const { history, network } = yield* trainingSteps(parameters, task, { recordEvery: ENDS_ONLY, targetLoss });
  const { epoch, train } = history[history.length - 1];
  return train.loss <= targetLoss ? { epoch, network } : undefined;
}

/** The copy that a training kept after some epochs. */
export function networkAt({ snapshots }: Training, epoch: number): Network {
  return (snapshots.find((snapshot) => snapshot.epoch === epoch) as Snapshot).network;
}
