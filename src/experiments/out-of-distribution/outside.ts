/** Points outside the data: far away on every side, far away in one place, and near. */
import { Matrix } from "ml-matrix";
import { cos, sin } from "../../core/elementary.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import { MIDDLE, type Point } from "./rays.js";

/** Something for each kind of points outside. */
export type Outside<T> = Record<"annulus" | "cluster" | "near", T>;

/** Makes something for each kind of points outside. */
export function eachOutside<T>(of: (kind: keyof Outside<T>) => T): Outside<T> {
  return { annulus: of("annulus"), cluster: of("cluster"), near: of("near") };
}

/** Number of points of each kind. */
export const OUTSIDE_POINTS = 500;

/** Standard deviation of the far cluster on each coordinate, in moon radii. */
const CLUSTER_SPREAD = 0.25;

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

/** How far the near points lie from the moons, in standard deviations of the noise. */
export const NEAR: readonly [least: number, most: number] = [3, 6];

/** With less noise, in moon radii, the near points lie where they would with so much. */
const LEAST_NOISE = 0.01;

/**
 * Points uniform over the band that lies {@link NEAR} standard deviations from the moons as they are without noise. Of the
 * data themselves about one in 500 lies as far out.
 *
 * @param noise - standard deviation of the noise, in moon radii
 */
export function nearPoints(noise: number, count: number, seed: number): Matrix {
  const random = randomStream("outside/near", seed);
  const [least, most] = NEAR.map((times) => times * Math.max(noise, LEAST_NOISE));
  return new Matrix(Array.from({ length: count }, () => pointOfBand(random, least, most)));
}

/** A point between two distances from the moons: drawn from the rectangle around them until one is. */
function pointOfBand(random: RandomStream, least: number, most: number): [x: number, y: number] {
  for (;;) {
    const x = -1 - most + (3 + 2 * most) * random.uniform();
    const y = -0.5 - most + (1.5 + 2 * most) * random.uniform();
    const distance = distanceFromMoons([x, y]);
    if (distance >= least && distance <= most) return [x, y];
  }
}

/** The distance of a point from the nearer of the two half circles on which the moons lie without noise. */
export function distanceFromMoons([x, y]: Point): number {
  return Math.min(distanceFromUpper(x, y), distanceFromUpper(1 - x, 0.5 - y));
}

/** The distance from the upper half of the unit circle: below it, from the nearer of its two ends. */
function distanceFromUpper(x: number, y: number): number {
  if (y >= 0) return Math.abs(Math.sqrt(x * x + y * y) - 1);
  const beside = Math.abs(x) - 1;
  return Math.sqrt(beside * beside + y * y);
}
