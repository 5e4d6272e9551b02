/** Straight lines out of the data: rays from the middle of the moons, and the logits along them. */
import { Matrix } from "ml-matrix";
import { cos, sin } from "../../core/elementary.js";
import { logitsOf } from "../../core/network/logits.js";
import type { Network } from "../../core/network/network.js";

/** A point of the plane: [x₁, x₂]. */
export type Point = readonly number[];

/** A point in words: `(4, 4)`. */
export function placeText(point: Point): string {
  return `(${point.join(", ")})`;
}

/** The points origin + r direction, r >= 0. */
export interface Ray {
  origin: Point;
  /** Of length 1. */
  direction: Point;
}

/** The centre of symmetry of the two moons, and the origin of all rays. */
export const MIDDLE: Point = [0.5, 0.25];

/** `count` rays from {@link MIDDLE}, evenly spaced in angle, the first along x₁. */
export function raysAround(count: number): Ray[] {
  return Array.from({ length: count }, (_, k): Ray => {
    const angle = (2 * Math.PI * k) / count;
    return { origin: MIDDLE, direction: [cos(angle), sin(angle)] };
  });
}

/** The ray from {@link MIDDLE} through a point, and how far along it the point lies; for the middle itself, the ray along x₁. */
export function rayThrough([x, y]: Point): { ray: Ray; radius: number } {
  const [dx, dy] = [x - MIDDLE[0], y - MIDDLE[1]];
  const radius = Math.sqrt(dx * dx + dy * dy);
  const direction: Point = radius === 0 ? [1, 0] : [dx / radius, dy / radius];
  return { ray: { origin: MIDDLE, direction }, radius };
}

/** The place on a ray at a radius. */
export function along({ origin, direction }: Ray, radius: number): [x: number, y: number] {
  return [origin[0] + radius * direction[0], origin[1] + radius * direction[1]];
}

/** The logit at each of the radii. */
export function logitsAlongRay(network: Network, ray: Ray, radii: readonly number[]): number[] {
  return logitsAt(network, new Matrix(radii.map((radius) => along(ray, radius))));
}

/** The logit at one point. */
export function logitAt(network: Network, point: Point): number {
  return logitsAt(network, new Matrix([[...point]]))[0];
}

/** The logit of each point, as a plain list. */
export function logitsAt(network: Network, points: Matrix): number[] {
  return [...logitsOf(network, points)];
}
