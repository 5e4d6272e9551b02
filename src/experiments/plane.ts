/** Measurements over a rectangle of the plane: a network's answers, and the outputs of its neurons. */
import { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import type { Dataset } from "../core/moons.js";
import { forward } from "../core/network/forward-backward.js";
import { logitsOf } from "../core/network/logits.js";
import { hiddenBlocks, type Network } from "../core/network/network.js";
import { requireArgument } from "../core/require.js";
import { pairOf } from "../core/validate.js";

/** Farther out, a coordinate tells no more than the slopes do. */
export const FARTHEST = 1e6;

/** The allowed places on the plane. */
export const placeSchema: z.ZodMiniType<readonly [x: number, y: number]> = pairOf(
  "two coordinates, each from -1000000 to 1000000",
  (place) => place.every((value) => Math.abs(value) <= FARTHEST),
);

/** A rectangle of the plane, in the units of the data. */
export interface Rectangle {
  x: readonly [low: number, high: number];
  y: readonly [low: number, high: number];
}

/** A function of the plane, sampled on a regular grid. */
export interface PlaneGrid {
  /** Abscissas, from low to high. */
  x: number[];
  /** Ordinates, from low to high. */
  y: number[];
  /** values[row][column] belongs to (x[column], y[row]). */
  values: number[][];
}

/** The smallest rectangle around the points, widened by `margin` on every side. */
export function rectangleAround({ points }: Dataset, margin: number): Rectangle {
  const along = (j: number): [low: number, high: number] => [
    points.minColumn(j) - margin,
    points.maxColumn(j) + margin,
  ];
  return { x: along(0), y: along(1) };
}

/**
 * The probability of class 1 on a grid of `resolution` x `resolution` points.
 *
 * @param resolution - 2 to 300
 */
export function probabilityOnPlane(network: Network, area: Rectangle, resolution: number): PlaneGrid {
  const grid = gridOf(area, resolution);
  return fill(grid, forward(network, grid.points).probabilities.getColumn(0));
}

/**
 * The points of a regular grid of `resolution` x `resolution`, row by row, to measure the plane by.
 *
 * @param resolution - 2 to 300
 */
export function planePoints(area: Rectangle, resolution: number): Matrix {
  return gridOf(area, resolution).points;
}

/** Values at {@link planePoints}, in their order, as a grid. */
export function gridOfValues(area: Rectangle, resolution: number, values: readonly number[]): PlaneGrid {
  return fill(gridOf(area, resolution), values);
}

/**
 * Share of the points on which two networks disagree on the class (Milani Fard et al. 2016, Launch and
 * iterate, call it churn); over {@link planePoints}, the share of that part of the plane.
 *
 * @param points - n x inputs
 */
export function disagreement(a: Network, b: Network, points: Matrix): number {
  const others = logitsOf(b, points);
  const changed = logitsOf(a, points).filter((logit, i) => logit > 0 !== others[i] > 0);
  return changed.length / points.rows;
}

/**
 * The output of every neuron of a hidden layer on a grid of `resolution` x `resolution` points.
 *
 * @param layer - index of the hidden layer, from 0
 * @returns a grid for each neuron
 * @throws RangeError when the network has no such hidden layer
 */
export function neuronsOnPlane(
  network: Network,
  layer: number,
  area: Rectangle,
  resolution: number,
): PlaneGrid[] {
  const hidden = hiddenBlocks(network);
  if (!Number.isInteger(layer) || layer < 0 || layer >= hidden.length) {
    throw new RangeError(`layer must be a whole number from 0 to ${hidden.length - 1}, got ${layer}`);
  }
  const grid = gridOf(area, resolution);
  const { output } = forward(network, grid.points).layers[hidden[layer].last];
  return Array.from({ length: output.columns }, (_, j) => fill(grid, output.getColumn(j)));
}

interface Grid {
  x: number[];
  y: number[];
  /** All points, row by row. */
  points: Matrix;
}

const resolutionSchema = z.int().check(z.gte(2), z.lte(300));

/** @throws RangeError or TypeError when `resolution` is not a whole number from 2 to 300 */
function gridOf({ x, y }: Rectangle, resolution: number): Grid {
  requireArgument("resolution", resolutionSchema, resolution);
  const xs = spaced(x, resolution);
  const ys = spaced(y, resolution);
  return { x: xs, y: ys, points: new Matrix(ys.flatMap((v) => xs.map((u) => [u, v]))) };
}

function fill({ x, y }: Grid, values: readonly number[]): PlaneGrid {
  return { x, y, values: y.map((_, row) => values.slice(row * x.length, (row + 1) * x.length)) };
}

function spaced([low, high]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}
