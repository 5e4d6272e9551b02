/**
 * Notebook 02: how sure is the network where it has never been, and why? Hyperparameters in, measurements out.
 */
import { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import { makeMoons } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import { randomStream } from "../../core/random.js";
import { documented, pairOf, parse } from "../../core/validate.js";
import { type Measurement, measurement, type Steps } from "../measurement.js";
import {
  FARTHEST,
  gridOfValues,
  type PlaneGrid,
  placeSchema,
  planePoints,
  type Rectangle,
} from "../plane.js";
import type { Runner } from "../runner.js";
import { auroc } from "../statistics.js";
import {
  type SweepParameters,
  seedsOf,
  sweepShape,
  type TrainedTask,
  taskShape,
  taskSteps,
} from "../task.js";
import { type ReliabilityBin, reliabilityDiagram } from "./calibration.js";
import { isCertain, negativeLogDoubt } from "./confidence.js";
import { type DefenceParameters, type DefencesResult, measureDefences, OUTSIDE_POINTS } from "./defences.js";
import { farLogit } from "./kinks.js";
import { annulusPoints, clusterPoints, nearestClass, neighbourDistances } from "./novelty.js";
import { logitAt, logitsAlongRay, logitsAt, MIDDLE, type Point, raysAround, rayThrough } from "./rays.js";

/** The hyperparameters of notebook 02. */
export interface OutOfDistributionParameters extends DefenceParameters, SweepParameters {}

/** What the hyperparameters are allowed to be. */
export const outOfDistributionSchema: z.ZodMiniType<OutOfDistributionParameters> = z.strictObject({
  ...taskShape,
  point: documented(placeSchema, "Where the claim is put to the test", "moon radii"),
  annulus: documented(
    pairOf(
      "an inner and a larger outer radius from 0 to 1000000",
      ([inner, outer]) => inner >= 0 && inner < outer && outer <= FARTHEST,
    ),
    "Radii of the ring that counts as outside",
    "moon radii",
  ),
  members: documented(z.int().check(z.gte(2), z.lte(100)), "Networks in the ensemble"),
  neighbours: documented(
    z.int().check(z.gte(1), z.lte(10_000)),
    "The distance to the data is that to so many-th nearest point",
  ),
  ...sweepShape,
});

/**
 * Checks the hyperparameters of notebook 02.
 *
 * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
 */
export function outOfDistributionParameters(
  values: OutOfDistributionParameters,
): OutOfDistributionParameters {
  return parse(outOfDistributionSchema, values, "parameters");
}

/** Radii at which the directions are counted, in moon radii from the middle of the moons. */
export const RADII: readonly number[] = [2, 4, 8, 16, 32, 64, 128];

/** Directions that are counted, evenly spaced. */
export const DIRECTIONS = 64;

/** How far a logit may be off a straight line, over its largest size, and still count as on it. */
export const STRAIGHT = 1e-9;

/** Standard deviation that is added to the noise to see calibration under a shift that has right answers. */
export const SHIFT = 0.3;

/** A square around the middle of the moons that holds the point, and all of the data. */
export function voidArea([x, y]: Point): Rectangle {
  const reach = Math.max(3, 1.6 * Math.abs(x - MIDDLE[0]), 1.6 * Math.abs(y - MIDDLE[1]));
  return { x: [MIDDLE[0] - reach, MIDDLE[0] + reach], y: [MIDDLE[1] - reach, MIDDLE[1] + reach] };
}

/** The logit on a grid of `resolution` x `resolution` points. */
export function logitsOnPlane(network: Network, area: Rectangle, resolution: number): PlaneGrid {
  return gridOfValues(area, resolution, logitsAt(network, planePoints(area, resolution)));
}

/** How certain one seed's network is, and where. */
export interface CertaintyResult {
  seed: number;
  testAccuracy: number;
  /** The point of the claim, and the logit there. */
  point: Point;
  pointLogit: number;
  /** By the {@link RADII}: share of the {@link DIRECTIONS} in which the network is certain. */
  certain: number[];
  /** By the {@link RADII}: whether it is certain in the direction of the point. */
  certainTowardsPoint: boolean[];
  /** AUROC of the confidence, test points against the annulus, and against the cluster. */
  auroc: { annulus: number; cluster: number };
  /** Share of the points that are answered with certainty. */
  certainInside: number;
  certainAnnulus: number;
}

/** All that is measured of one seed's network. */
export interface VoidResult extends CertaintyResult {
  /** The class of the training point nearest to the point, and how far away that is, in moon radii. */
  nearestClass: number;
  nearestDistance: number;
  /** Whether the point lies beyond the last kink on its ray; never where the network is not piecewise affine, or diverged. */
  isBeyondKinks: boolean;
  /** The largest deviation of the logit from a straight line beyond the last kink; see `FarLogit`. */
  deviation: number;
  /** Share of the directions in which the logit stays constant beyond the last kink. */
  flat: number;
  /** The last kink in each direction, sorted; NaN where the network is not piecewise affine. */
  lastKinks: number[];
  /** Of the test points. */
  inside: ReliabilityBin[];
  /** Of moons with more noise than those learnt from, by {@link SHIFT}. */
  shifted: ReliabilityBin[];
}

/** Trains once and measures how certain the network is, and where. */
export const measureCertainty: Measurement<[parameters: OutOfDistributionParameters], CertaintyResult> =
  measurement(function* (parameters) {
    return certaintyOf(parameters, yield* trainOnce(parameters));
  });

/** Trains once and looks at the network from the inside, and from far outside. */
export const measureVoid: Measurement<[parameters: OutOfDistributionParameters], VoidResult> = measurement(
  function* (parameters) {
    const { seed, point, noise, testPoints } = parameters;
    const trained = yield* trainOnce(parameters);
    const { data, training } = trained;
    const { network } = training;
    const random = randomStream("dataset/shifted", seed);
    const shifted = makeMoons({ samples: testPoints, noise: noise + SHIFT, random });
    const insideLogits = logitsAt(network, data.test.points);
    const { ray, radius } = rayThrough(point);
    const towards = farLogit(network, ray);
    const far = raysAround(DIRECTIONS).map((direction) => farLogit(network, direction));
    return {
      ...certaintyOf(parameters, trained),
      nearestClass: nearestClass(point, data.train),
      nearestDistance: neighbourDistances(new Matrix([[...point]]), data.train, 1)[0],
      isBeyondKinks: radius > towards.lastKink && !Number.isNaN(towards.slope),
      deviation: Math.max(...far.map(({ deviation }) => deviation)),
      flat: share(far, ({ slope }) => Math.abs(slope) < STRAIGHT),
      lastKinks: far.map(({ lastKink }) => lastKink).sort((a, b) => a - b),
      inside: reliabilityDiagram(insideLogits, data.test.labels.to1DArray()),
      shifted: reliabilityDiagram(logitsAt(network, shifted.points), shifted.labels.to1DArray()),
    };
  },
);

function trainOnce(parameters: OutOfDistributionParameters): Steps<TrainedTask> {
  return taskSteps(parameters, { recordEvery: Math.max(1, parameters.epochs) });
}

function certaintyOf(
  { seed, point, annulus }: OutOfDistributionParameters,
  { data, training }: TrainedTask,
): CertaintyResult {
  const { network, history } = training;
  const insideLogits = logitsAt(network, data.test.points);
  const ringLogits = logitsAt(network, annulusPoints(annulus, OUTSIDE_POINTS, seed));
  const clusterLogits = logitsAt(network, clusterPoints(point, OUTSIDE_POINTS, seed));
  const score = insideLogits.map(negativeLogDoubt);
  return {
    seed,
    testAccuracy: history[history.length - 1].test?.accuracy ?? Number.NaN,
    point,
    pointLogit: logitAt(network, point),
    certain: certainByRadius(network),
    certainTowardsPoint: logitsAlongRay(network, rayThrough(point).ray, RADII).map(isCertain),
    auroc: {
      annulus: auroc(score, ringLogits.map(negativeLogDoubt)),
      cluster: auroc(score, clusterLogits.map(negativeLogDoubt)),
    },
    certainInside: share(insideLogits, isCertain),
    certainAnnulus: share(ringLogits, isCertain),
  };
}

/** Share of the {@link DIRECTIONS} in which a network is certain, at each of the {@link RADII}. */
export function certainByRadius(network: Network): number[] {
  const logits = raysAround(DIRECTIONS).map((ray) => logitsAlongRay(network, ray, RADII));
  return RADII.map((_, i) => share(logits, (along) => isCertain(along[i])));
}

/** The same hyperparameters with the seeds of the sweep: other data, other weights, other order. */
export async function voidOverSeeds(
  parameters: OutOfDistributionParameters,
  run: Runner,
): Promise<VoidResult[]> {
  const seeds = seedsOf(parameters);
  return run(
    seeds.map((seed) => ({ ...parameters, seed })),
    measureVoid,
  );
}

/** One thing changed, and what came of it for each seed. */
export interface VoidVariation {
  /** What was changed. */
  name: string;
  results: CertaintyResult[];
}

/**
 * Changes one thing at a time. All variations see the same seeds, and so, where the change leaves them alone,
 * the same data, initial weights and order.
 *
 * @param changes - what to change, by the name it is to have
 */
export async function voidVariations(
  parameters: OutOfDistributionParameters,
  changes: Readonly<Record<string, Partial<OutOfDistributionParameters>>>,
  run: Runner,
): Promise<VoidVariation[]> {
  const names = Object.keys(changes);
  const seeds = seedsOf(parameters);
  const grid = names.flatMap((name) =>
    seeds.map((seed) => outOfDistributionParameters({ ...parameters, ...changes[name], seed })),
  );
  const results = await run(grid, measureCertainty);
  return names.map((name, i) => ({ name, results: results.slice(i * seeds.length, (i + 1) * seeds.length) }));
}

/** Hidden layers that {@link voidAtScale} goes through. */
const SHAPES: readonly (readonly number[])[] = [[10], [64], [64, 64], [64, 64, 64]];

/**
 * The same measurements on wider and deeper networks, by their hidden layers. All of them train with a fourth of the
 * learning rate and for a twentieth of the epochs, on a tenth of the seeds.
 */
export async function voidAtScale(
  parameters: OutOfDistributionParameters,
  run: Runner,
): Promise<VoidVariation[]> {
  const { sweepSeeds, epochs, learningRate, testPoints } = parameters;
  const shorter = {
    ...parameters,
    epochs: Math.round(epochs / 20),
    learningRate: learningRate / 4,
    testPoints: Math.min(testPoints, 500),
    sweepSeeds: Math.max(2, Math.round(sweepSeeds / 10)),
  };
  const changes = SHAPES.map((hiddenLayers) => [hiddenLayers.join(" × "), { hiddenLayers }] as const);
  return voidVariations(shorter, Object.fromEntries(changes), run);
}

/** Every defence, with the seeds of the sweep. */
export async function defencesOverSeeds(
  parameters: OutOfDistributionParameters,
  run: Runner,
): Promise<DefencesResult[]> {
  const seeds = seedsOf(parameters);
  return run(
    seeds.map((seed) => ({ ...parameters, seed })),
    measureDefences,
  );
}

function share<T>(items: readonly T[], is: (item: T) => boolean): number {
  return items.filter(is).length / items.length;
}
