/**
 * Notebook 03: how much of a change is the poison's, and how much any change would have done. A cluster of
 * lies, the same points deleted, and other initial weights, side by side for other steps, widths and depths.
 */

import { selectPoints } from "../../moons.js";
import type { Network } from "../../network/architecture.js";
import type { Snapshot, Training } from "../../network/train.js";
import type { Runner } from "../runner.js";
import {
  drawTask,
  type SweepParameters,
  seedsOf,
  type Task,
  type TaskParameters,
  trainTask,
} from "../task.js";
import { attackedPoints, deletePoints, flipLabels } from "./attacks.js";
import { assessAgainst, type Damage, measuredPlane } from "./damage.js";
import { ENDS_ONLY, otherWeightsSeed, type PoisoningParameters, withTraining } from "./poisoning.js";

/** What a cluster of lies did, with both controls. */
export interface Comparison {
  /** The network trained on true labels: its accuracy on the test points. */
  cleanAccuracy: number;
  /** The labels flipped. */
  flipped: Damage;
  /** Control: the same points deleted. */
  deleted: Damage;
  /** Control: true labels, other initial weights. */
  otherWeights: Damage;
}

/** What to compare. */
export interface SensitivityPoint {
  parameters: PoisoningParameters;
  /** Numbers of epochs after which to compare. */
  stages: readonly number[];
  /** Whether to compare as soon as the loss on true labels is at `parameters.targetLoss`, too. */
  atTargetLoss?: boolean;
}

/** One seed, compared at some stages of the training. */
export interface SensitivityResult {
  seed: number;
  /** At each stage, in their order. */
  stages: Comparison[];
  /** When the loss on true labels was first at the target; undefined where it never was, or nobody asked. */
  target?: Comparison & { epoch: number };
}

/** Trains on true labels, on lies, without the points, and from other weights, and compares along the way. */
export function measureSensitivity({
  parameters,
  stages,
  atTargetLoss,
}: SensitivityPoint): SensitivityResult {
  const { seed, flips } = parameters;
  const task = drawTask(parameters);
  const { train } = task.data;
  const attacked = attackedPoints(train, { attack: "cluster", flips, seed });
  const plane = measuredPlane(train);
  const elsewhere = { ...parameters, weightsSeed: otherWeightsSeed(parameters.weightsSeed ?? seed) };

  const reached = atTargetLoss ? epochAtLoss(parameters, task) : undefined;
  const wanted = reached === undefined ? stages : [...stages, reached];
  const until = Math.max(0, ...wanted);
  const follow = (others: TaskParameters, otherTask: Task): Training =>
    trainTask({ ...others, epochs: until }, otherTask, { recordEvery: ENDS_ONLY, snapshots: wanted });
  const clean = follow(parameters, task);
  const poisoned = follow(parameters, withTraining(task, flipLabels(train, attacked)));
  const deleted = follow(parameters, withTraining(task, deletePoints(train, attacked)));
  const moved = follow(elsewhere, drawTask(elsewhere));

  const compareAt = (epoch: number): Comparison => {
    const reference = networkAt(clean, epoch);
    const assess = assessAgainst(reference, task.data, plane, attacked);
    return {
      cleanAccuracy: assess(reference).testAccuracy,
      flipped: assess(networkAt(poisoned, epoch)),
      deleted: assess(networkAt(deleted, epoch)),
      otherWeights: assess(networkAt(moved, epoch)),
    };
  };
  return {
    seed,
    stages: stages.map(compareAt),
    ...(reached !== undefined && { target: { epoch: reached, ...compareAt(reached) } }),
  };
}

/**
 * The first epoch, at most `parameters.epochs`, after which the loss is at the target; undefined where there is
 * none. It trains for 4 epochs, then anew for twice as many, and so on: most trainings are there soon.
 */
function epochAtLoss(parameters: PoisoningParameters, task: Task): number | undefined {
  const { epochs, targetLoss } = parameters;
  for (let budget = Math.min(4, epochs); ; budget = Math.min(2 * budget, epochs)) {
    const { history } = trainTask({ ...parameters, epochs: budget }, withoutTest(task));
    const reached = history.find(({ train }) => train.loss <= targetLoss);
    if (reached || budget === epochs) return reached?.epoch;
  }
}

/** The same task with next to no test points to look at after each epoch. */
function withoutTest({ data, initial }: Task): Task {
  return { initial, data: { ...data, test: selectPoints(data.test, [0]) } };
}

function networkAt({ snapshots }: Training, epoch: number): Network {
  return (snapshots.find((snapshot) => snapshot.epoch === epoch) as Snapshot).network;
}

/** One value of what is varied, and what came of it for each seed. */
export interface Setting {
  /** What the value is called on the axis. */
  name: string;
  comparisons: Comparison[];
}

/** One thing varied. */
export interface Factor {
  /** What is varied. */
  name: string;
  settings: Setting[];
}

/** Multiples of the parameters that are tried. */
const EPOCH_SHARES = [1 / 50, 1 / 10, 1 / 3, 1];
const RATE_MULTIPLES = [1 / 4, 1 / 2, 1, 2];
const WIDTH_MULTIPLES = [1 / 2, 1, 2];

/** Varies the epochs, the learning rate and the width, each by itself, on the same seeds. */
export async function causesOverSeeds(parameters: PoisoningParameters, run: Runner): Promise<Factor[]> {
  const { epochs, learningRate, hiddenLayers } = parameters;
  const stages = distinct(EPOCH_SHARES.map((share) => Math.round(share * epochs)));
  const rates = RATE_MULTIPLES.map((multiple) => multiple * learningRate);
  const layers = WIDTH_MULTIPLES.map((multiple) => widened(hiddenLayers, multiple));
  const widths = layers.filter((own, i) => layers.findIndex((other) => String(other) === String(own)) === i);
  const point = (change: Partial<PoisoningParameters>): SensitivityPoint => ({
    parameters: { ...parameters, ...change },
    stages: [epochs],
  });
  const points = [
    { parameters, stages },
    ...rates.map((rate) => point({ learningRate: rate })),
    ...widths.map((own) => point({ hiddenLayers: own })),
  ];
  // a setting that is that of the parameters is trained once, for the stages
  const isOwn = ({ parameters: own }: SensitivityPoint): boolean =>
    own.learningRate === learningRate && String(own.hiddenLayers) === String(hiddenLayers);
  const others = points.slice(1).filter((own) => !isOwn(own));
  const results = await overSeeds([points[0], ...others], parameters, run);
  const last = stages.length - 1;
  const comparisons = (own: SensitivityPoint): Comparison[] =>
    isOwn(own)
      ? results[0].map((result) => result.stages[last])
      : results[1 + others.indexOf(own)].map((result) => result.stages[0]);
  const settings = (names: readonly string[], from: number): Setting[] =>
    names.map((name, i) => ({ name, comparisons: comparisons(points[from + i]) }));
  return [
    {
      name: "epochs",
      settings: stages.map((stage, i) => ({
        name: String(stage),
        comparisons: results[0].map((result) => result.stages[i]),
      })),
    },
    { name: "learning rate", settings: settings(rates.map(short), 1) },
    { name: "hidden neurons", settings: settings(widths.map(layersName), 1 + rates.length) },
  ];
}

/** All seeds of every point; the results point by point. */
export async function overSeeds(
  points: readonly SensitivityPoint[],
  sweep: SweepParameters,
  run: Runner,
): Promise<SensitivityResult[][]> {
  const seeds = seedsOf(sweep);
  const grid = points.flatMap((point) =>
    seeds.map((seed) => ({ ...point, parameters: { ...point.parameters, seed } })),
  );
  const results = await run(grid, measureSensitivity);
  return points.map((_, i) => results.slice(i * seeds.length, (i + 1) * seeds.length));
}

/** Hidden layers as many times as wide, each with at least one neuron and at most 1024. */
function widened(layers: readonly number[], multiple: number): number[] {
  return layers.map((width) => Math.max(1, Math.min(1024, Math.round(multiple * width))));
}

/** The hidden layers in a few characters: 10, or 10-10, or none. */
export function layersName(layers: readonly number[]): string {
  return layers.length === 0 ? "none" : layers.join("-");
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)];
}
