/**
 * Where a network bends: between the lines along which its ReLUs switch it is affine (Montúfar et al. 2014, On the number of
 * linear regions of deep neural networks). A ray crosses finitely many of them, and beyond the last the logit is a straight
 * line for ever (Hein et al. 2019, Why ReLU networks yield high-confidence predictions far away from the training data,
 * lemma 3.1).
 */
import type { Matrix } from "ml-matrix";
import { isActivation } from "../../core/network/activations.js";
import { type ForwardPass, forward } from "../../core/network/forward-backward.js";
import { hiddenBlocks, type Network } from "../../core/network/network.js";
import { planePoints, type Rectangle } from "../plane.js";
import { countRegions, linesOf, MOST_LINES, type Region, regionsIn, type Segment } from "./arrangement.js";
import { type Arc, arcsOf } from "./directions.js";
import { isPiecewiseAffine, oneLayerOf, type PlainLayer, plainLayer } from "./one-layer.js";
import { logitAt, logitsAlongRay, MIDDLE, type Ray } from "./rays.js";

/** Preactivations this small beside their terms count as zero: the neuron switches here. */
const ZERO = 1e-10;

/**
 * The radii at which a neuron switches on a ray, from the origin outwards, exact up to rounding: within a region each
 * preactivation is α + β r, so the nearest zero ahead is the next kink.
 *
 * @throws RangeError when the network is not piecewise affine: then it has none
 */
export function kinksAlongRay(network: Network, ray: Ray): number[] {
  if (!isPiecewiseAffine(network)) {
    throw new RangeError(
      "network must have hidden layers of plain or leaky ReLUs, without layer normalization: others are not straight between kinks",
    );
  }
  const hidden = hiddenBlocks(network).map(plainLayer);
  const kinks: number[] = [];
  let radius = nextKink(hidden, ray, 0);
  while (radius < Number.POSITIVE_INFINITY) {
    kinks.push(radius);
    radius = nextKink(hidden, ray, radius);
  }
  return kinks;
}

/** The radius of the next kink ahead; infinite where there is none. */
function nextKink(hidden: readonly PlainLayer[], { origin, direction }: Ray, radius: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  // the input is origin + direction r, and every number after it is constant + slope r
  let constants: readonly number[] = origin;
  let slopes: readonly number[] = direction;
  for (const { weights, biases, leak } of hidden) {
    const [nextConstants, nextSlopes]: [number[], number[]] = [[], []];
    for (let neuron = 0; neuron < biases.length; neuron++) {
      let constant = biases[neuron];
      let slope = 0;
      let size = Math.abs(constant);
      for (let i = 0; i < weights[neuron].length; i++) {
        const weight = weights[neuron][i];
        constant += constants[i] * weight;
        slope += slopes[i] * weight;
        size += Math.abs(constants[i] * weight) + Math.abs(slopes[i] * weight * radius);
      }
      const value = constant + slope * radius;
      const isZero = Math.abs(value) <= ZERO * size;
      // just beyond a kink the slope tells on which side the neuron is
      const isOn = isZero ? slope > 0 : value > 0;
      const zero = -constant / slope;
      if (!isZero && isOn === slope < 0 && zero > radius) nearest = Math.min(nearest, zero);
      nextConstants.push(isOn ? constant : leak * constant);
      nextSlopes.push(isOn ? slope : leak * slope);
    }
    constants = nextConstants;
    slopes = nextSlopes;
  }
  return nearest;
}

/** The logit along a ray. */
export interface RayProfile {
  ray: Ray;
  /** The radii of the logits. */
  radii: readonly number[];
  logits: number[];
}

/** Follows the logit along a ray. */
export function rayProfile(network: Network, ray: Ray, radii: readonly number[]): RayProfile {
  return { ray, radii, logits: logitsAlongRay(network, ray, radii) };
}

/** The logit far out on a ray. */
export interface FarLogit {
  /** The radius of the last kink, 0 where there is none; NaN where the network is not piecewise affine. */
  lastKink: number;
  /** The largest distance of the logit from a straight line beyond that kink, over its largest size there. */
  deviation: number;
  /** Slope of that line, in nats per unit of length. */
  slope: number;
  /** The logit at the last of those radii. */
  end: number;
}

/** In a network without a last kink, the straight line is tried from this radius on. */
const FAR = 8;

/** Compares the logit beyond its last kink, at nine radii up to twice as far, with a straight line. */
export function farLogit(network: Network, ray: Ray): FarLogit {
  const affine = isPiecewiseAffine(network);
  const lastKink = affine ? (kinksAlongRay(network, ray).at(-1) ?? 0) : Number.NaN;
  const from = affine ? lastKink : FAR;
  const span = Math.max(from, FAR);
  const steps = 8;
  const radii = Array.from({ length: steps + 1 }, (_, i) => from + (span * i) / steps);
  const logits = logitsAlongRay(network, ray, radii);
  const [first, last] = [logits[0], logits[steps]];
  const deviations = logits.map((z, i) => Math.abs(z - (first + ((last - first) * i) / steps)));
  const size = Math.max(...logits.map(Math.abs));
  return {
    lastKink,
    deviation: size === 0 ? 0 : Math.max(...deviations) / size,
    slope: (last - first) / span,
    end: last,
  };
}

/**
 * Where the neurons of one hidden layer switch: the zeros of what goes into their activations, by marching
 * squares on a grid of `resolution` x `resolution` points. Straight lines come out exact but for rounding.
 *
 * @param layer - index of the hidden layer, from 0
 * @returns a list of segments for each neuron
 */
export function switchingCurves(
  network: Network,
  layer: number,
  area: Rectangle,
  resolution: number,
): Segment[][] {
  const points = planePoints(area, resolution);
  const values = activationInputs(network, forward(network, points))[layer];
  return Array.from({ length: values.columns }, (_, neuron) =>
    zerosOnGrid(points, values.getColumn(neuron), resolution),
  );
}

/** Number of activation patterns on a grid: the neurons cut the area into at least as many regions. */
export function patternCount(network: Network, area: Rectangle, resolution: number): number {
  const pass = forward(network, planePoints(area, resolution));
  const hidden = activationInputs(network, pass);
  const patterns = pass.logits.to1DArray().map((_, i) =>
    hidden
      .map((z) =>
        z
          .getRow(i)
          .map((value) => (value > 0 ? 1 : 0))
          .join(""),
      )
      .join(),
  );
  return new Set(patterns).size;
}

/** Everything in a figure of the kinks: in closed form, or what a grid of points shows of it. */
export type KinksPicture =
  | {
      isExact: true;
      /** The regions that reach into the area. */
      regions: Region[];
      /** The number of neurons and of regions in all of the plane. */
      neurons: number;
      all: number;
      /** The directions in which the logit has a bound. */
      level: Arc[];
    }
  | {
      isExact: false;
      /** curves[layer][neuron]: where a neuron switches. */
      curves: Segment[][][];
      /** Least number of regions into which the neurons cut the area. */
      regions: number;
      isPiecewiseAffine: boolean;
      /** Whether the training diverged. */
      isLost: boolean;
    };

/** Where the neurons of all layers switch, in an area. */
export function kinksPicture(network: Network, area: Rectangle, resolution: number): KinksPicture {
  const layer = oneLayerOf(network);
  if (layer && layer.biases.length <= MOST_LINES) {
    const lines = linesOf(layer);
    return {
      isExact: true,
      regions: regionsIn(layer, lines, area),
      neurons: layer.biases.length,
      all: countRegions(lines),
      level: arcsOf(layer).filter(({ limit }) => limit !== undefined),
    };
  }
  return {
    isExact: false,
    curves: hiddenBlocks(network).map((_, l) => switchingCurves(network, l, area, resolution)),
    regions: patternCount(network, area, resolution),
    isPiecewiseAffine: isPiecewiseAffine(network),
    isLost: Number.isNaN(logitAt(network, MIDDLE)),
  };
}

/** What goes into the activation of each hidden layer: z, or z normalized. */
function activationInputs({ layers }: Network, pass: ForwardPass): Matrix[] {
  return layers.flatMap((layer, l) => (isActivation(layer) ? [pass.layers[l].input] : []));
}

/** Marching squares: each cell is cut into two triangles, on which a linear function has one zero line. */
function zerosOnGrid(points: Matrix, values: readonly number[], columns: number): Segment[] {
  const segments: Segment[] = [];
  const crossing = (i: number, j: number): [number, number] | undefined => {
    if (values[i] > 0 === values[j] > 0) return undefined;
    const t = values[i] / (values[i] - values[j]);
    const along = (axis: number): number =>
      points.get(i, axis) + t * (points.get(j, axis) - points.get(i, axis));
    return [along(0), along(1)];
  };
  const cut = (...corners: [number, number, number]): void => {
    const ends = [0, 1, 2]
      .map((k) => crossing(corners[k], corners[(k + 1) % 3]))
      .filter((end) => end !== undefined);
    if (ends.length === 2) segments.push([...ends[0], ...ends[1]]);
  };
  for (let row = 0; row + 1 < values.length / columns; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const corner = row * columns + column;
      cut(corner, corner + 1, corner + columns);
      cut(corner + columns + 1, corner + columns, corner + 1);
    }
  }
  return segments;
}
