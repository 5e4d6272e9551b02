/**
 * Notebook 03: does depth smooth a poison out or worsen it? And is it inherited by larger networks? Networks
 * of different size are compared after the same number of epochs, and when they have first learnt the true
 * labels equally well: they tell different stories.
 */
import { meanInterval } from "../statistics.js";
import type { Factor, Setting } from "./causes.js";
import { layersName, type SensitivityPoint, type SensitivityResult } from "./sensitivity.js";

/** Numbers of hidden layers that are compared. */
const DEPTHS: readonly number[] = [1, 2, 3, 4];

/** Hidden layers of networks up to 3 x 64. */
const SIZES: readonly (readonly number[])[] = [[10], [32, 32], [64, 64, 64]];

/** The learning rate is divided by this for all sizes alike: at the whole of it some deep networks are lost. */
const RATE_DIVISOR = 4;

/** Accuracy below which a network is taken to have learnt no more than a straight line. */
const LOST = 0.92;

/** What came of one depth, or size. */
export interface SizeResult {
  hiddenLayers: readonly number[];
  /** The budget that all sizes share. */
  epochs: number;
  results: SensitivityResult[];
}

/** The same width, one layer or up to four, for a fifth of the epochs, and at the target loss. */
export function depthPoints(own: SensitivityPoint): SensitivityPoint[] {
  const width = own.hiddenLayers[0] ?? 10;
  const epochs = Math.ceil(own.epochs / 5);
  return DEPTHS.map((depth) =>
    sized({ ...own, epochs, stages: [epochs] }, new Array<number>(depth).fill(width)),
  );
}

/**
 * Wider and deeper networks, when each is first at twice the target loss, where they are sooner; at most 500 test points
 * look at them.
 */
export function sizePoints(own: SensitivityPoint): SensitivityPoint[] {
  const { targetLoss = Number.NaN, testPoints } = own;
  const sooner = { ...own, targetLoss: 2 * targetLoss, testPoints: Math.min(500, testPoints) };
  return SIZES.map((layers) => sized(sooner, layers));
}

function sized(own: SensitivityPoint, hiddenLayers: readonly number[]): SensitivityPoint {
  return { ...own, hiddenLayers, learningRate: own.learningRate / RATE_DIVISOR };
}

/** What came of the sizes that were trained. */
export function sizesOf(
  points: readonly SensitivityPoint[],
  rows: readonly (readonly SensitivityResult[])[],
): SizeResult[] {
  return points.map(({ hiddenLayers, epochs }, i) => ({
    hiddenLayers,
    epochs,
    results: rows.map((row) => row[i]),
  }));
}

/** What sizes are compared at. */
export type Match = "budget" | "loss";

/** One size in the seeds in which every size can be compared, the seeds in the same order. */
export interface Matched extends Setting {
  /** Mean number of epochs trained. */
  epochs: number;
}

/**
 * What to compare sizes by: all seeds after the same number of epochs, or at the target loss those in which
 * every size reached it, so that the comparison stays paired.
 */
export function matchSizes(sizes: readonly SizeResult[], match: Match): Matched[] {
  const all = sizes[0].results.map((_, i) => i);
  const kept = match === "budget" ? all : all.filter((i) => sizes.every(({ results }) => results[i].target));
  return sizes.map(({ hiddenLayers, epochs: budget, results }) => {
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

/** The depths by both comparisons, as something varied. */
export function depthFactors(depth: readonly SizeResult[], { targetLoss }: { targetLoss: number }): Factor[] {
  const named = (name: string, match: Match): Factor => ({
    name,
    settings: matchSizes(depth, match).map(({ comparisons }, i) => ({ name: String(i + 1), comparisons })),
  });
  return [
    named(`layers, after ${depth[0].epochs} epochs`, "budget"),
    named(`layers, at a loss of ${targetLoss}`, "loss"),
  ];
}

/** Number of seeds whose network, trained on true labels to the end, learnt no more than a straight line. */
export function lostSeeds({ results }: SizeResult): number {
  return results.filter(({ stages }) => stages[stages.length - 1].cleanAccuracy < LOST).length;
}
