/**
 * Sponge points: the inputs at which most neurons fire, so that a device that skips silent ones has most to do (Shumailov et al.
 * 2021, Sponge examples: energy-latency attacks on neural networks). An attacker searches for them by the count alone; with
 * one hidden layer largest-count.ts knows whether there is a dearer one.
 */
import type { Dataset } from "../../core/moons.js";
import { forward } from "../../core/network/forward-backward.js";
import type { Network } from "../../core/network/network.js";
import { powerOfTwo } from "../../core/powers.js";
import { randomStream } from "../../core/random.js";
import { type Measurement, measurement } from "../measurement.js";
import { MOST_LINES } from "../out-of-distribution/arrangement.js";
import { type OneLayer, oneLayerOf } from "../out-of-distribution/one-layer.js";
import { type Rectangle, rectangleAround } from "../plane.js";
import { meanOf } from "../statistics.js";
import { type TaskParameters, taskSteps } from "../task.js";
import { largestCount, largestIn } from "./largest-count.js";
import { activeCounts, activityOf, denseWork, savedShare } from "./leakage.js";
import { activityAt } from "./side-channel.js";

/** How often an attacker may ask for the count. */
export const QUERIES = 500;

/** A step of a search: a place that beats all before it. */
export interface SpongeStep {
  place: readonly [x: number, y: number];
  count: number;
  /** Which query found it, from 1. */
  query: number;
}

/** Where the attacker may ask, and the seed of their luck. */
interface SpongeSearch {
  area: Rectangle;
  seed: number;
}

/** The smallest step is this power of two of the area's sides. */
const SMALLEST_STEP = 9;

/**
 * Climbs to a point at which many neurons fire, by their number alone: from the best point so far to another, at a distance
 * of some size from the whole area to a 512th of it, which is kept if no fewer fire there. Places outside the area are moved to its edge.
 *
 * @param countAt - the number of firing neurons at a place
 * @returns the first place and each that beats all before it; the last one is the dearest that was found
 */
export function searchSponge(
  countAt: (place: readonly [x: number, y: number]) => number,
  { area, seed }: SpongeSearch,
): SpongeStep[] {
  const random = randomStream("attack/sponge", seed);
  const sides = [area.x, area.y];
  const first = sides.map(([low, high]) => low + (high - low) * random.uniform());
  let place: readonly [number, number] = [first[0], first[1]];
  let count = countAt(place);
  const steps: SpongeStep[] = [{ place, count, query: 1 }];
  for (let query = 2; query <= QUERIES; query++) {
    const size = powerOfTwo(-random.below(SMALLEST_STEP + 1));
    const [x, y] = sides.map(([low, high], k) => {
      const moved = place[k] + size * (high - low) * (2 * random.uniform() - 1);
      return Math.min(high, Math.max(low, moved));
    });
    const next = countAt([x, y]);
    // an equal count is taken too: it crosses the region, where no count tells the way
    if (next < count) continue;
    place = [x, y];
    if (next > count) steps.push({ place, count: next, query });
    count = next;
  }
  return steps;
}

/** {@link searchSponge} in a network. */
function attackByCost(network: Network, options: SpongeSearch): SpongeStep[] {
  return searchSponge((place) => activityAt(network, place).count, options);
}

/** The network as one layer of plain ReLUs, of which the largest count is known exactly; undefined where it is none, or too wide. */
function exactLayerOf(network: Network): OneLayer | undefined {
  const layer = oneLayerOf(network);
  // neurons that leak are never silent
  return layer && layer.leak === 0 && layer.biases.length <= MOST_LINES ? layer : undefined;
}

/** The box of ordinary inputs, which a check of their range lets pass: that of the training points. */
export function ordinaryInputs(train: Dataset): Rectangle {
  return rectangleAround(train, 0);
}

/** A network searched in the box of ordinary inputs, for a chart. */
export interface SpongeView {
  area: Rectangle;
  steps: SpongeStep[];
  /** The largest count in the box; undefined where it is not known exactly. */
  largest: number | undefined;
}

/** Searches one network. */
export function viewSponge(network: Network, train: Dataset, seed: number): SpongeView {
  const area = ordinaryInputs(train);
  const layer = exactLayerOf(network);
  return {
    area,
    steps: attackByCost(network, { area, seed }),
    largest: layer && largestIn(layer, area).count,
  };
}

/** A box far beyond the moons. */
const FAR: Rectangle = { x: [-10, 10], y: [-10, 10] };

/** The dearest input of an area. */
interface Dearest {
  /** The largest count, exactly; NaN where it is not known. */
  largest: number;
  /** What the search found, by how many queries, and the multiplications that it costs. */
  found: { count: number; queries: number; work: number };
}

/** What the average input costs, and the dearest. */
export interface SpongeResult {
  seed: number;
  /** Mean count at the test points. */
  mean: number;
  /** Mean number of multiplications at the test points, if silent neurons are skipped. */
  work: number;
  /** The largest count at a training point. */
  trained: number;
  /** Of the box around the training points. */
  ordinary: Dearest;
  /** The largest count that the search found in a larger one, of ten radii each way. */
  far: number;
  /** The largest count on the plane, exactly; NaN where it is not known. */
  anywhere: number;
}

/** The largest count on the plane, or, where that is not known, the larger of those that were found. */
export function dearestOf({ ordinary, far, anywhere }: SpongeResult): number {
  return Number.isNaN(anywhere) ? Math.max(ordinary.found.count, far) : anywhere;
}

/** Trains once, and looks for the dearest inputs. */
export const measureSponge: Measurement<[parameters: TaskParameters], SpongeResult> = measurement(
  function* (parameters) {
    const options = { recordEvery: Math.max(1, parameters.epochs) };
    const { data, training } = yield* taskSteps(parameters, options);
    return spongeResult(training.network, data, parameters.seed);
  },
);

/** Looks for the dearest inputs of a trained network. */
function spongeResult(
  network: Network,
  { train, test }: { train: Dataset; test: Dataset },
  seed: number,
): SpongeResult {
  const layer = exactLayerOf(network);
  const activity = activityOf(network, forward(network, test.points));
  const counts = activeCounts(activity);
  const dense = denseWork(network);
  const dearestIn = (area: Rectangle): SpongeStep =>
    attackByCost(network, { area, seed }).at(-1) as SpongeStep;
  const area = ordinaryInputs(train);
  const { place, count, query } = dearestIn(area);
  return {
    seed,
    mean: meanOf(counts),
    work: dense * (1 - savedShare(network, activity)),
    trained: activeCounts(activityOf(network, forward(network, train.points))).reduce((a, b) =>
      Math.max(a, b),
    ),
    ordinary: {
      largest: layer ? largestIn(layer, area).count : Number.NaN,
      found: { count, queries: query, work: dense * (1 - activityAt(network, place).saved) },
    },
    far: dearestIn(FAR).count,
    anywhere: layer ? largestCount(layer) : Number.NaN,
  };
}
