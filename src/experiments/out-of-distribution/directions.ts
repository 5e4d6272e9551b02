/**
 * In which directions a network of one hidden layer becomes certain, and how far out: exact but for rounding, from the lines along
 * which its neurons switch.
 */
import { acos, atan2 } from "../../core/arctangent.js";
import { cos, sin } from "../../core/elementary.js";
import { turn } from "./arrangement.js";
import { CERTAIN_LOGIT, isCertain } from "./confidence.js";
import { signOfSum } from "./exact-sign.js";
import { inputAt, type OneLayer, pieceOf } from "./one-layer.js";
import type { Point } from "./rays.js";

/** A whole turn, in radians. */
const TURN = 2 * Math.PI;

/** Directions between two angles, in which the same neurons are on in the end. */
export interface Arc {
  /** The angles at its ends, in radians from the first axis: from 0 to 4π, and `to` above `from` by at most 2π. */
  from: number;
  to: number;
  /** The logit's slope far out in direction u is a·u, for this a. */
  slope: readonly [number, number];
  /** Where that slope is 0 in every direction, the logit that it ends with; elsewhere it grows without bound. */
  limit?: number;
}

/**
 * The arcs of the circle of directions. Neuron j is on in the end where w_j·u > 0, so what is on changes only where u is
 * perpendicular to a w_j. Between two such directions the slope is a·u, with a = Σ v_j w_j over the neurons that are on.
 */
export function arcsOf(layer: OneLayer): Arc[] {
  const { weights, biases, leak, outputs, bias } = layer;
  const normals = weights
    .map(([x, y]) => [x, y] as const)
    .filter(([x, y]) => x !== 0 || y !== 0)
    // parallel lines share their perpendiculars
    .filter((normal, j, all) => !all.slice(0, j).some((before) => turn(normal, before) === 0));
  const ends = normals.flatMap(([x, y]) => [atan2(x, -y), atan2(-x, y)]);
  return between(ends).map(({ from, to }) => {
    const middle = unit((from + to) / 2);
    const slopes = outputs.map((v, j) => [v, dot(weights[j], middle) > 0 ? 1 : leak]);
    const { gradient } = pieceOf(layer, (j) => slopes[j][1] === 1);
    const isLevel = [0, 1].every((k) => signOfSum(slopes.map((own, j) => [...own, weights[j][k]])) === 0);
    return {
      from,
      to,
      slope: isLevel ? [0, 0] : gradient,
      ...(isLevel && { limit: slopes.reduce((sum, [v, slope], j) => sum + v * slope * biases[j], bias) }),
    };
  });
}

/** Shares of all directions. */
export interface FarShares {
  /** In these the logit stays bounded. */
  bounded: number;
  /** In these it does so, and ends in doubt: certainty never comes to stay. */
  doubtful: number;
}

/** In what share of the directions there is no end to the logit, and to doubt. */
export function farShares(arcs: readonly Arc[]): FarShares {
  const share = (is: (limit: number) => boolean): number => {
    const level = arcs.filter(({ limit }) => limit !== undefined && is(limit));
    return shareOfTurn(level.reduce((sum, { from, to }) => sum + to - from, 0));
  };
  return { bounded: share(() => true), doubtful: share((limit) => !isCertain(limit)) };
}

/**
 * The share of a circle on which the network is certain. Between two neurons that switch, the logit on the circle is
 * A cos(θ - φ) + c, and the angles where it passes ±log 99 are an arc cosine.
 *
 * @param radius - >= 0
 */
export function certainShare(layer: OneLayer, centre: Point, radius: number): number {
  const { weights } = layer;
  const ends = weights.flatMap(([x, y], j) => {
    const amplitude = radius * Math.sqrt(x * x + y * y);
    const height = inputAt(layer, j, centre);
    if (!(Math.abs(height) < amplitude)) return [];
    const [middle, half] = [atan2(y, x), acos(-height / amplitude)];
    return [middle - half, middle + half];
  });
  const certain = between(ends).reduce((sum, { from, to }) => {
    const [ux, uy] = unit((from + to) / 2);
    const place = [centre[0] + radius * ux, centre[1] + radius * uy];
    const { gradient, constant } = pieceOf(layer, (j) => inputAt(layer, j, place) > 0);
    const [x, y] = gradient;
    const level = constant + dot(gradient, centre);
    const amplitude = radius * Math.sqrt(x * x + y * y);
    if (amplitude === 0) return sum + (isCertain(level) ? to - from : 0);
    const top = atan2(y, x);
    const blue = overlap(from, to, top, acos((CERTAIN_LOGIT - level) / amplitude));
    const red = overlap(from, to, top + Math.PI, acos((CERTAIN_LOGIT + level) / amplitude));
    return sum + blue + red;
  }, 0);
  return shareOfTurn(certain);
}

/** A length as a share of the circle; only rounding takes it beyond 1. */
function shareOfTurn(length: number): number {
  return Math.min(1, length / TURN);
}

/** The pieces of the circle between some angles; all of it where there is none. */
function between(angles: readonly number[]): { from: number; to: number }[] {
  if (angles.length === 0) return [{ from: 0, to: TURN }];
  const sorted = Float64Array.from(angles, positive).sort();
  return Array.from(sorted, (from, i) => ({
    from,
    to: i + 1 < sorted.length ? sorted[i + 1] : sorted[0] + TURN,
  })).filter(({ from, to }) => to > from);
}

/** The length of the part of [from, to] that lies within `half` of an angle, whole turns aside. */
function overlap(from: number, to: number, angle: number, half: number): number {
  const first = from + positive(angle - half - from) - TURN;
  let length = 0;
  for (let start = first; start < to; start += TURN) {
    length += Math.max(0, Math.min(to, start + 2 * half) - Math.max(from, start));
  }
  return length;
}

/** An angle from 0 on, below 2π. */
function positive(angle: number): number {
  const rest = angle % TURN;
  return rest < 0 ? (rest + TURN) % TURN : rest;
}

function unit(angle: number): [number, number] {
  return [cos(angle), sin(angle)];
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1];
}
