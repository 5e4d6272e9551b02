/**
 * Notebook 04: two trainings that differ in almost nothing. How far apart do they get, and how would one notice?
 * Here: the hyperparameters, the nudge, and the comparison of two trainings. When trainings part stands in map.ts, what
 * real machines do in seeds.ts, what keeps them together, and what depth does, in twins.ts.
 */
import * as z from "zod/mini";
import type { Dataset } from "../../core/moons.js";
import { align, isPlain } from "../../core/network/alignment.js";
import { evaluate } from "../../core/network/evaluate.js";
import { type Network, toParameters, withParameters } from "../../core/network/network.js";
import type { BatchSize } from "../../core/network/train-options.js";
import { exponentOf, powerOfTwo } from "../../core/powers.js";
import { documented, parse } from "../../core/validate.js";
import { disagreement } from "../plane.js";
import {
  drawTask,
  type SweepParameters,
  sweepShape,
  type Task,
  type TaskParameters,
  taskShape,
} from "../task.js";
import { type Lockstep, lockstep, type Member } from "./lockstep.js";
import { distance } from "./lyapunov.js";

/** The hyperparameters of notebook 04. */
export interface ButterflyParameters extends TaskParameters, SweepParameters {
  /** What is added to one initial parameter. */
  nudge: number;
  /** Index of that parameter, from 0, in the order of `toParameters`. */
  nudgedParameter: number;
}

/** What the hyperparameters are allowed to be. */
export const butterflySchema: z.ZodMiniType<ButterflyParameters> = z.strictObject({
  ...taskShape,
  nudge: documented(z.number().check(z.gte(-1000), z.lte(1000)), "What is added to one initial parameter"),
  nudgedParameter: documented(
    z.int().check(z.gte(0)),
    "Which one, from 0: layer by layer, the weights row by row, then the biases",
  ),
  ...sweepShape,
});

/**
 * Checks the hyperparameters of notebook 04.
 *
 * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
 */
export function butterflyParameters(values: ButterflyParameters): ButterflyParameters {
  const parameters = parse(butterflySchema, values, "parameters");
  const count = countParameters(parameters.hiddenLayers);
  if (parameters.nudgedParameter >= count) {
    throw new RangeError(
      `nudgedParameter must be a whole number from 0 to ${count - 1}, got ${parameters.nudgedParameter}`,
    );
  }
  return parameters;
}

function countParameters(hiddenLayers: readonly number[]): number {
  const sizes = [2, ...hiddenLayers, 1];
  return sizes.slice(1).reduce((sum, outputs, l) => sum + (sizes[l] + 1) * outputs, 0);
}

/** A way to train, by its name. */
export interface TrainingSetting {
  learningRate: number;
  batchSize: BatchSize;
  epochs: number;
}

/** The settings that this notebook speaks of. */
export const SETTINGS: Readonly<Record<"calm" | "chaos", TrainingSetting>> = {
  /** Full batch. */
  calm: { learningRate: 2, batchSize: "full", epochs: 1000 },
  /** Single samples. */
  chaos: { learningRate: 0.4, batchSize: 1, epochs: 600 },
};

/** What became of a number that a nudge was added to. */
export interface Nudge {
  before: number;
  after: number;
  /** A unit in the last place of `before`: the distance to the next double away from zero. */
  ulp: number;
  /** What was really added, after rounding. */
  moved: number;
  /** Whether there was something to add and rounding left nothing of it. */
  isSwallowed: boolean;
}

/** A network with one parameter nudged, as far as rounding lets it. */
export function nudged(
  network: Network,
  { nudge, nudgedParameter }: Pick<ButterflyParameters, "nudge" | "nudgedParameter">,
): { network: Network; nudge: Nudge } {
  const parameters = toParameters(network);
  const before = parameters[nudgedParameter];
  const after = before + nudge;
  parameters[nudgedParameter] = after;
  return {
    network: withParameters(network, parameters),
    nudge: {
      before,
      after,
      ulp: unitInLastPlace(before),
      moved: after - before,
      isSwallowed: nudge !== 0 && after === before,
    },
  };
}

/** The distance from |x| to the next larger double. */
export function unitInLastPlace(x: number): number {
  return powerOfTwo(Math.max(x === 0 ? -1022 : exponentOf(x), -1022) - 52);
}

/** Distance of the parameters from which two trainings count as parted: 1e-14 grown by 1e12, or by 27.6 e-foldings. */
export const PARTED = 1e-2;

/** Share of the seeds from which on we say that something happens: one in ten. */
export const HAPPENS = 0.1;

/** Test accuracy from which we say that a network has learnt. */
export const LEARNT = 0.95;

/** Share of the height of a linear loss chart from which two curves can be told apart: some four pixels. */
export const VISIBLE = 0.01;

/** Two trainings, epoch by epoch. */
export interface TimelineComparison {
  /** Epochs after which both were looked at, from 0 on. */
  epochs: number[];
  /** Mean loss on the first one's training points, of either. */
  losses: [number[], number[]];
  /** The distance of the two losses. */
  lossDifference: number[];
  /** Euclidean distance of the two lists of parameters. */
  distance: number[];
  /** The networks at the end. */
  networks: [Network, Network];
  summary: Parting;
}

/** How two trainings parted, in a few numbers. */
export interface Parting {
  /** Euclidean distance of the parameters at the end. */
  distance: number;
  /** The same as a share of the length of the first one's parameters. */
  relativeDistance: number;
  /** The same once neurons are aligned and scales balanced; see `align`. */
  alignedDistance: number;
  /**
   * How far the loss on the training points rises on the straight line between the two, aligned, above the line between
   * their losses, in nats (Frankle et al. 2020, Linear mode connectivity and the lottery ticket hypothesis).
   */
  barrier: number;
  /** Mean of |a - b| / (a + b) of the two losses over the last quarter of the looks, 0 to 1. */
  lossGap: number;
  /** First epoch looked at after which the distance was at least {@link PARTED}; null if there was none. */
  parted: number | null;
  /** First epoch looked at after which a chart with a linear axis shows two curves; null if there was none. */
  visible: number | null;
  /**
   * By what factor the distance had grown from the first to the middle of the epochs until `visible`; null where
   * there was none, or the two started from the same parameters.
   */
  grownHalfway: number | null;
  /** Largest share of the chart's height by which the curves differed. */
  largestGap: number;
  /** Share of the test points on which the two disagree at the end. */
  churn: number;
  /** Share of the test points that each guesses right at the end. */
  accuracy: [number, number];
  /** Loss on the test points of each at the end, in nats. */
  testLoss: [number, number];
  /** First epoch looked at after which a loss or a parameter was no longer finite; null if there was none. */
  broken: number | null;
  /** Whether the two are the same to the bit, at every look. */
  isIdentical: boolean;
}

/** Collects what is seen of two members of a lockstep. */
export interface Watcher {
  look(epoch: number): void;
  finish(test: Dataset): TimelineComparison;
}

/** Watches two members. */
export function watchPair(run: Lockstep, a: number, b: number, train: Dataset): Watcher {
  const epochs: number[] = [];
  const losses: [number[], number[]] = [[], []];
  const distances: number[] = [];
  let isIdentical = true;
  return {
    look(epoch) {
      const [first, second] = [run.parameters(a), run.parameters(b)];
      epochs.push(epoch);
      losses[0].push(run.evaluate(a, train).loss);
      losses[1].push(run.evaluate(b, train).loss);
      distances.push(distance(first, second));
      isIdentical &&= first.every((value, k) => Object.is(value, second[k]));
    },
    finish(test) {
      const networks: [Network, Network] = [run.network(a), run.network(b)];
      const evaluations = [run.evaluate(a, test), run.evaluate(b, test)];
      const lossDifference = losses[0].map((loss, i) => Math.abs(loss - losses[1][i]));
      const height = [...losses[0], ...losses[1]].filter(Number.isFinite).reduce((x, y) => Math.max(x, y), 0);
      const gaps = lossDifference.map((gap) => gap / height);
      const epochOf = (at: number): number | null => (at < 0 ? null : epochs[at]);
      const last = distances[distances.length - 1];
      const own = toParameters(networks[0]);
      const seenAt = gaps.findIndex((gap) => gap >= VISIBLE);
      const start = distances[0];
      const late = lossDifference.map((gap, i) => (gap === 0 ? 0 : gap / (losses[0][i] + losses[1][i])));
      const quarter = late.slice(Math.floor((3 * late.length) / 4));
      return {
        epochs,
        losses,
        lossDifference,
        distance: distances,
        networks,
        summary: {
          distance: last,
          relativeDistance: last / distance(own, new Float64Array(own.length)),
          ...alignedParting(networks, train),
          lossGap: quarter.reduce((sum, gap) => sum + gap, 0) / quarter.length,
          parted: epochOf(distances.findIndex((value) => value >= PARTED)),
          visible: epochOf(seenAt),
          grownHalfway: seenAt > 0 && start > 0 ? distances[Math.floor(seenAt / 2)] / start : null,
          largestGap: gaps.filter(Number.isFinite).reduce((x, y) => Math.max(x, y), 0),
          churn: disagreement(networks[0], networks[1], test.points),
          accuracy: [evaluations[0].accuracy, evaluations[1].accuracy],
          testLoss: [evaluations[0].loss, evaluations[1].loss],
          broken: epochOf(
            distances.findIndex((value, i) => !Number.isFinite(value + losses[0][i] + losses[1][i])),
          ),
          isIdentical,
        },
      };
    },
  };
}

/** Pieces of the straight line between two networks. */
const LINE = 20;

/** What is left between two networks once neurons are aligned; NaN where {@link align} has no answer. */
function alignedParting(
  [own, other]: readonly [Network, Network],
  train: Dataset,
): Pick<Parting, "alignedDistance" | "barrier"> {
  const isSound = [own, other].every((network) => toParameters(network).every(Number.isFinite));
  if (!isSound || !isPlain(own)) return { alignedDistance: Number.NaN, barrier: Number.NaN };
  const aligned = align(own, other);
  const [from, to] = [toParameters(aligned.reference), toParameters(aligned.other)];
  const losses = Array.from({ length: LINE + 1 }, (_, i) => {
    const between = from.map((value, k) => value + (i / LINE) * (to[k] - value));
    return evaluate(withParameters(own, between), train).loss;
  });
  const rises = losses.map((loss, i) => loss - losses[0] - (i / LINE) * (losses[LINE] - losses[0]));
  return {
    alignedDistance: aligned.distance / distance(from, new Float64Array(from.length)),
    barrier: rises.reduce((most, rise) => Math.max(most, rise), 0),
  };
}

/** How often to look at trainings: `epochs` are at most so many looks apart, and few enough to be drawn. */
export interface Looking {
  /** Most looks after the first; 600 by default. */
  looks?: number;
  /** Told of the epochs done, and of how many. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Compares pairs of members of one lockstep.
 *
 * @param pairs - indices of members
 */
export function comparePairs(
  parameters: TaskParameters,
  members: readonly Member[],
  pairs: readonly (readonly [number, number])[],
  test: Dataset,
  { looks = 600, onProgress = () => {} }: Looking = {},
): TimelineComparison[] {
  const { epochs, seed, orderSeed = seed } = parameters;
  const run = lockstep({ ...parameters, seed: orderSeed }, members);
  const watchers = pairs.map(([a, b]) => watchPair(run, a, b, members[a].train));
  const every = Math.max(1, Math.ceil(epochs / looks));
  for (let epoch = 0; ; ) {
    for (const watcher of watchers) watcher.look(epoch);
    if (epoch === epochs) break;
    const next = Math.min(epoch + every, epochs);
    run.advance(next - epoch);
    epoch = next;
    onProgress(epoch, epochs);
  }
  return watchers.map((watcher) => watcher.finish(test));
}

/** The two timelines: the same training with and without the nudge, and once more without. */
export interface Timelines extends Task {
  nudge: Nudge;
  /** Without the nudge against with it. */
  nudged: TimelineComparison;
  /** Without the nudge, twice: the control. */
  repeated: TimelineComparison;
}

/** Runs them. */
export function runTimelines(parameters: ButterflyParameters, looking: Looking = {}): Timelines {
  const task = drawTask(parameters);
  const { train, test } = task.data;
  const other = nudged(task.initial, parameters);
  const members = [task.initial, other.network, task.initial].map((network) => ({ network, train }));
  const pairs = [
    [0, 1],
    [0, 2],
  ] as const;
  const [withNudge, without] = comparePairs(parameters, members, pairs, test, looking);
  return { ...task, nudge: other.nudge, nudged: withNudge, repeated: without };
}
