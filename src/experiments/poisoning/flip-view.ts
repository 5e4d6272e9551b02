/** Notebook 03: every single flip of one seed on the plane, and what was foretold of it. */
import type { Dataset } from "../../core/moons.js";
import type { PlaneGrid } from "../plane.js";
import { quickPlane } from "../quick.js";
import { type MeanInterval, meanInterval, rankCorrelation } from "../statistics.js";
import { drawTask, type TaskParameters } from "../task.js";
import { measuredPlane } from "./damage.js";
import type { FlippedSeed } from "./flips.js";
import { endOf } from "./poisoning.js";
import { ceilingOf, halvesOf, meansOver } from "./reliability.js";

/** A seed's flips, ready to be drawn. */
export interface FlipView {
  seed: number;
  /** The training points with their true labels. */
  data: Dataset;
  /** The probability of class 1 by a network trained on them. */
  clean: PlaneGrid;
  /** The share of the plane that each flip changes, over the orders. */
  harms: MeanInterval[];
  /** Indices of the essay's cluster, and of the lies that the greedy search found, in the order in which it found them. */
  cluster: number[];
  found: number[];
}

/**
 * Draws the first seed's data again and trains on them once.
 *
 * @param resolution - points along each side of the grid
 * @returns undefined where no flip was tried
 */
export function viewFlips(
  [first]: readonly FlippedSeed[],
  parameters: TaskParameters,
  resolution: number,
): FlipView | undefined {
  if (first === undefined) return undefined;
  const { seed, harms, attacks } = first;
  const task = drawTask({ ...parameters, seed });
  const { train } = task.data;
  return {
    seed,
    data: train,
    clean: quickPlane(endOf({ ...parameters, seed }, task), measuredPlane(train).area, resolution),
    harms: harms[0].map((_, i) =>
      meanInterval(
        harms.map((row) => row[i]),
        [0, 1],
      ),
    ),
    cluster: attacks["the essay's cluster"].attacked,
    found: attacks.greedy.attacked,
  };
}

/** How well a forecast ranks the flips of a seed: the rank correlation of what is foretold with what is true. */
export interface Ranking {
  /** Where there is no order. */
  atMinimum: number;
  /** After the essay's training. */
  atEssay: number;
  /** The most that any forecast can reach there, because the truth is a mean over few orders. */
  ceiling: number;
  /** After the essay's training, of the half of the points that the network is most sure of, and of the other half. */
  sure: number;
  unsure: number;
  /** Not a forecast: the true harms there and here. */
  thereAndHere: number;
}

/** Compares a seed's forecasts with the truth. */
export function rankingOf({ harms, atMinimum, foretold, logits }: FlippedSeed): Ranking {
  const truth = meansOver(harms);
  const bySureness = [...logits.keys()].sort((i, j) => Math.abs(logits[j]) - Math.abs(logits[i]) || i - j);
  const half = Math.ceil(logits.length / 2);
  const among = (indices: readonly number[]): number =>
    rankCorrelation(
      indices.map((i) => foretold[i]),
      indices.map((i) => truth[i]),
    );
  return {
    atMinimum: rankCorrelation(atMinimum.foretold, atMinimum.harms),
    atEssay: rankCorrelation(foretold, truth),
    ceiling: ceilingOf(harms),
    sure: among(bySureness.slice(0, half)),
    unsure: among(bySureness.slice(-half)),
    thereAndHere: rankCorrelation(atMinimum.harms, truth),
  };
}

/**
 * The harm of the worst single flip: the worst in every other order, measured in the rest, so that it is not the worst by
 * luck.
 */
export function worstSingle({ harms }: FlippedSeed): number {
  const [chosen, measured] = halvesOf(harms);
  return measured[chosen.indexOf(Math.max(...chosen))];
}
