/** The simplest way to notice a point outside the data: its distance to the training points. */
import type { Matrix } from "ml-matrix";
import type { Dataset } from "../../core/moons.js";
import type { Point } from "./rays.js";

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

/** The class of the nearest training point, of several equally near that of the first, and how far away it is. */
export function nearestTo([x, y]: Point, { points, labels }: Dataset): { label: number; distance: number } {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < points.rows; i++) {
    const [dx, dy] = [points.get(i, 0) - x, points.get(i, 1) - y];
    const square = dx * dx + dy * dy;
    if (square < least) [best, least] = [i, square];
  }
  return { label: labels.get(best, 0), distance: Math.sqrt(least) };
}
