/** The studies of notebook 06: what it measures over seeds. */
import { byVariation, oneEach, type Study, study, type Variation } from "../study.js";
import type { TaskParameters } from "../task.js";
import type { NetworkTimings } from "./constant-time.js";
import { type DesignPoint, type DesignResult, measureDesign } from "./designs.js";
import { designPoints, type FrontierFindings, frontierFindings } from "./frontier.js";
import { MEETING_PLACES, type MeetingPoint, type MeetingResult, measureMeeting } from "./meeting.js";
import {
  type AttackPoint,
  type AttackResult,
  type LeakResult,
  measureAttack,
  measureLeak,
  type SideChannelParameters,
  taskWith,
} from "./side-channel.js";
import { measureSponge, type SpongeResult } from "./sponge.js";
import { isStealable, measureTheft, type TheftResult } from "./theft.js";

/** Changes, by the name of the variation. */
type Changes = Readonly<Record<string, (own: SideChannelParameters) => Partial<TaskParameters>>>;

/** The regime in which 6 against 7 of 10 occurs: small initial weights and a full batch. */
const SMALL_WEIGHTS: Partial<TaskParameters> = {
  hiddenLayers: [10],
  initialisation: "he",
  initialScale: 0.3,
  batchSize: "full",
  learningRate: 0.5,
  epochs: 1000,
};

/** A wider or deeper network; smaller steps and fewer, as far as is quick here. */
const larger =
  (...hiddenLayers: number[]): Changes[string] =>
  ({ learningRate, epochs }) => ({
    hiddenLayers,
    learningRate: learningRate / 4,
    epochs: Math.round(epochs / 20),
  });

/** Name of the networks that are trained to be cheap on average. */
export const SPARSE = "L1, λ = 0.01";

/** Networks to search for their dearest inputs: as they are, trained to be cheap, and deeper. */
const SPONGES: Changes = {
  "as above": () => ({}),
  [SPARSE]: () => ({ activityPenalty: 0.01 }),
  "two hidden layers (fewer, smaller steps)": larger(10, 10),
};

/** Wider and deeper networks. */
const SCALE: Changes = Object.fromEntries(
  [[10], [10, 10], [32, 32], [64, 64, 64]].map((hiddenLayers) => [
    hiddenLayers.join(", "),
    larger(...hiddenLayers),
  ]),
);

/** The larger network that is timed beside the essay's. */
export const WIDE: Changes[string] = larger(64, 64);

/** A study of notebook 06. */
type Own<Point, Result, Findings> = Study<SideChannelParameters, Point, Result, Findings>;

/** A network to train, and the number of times to take of it. */
export interface ClockPoint extends TaskParameters, Pick<SideChannelParameters, "measurements"> {}

/** The studies of notebook 06. */
export interface SideChannelStudies {
  /** The training of the parameters, seed by seed, and an attack on each. */
  seeds: Own<AttackPoint, AttackResult, AttackResult[]>;
  /** The same seeds with the lines of untrained neurons meeting elsewhere; see {@link MEETING_PLACES}. */
  meeting: Own<MeetingPoint, MeetingResult, Variation<MeetingResult>[]>;
  /** The same seeds with small initial weights, in a full batch. */
  small: Own<TaskParameters, LeakResult, LeakResult[]>;
  /** Efficiency against leakage, over designs and devices. */
  frontier: Own<DesignPoint, DesignResult, FrontierFindings>;
  /** The inputs at which most neurons fire; see {@link SPONGES}. */
  sponge: Own<TaskParameters, SpongeResult, Variation<SpongeResult>[]>;
  scale: Own<TaskParameters, LeakResult, Variation<LeakResult>[]>;
  /** Networks stolen through the count; none where they are not of the kind that the thief knows. */
  theft: Own<TaskParameters, TheftResult, TheftResult[]>;
  /** The times of each network, and of a larger one; see {@link WIDE}. */
  clock: Own<ClockPoint, NetworkTimings, Variation<NetworkTimings>[]>;
}

/** The studies that anybody can repeat to the bit; see {@link SideChannelStudies}. */
export const studies: Omit<SideChannelStudies, "clock"> = {
  seeds: study({
    title: "networks, each attacked",
    seeds: 400,
    reason: "a share of seeds near 90% is known to 3 points, one near a half to 5",
    points: (parameters, seed) => [attackPoint(parameters, seed)],
    measure: measureAttack,
    findings: oneEach,
  }),
  meeting: study({
    title: "networks whose lines meet elsewhere at the start",
    seeds: 200,
    reason: "a share of seeds is known to 7 points, and the paired change of the lead to a fifth of a neuron",
    points: (parameters, seed) =>
      Object.values(MEETING_PLACES).map((place) => ({ ...taskWith(parameters, seed), place })),
    measure: measureMeeting,
    findings: (rows) => byVariation(Object.keys(MEETING_PLACES), rows),
  }),
  small: study({
    title: "networks of small initial weights",
    seeds: 200,
    reason: "a share near 30% is known to 6 points, and its bar is 75%",
    points: (parameters, seed) => [{ ...taskWith(parameters, seed), ...SMALL_WEIGHTS }],
    measure: measureLeak,
    findings: oneEach,
  }),
  frontier: study({
    title: "designs and devices",
    seeds: 200,
    reason:
      "mean bits of a design are known to 0.02, their change within a seed to 0.03; in other seeds no bar lay nearer than 0.015",
    points: designPoints,
    measure: measureDesign,
    findings: frontierFindings,
  }),
  sponge: study({
    title: "networks searched for their dearest input",
    seeds: 100,
    reason:
      "a share near 90% is known to 6 points, a mean difference of largest counts to a quarter of a neuron",
    points: changedBy(SPONGES, taskWith),
    measure: measureSponge,
    findings: (rows) => byVariation(Object.keys(SPONGES), rows),
  }),
  scale: study({
    title: "wider and deeper networks",
    seeds: 40,
    reason: "no line rests on them; mean bits are known to 0.05",
    share: 1 / 6,
    points: changedBy(SCALE, taskWith),
    measure: measureLeak,
    findings: (rows) => byVariation(Object.keys(SCALE), rows),
  }),
  theft: study({
    title: "networks to steal",
    seeds: 100,
    reason:
      "a share near a half is known to 10 points: the best defence stopped the thief in 56% of 50 other seeds, and its bar is 75%",
    share: 1 / 6,
    isSlow: true,
    points(parameters, seed) {
      const task = taskWith(parameters, seed);
      return isStealable(task) ? [task] : [];
    },
    measure: measureTheft,
    findings: (rows) => rows.flat(),
  }),
};

function attackPoint(parameters: SideChannelParameters, seed: number): AttackPoint {
  const { traceNoise, traces, attackers } = parameters;
  return { ...taskWith(parameters, seed), traceNoise, traces, attackers };
}

/** A point for each change. */
function changedBy<Point extends TaskParameters>(
  changes: Changes,
  point: (parameters: SideChannelParameters, seed: number) => Point,
): (parameters: SideChannelParameters, seed: number) => Point[] {
  return (parameters, seed) =>
    Object.values(changes).map((change) => ({ ...point(parameters, seed), ...change(parameters) }));
}
