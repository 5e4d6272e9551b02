/**
 * The damage of a change to the training data, or to anything else: how much of the plane changes
 * class, and where. The plane is the rectangle around the training points with a margin;
 * shares of the plane are shares of that rectangle and depend on the margin.
 */
import type { Matrix } from "ml-matrix";
import type { Dataset, Split } from "../../core/moons.js";
import { logitsOf } from "../../core/network/logits.js";
import type { Network } from "../../core/network/network.js";
import { planePoints, type Rectangle, rectangleAround } from "../plane.js";

/** Width of the margin around the training points, in moon radii. */
const PLANE_MARGIN = 0.5;

/** Farther than this from every training point there are no data, in moon radii: twice the usual noise. */
export const VOID_DISTANCE = 0.3;

/** Points on each side of the grid over the plane. */
const RESOLUTION = 40;

/** Points of the grid. */
export const PLACES: number = RESOLUTION * RESOLUTION;

/** The part of the plane over which shares are measured. */
export interface MeasuredPlane {
  area: Rectangle;
  /** A regular grid, a row for each point. */
  points: Matrix;
  /** Whether each of them is farther than VOID_DISTANCE from every training point. */
  isVoid: boolean[];
}

/** The rectangle around the points with the margin, and the void in it. */
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

/** The damage to a network, compared with the one trained on the true labels. */
export interface Damage {
  /** Share of the plane that changed class. */
  plane: number;
  /** The part of that share that lies in the void; the rest is where the data live. */
  planeVoid: number;
  /** Share of the test points whose answer changed: the same, weighted by where data live. */
  test: number;
  /** The accuracy of the clean network minus its own, on test points with true labels. */
  accuracyDrop: number;
  /** How many of the attacked points (flipped or left out) it answers as the lie says. */
  captured: number;
}

/**
 * Makes a function that compares a network with `clean`, trained on the true labels.
 *
 * @param data - with the true labels
 * @param attacked - indices of the training points lied about, or left out
 */
export function assessAgainst(
  clean: Network,
  { train, test }: Split,
  plane: MeasuredPlane,
  attacked: readonly number[],
): (network: Network) => Damage {
  const before = guesses(clean, plane.points);
  const testBefore = guesses(clean, test.points);
  const truth = truthOf(test);
  const wrongBefore = differences(testBefore, truth);
  const isBlue = truthOf(train);
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
      captured: attacked.filter((i) => learnt[i] !== isBlue[i]).length,
    };
  };
}

/** The share of the plane that changed, divided by the share of the labels that did; undefined if none did. */
export function amplification(planeShare: number, poisonRate: number): number | undefined {
  return poisonRate === 0 ? undefined : planeShare / poisonRate;
}

/** Whether the network says class 1, point by point. */
export function guesses(network: Network, points: Matrix): boolean[] {
  return Array.from(logitsOf(network, points), (logit) => logit > 0);
}

/** Whether each point is of class 1. */
export function truthOf({ labels }: Pick<Dataset, "labels">): boolean[] {
  return labels.to1DArray().map((label) => label === 1);
}

/** On how many points two answers differ. */
export function differences(a: readonly boolean[], b: readonly boolean[]): number {
  return a.filter((guess, i) => guess !== b[i]).length;
}
