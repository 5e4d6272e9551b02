/**
 * Label-flipping attacks (Biggio, Nelson and Laskov 2011, Support vector machines under adversarial label noise): which
 * training points an attack lies about, whatever the network. The points stay where they are; only their classes change.
 */
import type { Dataset } from "../../core/moons.js";
import { randomStream } from "../../core/random.js";
import type { Task } from "../task.js";

/**
 * How an attack picks the points to lie about. `random`: any points, all alike. `cluster`: a random point and its nearest
 * neighbours of its own class. `deepest`: the points of a random class that are farthest from the other class.
 */
export type Attack = "random" | "cluster" | "deepest";

/** Which points to lie about. */
export interface AttackOptions {
  attack: Attack;
  /** Number of points; see {@link checkFlips}. */
  flips: number;
  /** Seed of its random choices. */
  seed: number;
  /** Which of several clusters, each around another point, in random order; 0 by default. */
  candidate?: number;
}

/** The indices of the points to lie about. An attack with more flips includes the points of one with fewer. */
export function attackedPoints(
  data: Dataset,
  { attack, flips, seed, candidate = 0 }: AttackOptions,
): number[] {
  const labels = data.labels.to1DArray();
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
 * @throws RangeError when `flips` is above half of the number of points
 */
export function checkFlips(flips: number, points: number): void {
  const smallerClass = Math.floor(points / 2);
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

/** The same task with other training points or labels. */
export function withTraining(task: Task, train: Dataset): Task {
  return { ...task, data: { ...task.data, train } };
}

/** The same task with some labels flipped. */
export function withFlips(task: Task, indices: readonly number[]): Task {
  return withTraining(task, flipLabels(task.data.train, indices));
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

/** 0 to `length` - 1 in a random order. */
export function shuffled(length: number, purpose: string, seed: number): number[] {
  const indices = Int32Array.from({ length }, (_, i) => i);
  randomStream(purpose, seed).shuffle(indices);
  return [...indices];
}

function indicesOf(labels: readonly number[], label: number): number[] {
  return labels.flatMap((own, i) => (own === label ? [i] : []));
}
