/**
 * Notebook 02: how sure is the network where it has never been, and why? Hyperparameters in, measurements out.
 */
import type { Matrix } from "ml-matrix";
import { type Dataset, makeMoons, type Split } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import { randomStream } from "../../core/random.js";
import { type Measurement, measurement, type Steps } from "../measurement.js";
import { gridOfValues, type PlaneGrid, planePoints, type Rectangle } from "../plane.js";
import { auroc, shareOf } from "../statistics.js";
import { taskSteps } from "../task.js";
import { countRegions, linesOf, MOST_LINES } from "./arrangement.js";
import { type ReliabilityBin, reliabilityDiagram } from "./calibration.js";
import { isCertain, negativeLogDoubt } from "./confidence.js";
import { arcsOf, certainShare, type FarShares, farShares } from "./directions.js";
import { farLogit } from "./kinks.js";
import { nearestTo } from "./novelty.js";
import { inputAt, oneLayerOf } from "./one-layer.js";
import { annulusPoints, clusterPoints, OUTSIDE_POINTS } from "./outside.js";
import type { OutOfDistributionParameters } from "./parameters.js";
import { logitAt, logitsAlongRay, logitsAt, MIDDLE, type Point, raysAround, rayThrough } from "./rays.js";

/** Radii at which directions are counted, in moon radii from the middle of the moons. */
export const RADII: readonly number[] = [2, 4, 8, 16, 32, 64, 128];

/** Index of the radius at which networks of different shapes are compared. */
export const FAR = 2;

/** Number of directions, evenly spaced, that are looked at where the share of all of them has no closed form. */
export const DIRECTIONS = 64;

/** Slopes below this count as none where directions are sampled, in nats per moon radius. */
const LEVEL = 1e-9;

/** Standard deviation added to the noise, to measure calibration under a shift that still has right answers. */
export const SHIFT = 0.3;

/** A square around the middle of the moons that holds the point and all of the data. */
export function voidArea([x, y]: Point): Rectangle {
  const reach = Math.max(3, 1.6 * Math.abs(x - MIDDLE[0]), 1.6 * Math.abs(y - MIDDLE[1]));
  return { x: [MIDDLE[0] - reach, MIDDLE[0] + reach], y: [MIDDLE[1] - reach, MIDDLE[1] + reach] };
}

/** The logit on a grid of `resolution` x `resolution` points. */
export function logitsOnPlane(network: Network, area: Rectangle, resolution: number): PlaneGrid {
  return gridOfValues(area, resolution, logitsAt(network, planePoints(area, resolution)));
}

/** The measurements of one seed's network. */
export interface VoidResult {
  seed: number;
  testAccuracy: number;
  /** The logit at the point of the claim. */
  pointLogit: number;
  /** Whether shares of directions are exact: there is one hidden layer of ReLUs. Elsewhere {@link DIRECTIONS} are counted. */
  isExact: boolean;
  /** At each of the {@link RADII}: share of the directions in which the network is certain. */
  certain: number[];
  /** AUROC of the confidence, test points against the annulus, and against the cluster. */
  auroc: { annulus: number; cluster: number };
  /** Share of the points that are answered with certainty. */
  certainInside: number;
  certainAnnulus: number;
  /** At each of the {@link RADII}: whether it is certain in the direction of the point. */
  certainTowardsPoint: boolean[];
  /** The class of the training point nearest to the point, and how far away that is, in moon radii. */
  nearestClass: number;
  nearestDistance: number;
  /** Whether the point lies beyond the last kink on its ray; never where the network is not piecewise affine, or diverged. */
  isBeyondKinks: boolean;
  /** Shares of the directions in which the logit has a bound, and in which doubt never ends. */
  far: FarShares;
  /** Into how many regions the neurons' lines cut the plane, and how many of these hold a training point; NaN if not exact, or for more than {@link MOST_LINES}. */
  regions: { all: number; learnt: number };
  /** Of the test points; sums to six digits. */
  inside: ReliabilityBin[];
  /** Of moons with {@link SHIFT} more noise than in training; sums to six digits. */
  shifted: ReliabilityBin[];
}

/** Trains once and measures the network inside the data and far outside. */
export const measureVoid: Measurement<[parameters: OutOfDistributionParameters], VoidResult> = measurement(
  function* (parameters) {
    const { seed, point, annulus, noise, testPoints } = parameters;
    const { data, network, testAccuracy } = yield* trainOnce(parameters);
    const ring = annulusPoints(annulus, OUTSIDE_POINTS, seed);
    const random = randomStream("dataset/shifted", seed);
    const shifted = makeMoons({ samples: testPoints, noise: noise + SHIFT, random });
    const { ray, radius } = rayThrough(point);
    const towards = farLogit(network, ray);
    const nearest = nearestTo(point, data.train);
    return {
      seed,
      testAccuracy,
      pointLogit: logitAt(network, point),
      isExact: oneLayerOf(network) !== undefined,
      certain: certainByRadius(network),
      auroc: {
        annulus: aurocOf(network, data.test.points, ring),
        cluster: aurocOf(network, data.test.points, clusterPoints(point, OUTSIDE_POINTS, seed)),
      },
      certainInside: shareOf(logitsAt(network, data.test.points), isCertain).share,
      certainAnnulus: shareOf(logitsAt(network, ring), isCertain).share,
      certainTowardsPoint: logitsAlongRay(network, ray, RADII).map(isCertain),
      nearestClass: nearest.label,
      nearestDistance: nearest.distance,
      isBeyondKinks: radius > towards.lastKink && !Number.isNaN(towards.slope),
      far: farSharesOf(network),
      regions: regionsOf(network, data.train.points),
      inside: reliabilityOf(network, data.test),
      shifted: reliabilityOf(network, shifted),
    };
  },
);

/** How certain a network is, whatever its shape. */
export interface CertaintyResult {
  testAccuracy: number;
  /** The logit at the point of the claim. */
  pointLogit: number;
  /** Share of the directions in which the network is certain, at the radius {@link FAR}. */
  certain: number;
  /** AUROC of the confidence, test points against the annulus. */
  auroc: number;
}

/** Trains once and measures how certain the network is. */
export const measureCertainty: Measurement<[parameters: OutOfDistributionParameters], CertaintyResult> =
  measurement(function* (parameters) {
    const { seed, point, annulus } = parameters;
    const { data, network, testAccuracy } = yield* trainOnce(parameters);
    return {
      testAccuracy,
      pointLogit: logitAt(network, point),
      certain: certainByRadius(network)[FAR],
      auroc: aurocOf(network, data.test.points, annulusPoints(annulus, OUTSIDE_POINTS, seed)),
    };
  });

function* trainOnce(
  parameters: OutOfDistributionParameters,
): Steps<{ data: Split; network: Network; testAccuracy: number }> {
  const { data, training } = yield* taskSteps(parameters, { recordEvery: Math.max(1, parameters.epochs) });
  const { network, history } = training;
  return { data, network, testAccuracy: history[history.length - 1].test?.accuracy ?? Number.NaN };
}

/** How well the confidence tells points inside from points outside. */
function aurocOf(network: Network, inside: Matrix, outside: Matrix): number {
  const [within, beyond] = [inside, outside].map((points) => logitsAt(network, points).map(negativeLogDoubt));
  return auroc(within, beyond);
}

/** A diagram as recorded: more than six digits of a sum would mean nothing. */
function reliabilityOf(network: Network, { points, labels }: Dataset): ReliabilityBin[] {
  return reliabilityDiagram(logitsAt(network, points), labels.to1DArray()).map(({ doubt, ...counts }) => ({
    ...counts,
    doubt: Number(doubt.toPrecision(6)),
  }));
}

/** Share of the directions in which a network is certain, at each of the {@link RADII}. */
export function certainByRadius(network: Network): number[] {
  const layer = oneLayerOf(network);
  if (layer) return RADII.map((radius) => certainShare(layer, MIDDLE, radius));
  const logits = raysAround(DIRECTIONS).map((ray) => logitsAlongRay(network, ray, RADII));
  return RADII.map((_, i) => shareOf(logits, (along) => isCertain(along[i])).share);
}

/** In what share of the directions the logit has a bound, and doubt no end; NaN where the training diverged. */
export function farSharesOf(network: Network): FarShares {
  const layer = oneLayerOf(network);
  if (layer) return farShares(arcsOf(layer));
  const ends = raysAround(DIRECTIONS).map((ray) => farLogit(network, ray));
  if (ends.some(({ slope }) => Number.isNaN(slope))) return { bounded: Number.NaN, doubtful: Number.NaN };
  const level = ends.filter(({ slope }) => Math.abs(slope) < LEVEL);
  return {
    bounded: level.length / DIRECTIONS,
    doubtful: level.filter(({ end }) => !isCertain(end)).length / DIRECTIONS,
  };
}

/** Regions into which the neurons' lines cut the plane, and those that hold some of the points; NaN if not exact. */
export function regionsOf(network: Network, points: Matrix): VoidResult["regions"] {
  const layer = oneLayerOf(network);
  if (!layer || layer.biases.length > MOST_LINES) return { all: Number.NaN, learnt: Number.NaN };
  const patterns = points
    .to2DArray()
    .map((point) => layer.biases.map((_, j) => (inputAt(layer, j, point) > 0 ? 1 : 0)).join(""));
  return { all: countRegions(linesOf(layer)), learnt: new Set(patterns).size };
}
