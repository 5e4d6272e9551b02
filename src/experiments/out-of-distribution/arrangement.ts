/**
 * The arrangement of the lines along which the neurons of one hidden layer switch, exactly: whether lines are parallel, are the
 * same or meet in one point is decided without rounding, so there is no tolerance.
 */
import type { Rectangle } from "../plane.js";
import { signOfSum } from "./exact-sign.js";
import { inputAt, type OneLayer, type Piece, pieceOf } from "./one-layer.js";
import type { Point } from "./rays.js";

/** Of more neurons the regions are neither counted nor drawn: it takes time, and their lines cover the plane. */
export const MOST_LINES = 64;

/** Pieces of a curve: [x0, y0, x1, y1] each. */
export type Segment = readonly [number, number, number, number];

/** A line n·x + d = 0. */
export interface Line {
  /** n. */
  normal: readonly [number, number];
  /** d. */
  offset: number;
  /** The neurons that switch here. */
  neurons: readonly number[];
}

/** The lines of the neurons, each once. A neuron without weights never switches, and has none. */
export function linesOf({ weights, biases }: OneLayer): Line[] {
  const lines: (Line & { neurons: number[] })[] = [];
  for (let j = 0; j < biases.length; j++) {
    const [x, y] = weights[j];
    if (x === 0 && y === 0) continue;
    const line = { normal: [x, y] as const, offset: biases[j], neurons: [j] };
    const same = lines.find((other) => isSame(line, other));
    if (same) same.neurons.push(j);
    else lines.push(line);
  }
  return lines;
}

/**
 * Number of regions into which lines cut the plane: 1 + n + Σ (k - 1) over the points where lines meet, k of them (Zaslavsky
 * 1975, Facing up to arrangements: face-count formulas for partitions of space by hyperplanes). It is counted line by
 * line: a line adds one region, and one for each point in which it meets those before it.
 *
 * @param lines - all different
 */
export function countRegions(lines: readonly Line[]): number {
  return lines.reduce((count, line, i) => count + 1 + countMeetings(line, lines.slice(0, i)), 1);
}

/** The most regions that so many lines can make: no two are parallel, and no three meet. */
export function mostRegions(lines: number): number {
  return 1 + lines + (lines * (lines - 1)) / 2;
}

/** A region, as far as it lies in an area. */
export interface Region extends Piece {
  /** The corners of this convex polygon, in order. */
  corners: Point[];
}

/** Parts of an area smaller than this share of it are left out: rounding may have made them. */
const SLIVER = 1e-12;

/** The regions that reach into an area; to be looked at, for their corners are rounded. */
export function regionsIn(layer: OneLayer, lines: readonly Line[], { x, y }: Rectangle): Region[] {
  const least = SLIVER * (x[1] - x[0]) * (y[1] - y[0]);
  let parts: Point[][] = [
    [
      [x[0], y[0]],
      [x[1], y[0]],
      [x[1], y[1]],
      [x[0], y[1]],
    ],
  ];
  for (const line of lines) {
    parts = parts.flatMap((corners) => cut(corners, line)).filter((corners) => areaOf(corners) > least);
  }
  return parts.map((corners) => {
    const middle = [0, 1].map((k) => corners.reduce((sum, corner) => sum + corner[k], 0) / corners.length);
    return { corners, ...pieceOf(layer, (j) => inputAt(layer, j, middle) > 0) };
  });
}

/** The part of each line that lies in an area, from end to end: [x0, y0, x1, y1]; nothing for lines that miss it. */
export function segmentsIn(lines: readonly Line[], { x, y }: Rectangle): Segment[] {
  return lines.flatMap(({ normal: [a, b], offset }): Segment[] => {
    const scale = -offset / (a * a + b * b);
    const [foot, along] = [
      [a * scale, b * scale],
      [-b, a],
    ];
    // foot + t along lies between both pairs of sides for t between these
    const ends = [x, y].map((sides, k) => {
      const times = sides.map((side) => (side - foot[k]) / along[k]);
      if (along[k] !== 0) return [Math.min(...times), Math.max(...times)];
      const isBetween = sides[0] <= foot[k] && foot[k] <= sides[1];
      return isBetween ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [1, 0];
    });
    const first = Math.max(...ends.map(([start]) => start));
    const last = Math.min(...ends.map(([, end]) => end));
    if (!(first < last)) return [];
    const at = (t: number, k: number): number => foot[k] + t * along[k];
    return [[at(first, 0), at(first, 1), at(last, 0), at(last, 1)]];
  });
}

/** The two parts of a convex polygon on either side of a line; one may be empty. */
function cut(corners: readonly Point[], { normal, offset }: Line): Point[][] {
  const heights = corners.map(([x, y]) => normal[0] * x + normal[1] * y + offset);
  return [1, -1].map((side) =>
    corners.flatMap((corner, i) => {
      const next = (i + 1) % corners.length;
      const [here, there] = [side * heights[i], side * heights[next]];
      const kept = here >= 0 ? [corner] : [];
      if (here > 0 === there > 0 || here === 0 || there === 0) return kept;
      const t = here / (here - there);
      return [...kept, [0, 1].map((k) => corner[k] + t * (corners[next][k] - corner[k]))];
    }),
  );
}

/** The area of a convex polygon. */
function areaOf(corners: readonly Point[]): number {
  const twice = corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length];
    return sum + x * nextY - y * nextX;
  }, 0);
  return Math.abs(twice) / 2;
}

/** In how many points a line meets others. */
function countMeetings(line: Line, others: readonly Line[]): number {
  const crossing = others.filter((other) => turn(line.normal, other.normal) !== 0);
  return crossing.filter(
    (other, i) => !crossing.slice(0, i).some((before) => haveOnePoint(line, other, before)),
  ).length;
}

/** The sign of the determinant of two normals: 0 where the lines are parallel. */
export function turn(a: readonly [number, number], b: readonly [number, number]): number {
  return signOfSum([
    [a[0], b[1]],
    [-a[1], b[0]],
  ]);
}

function isSame(a: Line, b: Line): boolean {
  return (
    turn(a.normal, b.normal) === 0 &&
    [0, 1].every(
      (k) =>
        signOfSum([
          [a.normal[k], b.offset],
          [-a.offset, b.normal[k]],
        ]) === 0,
    )
  );
}

/** Whether two lines that cross a third do so in one point: the determinant of the three is 0. */
function haveOnePoint(a: Line, b: Line, c: Line): boolean {
  const [[ax, ay], [bx, by], [cx, cy]] = [a.normal, b.normal, c.normal];
  return (
    signOfSum([
      [ax, by, c.offset],
      [-ax, cy, b.offset],
      [bx, cy, a.offset],
      [-bx, ay, c.offset],
      [cx, ay, b.offset],
      [-cx, by, a.offset],
    ]) === 0
  );
}
