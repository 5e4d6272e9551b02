/** The studies of notebook 06: what it measures over seeds. */
import { byVariation, oneEach, type Study, study, type Variation } from "../study.js";
import type { TaskParameters } from "../task.js";
import type { NetworkTimings } from "./constant-time.js";
import { type DesignPoint, type DesignResult, measureDesign } from "./designs.js";
import { designPoints, type FrontierFindings, frontierFindings } from "./frontier.js";
import {
  type AttackPoint,
  type AttackResult,
  type LeakResult,
  measureAttack,
  measureCentredMoons,
  measureLeak,
  type SideChannelParameters,
  taskWith,
} from "./side-channel.js";

/** Changes, by the name of the variation. */
type Changes = Readonly<Record<string, (own: SideChannelParameters) => Partial<TaskParameters>>>;

/** The regime in which 6 against 7 of 10 occurs: small initial weights and a full batch. */
export const SMALL_WEIGHTS: Partial<TaskParameters> = {
  hiddenLayers: [10],
  initialisation: "he",
  initialScale: 0.3,
  batchSize: "full",
  learningRate: 0.5,
  epochs: 1000,
};

/** One change at a time, by name. */
export const CHANGES: Changes = {
  "as above": () => ({}),
  untrained: () => ({ epochs: 0 }),
  "weights × 0.1": ({ initialScale = 1 }) => ({ initialScale: initialScale * 0.1 }),
  "weights × 3": ({ initialScale = 1 }) => ({ initialScale: initialScale * 3 }),
  "learning rate / 10": ({ learningRate }) => ({ learningRate: learningRate / 10 }),
  "a tenth of the epochs": ({ epochs }) => ({ epochs: Math.round(epochs / 10) }),
  "noise 0.3": () => ({ noise: 0.3 }),
  "5 neurons": () => ({ hiddenLayers: [5] }),
  "40 neurons": () => ({ hiddenLayers: [40] }),
};

/** A wider or deeper network; smaller steps and fewer, as far as is quick here. */
const larger =
  (...hiddenLayers: number[]): Changes[string] =>
  ({ learningRate, epochs }) => ({
    hiddenLayers,
    learningRate: learningRate / 4,
    epochs: Math.round(epochs / 20),
  });

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
  /** The same seeds with the moons moved so that their centre is the origin. */
  centred: Own<TaskParameters, LeakResult, LeakResult[]>;
  /** The same seeds with small initial weights, in a full batch. */
  small: Own<TaskParameters, LeakResult, LeakResult[]>;
  /** One thing changed at a time; see {@link CHANGES}. */
  changes: Own<TaskParameters, LeakResult, Variation<LeakResult>[]>;
  /** Efficiency against leakage, over designs and devices. */
  frontier: Own<DesignPoint, DesignResult, FrontierFindings>;
  scale: Own<TaskParameters, LeakResult, Variation<LeakResult>[]>;
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
  centred: study({
    title: "networks that learn moons centred on the origin",
    seeds: 200,
    reason: "the mean change of the lead is known to a seventh of a neuron; 0.8 was seen in other seeds",
    points: (parameters, seed) => [taskWith(parameters, seed)],
    measure: measureCentredMoons,
    findings: oneEach,
  }),
  small: study({
    title: "networks of small initial weights",
    seeds: 200,
    reason: "a share near 30% is known to 6 points, and its bar is 75%",
    points: (parameters, seed) => [{ ...taskWith(parameters, seed), ...SMALL_WEIGHTS }],
    measure: measureLeak,
    findings: oneEach,
  }),
  changes: study({
    title: "networks with one thing changed at a time",
    seeds: 50,
    reason: "no line rests on them; mean bits are known to 0.04",
    share: 1 / 4,
    points: changedBy(CHANGES, taskWith),
    measure: measureLeak,
    findings: (rows) => byVariation(Object.keys(CHANGES), rows),
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
  scale: study({
    title: "wider and deeper networks",
    seeds: 40,
    reason: "no line rests on them; mean bits are known to 0.05",
    share: 1 / 6,
    points: changedBy(SCALE, taskWith),
    measure: measureLeak,
    findings: (rows) => byVariation(Object.keys(SCALE), rows),
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
