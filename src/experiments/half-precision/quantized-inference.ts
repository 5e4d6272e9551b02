/**
 * Notebook 05: a network trained in float64 and only then rounded, and its answers on the plane.
 */

import { Matrix } from "ml-matrix";
import { type FormatName, formats, ulp } from "../../core/arithmetic/formats.js";
import { phaseArithmetics, toPrecision } from "../../core/arithmetic/precision.js";
import type { Dataset } from "../../core/moons.js";
import { type ForwardPass, forward } from "../../core/network/forward-backward.js";
import type { Network } from "../../core/network/network.js";
import { toOperands } from "../../core/network/objective.js";
import { type Measurement, measurement } from "../measurement.js";
import {
  type PlaneGrid,
  planePoints,
  probabilityOnPlane,
  type Rectangle,
  rectangleAround,
} from "../plane.js";
import { brief, formatNames, inDouble, type PrecisionPoint, trainPrecision } from "./half-precision.js";

/** Logits of a network whose weights, points and every operation are rounded to a format. */
export function logitsIn(format: FormatName, network: Network, points: Matrix): number[] {
  return passIn(format, network, points).logits.to1DArray();
}

function passIn(format: FormatName, network: Network, points: Matrix): ForwardPass {
  const { evaluation } = phaseArithmetics(toPrecision(format)).arithmetics;
  return forward(toOperands(network, evaluation), evaluation.convert(points), evaluation);
}

/** What rounding a trained network to a format does to its predictions. */
export interface QuantizedInference {
  /** Share of the test points whose guessed class changes. */
  changed: number;
  /** Share of the rectangle around the data whose guessed class changes. */
  planeChanged: number;
  /** Share of the test points right, beyond that of float64. */
  gain: number;
}

/** Points on each side of the grid over the plane. */
const PLANE_RESOLUTION = 40;

/** Trains once in float64, then rounds the network to every format in turn, without further training. */
export const measureInference: Measurement<[point: PrecisionPoint], QuantizedInference[]> = measurement(
  function* (point) {
    const { data, network } = yield* trainPrecision.steps(inDouble(point), 1);
    const plane = planePoints(rectangleAround(data.train, 0.5), PLANE_RESOLUTION);
    const labels = data.test.labels.to1DArray();
    const [onTest, onPlane] = [data.test.points, plane].map((points) =>
      logitsIn("binary64", network, points),
    );
    return formatNames.map((format) => {
      const logits = logitsIn(format, network, data.test.points);
      return {
        changed: brief(shareOfFlips(logits, onTest)),
        planeChanged: brief(shareOfFlips(logitsIn(format, network, plane), onPlane)),
        gain: brief(shareRight(logits, labels) - shareRight(onTest, labels)),
      };
    });
  },
);

/** A piece of the plane, as float64 and a format see it. */
export interface TwoViews {
  double: PlaneGrid;
  reduced: PlaneGrid;
}

/** The plane of the data, and a small square on the decision boundary in which single numbers of the format can be seen. */
export function boundaryViews(
  network: Network,
  data: Dataset,
  format: FormatName,
): { whole: TwoViews; near: TwoViews } {
  const area = rectangleAround(data, 0.5);
  const views = (of: Rectangle, resolution: number): TwoViews => ({
    double: probabilityInFormat("binary64", network, of, resolution),
    reduced: probabilityInFormat(format, network, of, resolution),
  });
  return { whole: views(area, 48), near: views(boundaryCloseUp(network, area, format, 24), 72) };
}

/** The probability of class 1 on a grid, as a format computes it. */
function probabilityInFormat(
  format: FormatName,
  network: Network,
  area: Rectangle,
  resolution: number,
): PlaneGrid {
  const grid = probabilityOnPlane(network, area, resolution);
  const values = passIn(format, network, planePoints(area, resolution)).probabilities.to1DArray();
  return {
    ...grid,
    values: grid.y.map((_, row) => values.slice(row * resolution, (row + 1) * resolution)),
  };
}

/**
 * A square around the point of the decision boundary nearest to the middle of the rectangle, some numbers of the
 * format wide; around the middle itself where there is no boundary.
 *
 * @param width - in gaps between the numbers of the format
 */
export function boundaryCloseUp(
  network: Network,
  area: Rectangle,
  format: FormatName,
  width: number,
): Rectangle {
  const { x, y, values } = probabilityOnPlane(network, area, 2 * PLANE_RESOLUTION);
  const middle = [(area.x[0] + area.x[1]) / 2, (area.y[0] + area.y[1]) / 2];
  let [nearest, centre] = [Number.POSITIVE_INFINITY, middle];
  values.forEach((row, i) => {
    row.slice(1).forEach((p, j) => {
      if (p > 0.5 === row[j] > 0.5) return;
      const distance = (x[j] - middle[0]) * (x[j] - middle[0]) + (y[i] - middle[1]) * (y[i] - middle[1]);
      if (distance < nearest) [nearest, centre] = [distance, [x[j], y[i]]];
    });
  });
  if (nearest < Number.POSITIVE_INFINITY) centre[0] = crossing(network, centre, x[1] - x[0]);
  const gap = Math.max(...centre.map((coordinate) => ulp(coordinate, formats[format])));
  const half = (gap * width) / 2;
  return {
    x: [centre[0] - half, centre[0] + half],
    y: [centre[1] - half, centre[1] + half],
  };
}

/** Where the class changes between (x, y) and (x + step, y), by bisection. */
function crossing(network: Network, [x, y]: readonly number[], step: number): number {
  const guess = (at: number): boolean => forward(network, new Matrix([[at, y]])).logits.get(0, 0) > 0;
  const before = guess(x);
  let [low, high] = [x, x + step];
  for (let i = 0; i < 40; i++) {
    const at = (low + high) / 2;
    if (guess(at) === before) low = at;
    else high = at;
  }
  return (low + high) / 2;
}

function shareOfFlips(a: readonly number[], b: readonly number[]): number {
  return a.filter((logit, i) => logit > 0 !== b[i] > 0).length / a.length;
}

function shareRight(logits: readonly number[], labels: readonly number[]): number {
  return logits.filter((logit, i) => logit > 0 === (labels[i] === 1)).length / labels.length;
}
