/**
 * When do two trainings part? The finite-time Lyapunov exponent of training, the share of seeds whose nudged
 * training parts, the accuracy and the sharpness, for learning rates and batch sizes.
 */
import type { Dataset } from "../../moons.js";
import { selectPoints } from "../../moons.js";
import { mapMatrix, type Network, toParameters } from "../../network/architecture.js";
import { backward, forward } from "../../network/forward-backward.js";
import { sharpness } from "../../network/hessian.js";
import type { BatchSize } from "../../network/train.js";
import { randomStream } from "../../random.js";
import { type MeanInterval, meanInterval, type ShareInterval, wilsonInterval } from "../../statistics.js";
import type { Runner } from "../runner.js";
import { drawTask, seedsOf, type Task, type TaskParameters } from "../task.js";
import { type ButterflyParameters, nudged, PARTED } from "./butterfly.js";
import { type Lockstep, lockstep } from "./lockstep.js";
import { distance, lyapunovExponent } from "./lyapunov.js";

/** Distance of reference and shadow: far above what rounding makes, far below what bends. */
const SEPARATION = 1e-9;

/** Most intervals after which the shadow is put back. */
const INTERVALS = 25;

/** Test accuracy from which we say that a network has learnt. */
export const LEARNT = 0.95;

/** How fast a training parts from its neighbours. */
export interface ExponentResult {
  seed: number;
  /** Finite-time Lyapunov exponent over the whole training, in e-foldings an epoch. NaN where it broke. */
  exponent: number;
  testAccuracy: number;
}

/** What one training says about stability. */
export interface StabilityResult extends ExponentResult {
  /** Distance of the nudged training's parameters at the end. */
  distance: number;
  /** Whether the nudged training was parted from the other, at the end. */
  isParted: boolean;
  /** Largest eigenvalue of the Hessian of the mean loss over all training points at the end, times η/2; see {@link stepSharpness}. */
  sharpness: number;
  /** The largest such number of a single batch's loss, over the batches of an epoch, at the end. */
  steepestBatch: number;
}

/** The training itself, its nudged twin, and a shadow that is put back again and again. */
const [ITSELF, SHADOW, TWIN] = [0, 1, 2];

/** Follows a training and its shadow; a list of further networks comes along in lockstep. */
function follow(
  parameters: TaskParameters,
  { data, initial }: Task,
  others: readonly Network[],
): { run: Lockstep; result: ExponentResult } {
  const { epochs, seed, orderSeed = seed } = parameters;
  const members = [initial, initial, ...others].map((network) => ({ network, train: data.train }));
  const run = lockstep({ ...parameters, seed: orderSeed }, members);
  const random = randomStream("first separation", seed);
  const start = toParameters(initial);
  const intervals = Math.max(1, Math.min(INTERVALS, epochs));
  const endOf = (interval: number): number => Math.round((epochs * (interval + 1)) / intervals);
  const { growth } = lyapunovExponent({
    start,
    direction: start.map(() => random.normal()),
    separation: SEPARATION,
    intervals,
    advance: (_reference, shadow, interval) => {
      run.move(SHADOW, shadow);
      run.advance(endOf(interval) - endOf(interval - 1));
      return [run.parameters(ITSELF), run.parameters(SHADOW)];
    },
  });
  const total = growth.reduce((sum, value) => sum + value, 0);
  const testAccuracy = run.evaluate(ITSELF, data.test).accuracy;
  return {
    run,
    result: { seed, exponent: growth.length === intervals ? total / epochs : Number.NaN, testAccuracy },
  };
}

/** The finite-time Lyapunov exponent of one training. */
export function measureExponent(parameters: TaskParameters): ExponentResult {
  return follow(parameters, drawTask(parameters), []).result;
}

/** The exponent of one training, what became of its nudged twin, and how steep it was where it ended. */
export function measureStability(parameters: ButterflyParameters): StabilityResult {
  const { learningRate, batchSize } = parameters;
  const task = drawTask(parameters);
  const { run, result } = follow(parameters, task, [nudged(task.initial, parameters).network]);
  const apart = distance(run.parameters(ITSELF), run.parameters(TWIN));
  return {
    ...result,
    distance: apart,
    isParted: apart >= PARTED,
    ...stepSharpness(run.network(ITSELF), task.data.train, learningRate, batchSize),
  };
}

/** Batches whose sharpness is computed; which are worth it, {@link steepness} says. */
const CANDIDATES = 4;

/**
 * The sharpness of the mean loss and of the steepest batch, times η/2: above 1 a step overshoots and grows. NaN where
 * a number is not finite, or the search for the eigenvalue did not converge.
 */
export function stepSharpness(
  network: Network,
  train: Dataset,
  learningRate: number,
  batchSize: BatchSize,
): { sharpness: number; steepestBatch: number } {
  const points = train.labels.rows;
  const timesHalf = (data: Dataset): number => {
    const { value, converged } = sharpness({ network, data });
    return converged ? (learningRate / 2) * value : Number.NaN;
  };
  const whole = timesHalf(train);
  const size = batchSize === "full" ? points : Math.min(batchSize, points);
  if (size === points || !Number.isFinite(whole)) return { sharpness: whole, steepestBatch: whole };
  const order = Int32Array.from({ length: points }, (_, i) => i);
  randomStream("batches for the sharpness", 0).shuffle(order);
  const steep = steepness(network, train);
  const batches = Array.from({ length: Math.ceil(points / size) }, (_, i) => {
    const indices = [...order.subarray(i * size, (i + 1) * size)];
    return { indices, trace: indices.reduce((sum, k) => sum + steep[k], 0) / indices.length };
  }).sort((a, b) => b.trace - a.trace);
  const values = batches.slice(0, CANDIDATES).map(({ indices }) => timesHalf(selectPoints(train, indices)));
  return { sharpness: whole, steepestBatch: Math.max(...values) };
}

/**
 * p (1 - p) |dz/dθ|² of each point: the trace, and for one point the only eigenvalue but 0, of the part of the loss's
 * Hessian that does not depend on how z bends (Gauss and Newton's). The gradient of z is that of the point's loss,
 * divided by p - y; its part in a layer is the outer product of the layer's input, with a 1 for the bias, and δ.
 */
export function steepness(network: Network, { points, labels }: Dataset): number[] {
  const pass = forward(network, points);
  const ones = mapMatrix(labels, () => 1);
  // with the label p - 1 in the place of y, δ of the output is 1, and every δ below is dz/dZ
  const gradients = backward(network, pass, pass.probabilities.clone().sub(ones));
  const squares = (row: readonly number[]): number => row.reduce((sum, value) => sum + value * value, 0);
  return Array.from({ length: labels.rows }, (_, i) => {
    const p = pass.probabilities.get(i, 0);
    const length = gradients.reduce(
      (sum, { delta }, l) => sum + (1 + squares(pass.layers[l].input.getRow(i))) * squares(delta.getRow(i)),
      0,
    );
    return p * (1 - p) * length;
  });
}

/** The batch sizes of the map, each with its learning rates: from calm to where learning ends. */
export const MAP: readonly { batchSize: BatchSize; learningRates: readonly number[] }[] = [
  { batchSize: 1, learningRates: [0.1, 0.2, 0.4, 0.6, 0.9] },
  { batchSize: 8, learningRates: [0.4, 0.8, 1.6, 2.4] },
  { batchSize: 32, learningRates: [1.2, 2.4, 4.8, 7.2] },
  { batchSize: "full", learningRates: [2, 4, 8, 12] },
];

/** One batch size and learning rate, over the seeds. */
export interface StabilityCell {
  batchSize: BatchSize;
  learningRate: number;
  results: StabilityResult[];
  /** Of the exponents, in e-foldings an epoch; of those that are finite. Null where none is. */
  exponent: MeanInterval | null;
  /** Of the seeds whose nudged training parted. */
  parted: ShareInterval;
  /** Mean test accuracy. */
  accuracy: number;
  /** Of the seeds with a test accuracy of at least {@link LEARNT}. */
  learnt: ShareInterval;
  /** Of the seeds that learnt and parted. */
  both: ShareInterval;
}

/** Sums up the seeds of one batch size and learning rate. */
export function stabilityCell(
  batchSize: BatchSize,
  learningRate: number,
  results: StabilityResult[],
): StabilityCell {
  const exponents = results.map(({ exponent }) => exponent).filter(Number.isFinite);
  const shareOf = (shows: (result: StabilityResult) => boolean): ShareInterval =>
    wilsonInterval(results.filter(shows).length, results.length);
  const hasLearnt = ({ testAccuracy }: StabilityResult): boolean => testAccuracy >= LEARNT;
  return {
    batchSize,
    learningRate,
    results,
    exponent: exponents.length > 0 ? meanInterval(exponents) : null,
    parted: shareOf(({ isParted }) => isParted),
    accuracy: meanInterval(results.map(({ testAccuracy }) => testAccuracy)).mean,
    learnt: shareOf(hasLearnt),
    both: shareOf((result) => hasLearnt(result) && result.isParted),
  };
}

/** Share of the seeds that have to learn and part for a setting to lie in the band. */
export const BAND = 0.1;

/** Whether a batch size and learning rate lie in the band: training learns and parts all the same. */
export function isInBand({ both }: StabilityCell): boolean {
  return both.share >= BAND;
}

/** The map: {@link MAP}, or another list, with the seeds of the sweep, the same in each cell. */
export async function stabilityMap(
  parameters: ButterflyParameters,
  run: Runner,
  map: typeof MAP = MAP,
): Promise<StabilityCell[]> {
  const cells = map.flatMap(({ batchSize, learningRates }) =>
    learningRates.map((learningRate) => ({ batchSize, learningRate })),
  );
  const seeds = seedsOf(parameters);
  const grid = cells.flatMap((cell) => seeds.map((seed) => ({ ...parameters, ...cell, seed })));
  const results = await run(grid, measureStability);
  return cells.map(({ batchSize, learningRate }, i) =>
    stabilityCell(batchSize, learningRate, results.slice(i * seeds.length, (i + 1) * seeds.length)),
  );
}

/** The networks of "inherited at scale?", from the one of this notebook to the largest. */
export const SCALES: readonly (readonly number[])[] = [[10], [64], [10, 10], [32, 32], [64, 64, 64]];

/** A network's exponent at one learning rate, over the seeds. */
export interface ScaleResult {
  hiddenLayers: readonly number[];
  learningRate: number;
  /** In e-foldings an epoch; null where no exponent is finite. */
  exponent: MeanInterval | null;
  /** Mean test accuracy. */
  accuracy: number;
  results: ExponentResult[];
}

/** The exponent for wider and deeper networks, with the seeds of the sweep, the same for each. */
export async function exponentsAtScale(
  parameters: ButterflyParameters,
  learningRates: readonly number[],
  run: Runner,
): Promise<ScaleResult[]> {
  const cells = learningRates.flatMap((learningRate) =>
    SCALES.map((hiddenLayers) => ({ hiddenLayers, learningRate })),
  );
  const seeds = seedsOf(parameters);
  // the longest first, so that no worker is left alone with one at the end
  const grid = [...cells]
    .reverse()
    .flatMap((cell) => seeds.map((seed) => ({ ...parameters, ...cell, seed })));
  const all = await run(grid, measureExponent);
  return cells.map((cell, i) => {
    const from = (cells.length - 1 - i) * seeds.length;
    const results = all.slice(from, from + seeds.length);
    const exponents = results.map(({ exponent }) => exponent).filter(Number.isFinite);
    return {
      ...cell,
      exponent: exponents.length > 0 ? meanInterval(exponents) : null,
      accuracy: meanInterval(results.map(({ testAccuracy }) => testAccuracy)).mean,
      results,
    };
  });
}
