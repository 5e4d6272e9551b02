/**
 * Notebook 03: does depth smooth poisoning out or worsen it? And do larger networks inherit it? Networks
 * of different size are compared after the same number of epochs, and when they first fit the true
 * labels equally well: the two may disagree.
 */
import type { Comparison, SensitivityPoint, SensitivityResult } from "./sensitivity.js";

/** Numbers of hidden layers to compare. */
const DEPTHS: readonly number[] = [1, 2, 3, 4];

/** Hidden layers of the larger networks, up to 3 x 64. */
const SIZES: readonly (readonly number[])[] = [[10], [32, 32], [64, 64, 64]];

/** Divisor of the learning rate, for all sizes: at the full rate some deep networks are lost. */
const RATE_DIVISOR = 4;

/** The results of one depth, or size. */
export interface SizeResult {
  hiddenLayers: readonly number[];
  /** Number of epochs, the same for all sizes. */
  epochs: number;
  results: SensitivityResult[];
}

/** The same width, one layer or up to four: after a fifth of the epochs, and at the target loss. */
export function depthPoints(own: MatchedPoint): SensitivityPoint[] {
  const width = own.hiddenLayers[0] ?? 10;
  const shorter = { ...own, epochs: Math.ceil(own.epochs / 5), isComparedAtEnd: true };
  return DEPTHS.map((depth) => sized(shorter, new Array<number>(depth).fill(width)));
}

/**
 * Wider and deeper networks, when each is first at twice the target loss, which they reach sooner; on at most 500 test
 * points.
 */
export function sizePoints(own: MatchedPoint): SensitivityPoint[] {
  const { targetLoss, testPoints } = own;
  const sooner = {
    targetLoss: 2 * targetLoss,
    testPoints: Math.min(500, testPoints),
    isComparedAtEnd: false,
  };
  return SIZES.map((layers) => sized({ ...own, ...sooner }, layers));
}

/** The parameters that a seed's points have in common. */
type MatchedPoint = Omit<SensitivityPoint, "isComparedAtEnd">;

function sized(own: SensitivityPoint, hiddenLayers: readonly number[]): SensitivityPoint {
  return { ...own, hiddenLayers, learningRate: own.learningRate / RATE_DIVISOR };
}

/** The results of all sizes. */
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

/** When to compare sizes. */
export type Match = "budget" | "loss";

/** One of the sizes to compare, and the results of each seed. */
export interface Setting {
  /** Its name on the axis. */
  name: string;
  comparisons: Comparison[];
}

/** Sizes side by side. */
export interface Factor {
  /** What differs between them, and when they are compared. */
  name: string;
  settings: Setting[];
}

/**
 * Pairs the sizes: all seeds after the same number of epochs, or at the target loss those seeds in which
 * every size reached it. The seeds of each are in the same order.
 */
export function matchSizes(sizes: readonly SizeResult[], match: Match): Setting[] {
  const all = [...sizes[0].results.keys()];
  const kept = match === "budget" ? all : all.filter((i) => sizes.every(({ results }) => results[i].target));
  return sizes.map(({ hiddenLayers, results }) => ({
    name: hiddenLayers.join("-"),
    comparisons: kept.map((i) => results[i][match === "budget" ? "end" : "target"] as Comparison),
  }));
}

/** The depths by both comparisons, as factors. */
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
