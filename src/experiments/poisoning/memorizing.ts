/**
 * Notebook 03: does an aggressive optimizer memorize lies as it learns truths? The lies learnt, and what the truths lose,
 * against the learning rate and the epochs. Networks learn simple patterns before they memorize noise (Arpit et al. 2017,
 * A closer look at memorization in deep networks).
 */
import { logitsOf } from "../../core/network/logits.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { auroc } from "../statistics.js";
import { drawTask, type TaskParameters } from "../task.js";
import { type Attack, attackedPoints } from "./attacks.js";
import { flipping, leavingOut } from "./changes.js";
import { truthOf } from "./damage.js";
import { ENDS_ONLY } from "./poisoning.js";
import { networkAt } from "./sensitivity.js";

/** Where the lies are: all next to each other, or anywhere. */
export type Kind = Extract<Attack, "cluster" | "random">;

/** Both kinds. */
export const KINDS: readonly Kind[] = ["cluster", "random"];

/** Multiples of the learning rate. */
const RATES: readonly number[] = [1 / 4, 1 / 2, 1, 2, 4];

/** Multiples of the number of epochs. */
const STAGES: readonly number[] = [1 / 50, 1 / 10, 2 / 5, 1, 2, 4];

/** No training may be longer. */
const MOST_EPOCHS = 1_000_000;

/** The trainings at one learning rate. */
export interface MemorizingPoint extends TaskParameters {
  flips: number;
  /** Numbers of epochs after which to look. */
  stages: readonly number[];
}

/** One kind of lies after some epochs. Counts, not shares: they are short numbers. */
export interface Memorized {
  /** How many of the lies the network repeats. */
  learnt: number;
  /**
   * In how many pairs of a lie and a truth the network's loss on its training points is larger on the lie; ties, and
   * losses that are not numbers, count half.
   */
  suspected: number;
  /** How many more of the training points that nobody lies about it answers wrongly than the network told the truth does. */
  truthsLost: number;
  /** How many test points it answers wrongly. */
  wrong: number;
  /** The same for the network trained without the points in question. */
  wrongLeftOut: number;
}

/** One stage: both kinds, and how many test points the network told the truth answers wrongly. */
export type MemorizingStage = Record<Kind, Memorized> & { wrongHonest: number };

/** One seed at one learning rate, stage by stage. */
export type MemorizingResult = MemorizingStage[];

/** Every learning rate, with the stages to look at; equal stages once. */
export function memorizingPoints(own: Omit<MemorizingPoint, "stages">): MemorizingPoint[] {
  const stages = STAGES.map((multiple) => Math.min(MOST_EPOCHS, Math.round(multiple * own.epochs)));
  const kept = [...new Set(stages)];
  return RATES.map((multiple) => multiple * own.learningRate)
    .filter((rate) => rate > 0 && Number.isFinite(rate))
    .map((learningRate) => ({ ...own, learningRate, epochs: Math.max(...kept), stages: kept }));
}

/** Trains on true labels, on each kind of lies, and without their points, and looks along the way. */
export const measureMemorizing: Measurement<[point: MemorizingPoint], MemorizingResult> = measurement(
  function* (point) {
    const { seed, flips, stages } = point;
    const task = drawTask(point);
    const { train, test } = task.data;
    const attacked = KINDS.map((attack) => attackedPoints(train, { attack, flips, seed }));
    const changes = [flipping([]), ...attacked.map(flipping), ...attacked.map(leavingOut)];
    const trainings = yield* together(
      changes.map(({ steps }) => steps(point, task, { recordEvery: ENDS_ONLY, snapshots: stages })),
    );
    const [truth, testTruth] = [train, test].map(truthOf);
    return stages.map((epoch) => {
      const networks = trainings.map((training) => networkAt(training, epoch));
      const logits = networks.map((network) => logitsOf(network, train.points));
      const [wrongHonest, ...wrong] = networks.map((network) =>
        countWrong(logitsOf(network, test.points), testTruth),
      );
      const [cluster, random] = attacked.map((lies, k): Memorized => {
        const isLie = truth.map((_, i) => lies.includes(i));
        const wrongTruths = (own: Float64Array): number => countWrong(own, truth, (i) => !isLie[i]);
        const lied = logits[1 + k];
        return {
          learnt: countWrong(lied, truth, (i) => isLie[i]),
          suspected: suspectedPairs(lied, truth, isLie),
          truthsLost: wrongTruths(lied) - wrongTruths(logits[0]),
          wrong: wrong[k],
          wrongLeftOut: wrong[KINDS.length + k],
        };
      });
      return { wrongHonest, cluster, random };
    });
  },
);

/** How many points are not answered with the truth. */
export function countWrong(
  logits: Float64Array,
  truth: readonly boolean[],
  isCounted: (i: number) => boolean = () => true,
): number {
  return truth.filter((isOne, i) => isCounted(i) && logits[i] > 0 !== isOne).length;
}

/** In how many pairs of a lie and a truth the lie has the larger loss; see {@link Memorized}. */
export function suspectedPairs(
  logits: Float64Array,
  truth: readonly boolean[],
  isLie: readonly boolean[],
): number {
  // the loss falls as the logit moves to the side of the label that was told, so the logit stands for it
  const loss = (i: number): number => (truth[i] === isLie[i] ? logits[i] : -logits[i]);
  const lossesOf = (lies: boolean): number[] => [...truth.keys()].filter((i) => isLie[i] === lies).map(loss);
  const [lies, truths] = [lossesOf(true), lossesOf(false)];
  const pairs = lies.length * truths.length;
  if (pairs === 0) return 0;
  const share = auroc(lies, truths);
  return Number.isNaN(share) ? pairs / 2 : Math.round(2 * pairs * share) / 2;
}

/** One seed with one kind of lies at one setting, as shares. */
export interface MemorizedShares {
  /** Of the lies, those that the network repeats. */
  learnt: number;
  /** Of the pairs of a lie and a truth, those whose lie has the larger loss. */
  suspected: number;
  /** Test accuracy of the network told the truth. */
  accuracy: number;
  /** Test accuracy lost, against the network told the truth. */
  accuracyLost: number;
  /** The same, against the network without the points. */
  lostToLeftOut: number;
  /** Of the training points that nobody lies about, those lost, against the network told the truth. */
  truthsLost: number;
}

/** A learning rate and a number of epochs. */
export interface MemorizingCell {
  learningRate: number;
  epochs: number;
  /** By seed. */
  seeds: Record<Kind, MemorizedShares[]>;
}

/** The findings: a cell for each setting, by learning rate, then by epochs. */
export function memorizingCells(
  points: readonly MemorizingPoint[],
  rows: readonly (readonly MemorizingResult[])[],
): MemorizingCell[] {
  return points.flatMap((point, r) =>
    point.stages.map((epochs, e): MemorizingCell => {
      const of = (kind: Kind): MemorizedShares[] =>
        rows.map((row) => sharesOf(row[r][e][kind], row[r][e].wrongHonest, point));
      return {
        learningRate: point.learningRate,
        epochs,
        seeds: { cluster: of("cluster"), random: of("random") },
      };
    }),
  );
}

function sharesOf(
  { learnt, suspected, truthsLost, wrong, wrongLeftOut }: Memorized,
  wrongHonest: number,
  { flips, trainPoints, testPoints }: MemorizingPoint,
): MemorizedShares {
  // without lies, or without truths, there is nothing to learn, to suspect or to lose
  const [lies, truths] = [Math.max(1, flips), Math.max(1, trainPoints - flips)];
  return {
    learnt: learnt / lies,
    suspected: suspected / lies / truths,
    accuracy: 1 - wrongHonest / testPoints,
    accuracyLost: (wrong - wrongHonest) / testPoints,
    lostToLeftOut: (wrong - wrongLeftOut) / testPoints,
    truthsLost: truthsLost / truths,
  };
}
