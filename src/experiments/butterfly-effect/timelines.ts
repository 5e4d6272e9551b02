/** Two trainings from almost the same start, epoch by epoch: how far apart do they get, and how does one notice? */
import type { PrecisionChoice } from "../../core/arithmetic/precision.js";
import type { Dataset, Split } from "../../core/moons.js";
import { align, isPlain } from "../../core/network/alignment.js";
import { type Evaluation, evaluate } from "../../core/network/evaluate.js";
import { type Network, toParameters, withParameters } from "../../core/network/network.js";
import type { Training } from "../../core/network/train.js";
import { type Measurement, measurement, together, trained } from "../measurement.js";
import { disagreement } from "../plane.js";
import { meanOf } from "../statistics.js";
import { drawTask, type Task, type TaskParameters, trainOptionsOf } from "../task.js";
import { type ButterflyParameters, PARTED, VISIBLE } from "./butterfly-effect.js";
import { distance, lengthOf, type Nudge, nudged } from "./nudge.js";

/** One of several trainings. */
export interface Member {
  /** The network that it starts from. */
  initial: Network;
  /** Its training points. */
  train: Dataset;
  /** The numbers to train in; `binary64` by default. */
  arithmetic?: PrecisionChoice;
  /** Seed of the order in which it meets the points; that of the parameters by default. */
  orderSeed?: number;
}

/** The most looks after the first; more are too many to draw. */
const DRAWN = 600;

/**
 * Trains each member with the same hyperparameters, in the same order of the points unless it has its own.
 *
 * @param looks - the most looks at each after the start: a snapshot and a record each
 */
export const trainMembers: Measurement<
  [parameters: TaskParameters, members: readonly Member[], looks?: number],
  Training[]
> = measurement(function* (parameters, members, looks = DRAWN) {
  const { epochs } = parameters;
  const recordEvery = Math.max(1, Math.ceil(epochs / looks));
  const snapshots = [
    ...Array.from({ length: Math.ceil(epochs / recordEvery) }, (_, i) => i * recordEvery),
    epochs,
  ];
  return yield* together(
    members.map(({ initial, train, arithmetic = "binary64", orderSeed = parameters.orderSeed }) =>
      trained(
        trainOptionsOf(
          { ...parameters, orderSeed },
          { data: { train }, initial },
          { arithmetic, recordEvery, snapshots },
        ),
      ),
    ),
  );
});

/** Two trainings, epoch by epoch. */
export interface Timeline {
  /** Epochs of the looks, from 0 on. */
  epochs: number[];
  /** Mean loss of each on its training points. */
  losses: [number[], number[]];
  /** The distance of the two losses. */
  lossDifference: number[];
  /** Euclidean distance of the two lists of parameters. */
  distance: number[];
  /** First look after which the distance was at least {@link PARTED}; null if there was none. */
  parted: number | null;
  /** First look after which a chart with a linear axis shows two curves; null if there was none. */
  visible: number | null;
  /**
   * The factor by which the distance grew until halfway to `visible`; null if there is no such epoch
   * or if the two started from the same parameters.
   */
  grownHalfway: number | null;
  /** First look after which a loss or a parameter was no longer finite; null if there was none. */
  broken: number | null;
  /** Whether the two have the same bits at every look. */
  isIdentical: boolean;
}

/** The timeline of two trainings with looks after the same epochs; see {@link trainMembers}. */
export function timelineOf(first: Training, second: Training): Timeline {
  const epochs = first.snapshots.map(({ epoch }) => epoch);
  const [own, other] = [first, second].map(({ snapshots }) =>
    snapshots.map(({ network }) => toParameters(network)),
  );
  const lossesOf = ({ history }: Training): number[] => history.map(({ train }) => train.loss);
  const losses: [number[], number[]] = [lossesOf(first), lossesOf(second)];
  const distances = own.map((parameters, i) => distance(parameters, other[i]));
  const lossDifference = losses[0].map((loss, i) => Math.abs(loss - losses[1][i]));
  const height = losses
    .flat()
    .filter(Number.isFinite)
    .reduce((x, y) => Math.max(x, y), 0);
  const epochOf = (at: number): number | null => (at < 0 ? null : epochs[at]);
  const seenAt = lossDifference.findIndex((gap) => gap / height >= VISIBLE);
  const [start] = distances;
  return {
    epochs,
    losses,
    lossDifference,
    distance: distances,
    parted: epochOf(distances.findIndex((value) => value >= PARTED)),
    visible: epochOf(seenAt),
    grownHalfway: seenAt > 0 && start > 0 ? distances[Math.floor(seenAt / 2)] / start : null,
    broken: epochOf(distances.findIndex((value, i) => !Number.isFinite(value + losses[0][i] + losses[1][i]))),
    isIdentical: own.every((parameters, i) => parameters.every((value, k) => Object.is(value, other[i][k]))),
  };
}

/** Distance of the parameters at the end. */
export function lastDistance({ distance }: Timeline): number {
  return distance[distance.length - 1];
}

/** The differences of two trainings at their end. */
export interface Ending {
  /** Euclidean distance of the parameters, as a share of the length of the first one's. */
  relativeDistance: number;
  /** The same once neurons are aligned and scales balanced; see `align`. */
  alignedDistance: number;
  /**
   * How far the loss on the training points rises on the straight line between the two, aligned, above the line between
   * their losses, in nats (Frankle et al. 2020, Linear mode connectivity and the lottery ticket hypothesis).
   */
  barrier: number;
  /** Share of the test points on which the two disagree. */
  churn: number;
  /** Mean of |a - b| / (a + b) of the two losses over the last quarter of the looks, 0 to 1. */
  lossGap: number;
}

/** Compares the ends of two trainings. */
export function endingOf(first: Training, second: Training, { train, test }: Split): Ending {
  const [own, other] = [first, second].map(({ network }) => network);
  const gaps = first.history.map(({ train: { loss } }, i) => {
    const otherLoss = second.history[i].train.loss;
    return loss === otherLoss ? 0 : Math.abs(loss - otherLoss) / (loss + otherLoss);
  });
  const parameters = toParameters(own);
  return {
    relativeDistance: distance(parameters, toParameters(other)) / lengthOf(parameters),
    ...alignedEnding(own, other, train),
    churn: disagreement(own, other, test.points),
    lossGap: meanOf(gaps.slice(Math.floor((3 * gaps.length) / 4))),
  };
}

/** Pieces of the straight line between two networks. */
const LINE = 20;

/** The differences of two networks once their neurons are aligned; NaN where squares overflow, or {@link align} has no answer. */
function alignedEnding(
  own: Network,
  other: Network,
  train: Dataset,
): Pick<Ending, "alignedDistance" | "barrier"> {
  const isSound = [own, other].every((network) => Number.isFinite(lengthOf(toParameters(network))));
  if (!isSound || !isPlain(own)) return { alignedDistance: Number.NaN, barrier: Number.NaN };
  const aligned = align(own, other);
  const [from, to] = [toParameters(aligned.reference), toParameters(aligned.other)];
  const losses = Array.from({ length: LINE + 1 }, (_, i) => {
    const between = from.map((value, k) => value + (i / LINE) * (to[k] - value));
    return evaluate(withParameters(own, between), train).loss;
  });
  const rises = losses.map((loss, i) => loss - losses[0] - (i / LINE) * (losses[LINE] - losses[0]));
  return {
    alignedDistance: aligned.distance / lengthOf(from),
    barrier: rises.reduce((most, rise) => Math.max(most, rise), 0),
  };
}

/** Two trainings from their start to their end. */
export interface Comparison extends Timeline, Ending {
  /** The networks at the end. */
  networks: [Network, Network];
  /** Their loss and accuracy on the test points. */
  evaluations: [Evaluation, Evaluation];
}

/** Compares two trainings with looks after the same epochs; see {@link trainMembers}. */
export function compareTrainings(first: Training, second: Training, data: Split): Comparison {
  return {
    ...timelineOf(first, second),
    ...endingOf(first, second, data),
    networks: [first.network, second.network],
    evaluations: [evaluate(first.network, data.test), evaluate(second.network, data.test)],
  };
}

/** The two timelines: the same training with and without the nudge, and once more without. */
export interface Timelines extends Task {
  nudge: Nudge;
  /** Without the nudge and with it. */
  nudged: Comparison;
  /** Without the nudge, twice: the control. */
  repeated: Timeline;
}

/** Draws a task, nudges one weight, trains and compares. */
export function runTimelines(parameters: ButterflyParameters): Timelines {
  const { data, initial } = drawTask(parameters);
  const other = nudged(initial, parameters);
  const { train } = data;
  const [first, second, again] = trainMembers(parameters, [
    { initial, train },
    { initial: other.network, train },
    { initial, train },
  ]);
  return {
    data,
    initial,
    nudge: other.nudge,
    nudged: compareTrainings(first, second, data),
    repeated: timelineOf(first, again),
  };
}
