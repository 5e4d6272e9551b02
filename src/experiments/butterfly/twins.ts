/**
 * A training and its nudged twin, both to their end, with something changed: what keeps them together, and what it
 * costs; what depth does to them.
 */

import { evaluate } from "../../core/network/evaluate.js";
import { toParameters, withParameters } from "../../core/network/network.js";
import { disagreement } from "../plane.js";
import type { Runner } from "../runner.js";
import { type ShareInterval, shareOf } from "../statistics.js";
import { drawTask, seedsOf } from "../task.js";
import { type ButterflyParameters, butterflyParameters, LEARNT, nudged, PARTED } from "./butterfly.js";
import { lockstep } from "./lockstep.js";
import { distance } from "./lyapunov.js";
import { type Cause, partedShare, type SeedPartings } from "./seeds.js";

/** How a pair of networks ended: one from the training, one from its nudged twin. */
export interface PairEnd {
  /** Euclidean distance of the parameters, as a share of the length of the first one's. */
  relativeDistance: number;
  /** Share of the test points on which they disagree. */
  churn: number;
  /** Of the first network, on the test points. */
  testAccuracy: number;
  /** Of the first network, on the test points, in nats. */
  testLoss: number;
}

/** What one seed says. */
export interface TwinResult {
  seed: number;
  isParted: boolean;
  /** The networks after the last epoch. */
  last: PairEnd;
  /** The means of the parameters after each epoch of the second half (Izmailov et al. 2018). */
  averaged: PairEnd;
}

/** Trains a pair and averages the parameters of either on the way. */
export function measureTwins(parameters: ButterflyParameters): TwinResult {
  const { epochs, seed, orderSeed = seed } = parameters;
  const { data, initial } = drawTask(parameters);
  const pair = [initial, nudged(initial, parameters).network];
  const run = lockstep(
    { ...parameters, seed: orderSeed },
    pair.map((network) => ({ network, train: data.train })),
  );
  const half = Math.floor(epochs / 2);
  const sums = pair.map((network) => new Float64Array(toParameters(network).length));
  run.advance(half);
  for (let epoch = half; epoch < epochs; epoch++) {
    run.advance(1);
    sums.forEach((sum, i) => {
      const now = run.parameters(i);
      for (let k = 0; k < sum.length; k++) sum[k] += now[k];
    });
  }
  const ends = [run.parameters(0), run.parameters(1)];
  const means = epochs > half ? sums.map((sum) => sum.map((value) => value / (epochs - half))) : ends;
  const pairEnd = ([own, other]: Float64Array[]): PairEnd => {
    const networks = [withParameters(initial, own), withParameters(initial, other)];
    const { accuracy, loss } = evaluate(networks[0], data.test);
    return {
      relativeDistance: distance(own, other) / distance(own, new Float64Array(own.length)),
      churn: disagreement(networks[0], networks[1], data.test.points),
      testAccuracy: accuracy,
      testLoss: loss,
    };
  };
  return {
    seed,
    isParted: distance(ends[0], ends[1]) >= PARTED,
    last: pairEnd(ends),
    averaged: pairEnd(means),
  };
}

/** What is changed of the parameters, by the name it has in the table; the first is nothing. */
export function twinChanges({
  learningRate,
}: Pick<ButterflyParameters, "learningRate">): Record<string, Partial<ButterflyParameters>> {
  return {
    "as in the parameters": {},
    "learning rate / 4": { learningRate: learningRate / 4 },
    "batches of 8": { batchSize: 8 },
    "full batch, rate × 5": { batchSize: "full", learningRate: 5 * learningRate },
  };
}

/** One way to train, over the seeds. */
export interface Twins {
  name: string;
  results: TwinResult[];
}

/**
 * Changes one thing at a time, with the seeds of the sweep and the same data and initial weights in each.
 *
 * @param changes - what to change, by the name it is to have
 * @throws RangeError or TypeError before anything runs, when a change is not allowed
 */
export async function twinsOverSeeds(
  parameters: ButterflyParameters,
  changes: Readonly<Record<string, Partial<ButterflyParameters>>>,
  run: Runner,
): Promise<Twins[]> {
  const results = await changedTwins(parameters, Object.values(changes), run);
  return Object.keys(changes).map((name, i) => ({ name, results: results[i] }));
}

/** The seeds of the sweep with each change. */
async function changedTwins(
  parameters: ButterflyParameters,
  changes: readonly Partial<ButterflyParameters>[],
  run: Runner,
): Promise<TwinResult[][]> {
  const seeds = seedsOf(parameters);
  const grid = changes.flatMap((change) =>
    seeds.map((seed) => butterflyParameters({ ...parameters, ...change, seed })),
  );
  const results = await run(grid, measureTwins);
  return changes.map((_, i) => results.slice(i * seeds.length, (i + 1) * seeds.length));
}

/** The networks of the depth map. */
export const MAPPED_LAYERS: readonly (readonly number[])[] = [[10], [10, 10], [10, 10, 10], [10, 10, 10, 10]];

/** Index of the last parameter of the smallest of them. */
const LAST_PARAMETER = 40;

/** Its learning rates, each twice the one before. */
export const MAPPED_RATES: readonly number[] = [0.05, 0.1, 0.2];

/** One depth and learning rate, over the seeds. */
export interface DepthCell {
  hiddenLayers: readonly number[];
  learningRate: number;
  results: TwinResult[];
  /** Of the seeds whose two trainings parted. */
  parted: ShareInterval;
  /** Of the seeds with a test accuracy of at least {@link LEARNT}. */
  learnt: ShareInterval;
  /** Of the seeds that learnt and parted. */
  both: ShareInterval;
}

/**
 * Trains twins of each of {@link MAPPED_LAYERS} at {@link MAPPED_RATES}, with the seeds of the sweep, the same in each
 * cell.
 */
export async function depthMap(parameters: ButterflyParameters, run: Runner): Promise<DepthCell[]> {
  const nudgedParameter = Math.min(parameters.nudgedParameter, LAST_PARAMETER);
  const settings = MAPPED_LAYERS.flatMap((hiddenLayers) =>
    MAPPED_RATES.map((learningRate) => ({ hiddenLayers, learningRate, nudgedParameter })),
  );
  // the longest first, so that no worker is left alone with one at the end
  const results = await changedTwins(parameters, [...settings].reverse(), run);
  return results.reverse().map((seeds, i) => depthCell(settings[i], seeds));
}

/** Sums up the seeds of one depth and learning rate. */
export function depthCell(
  { hiddenLayers, learningRate }: Pick<DepthCell, "hiddenLayers" | "learningRate">,
  results: TwinResult[],
): DepthCell {
  const hasLearnt = ({ last }: TwinResult): boolean => last.testAccuracy >= LEARNT;
  return {
    hiddenLayers,
    learningRate,
    results,
    parted: shareOf(results, ({ isParted }) => isParted),
    learnt: shareOf(results, hasLearnt),
    both: shareOf(results, (result) => hasLearnt(result) && result.isParted),
  };
}

/** A defence, and how many of the seeds part all the same when two machines differ in something. */
export interface Coverage {
  name: string;
  nudge: ShareInterval;
  /** Their sums go in another order. */
  sums: ShareInterval;
  /** Their engines have another cosine. */
  cosine: ShareInterval;
}

/**
 * What each defence covers, read off what was measured: what it makes the same on both machines leaves the run and its
 * repetition, and what it does not touch parts them as before.
 */
export function defenceCoverage(
  partings: readonly SeedPartings[],
  calm: readonly SeedPartings[],
): Coverage[] {
  const row = (name: string, sums: Cause, cosine: Cause, seeds = partings): Coverage => ({
    name,
    nudge: partedShare(seeds, "nudge"),
    sums: partedShare(seeds, sums),
    cosine: partedShare(seeds, cosine),
  });
  return [
    row("nothing", "reversed", "engine"),
    row("a fixed order of every sum", "nothing", "engine"),
    row("its own sine and cosine", "reversed", "nothing"),
    row("both", "nothing", "nothing"),
    row("the calm setting", "reversed", "engine", calm),
  ];
}
