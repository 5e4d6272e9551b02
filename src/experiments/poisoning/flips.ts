/**
 * Notebook 03: every single flip, and the worst of them together. Each label is flipped by itself and the network trained
 * again, with the same data and initial weights and in the same order as the network that it is compared with.
 *
 * Another order of the points may change the harm of a flip, so it is a mean over several orders. The worst lies are searched
 * for in other orders than those, so that they are not the worst by luck.
 */
import { Matrix } from "ml-matrix";
import type { Dataset } from "../../core/moons.js";
import { evaluate } from "../../core/network/evaluate.js";
import { logitsOf } from "../../core/network/logits.js";
import { listed, type Network } from "../../core/network/network.js";
import { gradientOf } from "../../core/network/objective.js";
import { alone, type Measurement, measurement, type Steps, together } from "../measurement.js";
import { rankCorrelation } from "../statistics.js";
import { drawTask, type Task, type TaskParameters } from "../task.js";
import { flipLabels, withFlips } from "./attacks.js";
import { differences, guesses, type MeasuredPlane, measuredPlane, PLACES } from "./damage.js";
import { greedyFlips } from "./greedy.js";
import { foretoldChanges, influenceOfFlips, movedLogits } from "./influence.js";
import { DECAY, minimumFrom } from "./minimum.js";
import { type AttackedTask, endOf, searchWorst } from "./poisoning.js";
import { meansOver } from "./reliability.js";

/** Orders over which a harm is a mean: an even number, to compare one half with the other. */
export const ORDERS = 6;

/** Orders in which the worst lies are searched for, and how many times fewer epochs each training has. */
export const SEARCHED = 3;
export const SHORTER = 5;

/** Flips trained together: with the network of the true labels they fill the 32 lanes of a machine. */
const TOGETHER = 31;

/** The worst single flips, of which all pairs are tried: all pairs of 250 would take a hundred times as long, some five minutes a seed. */
export const PAIRED = 25;

/** The sets of lies that are compared. */
export type LiesName =
  | "the essay's cluster"
  | "worst of several clusters"
  | "named by influence"
  | "worst single"
  | "worst pair"
  | "greedy";

/** A part of the measurement of a seed. */
export interface FlipPoint extends AttackedTask {
  /** Which part; each takes seconds at most. */
  part: "singles" | "influence" | "search";
  /** Of `singles`: in which order. */
  order?: number;
  /** Of `singles`: the first of the flips. */
  from?: number;
}

/** Foretold and true harms where there is no order, and harms foretold at the essay's setting. */
interface Foretold {
  /** Points of the plane that each flip changes at a minimum, and as foretold. */
  atMinimum: { changed: number[]; foretold: number[] };
  /** The rank correlation of the test loss that each flip adds at a minimum with what is foretold. */
  lossCorrelation: number;
  /** Points of the plane that each flip would change, foretold after the essay's training. */
  foretold: number[];
  /** The λ at the minimum and after the essay's training; NaN where there is none. */
  dampings: number[];
  /** The logit of each training point after the essay's training. */
  logits: number[];
}

/** The worst lies that were found, beside those that were guessed. */
interface Searched {
  seed: number;
  /** Indices of the lies. */
  attacked: Record<LiesName, number[]>;
  /** Points of the plane that they change, in each order. */
  changed: Record<LiesName, number[]>;
}

/** The measurement of a {@link FlipPoint}: that of its part. */
export interface FlipResult {
  /** Points of the plane that each flip changes. */
  singles?: number[];
  influence?: Foretold;
  search?: Searched;
}

/** All parts of a seed. */
export function flipPoints(own: AttackedTask): FlipPoint[] {
  const starts = Array.from({ length: slicesOf(own) }, (_, slice) => slice * TOGETHER);
  return [
    ...ordersFrom(0, ORDERS).flatMap((order) =>
      starts.map((from): FlipPoint => ({ ...own, part: "singles", order, from })),
    ),
    { ...own, part: "influence" },
    { ...own, part: "search" },
  ];
}

function slicesOf({ trainPoints }: TaskParameters): number {
  return Math.ceil(trainPoints / TOGETHER);
}

function ordersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => first + k);
}

/** Measures a part. */
export const measureFlips: Measurement<[point: FlipPoint], FlipResult> = measurement(function* ({
  part,
  order = 0,
  from = 0,
  ...own
}) {
  const task = drawTask(own);
  const plane = measuredPlane(task.data.train);
  if (part === "influence") return { influence: yield* foretellAll(own, task, plane) };
  if (part === "search") return { search: yield* searchAll(own, task, plane) };
  const flips = ordersFrom(from, Math.min(TOGETHER, own.trainPoints - from));
  const sets = flips.map((i) => [i]);
  return { singles: yield* changedIn(order, own, task, plane, sets) };
});

/** Trains on the truth and on each set of lies, in one order: how many points of the plane each set changes. */
function* changedIn(
  order: number,
  own: TaskParameters,
  task: Task,
  plane: MeasuredPlane,
  sets: readonly (readonly number[])[],
): Steps<number[]> {
  // far from the seeds of a sweep, and from the seed's own order
  const parameters = { ...own, orderSeed: own.seed + 1_000_000 * (order + 1) };
  const [clean, ...lied] = yield* together(
    [[], ...sets].map((lies) => endOf.steps(parameters, withFlips(task, lies))),
  );
  return changedBy(clean, lied, plane);
}

function changedBy(clean: Network, lied: readonly Network[], { points }: MeasuredPlane): number[] {
  const before = guesses(clean, points);
  return lied.map((network) => differences(guesses(network, points), before));
}

/** Flips every label at a minimum, and foretells what each would do there and after the essay's training. */
function* foretellAll(own: AttackedTask, task: Task, plane: MeasuredPlane): Steps<Foretold> {
  const { train, test } = task.data;
  const flipped = train.labels.to1DArray().map((_, i) => flipLabels(train, [i]));
  const smooth = drawTask({ ...own, activation: "tanh" }).initial;
  const [minimum, trainedOnce] = yield* together([minimumFrom(smooth, train), endOf.steps(own, task)]);
  const after = yield* together(flipped.map((lies) => minimumFrom(minimum, lies, true)));

  const [there, here] = [minimum, trainedOnce].map((network) => foretell(network, train, plane));
  const losses = after.map((network) => evaluate(network, test).loss);
  return {
    atMinimum: { changed: changedBy(minimum, after, plane), foretold: there.alone },
    lossCorrelation: rankCorrelation(losses, there.losses(test)),
    foretold: here.alone,
    dampings: [there.damping, here.damping],
    logits: Array.from(logitsOf(trainedOnce, train.points), (logit) => Number(logit.toPrecision(3))),
  };
}

/** What influence functions foretell of a network. */
interface Forecast {
  /** The λ; NaN where there is none, and no forecast. */
  damping: number;
  /** Points of the plane that each flip would change. */
  alone: number[];
  /** The same for several together. */
  changedBy(lies: readonly number[]): number;
  /** How much each flip would add to the mean loss on some points, in nats. */
  losses(data: Dataset): number[];
}

function foretell(network: Network, train: Dataset, { points }: MeasuredPlane): Forecast {
  const influence = influenceOfFlips(network, train, DECAY);
  if (influence === undefined) {
    const none = train.labels.to1DArray().map(() => Number.NaN);
    return { damping: Number.NaN, alone: none, changedBy: () => Number.NaN, losses: () => none };
  }
  const logits = logitsOf(network, points);
  const moved = movedLogits(influence, network, points);
  const changedBy = (lies: readonly number[]): number => foretoldChanges(logits, moved, lies);
  return {
    damping: influence.damping,
    alone: train.labels.to1DArray().map((_, i) => changedBy([i])),
    changedBy,
    losses(data) {
      const gradient = Matrix.columnVector(listed(network, gradientOf(network, data).gradients));
      return influence.moves.mmul(gradient).to1DArray();
    },
  };
}

/**
 * The lies that influence functions name: found one by one, each the one that would change most of the plane, without
 * another training.
 *
 * @param network - trained on the truth
 */
export function namedByInfluence(
  network: Network,
  train: Dataset,
  plane: MeasuredPlane,
  flips: number,
): number[] {
  const { changedBy } = foretell(network, train, plane);
  const candidates = train.labels.to1DArray().map((_, i) => i);
  return alone(greedyFlips(candidates, flips, (sets) => sets.map(changedBy)));
}

/** Searches for the worst lies, and measures all sets of lies in the same orders as every single flip. */
function* searchAll(own: AttackedTask, task: Task, plane: MeasuredPlane): Steps<Searched> {
  const { seed, flips, trainPoints, epochs } = own;
  const shorter = { ...own, epochs: Math.ceil(epochs / SHORTER) };
  const harmsOf = function* (sets: readonly (readonly number[])[]): Steps<number[]> {
    return meansOver(
      yield* together(
        ordersFrom(ORDERS, SEARCHED).map((order) => changedIn(order, shorter, task, plane, sets)),
      ),
    );
  };

  const points = ordersFrom(0, trainPoints);
  const singly = yield* harmsOf(points.map((i) => [i]));
  const worst = [...points].sort((i, j) => singly[j] - singly[i] || i - j);
  const pairs = worst
    .slice(0, PAIRED)
    .flatMap((first, i, few) => few.slice(i + 1).map((second) => [first, second]));
  const pairHarms = yield* harmsOf(pairs);
  const greedy = yield* greedyFlips(points, flips, (sets) => (sets[0].length === 1 ? singly : harmsOf(sets)));
  const clean = yield* endOf.steps(own, task);
  const clusters = yield* searchWorst(own, task, clean, plane);

  const attacked: Record<LiesName, number[]> = {
    "the essay's cluster": clusters.first.attacked,
    "worst of several clusters": clusters.worst.attacked,
    "named by influence": namedByInfluence(clean, task.data.train, plane, flips),
    "worst single": worst.slice(0, 1),
    "worst pair": pairs[pairHarms.indexOf(Math.max(...pairHarms))],
    greedy,
  };
  const measured = yield* together(
    ordersFrom(0, ORDERS).map((order) => changedIn(order, own, task, plane, Object.values(attacked))),
  );
  const changed = Object.keys(attacked).map((name, k) => [name, measured.map((counts) => counts[k])]);
  return { seed, attacked, changed: Object.fromEntries(changed) };
}

/** All that was measured of a seed: shares of the plane, flip by flip. */
export interface FlippedSeed {
  seed: number;
  /** The share that each flip changes, in each order. */
  harms: number[][];
  /** Where there is no order: the share that each flip changes, and as foretold; NaN where nothing is foretold. */
  atMinimum: { harms: number[]; foretold: number[] };
  /** The share that each flip would change after the essay's training. */
  foretold: number[];
  /** The logits of the training points after it. */
  logits: number[];
  lossCorrelation: number;
  dampings: number[];
  /** Each set of lies, and its harm in each order. */
  attacks: Record<LiesName, { attacked: number[]; harms: number[] }>;
}

/** Puts the parts together again. */
export function flippedSeeds(
  rows: readonly (readonly FlipResult[])[],
  parameters: TaskParameters,
): FlippedSeed[] {
  const slices = slicesOf(parameters);
  const shares = (counts: readonly number[]): number[] => counts.map((count) => count / PLACES);
  return rows.map((row) => {
    const singles = row.slice(0, -2).map((part) => part.singles as number[]);
    const { influence } = row[row.length - 2] as { influence: Foretold };
    const { search } = row[row.length - 1] as { search: Searched };
    const { atMinimum, foretold, logits, lossCorrelation, dampings } = influence;
    const attacks = (Object.keys(search.attacked) as LiesName[]).map((name) => {
      return [name, { attacked: search.attacked[name], harms: shares(search.changed[name]) }];
    });
    return {
      seed: search.seed,
      harms: ordersFrom(0, ORDERS).map((k) => shares(singles.slice(k * slices, (k + 1) * slices).flat())),
      atMinimum: { harms: shares(atMinimum.changed), foretold: shares(atMinimum.foretold) },
      foretold: shares(foretold),
      logits,
      lossCorrelation,
      dampings,
      attacks: Object.fromEntries(attacks) as FlippedSeed["attacks"],
    };
  });
}
