/**
 * Notebook 03: does depth smooth a poison out or worsen it? And is it inherited by larger networks? Networks
 * of different size are compared after the same number of epochs, and when they have first learnt the true
 * labels equally well: they tell different stories.
 */

import type { Runner } from "../runner.js";
import { meanInterval } from "../statistics.js";
import { meanText } from "../verdict.js";
import type { PoisoningParameters } from "./poisoning.js";
import {
  type Comparison,
  changedByLies,
  layersName,
  overSeeds,
  poisonsOwn,
  type SensitivityResult,
} from "./sensitivity.js";

/** Numbers of hidden layers that are compared. */
export const DEPTHS: readonly number[] = [1, 2, 3, 4];

/** The learning rate is divided by this for all depths alike: at the whole of it some deep networks are lost. */
const RATE_DIVISOR = 4;

/** Accuracy below which a network is taken to have learnt no more than a straight line. */
const LOST = 0.92;

/** What came of one depth, or size. */
export interface SizeResult {
  hiddenLayers: readonly number[];
  results: SensitivityResult[];
}

/** The same width, one layer or up to four, at a quarter of the learning rate. */
export async function depthOverSeeds(parameters: PoisoningParameters, run: Runner): Promise<SizeResult[]> {
  const width = parameters.hiddenLayers[0] ?? 10;
  return sizesOverSeeds(
    parameters,
    DEPTHS.map((depth) => new Array<number>(depth).fill(width)),
    [parameters.epochs],
    run,
  );
}

/** Hidden layers of networks up to 3 x 64. */
const SIZES: readonly (readonly number[])[] = [[10], [32, 32], [64, 64, 64]];

/** Wider and deeper networks, at a quarter of the learning rate, when each is first at the target loss. */
export async function scaleOverSeeds(parameters: PoisoningParameters, run: Runner): Promise<SizeResult[]> {
  return sizesOverSeeds(parameters, SIZES, [], run);
}

async function sizesOverSeeds(
  parameters: PoisoningParameters,
  sizes: readonly (readonly number[])[],
  stages: readonly number[],
  run: Runner,
): Promise<SizeResult[]> {
  const learningRate = parameters.learningRate / RATE_DIVISOR;
  const points = sizes.map((hiddenLayers) => ({
    parameters: { ...parameters, learningRate, hiddenLayers },
    stages,
    atTargetLoss: true,
  }));
  const results = await overSeeds(points, parameters, run);
  return sizes.map((hiddenLayers, i) => ({ hiddenLayers, results: results[i] }));
}

/** What sizes are compared at. */
export type Match = "budget" | "loss";

/** The comparisons of the seeds in which every size can be compared, size by size, seeds in the same order. */
export interface Matched {
  name: string;
  comparisons: Comparison[];
  /** Mean number of epochs trained. */
  epochs: number;
}

/**
 * What to compare sizes by: all seeds after the same number of epochs, or at the target loss those in which
 * every size reached it, so that the comparison stays paired.
 */
export function matchSizes(sizes: readonly SizeResult[], match: Match, budget: number): Matched[] {
  const all = sizes[0].results.map((_, i) => i);
  const kept = match === "budget" ? all : all.filter((i) => sizes.every(({ results }) => results[i].target));
  return sizes.map(({ hiddenLayers, results }) => {
    const chosen = kept.map((i) => results[i]);
    const epochs = chosen.map(({ target }) => (match === "budget" ? budget : (target?.epoch ?? Number.NaN)));
    return {
      name: layersName(hiddenLayers),
      comparisons: chosen.map(({ stages, target }) =>
        match === "loss" && target ? target : stages[stages.length - 1],
      ),
      epochs: epochs.length > 0 ? meanInterval(epochs).mean : Number.NaN,
    };
  });
}

/** Number of seeds whose network, trained on true labels to the end, learnt no more than a straight line. */
export function lostSeeds({ results }: SizeResult): number {
  return results.filter(({ stages }) => stages[stages.length - 1].cleanAccuracy < LOST).length;
}

/** What the lies change in networks of other sizes, and how much of it is their own, in one sentence. */
export function describeScale(sizes: readonly Matched[]): string {
  const seeds = sizes[0].comparisons.length;
  if (seeds === 0)
    return "In no seed did networks of all sizes come down to the loss at which they are compared.";
  const texts = sizes.map(({ name, comparisons }) => {
    const all = meanInterval(comparisons.map(changedByLies), [0, 1]);
    const own = meanInterval(comparisons.map(poisonsOwn), [-1, 1]);
    return `${name}: ${meanText(all, 1, 100, "%")} (${meanText(own, 1, 100)})`;
  });
  return (
    "What a cluster of lies changes of the plane, and in brackets by how many points that is more than the same points left out, " +
    `by hidden layers, ${seeds} ${seeds === 1 ? "seed" : "seeds"}: ${texts.join("; ")}.`
  );
}
