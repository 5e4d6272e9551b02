/**
 * Notebook 06: does the number of firing neurons tell the class, and to whom? Hyperparameters in,
 * measurements out. The leak is in leakage.ts, the attacker in attacker.ts, the price of efficiency
 * in frontier.ts, the seeds in studies.ts.
 */
import { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import type { Dataset, Split } from "../../core/moons.js";
import { type ForwardPass, forward } from "../../core/network/forward-backward.js";
import { denseLayers, hiddenBlocks, type Network } from "../../core/network/network.js";
import { documented } from "../../core/validate.js";
import { type Measurement, measurement, type Steps } from "../measurement.js";
import { type PlaneGrid, planePoints, type Rectangle } from "../plane.js";
import { meanOf, quantile } from "../statistics.js";
import { type SweepParameters, sweepShape, type TaskParameters, taskShape, taskSteps } from "../task.js";
import {
  type ByClass,
  recordTraces,
  type SequentialAttack,
  secondOrderT,
  sequentialAttack,
  welchTest,
} from "./attacker.js";
import {
  type Activity,
  activeCounts,
  activityOf,
  binned,
  classBits,
  leakOf,
  savedShare,
  splitByClass,
} from "./leakage.js";

/** The hyperparameters of notebook 06. */
export interface SideChannelParameters extends TaskParameters, SweepParameters {
  /** Standard deviation of the noise of a trace; the unit is what one firing neuron adds to the reading. */
  traceNoise: number;
  /** Number of traces for the t-test, both classes together. */
  traces: number;
  /** Number of simulated attackers, to average over their luck. */
  attackers: number;
  /** Number of times for each timing test. */
  measurements: number;
}

/** The allowed values of the hyperparameters. */
export const sideChannelSchema: z.ZodMiniType<SideChannelParameters> = z.strictObject({
  ...taskShape,
  // some of each class to profile a device with, and some to attack
  testPoints: documented(
    z.int().check(z.gte(20), z.lte(100_000)),
    "Test points, on which the leak is measured",
  ),
  traceNoise: documented(
    z.number().check(z.gte(0), z.lte(1000)),
    "Attack: standard deviation of the noise of a trace",
    "neurons",
  ),
  traces: documented(
    z.int().check(z.gte(4), z.lte(1_000_000)),
    "Attack: traces for the t-test, both classes together",
  ),
  attackers: documented(
    z.int().check(z.gte(2), z.lte(10_000)),
    "Attack: simulated attackers of each network",
  ),
  measurements: documented(
    z.int().check(z.gte(100), z.lte(1_000_000)),
    "Clock: times taken of each program, singly; fewer where many networks are timed",
  ),
  ...sweepShape,
});

/** The part of the parameters that a training needs, with another seed. */
export function taskWith(parameters: SideChannelParameters, seed: number): TaskParameters {
  const { traceNoise: _, traces, attackers, measurements, sweepSeeds, firstSeed, ...task } = parameters;
  return { ...task, seed };
}

/** Readings of the two power models for the test points, the unit being what one firing neuron adds. */
export interface PowerReadings {
  /** The number of neurons that fire. */
  count: ByClass;
  /**
   * The Hamming weight of their outputs, divided by the mean weight of an output that is not 0; rounded to half a
   * neuron, as by a converter of few bits.
   */
  hammingWeight: ByClass;
}

/** The readings of the power models at the test points. */
export function powerReadings(network: Network, { test }: Split): PowerReadings {
  const activity = activityOf(network, forward(network, test.points));
  const counts = activeCounts(activity);
  const firing = counts.reduce((sum, count) => sum + count, 0);
  const ones = activity.hammingWeights.reduce((sum, weight) => sum + weight, 0);
  const unit = firing > 0 ? ones / firing : 1;
  const weights = activity.hammingWeights.map((weight) => Math.round((2 * weight) / unit) / 2);
  return { count: splitByClass(counts, test), hammingWeight: splitByClass(weights, test) };
}

/** The number of firing neurons on a grid over the plane. */
export function activeCountOnPlane(network: Network, area: Rectangle, resolution: number): PlaneGrid {
  const points = planePoints(area, resolution);
  const counts = activeCounts(activityOf(network, forward(network, points)));
  return {
    x: points.getColumn(0).slice(0, resolution),
    y: Array.from({ length: resolution }, (_, row) => points.get(row * resolution, 1)),
    values: Array.from({ length: resolution }, (_, row) =>
      counts.slice(row * resolution, (row + 1) * resolution),
    ),
  };
}

/** How often a neuron of the last hidden layer fires, and its vote. */
export interface NeuronRates {
  /** Share of the test points of each class for which it fires. */
  rates: [number, number];
  /** Its weight into the output: positive if it votes for class 1. */
  vote: number;
}

/** The neurons of the last hidden layer; none where there is no such layer. */
export function neuronRates(network: Network, { test }: Split): NeuronRates[] {
  return ratesIn(forward(network, test.points), network, test);
}

function ratesIn(pass: ForwardPass, network: Network, data: Dataset): NeuronRates[] {
  return lastHidden(pass, network).map(({ outputs, vote }) => {
    const fires = outputs.map((value) => (value === 0 ? 0 : 1));
    const [first, second] = splitByClass(fires, data);
    return { rates: [meanOf(first), meanOf(second)], vote };
  });
}

/** The neurons of the last hidden layer, each with its output at every point. */
function lastHidden(pass: ForwardPass, network: Network): { outputs: number[]; vote: number }[] {
  const hidden = hiddenBlocks(network).at(-1);
  if (!hidden) return [];
  const { output } = pass.layers[hidden.last];
  const votes = denseLayers(network).at(-1)?.parameters.weights.getColumn(0) ?? [];
  return votes.map((vote, j) => ({ outputs: output.getColumn(j), vote }));
}

/** The output of a neuron of the last hidden layer at a point, and its vote. */
export interface NeuronOutput {
  output: number;
  /** Its weight into the network's output: positive if it votes for class 1. */
  vote: number;
}

/** The activity of the network at one input. */
export interface InputActivity {
  /** Number of neurons that fire, of all hidden layers. */
  count: number;
  /** Share of the multiply-accumulates that skipping the others saves. */
  saved: number;
  logit: number;
  /** The neurons of the last hidden layer; none where there is no such layer. */
  neurons: NeuronOutput[];
}

/** Measures the network at one input. */
export function activityAt(network: Network, input: readonly [number, number]): InputActivity {
  const pass = forward(network, new Matrix([[...input]]));
  const activity = activityOf(network, pass);
  return {
    count: activeCounts(activity)[0],
    saved: savedShare(network, activity),
    logit: pass.logits.get(0, 0),
    neurons: lastHidden(pass, network).map(({ outputs, vote }) => ({ output: outputs[0], vote })),
  };
}

/** Smallest and largest output of a neuron of the last hidden layer at some points; 0 lies between them. */
export function outputRange(network: Network, { points }: Dataset): [number, number] {
  return lastHidden(forward(network, points), network).reduce<[number, number]>(
    (range, { outputs }) => [Math.min(range[0], ...outputs), Math.max(range[1], ...outputs)],
    [0, 0],
  );
}

/** The measurements of one seed's network in every study, on its test points. */
export interface LeakResult {
  seed: number;
  /** Share of the test points that it gets right. */
  accuracy: number;
  /** Mean share of the multiply-accumulates that skipping silent neurons saves. */
  saved: number;
  /** Mean active count of each class. */
  means: [number, number];
  /** Leak of one reading of the count, in bits. */
  bits: number;
}

/** Blue minus Red: mean count of class 1 minus that of class 0. */
export function differenceOf({ means }: Pick<LeakResult, "means">): number {
  return means[1] - means[0];
}

/** A trained network at work on its test points. */
export interface Working {
  network: Network;
  test: Dataset;
  pass: ForwardPass;
  activity: Activity;
  /** Its active counts. */
  counts: ByClass;
}

function atWork(network: Network, { test }: Split): Working {
  const pass = forward(network, test.points);
  const activity = activityOf(network, pass);
  return { network, test, pass, activity, counts: splitByClass(activeCounts(activity), test) };
}

/** What its active count leaks. */
export function leakResult({ network, test, pass, activity, counts }: Working, seed: number): LeakResult {
  const right = pass.logits.to1DArray().filter((logit, i) => logit > 0 === (test.labels.get(i, 0) === 1));
  return {
    seed,
    accuracy: right.length / test.labels.rows,
    saved: savedShare(network, activity),
    means: [meanOf(counts[0]), meanOf(counts[1])],
    bits: classBits(counts),
  };
}

/** Measures a trained network. */
export function leaksOf(network: Network, data: Split, seed: number): LeakResult {
  return leakResult(atWork(network, data), seed);
}

/** Trains once, as steps of a measurement. */
export function* trainedSteps(parameters: TaskParameters): Steps<Working> {
  const options = { recordEvery: Math.max(1, parameters.epochs) };
  const { data, training } = yield* taskSteps(parameters, options);
  return atWork(training.network, data);
}

/** Trains once and measures. */
export const measureLeak: Measurement<[parameters: TaskParameters], LeakResult> = measurement(
  function* (parameters) {
    return leakResult(yield* trainedSteps(parameters), parameters.seed);
  },
);

/** Least number of bits that the Hamming weight of the outputs leaks. */
export function hammingBits({ activity, test }: Working): number {
  return classBits(binned(splitByClass(activity.hammingWeights, test)));
}

/** The evaluation of, and the attack on, one seed's network; the power model is the active count. */
export interface AttackResult extends LeakResult {
  /** Standard deviation of the count within each class. */
  sds: [number, number];
  /** Welch's t of the count at the test points, without noise; positive where class 1 fires more. */
  t: number;
  /** Share of right guesses from one reading without noise. */
  guess: number;
  /** Least number of bits that the Hamming weight of the outputs leaks. */
  hammingBits: number;
  /** Neurons of the last hidden layer whose weight into the output is positive. */
  votesForClass1: number;
  /** Share of that layer's neurons that fire more often in the class they vote for; NaN where there is no such layer. */
  agreeing: number;
  /** Welch's t after `traces` noisy traces, of the readings and of their squared distances from the class means. */
  traced: { t: number; spreadT: number };
  /** Attacks until 99% sure, with a new point of the unknown class for each trace; `traces` is the median. */
  sequential: Omit<SequentialAttack, "traces"> & { traces: number };
}

/** Probability of error that the sequential attacker accepts. */
const GUESS_ERROR = 0.01;

/** Traces after which the sequential attacker gives up. */
export const MOST_TRACES = 5000;

/** A network to train, and its attacker. */
export interface AttackPoint
  extends TaskParameters,
    Pick<SideChannelParameters, "traceNoise" | "traces" | "attackers"> {}

/** Trains once, measures, evaluates and attacks. */
export const measureAttack: Measurement<[point: AttackPoint], AttackResult> = measurement(function* (point) {
  const { seed, traceNoise: noise, traces, attackers } = point;
  const working = yield* trainedSteps(point);
  const { network, test, pass, counts: readings } = working;
  const { sds, t, guess } = leakOf(readings);
  const neurons = ratesIn(pass, network, test);
  const agreeing = neurons.filter(({ rates, vote }) => (rates[1] - rates[0]) * vote > 0);
  const recorded = recordTraces({ readings, noise, traces, seed });
  const limits = { error: GUESS_ERROR, mostTraces: MOST_TRACES };
  const attack = sequentialAttack({ readings, noise, attackers, seed, ...limits });
  return {
    ...leakResult(working, seed),
    sds,
    t,
    guess,
    hammingBits: hammingBits(working),
    votesForClass1: neurons.filter(({ vote }) => vote > 0).length,
    agreeing: agreeing.length / neurons.length,
    traced: { t: welchTest(recorded).t, spreadT: secondOrderT(recorded) },
    sequential: { ...attack, traces: quantile(attack.traces, 0.5) },
  };
});
