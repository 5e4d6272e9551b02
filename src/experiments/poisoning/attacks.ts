/**
 * Label-flipping attacks: which training points an attack lies about, and the data that result (Biggio, Nelson
 * and Laskov 2011, Support vector machines under adversarial label noise). The points stay where they are;
 * only their classes change. Nothing here looks at a network: an attack is the same for every network.
 */
import * as z from "zod/mini";
import type { Dataset } from "../../core/moons.js";
import { randomStream, seedSchema } from "../../core/random.js";
import { parse } from "../../core/validate.js";

/** How an attack picks the points to lie about. */
export type Attack = "random" | "cluster" | "deepest";

/** Which points to lie about. */
export interface AttackOptions {
  /**
   * `random`: any points, all alike. `cluster`: a random point and its nearest neighbours of its own class.
   * `deepest`: the points of a random class that are farthest from the other class.
   */
  attack: Attack;
  /** Number of points, from 0 to the number of points of the smaller class. */
  flips: number;
  /** Seed of its random choices. */
  seed: number;
  /** Which of several clusters, each around another point, in random order; 0 by default. */
  candidate?: number;
}

const schema = z.strictObject({
  attack: z.enum(["random", "cluster", "deepest"]),
  flips: z.int().check(z.gte(0)),
  seed: seedSchema,
  candidate: z._default(z.int().check(z.gte(0)), 0),
});

/**
 * Picks the points to lie about. An attack with more flips includes the points of one with fewer.
 *
 * @returns their indices
 * @throws RangeError or TypeError when an option is not as described
 */
export function attackedPoints(data: Dataset, options: AttackOptions): number[] {
  const { attack, flips, seed, candidate } = parse(schema, options);
  const labels = data.labels.to1DArray();
  checkFlips(flips, labels.length, Math.min(...[0, 1].map((label) => count(labels, label))));
  if (attack === "random") return shuffled(labels.length, "poison/random", seed).slice(0, flips);
  if (attack === "cluster") {
    const centres = shuffled(labels.length, "poison/cluster", seed);
    const centre = centres[candidate % centres.length];
    const kin = indicesOf(labels, labels[centre]);
    return byDistance(data, centre, kin).slice(0, flips);
  }
  const label = randomStream("poison/deepest", seed).below(2);
  const depth = distancesToOtherClass(data);
  return indicesOf(labels, label)
    .sort((a, b) => depth[b] - depth[a] || a - b)
    .slice(0, flips);
}

/**
 * Refuses more flips than one class has points.
 *
 * @throws RangeError when `flips` is above the number of points of the smaller class
 */
export function checkFlips(
  flips: number,
  points: number,
  smallerClass: number = Math.floor(points / 2),
): void {
  if (flips <= smallerClass) return;
  throw new RangeError(
    `flips must be a whole number from 0 to ${smallerClass}, the points of the smaller class of ${points} points, got ${flips}`,
  );
}

/**
 * The points with lies after switches by hand: a true label becomes a lie, a lie becomes true again.
 *
 * @param attacked - indices of the points that an attack lies about
 * @param switched - indices of the points switched; one that comes twice is switched once
 */
export function switchPoints(attacked: readonly number[], switched: readonly number[]): number[] {
  const byHand = [...new Set(switched)];
  return [...attacked.filter((i) => !byHand.includes(i)), ...byHand.filter((i) => !attacked.includes(i))];
}

/** The data with the classes of some points turned to the other one. */
export function flipLabels({ points, labels }: Dataset, indices: readonly number[]): Dataset {
  const lies = labels.clone();
  for (const i of indices) lies.set(i, 0, 1 - labels.get(i, 0));
  return { points, labels: lies };
}

/** `candidates`, nearest to the point `centre` first; of equally near ones the first of the data. */
export function byDistance({ points }: Dataset, centre: number, candidates: readonly number[]): number[] {
  const [x, y] = [points.get(centre, 0), points.get(centre, 1)];
  const squares = new Float64Array(points.rows);
  for (const i of candidates) {
    const [dx, dy] = [points.get(i, 0) - x, points.get(i, 1) - y];
    squares[i] = dx * dx + dy * dy;
  }
  squares[centre] = -1; // a point is nearest to itself, even if others coincide with it
  return [...candidates].sort((a, b) => squares[a] - squares[b] || a - b);
}

/** Squared distance of each point to the nearest one of the other class. */
function distancesToOtherClass({ points, labels }: Dataset): number[] {
  const all = points.to2DArray();
  const classes = labels.to1DArray();
  return all.map(([x, y], i) =>
    all.reduce((least, [u, v], j) => {
      if (classes[j] === classes[i]) return least;
      return Math.min(least, (u - x) * (u - x) + (v - y) * (v - y));
    }, Number.POSITIVE_INFINITY),
  );
}

function shuffled(length: number, purpose: string, seed: number): number[] {
  const indices = Int32Array.from({ length }, (_, i) => i);
  randomStream(purpose, seed).shuffle(indices);
  return [...indices];
}

function indicesOf(labels: readonly number[], label: number): number[] {
  return labels.flatMap((own, i) => (own === label ? [i] : []));
}

function count(labels: readonly number[], label: number): number {
  return labels.filter((own) => own === label).length;
}
