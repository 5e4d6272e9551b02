/** Points and lines of the plane, as a thief finds them. */

/** An input. */
export type Point = readonly [x: number, y: number];

/** The line n·x + d = 0 of a neuron, which fires on its positive side. */
export interface Line {
  /** n, of length 1. */
  normal: Point;
  /** d. */
  offset: number;
}

/** n·x + d: above 0 where the line's neurons fire. */
export function heightOf({ normal, offset }: Line, [x, y]: Point): number {
  return normal[0] * x + normal[1] * y + offset;
}

/** The line through two points, with its neuron firing on the left of the way from the first to the second. */
export function lineThrough(first: Point, second: Point): Line {
  const length = distance(first, second);
  const normal: Point = [(first[1] - second[1]) / length, (second[0] - first[0]) / length];
  return { normal, offset: -(normal[0] * first[0] + normal[1] * first[1]) };
}

/** The point at a share of the way. */
export function between(a: Point, b: Point, share: number): Point {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}

/** The point at a distance across a line, towards its positive side. */
export function beside([x, y]: Point, { normal }: Pick<Line, "normal">, by: number): Point {
  return [x + by * normal[0], y + by * normal[1]];
}

/** Between two points. */
export function distance(a: Point, b: Point): number {
  return Math.sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]));
}
