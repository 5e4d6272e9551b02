/**
 * The attacker: Welch's t-test on traces, and guesses by likelihood, from one trace or from as many as it
 * takes. The traces are simulated: a reading of the power model plus Gaussian noise.
 */
import { exp, log } from "../../core/elementary.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import { quantile } from "../statistics.js";

/** A number for each point: those of class 0 and those of class 1, each in the order of the data. */
export type ByClass = readonly [readonly number[], readonly number[]];

/** Count, mean and spread of numbers that come one by one and are not kept. */
export interface Moments {
  count: number;
  mean: number;
  /** Sum of squared distances from the mean. */
  squares: number;
}

/** Without numbers yet. */
export function newMoments(): Moments {
  return { count: 0, mean: 0, squares: 0 };
}

/** Adds one more number (Welford 1962, Note on a method for calculating corrected sums of squares). */
export function accumulate(moments: Moments, value: number): void {
  const distance = value - moments.mean;
  moments.count++;
  moments.mean += distance / moments.count;
  moments.squares += distance * (value - moments.mean);
}

/** |t| above which TVLA says that a device leaks (Goodwill et al. 2011). */
export const TVLA_THRESHOLD = 4.5;

/**
 * Welch's t of the second group against the first. Groups that never vary, but for rounding, have no standard error:
 * then t is 0 if their means are equal and infinite if they are not. NaN while a group has fewer than 2 numbers, and
 * where one of them is not finite.
 *
 * @param rounding - distance up to which numbers differ only by rounding
 */
export function welchT(
  first: Moments,
  second: Moments,
  rounding: number = roundingOf(first.mean, second.mean),
): number {
  if (first.count < 2 || second.count < 2) return Number.NaN;
  const difference = second.mean - first.mean;
  const squared = [first, second].reduce((sum, { squares, count }) => sum + squares / (count - 1) / count, 0);
  const varies = [first, second].some(({ squares, count }) => !(squares <= count * rounding * rounding));
  if (varies) return difference / Math.sqrt(squared);
  return Math.abs(difference) <= rounding ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
}

/** By how much numbers of such a size may differ because of the rounding of a mean. */
function roundingOf(...sizes: readonly number[]): number {
  return 16 * Number.EPSILON * Math.max(...sizes.map(Math.abs));
}

function momentsOf(numbers: readonly number[]): Moments {
  const moments = newMoments();
  for (const number of numbers) accumulate(moments, number);
  return moments;
}

/** A t-test of stored readings. */
export interface WelchTest {
  /** Mean of each class; NaN without readings. */
  means: [number, number];
  /** Standard deviation of each class, with n - 1 in the denominator; NaN below 2 readings. */
  sds: [number, number];
  /** {@link welchT}. */
  t: number;
}

/** {@link welchT} of stored readings. */
export function welchTest(readings: ByClass): WelchTest {
  const [first, second] = readings.map(momentsOf);
  const mean = (of: Moments): number => (of.count > 0 ? of.mean : Number.NaN);
  const sd = ({ squares, count }: Moments): number =>
    count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN;
  return { means: [mean(first), mean(second)], sds: [sd(first), sd(second)], t: welchT(first, second) };
}

/**
 * Traces, both classes together, after which |t| is expected to reach the threshold: the standard
 * error is then small enough beside the difference of the means. At least two of each class, without which there is no
 * t; infinite where the means are equal.
 *
 * @param noise - standard deviation of the noise of each trace, in the unit of the readings
 */
export function tracesToDetect({ means, sds }: Pick<WelchTest, "means" | "sds">, noise: number): number {
  const difference = means[1] - means[0];
  const variance = sds[0] * sds[0] + sds[1] * sds[1] + 2 * noise * noise;
  if (difference === 0) return Number.POSITIVE_INFINITY;
  return Math.max(4, (2 * TVLA_THRESHOLD * TVLA_THRESHOLD * variance) / (difference * difference));
}

/**
 * Welch's t of the squared distances from the own class's mean: it sees a difference of the spreads where the
 * means are equal (Schneider and Moradi 2015, Leakage assessment methodology, section 4.1).
 */
export function secondOrderT(readings: ByClass): number {
  const { means, sds } = welchTest(readings);
  const [first, second] = readings.map((own, label) =>
    momentsOf(own.map((reading) => (reading - means[label]) * (reading - means[label]))),
  );
  // a distance from a mean is as exact as the mean, and its square so much less
  return welchT(first, second, 2 * Math.max(...sds) * roundingOf(...means));
}

/** Where a t-test stands after some traces. */
export interface TracePoint {
  /** Traces so far, of both classes together. */
  traces: number;
  /** |t| of the attacker in the middle, and of those at 5% and 95%. */
  median: number;
  low: number;
  high: number;
}

/** Points of a curve of |t|. */
const CHECKPOINTS = 25;

/**
 * Numbers of traces from 4 to `traces`, evenly spaced on a logarithmic axis; each once.
 *
 * @throws RangeError when `traces` is not a whole number >= 4
 */
export function traceCheckpoints(traces: number): number[] {
  requireWhole("traces", traces, 4);
  const step = log(traces / 4) / (CHECKPOINTS - 1);
  return [...new Set(Array.from({ length: CHECKPOINTS }, (_, i) => Math.round(4 * exp(i * step))))];
}

function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number >= ${least}, got ${value}`);
  }
}

/**
 * Checks readings before use.
 *
 * @throws RangeError when a class has fewer than `least`
 */
export function requireReadings(readings: ByClass, least = 1): void {
  readings.forEach((own, label) => {
    if (own.length < least) {
      throw new RangeError(`readings[${label}] must hold at least ${least}, got ${own.length}`);
    }
  });
}

/** How to record traces. */
export interface ListenOptions {
  /** The reading of each point by the power model, without noise; at least one point of each class. */
  readings: ByClass;
  /** Standard deviation of the noise of each trace, in the unit of the readings. */
  noise: number;
  /** Number of attackers, each with their own traces. */
  attackers: number;
  /** Seed of the traces. */
  seed: number;
}

/**
 * |t| against the number of traces, for several attackers. Each records traces of random points of
 * class 0 and class 1 in turn.
 *
 * @param checkpoints - numbers of traces at which to look, rising
 * @throws RangeError when a class has no readings, or there is no attacker
 */
export function welchCurve(options: ListenOptions, checkpoints: readonly number[]): TracePoint[] {
  const { readings, noise, attackers, seed } = options;
  requireReadings(readings);
  requireWhole("attackers", attackers, 1);
  const seen: number[][] = checkpoints.map(() => []);
  for (let attacker = 0; attacker < attackers; attacker++) {
    const random = randomStream(`side channel/t-test/${attacker}`, seed);
    const moments = [newMoments(), newMoments()];
    let traces = 0;
    for (const [i, checkpoint] of checkpoints.entries()) {
      for (; traces < checkpoint; traces++) {
        accumulate(moments[traces % 2], draw(readings[traces % 2], noise, random));
      }
      seen[i].push(Math.abs(welchT(moments[0], moments[1])));
    }
  }
  return checkpoints.map((traces, i) => ({
    traces,
    median: quantile(seen[i], 0.5),
    low: quantile(seen[i], 0.05),
    high: quantile(seen[i], 0.95),
  }));
}

/**
 * A number of traces, of random points of class 0 and class 1 in turn.
 *
 * @throws RangeError when a class has no readings
 */
export function recordTraces(options: Omit<ListenOptions, "attackers"> & { traces: number }): ByClass {
  const { readings, noise, traces, seed } = options;
  requireReadings(readings);
  const random = randomStream("side channel/traces", seed);
  const recorded: [number[], number[]] = [[], []];
  for (let i = 0; i < traces; i++) recorded[i % 2].push(draw(readings[i % 2], noise, random));
  return recorded;
}

/** One trace: the reading of a random point, plus noise. */
function draw(readings: readonly number[], noise: number, random: RandomStream): number {
  const reading = readings[random.below(readings.length)];
  return noise === 0 ? reading : reading + noise * random.normal();
}

/**
 * What an attacker knows beforehand about a device of the same kind, from points of known class: the probability
 * of each level of the reading in each class. A template attack (Chari, Rao and Rohatgi 2002).
 */
export interface Template {
  levels: number[];
  /** probabilities[class][level], none of them 0. */
  probabilities: [number[], number[]];
}

/**
 * Counts the levels, with half a point more for each (Krichevsky and Trofimov): an unseen level may still
 * come.
 */
export function templateOf(readings: ByClass): Template {
  const levels = [...new Set(readings.flat())].sort((a, b) => a - b);
  const place = new Map(levels.map((level, i) => [level, i]));
  const share = (own: readonly number[]): number[] => {
    const counts = levels.map(() => 0.5);
    for (const reading of own) counts[place.get(reading) as number]++;
    const total = own.length + levels.length / 2;
    return counts.map((count) => count / total);
  };
  return { levels, probabilities: [share(readings[0]), share(readings[1])] };
}

/**
 * log P(trace | class 1) / P(trace | class 0), where the trace is one of the template's levels plus Gaussian
 * noise. Without noise, a level that the template does not know says nothing: 0. Far from all levels the nearest
 * decides.
 */
export function logLikelihoodRatio(
  { levels, probabilities }: Template,
  trace: number,
  noise: number,
): number {
  if (noise === 0) {
    const i = levels.indexOf(trace);
    return i < 0 ? 0 : log(probabilities[1][i] / probabilities[0][i]);
  }
  if (levels.length === 0) return 0;
  const nearest = nearestLevel(levels, trace);
  let first = 0;
  let second = 0;
  for (const [i, level] of levels.entries()) {
    // squared distance beyond that to the nearest, so that neither sum underflows; an infinite trace has a side
    const farther =
      level === nearest ? 0 : ((nearest - level) / noise) * ((2 * trace - level - nearest) / noise);
    const density = exp(-farther / 2);
    first += probabilities[0][i] * density;
    second += probabilities[1][i] * density;
  }
  return log(second / first);
}

/** The level nearest to a trace; levels rise. */
function nearestLevel(levels: readonly number[], trace: number): number {
  const above = levels.findIndex((level) => level >= trace);
  if (above < 0) return levels[levels.length - 1];
  if (above === 0) return levels[0];
  return levels[above] - trace < trace - levels[above - 1] ? levels[above] : levels[above - 1];
}

/** Every other point to profile the device with, the rest to attack. */
export function profileAndAttack(readings: ByClass): { profile: ByClass; attack: ByClass } {
  const half = (odd: number): ByClass => [
    readings[0].filter((_, i) => i % 2 === odd),
    readings[1].filter((_, i) => i % 2 === odd),
  ];
  return { profile: half(0), attack: half(1) };
}

/**
 * Share of points whose class is guessed right from one reading without noise, both classes weighing the
 * same; a tie counts half. One half of the points is for the template, the other for the guesses: NaN where a class has
 * fewer than 2.
 */
export function singleTraceGuess(readings: ByClass): number {
  const { profile, attack } = profileAndAttack(readings);
  if (attack.some((own) => own.length === 0)) return Number.NaN;
  const template = templateOf(profile);
  const ratios = new Map(
    template.levels.map((level) => [level, logLikelihoodRatio(template, level, 0)] as const),
  );
  const right = attack.map((own, label) => {
    const scores = own.map((reading): number => {
      const ratio = ratios.get(reading) ?? 0;
      if (ratio === 0) return 0.5;
      return ratio > 0 === (label === 1) ? 1 : 0;
    });
    return scores.reduce((total, score) => total + score, 0) / scores.length;
  });
  return (right[0] + right[1]) / 2;
}

/** The outcome of sequential attacks. */
export interface SequentialAttack {
  /** Attacks with a right guess. */
  right: number;
  wrong: number;
  /** Attacks given up because the traces ran out. */
  undecided: number;
  /** Traces that each attack took; those given up took all. */
  traces: number[];
}

/** How to attack sequentially. */
export interface SequentialOptions extends ListenOptions {
  /** Probability of a wrong guess that the attacker accepts; 0.01 to be 99% sure. */
  error: number;
  /** Number of traces after which an attack is given up. */
  mostTraces: number;
  /**
   * Whether all traces of an attack are of the same point; otherwise each is of another point of the
   * unknown class. `false` by default.
   */
  isSamePoint?: boolean;
}

/**
 * Wald's sequential probability ratio test (Wald 1945, Sequential tests of statistical hypotheses): adds up
 * the log likelihood ratios of the traces until the sum leaves ±log((1 - error) / error). The attacker knows
 * the noise and half of the points; the class to guess is 0 and 1 in turn.
 *
 * @throws RangeError when a class has fewer than 2 readings, or the error is not above 0 and below 1/2
 */
export function sequentialAttack(options: SequentialOptions): SequentialAttack {
  const { readings, noise, attackers, seed, error, mostTraces, isSamePoint = false } = options;
  requireReadings(readings, 2);
  if (!(error > 0 && error < 0.5)) {
    throw new RangeError(`error must be a number above 0 and below 0.5, got ${error}`);
  }
  const { profile, attack } = profileAndAttack(readings);
  const template = templateOf(profile);
  const limit = log((1 - error) / error);
  const outcome: SequentialAttack = { right: 0, wrong: 0, undecided: 0, traces: [] };
  for (let attacker = 0; attacker < attackers; attacker++) {
    const random = randomStream(`side channel/sequential/${attacker}`, seed);
    const label = attacker % 2;
    const own = isSamePoint ? [attack[label][random.below(attack[label].length)]] : attack[label];
    let ratio = 0;
    let traces = 0;
    while (Math.abs(ratio) < limit && traces < mostTraces) {
      ratio += logLikelihoodRatio(template, draw(own, noise, random), noise);
      traces++;
    }
    outcome.traces.push(traces);
    if (Math.abs(ratio) < limit) outcome.undecided++;
    else if (ratio > 0 === (label === 1)) outcome.right++;
    else outcome.wrong++;
  }
  return outcome;
}
