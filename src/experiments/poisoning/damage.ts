/**
 * What a change of the training data, or of anything else, did to a network: how much of the plane it now
 * gives to the other class, and where. The plane is the rectangle around the training points with a margin;
 * its shares are shares of that rectangle, and depend on the margin.
 */
import type { Matrix } from "ml-matrix";
import type { Dataset, Split } from "../../core/moons.js";
import { logitsOf } from "../../core/network/logits.js";
import type { Network } from "../../core/network/network.js";
import { planePoints, type Rectangle, rectangleAround } from "../plane.js";

/** Width of the margin around the training points, in moon radii. */
export const PLANE_MARGIN = 0.5;

/** Farther than this from every training point there are no data, in moon radii: twice the usual noise. */
export const VOID_DISTANCE = 0.3;

/** Points along each side of the grid by which the plane is measured. */
const RESOLUTION = 40;

/** The part of the plane over which shares are measured. */
export interface MeasuredPlane {
  area: Rectangle;
  /** A regular grid, a point a row. */
  points: Matrix;
  /** Whether each of them is farther than VOID_DISTANCE from every training point. */
  isVoid: boolean[];
}

/** The rectangle around the points with the margin, and where in it there are no data. */
export function measuredPlane(train: Dataset): MeasuredPlane {
  const area = rectangleAround(train, PLANE_MARGIN);
  const points = planePoints(area, RESOLUTION);
  const data = train.points.to2DArray();
  const isVoid = points.to2DArray().map(([x, y]) =>
    data.every(([u, v]) => {
      const [dx, dy] = [u - x, v - y];
      return dx * dx + dy * dy > VOID_DISTANCE * VOID_DISTANCE;
    }),
  );
  return { area, points, isVoid };
}

/** What became of a network, beside the one trained on the true labels. */
export interface Damage {
  /** Share of the plane that changed class. */
  plane: number;
  /** The part of that share that lies in the void; the rest is where the data live. */
  planeVoid: number;
  /** Share of the test points whose guess changed: the same, weighted by where data live. */
  test: number;
  /** The accuracy, on test points whose labels are true, of the network it is compared with, minus its own. */
  accuracyDrop: number;
  /** How many of the points attacked, lied about or left out, it guesses as the lie says. */
  captured: number;
}

/** Compares networks with one that was trained on the true labels. */
export type Assess = (network: Network) => Damage;

/**
 * Makes what compares networks with `clean`.
 *
 * @param data - with the true labels
 * @param attacked - indices of the training points lied about, or left out
 */
export function assessAgainst(
  clean: Network,
  { train, test }: Split,
  plane: MeasuredPlane,
  attacked: readonly number[],
): Assess {
  const before = guesses(clean, plane.points);
  const testBefore = guesses(clean, test.points);
  const truth = test.labels.to1DArray().map((label) => label === 1);
  const wrongBefore = differences(testBefore, truth);
  return (network) => {
    const now = guesses(network, plane.points);
    const inVoid = now.filter((guess, i) => guess !== before[i] && plane.isVoid[i]).length;
    const testNow = guesses(network, test.points);
    const learnt = guesses(network, train.points);
    // counts first: their quotients are short numbers
    return {
      plane: differences(now, before) / now.length,
      planeVoid: inVoid / now.length,
      test: differences(testNow, testBefore) / truth.length,
      accuracyDrop: (differences(testNow, truth) - wrongBefore) / truth.length,
      captured: attacked.filter((i) => learnt[i] !== (train.labels.get(i, 0) === 1)).length,
    };
  };
}

/**
 * How many times larger the share of the plane that changed is than the share of the labels that did;
 * undefined where none did, for 0/0 is no number.
 */
export function amplification(planeShare: number, poisonRate: number): number | undefined {
  return poisonRate === 0 ? undefined : planeShare / poisonRate;
}

/** Whether the network guesses class 1, point by point. */
export function guesses(network: Network, points: Matrix): boolean[] {
  return Array.from(logitsOf(network, points), (logit) => logit > 0);
}

function differences(a: readonly boolean[], b: readonly boolean[]): number {
  return a.filter((guess, i) => guess !== b[i]).length;
}
