/**
 * Points outside the data, and the simplest way to notice them: the distance to the training points.
 */
import { Matrix } from "ml-matrix";
import { cos, sin } from "../../core/elementary.js";
import type { Dataset } from "../../core/moons.js";
import { randomStream } from "../../core/random.js";
import { MIDDLE, type Point } from "./rays.js";

/** Standard deviation of the far cluster on each coordinate, in moon radii. */
export const CLUSTER_SPREAD = 0.25;

/**
 * Points uniform over the area of an annulus around the middle of the moons.
 *
 * @param radii - inner and outer radius, in moon radii
 */
export function annulusPoints(radii: Point, count: number, seed: number): Matrix {
  const random = randomStream("outside/annulus", seed);
  const [inner, outer] = radii.map((radius) => radius * radius);
  return new Matrix(
    Array.from({ length: count }, () => {
      // the area within r grows as r^2: a uniform share of the area is a uniform r^2
      const r = Math.sqrt(inner + (outer - inner) * random.uniform());
      const angle = 2 * Math.PI * random.uniform();
      return [MIDDLE[0] + r * cos(angle), MIDDLE[1] + r * sin(angle)];
    }),
  );
}

/** A Gaussian cluster around a point, {@link CLUSTER_SPREAD} wide. */
export function clusterPoints([x, y]: Point, count: number, seed: number): Matrix {
  const random = randomStream("outside/cluster", seed);
  return new Matrix(
    Array.from({ length: count }, () => [
      x + CLUSTER_SPREAD * random.normal(),
      y + CLUSTER_SPREAD * random.normal(),
    ]),
  );
}

/**
 * The distance of each point to its k-th nearest training point (Ramaswamy et al. 2000, Efficient algorithms
 * for mining outliers from large data sets; as a detector on a network's features Sun et al. 2022).
 *
 * @param points - n x 2
 * @param k - from 1 on; the farthest point where there are fewer
 */
export function neighbourDistances(points: Matrix, train: Dataset, k: number): number[] {
  const xs = train.points.getColumn(0);
  const ys = train.points.getColumn(1);
  const nearest = new Float64Array(Math.min(k, xs.length));
  return Array.from({ length: points.rows }, (_, i) => {
    const [x, y] = [points.get(i, 0), points.get(i, 1)];
    nearest.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < xs.length; j++) {
      const [dx, dy] = [xs[j] - x, ys[j] - y];
      const square = dx * dx + dy * dy;
      let place = nearest.length - 1;
      if (!(square < nearest[place])) continue;
      for (; place > 0 && square < nearest[place - 1]; place--) nearest[place] = nearest[place - 1];
      nearest[place] = square;
    }
    return Math.sqrt(nearest[nearest.length - 1]);
  });
}

/** The class of the nearest training point; of several equally near, that of the first. */
export function nearestClass([x, y]: Point, { points, labels }: Dataset): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < points.rows; i++) {
    const [dx, dy] = [points.get(i, 0) - x, points.get(i, 1) - y];
    const square = dx * dx + dy * dy;
    if (square < least) [best, least] = [i, square];
  }
  return labels.get(best, 0);
}
