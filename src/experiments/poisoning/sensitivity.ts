/**
 * Notebook 03: how much of a change is the poison's, and how much any change would have done. A cluster of lies, the
 * same points left out, another order and a nudge, side by side for other steps, widths and depths.
 */
import type { Network } from "../../core/network/network.js";
import type { Snapshot, Training } from "../../core/network/train.js";
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import type { Runner } from "../runner.js";
import { drawTask, type SweepParameters, seedsOf, type Task, trainingSteps } from "../task.js";
import { attackedPoints } from "./attacks.js";
import { CONTROLS, type Control, flipping, leavingOut } from "./changes.js";
import { assessAgainst, type Damage, measuredPlane } from "./damage.js";
import { type AttackDamage, ENDS_ONLY, type PoisoningParameters } from "./poisoning.js";

/** What a cluster of lies did, with its controls. */
export interface Comparison extends AttackDamage {
  /** The network trained on true labels: its accuracy on the test points. */
  cleanAccuracy: number;
  /** Controls: true labels, and a harmless change. */
  controls: Record<Exclude<Control, "other initial weights">, Damage>;
}

/** All of the plane that the lies change, as a share. */
export function changedByLies({ flipped }: Comparison): number {
  return flipped.plane;
}

/** The poison's own part of that: what leaving the same points out does not do, seed by seed. */
export function poisonsOwn({ flipped, leftOut }: Comparison): number {
  return flipped.plane - leftOut.plane;
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

/** Trains on true labels, on lies, and with each control, and compares along the way. */
export const measureSensitivity: Measurement<[point: SensitivityPoint], SensitivityResult> = measurement(
  function* ({ parameters, stages, atTargetLoss }) {
    const { seed, flips } = parameters;
    const task = drawTask(parameters);
    const { train } = task.data;
    const attacked = attackedPoints(train, { attack: "cluster", flips, seed });
    const plane = measuredPlane(train);

    const arrival = atTargetLoss ? yield* trainingToLoss(parameters, task) : undefined;
    const wanted = arrival ? [...stages, arrival.epoch] : stages;
    const until = Math.max(0, ...wanted);
    const changes = [
      flipping(attacked),
      leavingOut(attacked),
      CONTROLS["another order"],
      CONTROLS["a nudge of 1e-14"],
      ...(stages.length > 0 ? [flipping([])] : []), // true labels
    ];
    const [poisoned, leftOut, ordered, nudged, clean] = yield* together(
      changes.map(({ steps }) =>
        steps({ ...parameters, epochs: until }, task, { recordEvery: ENDS_ONLY, snapshots: wanted }),
      ),
    );

    const compareAt = (epoch: number, reference: Network): Comparison => {
      const assess = assessAgainst(reference, task.data, plane, attacked);
      const at = (training: Training): Damage => assess(networkAt(training, epoch));
      return {
        cleanAccuracy: assess(reference).testAccuracy,
        flipped: at(poisoned),
        leftOut: at(leftOut),
        controls: { "another order": at(ordered), "a nudge of 1e-14": at(nudged) },
      };
    };
    return {
      seed,
      stages: clean ? stages.map((epoch) => compareAt(epoch, networkAt(clean, epoch))) : [],
      ...(arrival && { target: { epoch: arrival.epoch, ...compareAt(arrival.epoch, arrival.network) } }),
    };
  },
);

/** The network as it first has the loss aimed at, and after which epoch; undefined where it never has. */
function* trainingToLoss(
  parameters: PoisoningParameters,
  task: Task,
): Steps<{ epoch: number; network: Network } | undefined> {
  const { targetLoss } = parameters;
  const { history, network } = yield* trainingSteps(parameters, task, { recordEvery: ENDS_ONLY, targetLoss });
  const { epoch, train } = history[history.length - 1];
  return train.loss <= targetLoss ? { epoch, network } : undefined;
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
