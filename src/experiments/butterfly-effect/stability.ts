/**
 * When do two trainings diverge? The finite-time Lyapunov exponent of training, the share of seeds whose nudged
 * training diverges, the accuracy and the sharpness, for learning rates and batch sizes.
 */
import { Matrix } from "ml-matrix";
import type { Dataset } from "../../core/moons.js";
import { selectPoints } from "../../core/moons.js";
import { evaluate } from "../../core/network/evaluate.js";
import { backward, forward } from "../../core/network/forward-backward.js";
import { sharpness } from "../../core/network/hessian.js";
import { blocksOf, type Network } from "../../core/network/network.js";
import type { BatchSize } from "../../core/network/train-options.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import { type MeanInterval, meanInterval, meanOf, quantile } from "../statistics.js";
import { drawTask, trainOptionsOf } from "../task.js";
import { type ButterflyParameters, HAPPENS, PARTED } from "./butterfly-effect.js";
import { type Lockstep, lockstep } from "./lockstep.js";
import { type LyapunovExponent, lyapunovExponent } from "./lyapunov.js";
import { distance, nudged } from "./nudge.js";
import { type Fates, fatesOf, type TwinEnd } from "./twins.js";

/** Distance of reference and shadow when it is put back: far above what rounding makes. */
export const SEPARATION = 1e-9;

/** Distance up to which the shadow moves linearly; if it was ever farther away there is no exponent. */
export const LINEAR_TO = 1e-5;

/** The least number of looks at the shadow in an epoch, and the e-foldings after which it is put back: 8 more are still linear. */
const [LOOKS, LEASH] = [4, 1];

/** The stability of one training. */
export interface StabilityResult extends TwinEnd {
  /**
   * Finite-time Lyapunov exponent over the whole training, in e-foldings per epoch. NaN if it broke or if the shadow
   * was ever farther away than {@link LINEAR_TO}.
   */
  exponent: number;
  /** Largest eigenvalue of the Hessian of the mean loss over all training points at the end, times η/2. */
  sharpness: number;
  /** The largest such number of a single batch's loss, over the batches of an epoch, at the end. */
  steepestBatch: number;
}

/** The training itself, its nudged twin, and a shadow that is put back again and again. */
const [ITSELF, SHADOW, TWIN] = [0, 1, 2];

/** The exponent of one training, the fate of its nudged twin, and the sharpness at its end. */
export function measureStability(parameters: ButterflyParameters): StabilityResult {
  const { learningRate, batchSize, epochs, seed } = parameters;
  const { data, initial } = drawTask(parameters);
  const { train, test } = data;
  const run = lockstep(trainOptionsOf(parameters, { data: { train }, initial }), [
    initial,
    initial,
    nudged(initial, parameters).network,
  ]);
  const { exponent, farthest } = exponentOf(run, epochs, randomStream("first separation", seed));
  const network = run.network(ITSELF);
  return {
    exponent: farthest <= LINEAR_TO ? exponent : Number.NaN,
    testAccuracy: evaluate(network, test).accuracy,
    isParted: distance(run.parameters(ITSELF), run.parameters(TWIN)) >= PARTED,
    ...stepSharpness(network, train, learningRate, batchSize),
  };
}

/** Takes a lockstep to its end and follows the shadow, in e-foldings per epoch. */
export function exponentOf(run: Lockstep, epochs: number, random: RandomStream): LyapunovExponent {
  const start = run.parameters(ITSELF);
  const steps = epochs * run.batches;
  if (steps === 0) return { exponent: Number.NaN, farthest: SEPARATION };
  let walked = 0;
  let twin = run.parameters(TWIN);
  const { exponent, farthest } = lyapunovExponent({
    start,
    direction: start.map(() => random.normal()),
    separation: SEPARATION,
    steps,
    leash: LEASH,
    limit: LINEAR_TO,
    stretch: Math.ceil(run.batches / LOOKS),
    period: run.batches,
    advance: (reference, shadow, { from, to, isReferenceMoved, isShadowMoved }) => {
      if (isReferenceMoved) {
        run.goBack(walked - from);
        run.move(ITSELF, reference);
        run.move(TWIN, twin);
      } else {
        twin = run.parameters(TWIN);
      }
      if (isShadowMoved) run.move(SHADOW, shadow);
      run.walk(to - from);
      walked = to;
      return [run.parameters(ITSELF), run.parameters(SHADOW)];
    },
  });
  // a training that broke was not followed to its end
  run.walk(steps - walked);
  return { exponent: exponent * run.batches, farthest };
}

/** Number of batches whose sharpness is computed; {@link steepness} picks them. */
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
  // with 1 in place of dL/dz, every δ below is dz/dZ
  const { deltas } = backward(network, pass, Matrix.ones(labels.rows, 1));
  const blocks = blocksOf(network);
  const squares = (row: readonly number[]): number => row.reduce((sum, value) => sum + value * value, 0);
  return Array.from({ length: labels.rows }, (_, i) => {
    const p = pass.probabilities.get(i, 0);
    const length = blocks.reduce(
      (sum, { first }) =>
        sum + (1 + squares(pass.layers[first].input.getRow(i))) * squares(deltas[first].getRow(i)),
      0,
    );
    return p * (1 - p) * length;
  });
}

/** The settings of the map: batch sizes, each with its learning rates from calm to where learning ends. */
export const MAPPED_SETTINGS: readonly { batchSize: BatchSize; learningRate: number }[] = (
  [
    [1, [0.1, 0.2, 0.4, 0.6, 0.9]],
    [8, [0.4, 0.8, 1.6, 2.4]],
    [32, [1.2, 2.4, 4.8, 7.2]],
    ["full", [2, 4, 8, 12]],
  ] as const
).flatMap(([batchSize, rates]) => rates.map((learningRate) => ({ batchSize, learningRate })));

/** One batch size and learning rate, over the seeds. */
export interface StabilityCell extends Fates {
  batchSize: BatchSize;
  learningRate: number;
  /** Of the exponents, in e-foldings an epoch; of those that are finite. Null where none is. */
  exponent: MeanInterval | null;
  /** Mean test accuracy. */
  accuracy: number;
  /** Median of the sharpness of the mean loss, times η/2; of those that are finite. NaN where none is. */
  sharpness: number;
  /** The same of the steepest batch. */
  steepestBatch: number;
  /** Trainings without an exponent, and without a sharpness. */
  without: { exponent: number; sharpness: number };
}

/** Sums up the seeds of one batch size and learning rate. */
export function stabilityCell(
  setting: Pick<StabilityCell, "batchSize" | "learningRate">,
  results: readonly StabilityResult[],
): StabilityCell {
  const finite = (name: "exponent" | "sharpness" | "steepestBatch"): number[] =>
    results.map((result) => result[name]).filter(Number.isFinite);
  const median = (values: readonly number[]): number =>
    values.length === 0 ? Number.NaN : quantile(values, 0.5);
  const [exponents, sharpnesses] = [finite("exponent"), finite("sharpness")];
  return {
    ...setting,
    ...fatesOf(results),
    exponent: exponents.length > 0 ? meanInterval(exponents) : null,
    accuracy: meanOf(results.map(({ testAccuracy }) => testAccuracy)),
    sharpness: median(sharpnesses),
    steepestBatch: median(finite("steepestBatch")),
    without: {
      exponent: results.length - exponents.length,
      sharpness: results.length - sharpnesses.length,
    },
  };
}

/** Whether a batch size and learning rate lie in the band: training learns and yet diverges. */
export function isInBand({ both }: StabilityCell): boolean {
  return both.share >= HAPPENS;
}
