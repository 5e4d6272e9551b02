/**
 * What makes two trainings diverge besides a nudge? Nothing artificial, only differences of real machines: another order of a
 * sum, another engine's cosine, in double and in single precision. The controls are the same run again and another
 * order of the points.
 */
import type { PrecisionChoice } from "../../core/arithmetic/precision.js";
import type { Summation } from "../../core/arithmetic/summation.js";
import { evaluate } from "../../core/network/evaluate.js";
import type { Training } from "../../core/network/train.js";
import { alone, type Measurement, measurement, type Steps, together } from "../measurement.js";
import { type ShareInterval, shareOf } from "../statistics.js";
import { drawTask, type Task } from "../task.js";
import { type ButterflyParameters, PARTED } from "./butterfly-effect.js";
import { ENGINE_POINTS, type EngineName, engineMoons } from "./engine-angles.js";
import { nudged } from "./nudge.js";
import {
  type Ending,
  endingOf,
  lastDistance,
  type Member,
  type Timeline,
  timelineOf,
  trainMembers,
} from "./timelines.js";

/** The difference of two trainings. */
export type Cause =
  | "nothing"
  | "nudge"
  | "reversed"
  | "pairwise"
  | "engine"
  | "reversed32"
  | "pairwise32"
  | "order"
  | "thirdOrder";

/** Each cause in words. */
export const CAUSES: Readonly<Record<Cause, string>> = {
  nothing: "nothing: the same run again",
  nudge: "the nudge",
  reversed: "sums reversed",
  pairwise: "sums in pairs",
  engine: "the other engine's cosine",
  reversed32: "sums reversed, float32",
  pairwise32: "sums in pairs, float32",
  order: "another order of the points",
  thirdOrder: "yet another order",
};

/** The causes, in order. */
export const CAUSE_NAMES: readonly Cause[] = Object.keys(CAUSES) as Cause[];

/** The two engines to compare: this project runs in Node and in Firefox. */
const COMPARED_ENGINES: readonly [EngineName, EngineName] = ["V8 11.3", "SpiderMonkey 153"];

const inDouble = (summation: Summation): PrecisionChoice => ({ format: "binary64", summation });
const inSingle = (summation: Summation): PrecisionChoice => ({ format: "binary32", summation });

/** Far from the seeds of any sweep. */
const [OTHER_ORDER, THIRD_ORDER] = [1_000_000, 2_000_000];

/**
 * Trains once and once more for each cause, all but the last two in the same order of the points.
 *
 * @param looks - see {@link trainMembers}
 */
function* pairSteps(
  parameters: ButterflyParameters,
  { data, initial }: Task,
  looks?: number,
): Steps<Record<Cause, Pair>> {
  const own: Member = { initial, train: data.train };
  const members: Member[] = [
    own,
    own,
    { ...own, initial: nudged(initial, parameters).network },
    { ...own, arithmetic: inDouble("reversed") },
    { ...own, arithmetic: inDouble("pairwise") },
    { ...own, arithmetic: "binary32" },
    { ...own, arithmetic: inSingle("reversed") },
    { ...own, arithmetic: inSingle("pairwise") },
    { ...own, orderSeed: OTHER_ORDER + parameters.seed },
    { ...own, orderSeed: THIRD_ORDER + parameters.seed },
  ];
  // the sines are recorded for this number of points, so these two trainings have as many
  const engines = COMPARED_ENGINES.map((name): Member => ({ initial, train: engineMoons(name, parameters) }));
  const [trainings, [here, there]] = yield* together([
    trainMembers.steps(parameters, members, looks),
    trainMembers.steps({ ...parameters, trainPoints: ENGINE_POINTS }, engines, looks),
  ]);
  const [base, again, nudge, reversed, pairwise, single, reversed32, pairwise32, order, thirdOrder] =
    trainings;
  return {
    nothing: [base, again],
    nudge: [base, nudge],
    reversed: [base, reversed],
    pairwise: [base, pairwise],
    engine: [here, there],
    reversed32: [single, reversed32],
    pairwise32: [single, pairwise32],
    order: [base, order],
    thirdOrder: [base, thirdOrder],
  };
}

/** Two trainings that differ in one thing. */
type Pair = readonly [Training, Training];

/** The timelines of one seed, by cause. */
export function compareCauses(parameters: ButterflyParameters, looks?: number): Record<Cause, Timeline> {
  return timelinesOf(alone(pairSteps(parameters, drawTask(parameters), looks)));
}

/** What the end of a nudged training is compared with. */
export type Yardstick = "nudge" | "order" | "thirdOrder";

/** The results of one seed. */
export interface SeedPartings {
  /** Test accuracy of the training itself. */
  accuracy: number;
  /** Of the nudge, see {@link Timeline}. */
  visible: number | null;
  /** Of the nudge, see {@link Timeline}. */
  grownHalfway: number | null;
  /** Whether the same run again gave the same bits, at every look. */
  isSameAgain: boolean;
  /** The causes by which the training diverged. */
  parted: Cause[];
  /** If the nudge made it diverge: the differences at the end. */
  ends?: Record<Yardstick, Ending>;
}

/** Looks at each training of a sweep. */
const LOOKS = 40;

/** Compares the causes for one seed. */
export const measurePartings: Measurement<[parameters: ButterflyParameters], SeedPartings> = measurement(
  function* (parameters) {
    const task = drawTask(parameters);
    const pairs = yield* pairSteps(parameters, task, LOOKS);
    const timelines = timelinesOf(pairs);
    const { visible, grownHalfway } = timelines.nudge;
    const parted = CAUSE_NAMES.filter((cause) => lastDistance(timelines[cause]) >= PARTED);
    const endBy = (cause: Yardstick): Ending => endingOf(...pairs[cause], task.data);
    return {
      accuracy: evaluate(pairs.nudge[0].network, task.data.test).accuracy,
      visible,
      grownHalfway,
      isSameAgain: timelines.nothing.isIdentical,
      parted,
      ...(parted.includes("nudge") && {
        ends: { nudge: endBy("nudge"), order: endBy("order"), thirdOrder: endBy("thirdOrder") },
      }),
    };
  },
);

function timelinesOf(pairs: Record<Cause, Pair>): Record<Cause, Timeline> {
  const entries = CAUSE_NAMES.map((cause) => [cause, timelineOf(...pairs[cause])]);
  return Object.fromEntries(entries) as Record<Cause, Timeline>;
}

/** The share of the seeds whose two trainings diverged. */
export function partedShare(partings: readonly SeedPartings[], cause: Cause): ShareInterval {
  return shareOf(partings, ({ parted }) => parted.includes(cause));
}
