/**
 * The most neurons of one hidden layer that fire together, from the arrangement of their lines: over the whole plane
 * exactly, for every region is looked at and no sign is rounded.
 */
import { type Line, linesOf, MOST_LINES, regionsIn, turn } from "../out-of-distribution/arrangement.js";
import { signOfSum } from "../out-of-distribution/exact-sign.js";
import type { OneLayer } from "../out-of-distribution/one-layer.js";
import type { Rectangle } from "../plane.js";

/** A line, and how many neurons fire on the side to which its normal points, and on the other. */
interface Sides {
  line: Line;
  firing: readonly [inFront: number, behind: number];
}

/**
 * The largest number of neurons that fire in one region of the plane. Where the lines are not all parallel every region has a
 * corner, so it is enough to go round each point in which lines meet.
 *
 * @throws RangeError when there are more neurons than {@link MOST_LINES}
 */
export function largestCount(layer: OneLayer): number {
  requireFew(layer);
  const { weights, biases } = layer;
  // without weights a neuron fires everywhere or nowhere
  const always = biases.filter((bias, j) => weights[j].every((weight) => weight === 0) && bias > 0).length;
  const lines = linesOf(layer).map((line) => ({ line, firing: sidesOf(layer, line) }));
  if (lines.length === 0) return always;
  const all = lines.some(({ line }) => turn(lines[0].line.normal, line.normal) !== 0)
    ? lines
    : [...lines, acrossTo(lines[0].line)];
  let most = 0;
  for (const [i, a] of all.entries()) {
    for (const b of all.slice(i + 1)) {
      if (turn(a.line.normal, b.line.normal) !== 0) most = Math.max(most, largestAround(a.line, b.line, all));
    }
  }
  return always + most;
}

/** The region with the most firing neurons in an area, and a place in it. */
export interface LargestIn {
  count: number;
  place: readonly [x: number, y: number];
}

/**
 * The most neurons that fire in a region that reaches into an area; the corners of regions are rounded, and parts of less than a
 * millionth of a millionth of the area are left out.
 *
 * @throws RangeError when there are more neurons than {@link MOST_LINES}
 */
export function largestIn(layer: OneLayer, area: Rectangle): LargestIn {
  requireFew(layer);
  return regionsIn(layer, linesOf(layer), area)
    .map(({ corners, firing }) => ({
      count: firing,
      place: [0, 1].map((k) => corners.reduce((sum, corner) => sum + corner[k], 0) / corners.length) as [
        number,
        number,
      ],
    }))
    .reduce((most, one) => (one.count > most.count ? one : most));
}

function requireFew({ biases }: OneLayer): void {
  if (biases.length > MOST_LINES) {
    throw new RangeError(`layer must have at most ${MOST_LINES} neurons, got ${biases.length}`);
  }
}

/** The neurons of one line may look to different sides of it. */
function sidesOf({ weights }: OneLayer, { normal, neurons }: Line): [number, number] {
  const axis = normal[0] === 0 ? 1 : 0;
  const inFront = neurons.filter((j) => weights[j][axis] > 0 === normal[axis] > 0).length;
  return [inFront, neurons.length - inFront];
}

/** A line of no neuron at right angles to parallel ones, so that there are corners to go round. */
function acrossTo({ normal: [x, y] }: Line): Sides {
  return { line: { normal: [-y, x], offset: 0, neurons: [] }, firing: [0, 0] };
}

/** The most that fire in a region that touches the corner in which two lines meet. */
function largestAround(a: Line, b: Line, all: readonly Sides[]): number {
  const through: Sides[] = [];
  let elsewhere = 0;
  for (const one of all) {
    const side = sideOf(one.line, a, b);
    if (side === 0) through.push(one);
    else elsewhere += one.firing[side > 0 ? 0 : 1];
  }
  const around = through.flatMap((own) =>
    [1, -1].map((along) => {
      // a step from the corner along this line: the others through it are left behind on one side or the other
      const others = through
        .filter((other) => other !== own)
        .map(({ line, firing }) => firing[along * turn(own.line.normal, line.normal) > 0 ? 0 : 1]);
      return others.reduce((sum, firing) => sum + firing, Math.max(...own.firing));
    }),
  );
  return elsewhere + Math.max(...around);
}

/** On which side of a line the point lies in which two others meet: 1 in front, -1 behind, 0 on it. */
function sideOf(line: Line, a: Line, b: Line): number {
  const [[ax, ay], [bx, by], [cx, cy]] = [a.normal, b.normal, line.normal];
  // c·x + d at the point, by Cramer's rule; the divisor is the determinant of the two normals
  const dividend = signOfSum([
    [cx, ay, b.offset],
    [-cx, by, a.offset],
    [cy, bx, a.offset],
    [-cy, ax, b.offset],
    [line.offset, ax, by],
    [-line.offset, ay, bx],
  ]);
  return dividend * turn(a.normal, b.normal);
}
