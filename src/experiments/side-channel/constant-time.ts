/**
 * Does the time of an inference depend on the class of its input? Statistics on recorded times.
 *
 * Whether there is a difference: dudect's t (Reparaz, Balasch and Verbauwhede 2017, Dude, is my code constant time?).
 * Interrupts and garbage collection give times a long tail. So the t-test is repeated, each time
 * without the times above another percentile, and the largest |t| counts.
 *
 * Whether it matters: the difference in nanoseconds with its interval, against the smallest that matters. So a
 * device can pass, fail or stay open, which a test of "no difference" cannot (Dunsche et al. 2025, SILENT: a new
 * lens on statistics in software timing side channels).
 */
import { exp, log } from "../../core/elementary.js";
import { FEWEST_FOR_INTERVAL, type MeanInterval, meanInterval, quantile } from "../statistics.js";
import { accumulate, type Moments, newMoments, welchT } from "./attacker.js";

/** Times, in the order in which they were taken. */
export interface Timings {
  /** The class of each, 0 or 1. */
  classes: readonly number[];
  /** How long each took. */
  nanoseconds: readonly number[];
  /** Number of inferences in each time. */
  batch: number;
}

/** Nanoseconds by which an inference must differ to matter: some three cycles, useful to someone who shares the machine. */
export const SMALLEST_LEAK = 1;

/** The grade of the times: a difference that matters, none that matters, or undecided. */
export type TimingGrade = "fails" | "passes" | "inconclusive";

/** Crops, that is percentiles above which times are left out; one more test leaves out none. */
const CROPS = 30;

/** The result of a test. */
export interface TimingTest {
  measurements: number;
  /** The t that is largest in size over all crops, positive where class 1 took longer; NaN of too few times. */
  t: number;
  /** Median time of an inference of each class, in nanoseconds; NaN without times. */
  medians: [number, number];
  /** Class 1 minus class 0, in nanoseconds per inference; see {@link timingEffect}. */
  effect: MeanInterval;
  grade: TimingGrade;
}

/** The programs to time: two that run the same network, and two controls. */
export interface Programs<Of> {
  /** Silent neurons are skipped; class 0 against class 1. */
  skipping: Of;
  /** Nothing is skipped. */
  dense: Of;
  /** Negative control: class 0 twice, skipping. */
  same: Of;
  /** Positive control: class 0 twice, skipping, the second with a tenth more points in each batch, or one. */
  delayed: Of;
}

/** The part of a {@link TimingTest} that is kept for each of many networks. */
export type TimedEffect = Pick<TimingTest, "effect" | "grade">;

/** The times of one network in batches of one size. */
export interface BatchTimings extends Programs<TimedEffect> {
  /** Number of inferences in each time. */
  batch: number;
}

/** The times of one seed's network. */
export interface NetworkTimings {
  seed: number;
  /** Mean active count of class 1 minus that of class 0. */
  difference: number;
  /** In batches, and singly. */
  batches: BatchTimings[];
}

/**
 * Tests times. The percentiles of the crops come from the first tenth of the measurements, dudect's tests from the
 * others.
 *
 * @throws RangeError when there are not as many times as classes
 */
export function testTimings(timings: Timings): TimingTest {
  const { classes, nanoseconds, batch } = timings;
  const measurements = classes.length;
  if (nanoseconds.length !== measurements) {
    throw new RangeError(
      `nanoseconds must hold ${measurements} times, as classes does, got ${nanoseconds.length}`,
    );
  }
  const median = (label: number): number => {
    const own = nanoseconds.filter((_, i) => classes[i] === label);
    return own.length > 0 ? quantile(own, 0.5) / batch : Number.NaN;
  };
  const effect = timingEffect(timings);
  return {
    measurements,
    t: largestT(timings),
    medians: [median(0), median(1)],
    effect,
    grade: gradeTiming(effect),
  };
}

function largestT({ classes, nanoseconds }: Timings): number {
  const first = Math.floor(classes.length / 10);
  const thresholds = cropsOf(nanoseconds.slice(0, first));
  const tests = thresholds.map((): [Moments, Moments] => [newMoments(), newMoments()]);
  for (let i = first; i < classes.length; i++) {
    for (const [c, threshold] of thresholds.entries()) {
      if (nanoseconds[i] <= threshold) accumulate(tests[c][classes[i]], nanoseconds[i]);
    }
  }
  return tests
    .map(([a, b]) => welchT(a, b))
    .filter((t) => !Number.isNaN(t))
    .reduce((most, t) => (Math.abs(t) > Math.abs(most) || Number.isNaN(most) ? t : most), Number.NaN);
}

/** Number of consecutive stretches of time, whose differences count as independent. */
const BLOCKS = 20;

/** Share of a class's times, the slowest, that a block's mean leaves out. */
const SLOWEST = 0.1;

/**
 * How much longer an inference of class 1 takes than one of class 0, in nanoseconds. Consecutive times are
 * similar, so the interval is that of the differences of 20 blocks (batch means, as in Law and Kelton, Simulation modeling
 * and analysis); within a block, the slowest tenth of either class is left out. Without times n is 0.
 */
export function timingEffect({ classes, nanoseconds, batch }: Timings): MeanInterval {
  const ends = Array.from({ length: BLOCKS + 1 }, (_, b) => Math.floor((classes.length * b) / BLOCKS));
  const differences = ends.slice(1).flatMap((end, b) => {
    const means = [0, 1].map((label) =>
      meanOfQuickest(nanoseconds.slice(ends[b], end).filter((_, i) => classes[ends[b] + i] === label)),
    );
    return Number.isFinite(means[1] - means[0]) ? [(means[1] - means[0]) / batch] : [];
  });
  const [none, n] = [Number.NaN, differences.length];
  return n > 0 ? meanInterval(differences) : { n, mean: none, sd: none, low: none, high: none, points: [] };
}

function meanOfQuickest(times: readonly number[]): number {
  const kept = Float64Array.from(times)
    .sort()
    .slice(0, Math.ceil((1 - SLOWEST) * times.length));
  return kept.reduce((sum, time) => sum + time, 0) / kept.length;
}

/**
 * Whether the interval lies beyond the smallest leak that matters, within it on both sides, or across. Below 5 blocks
 * there is no interval, so the test is inconclusive.
 *
 * @throws RangeError when the smallest leak is not above 0
 */
export function gradeTiming({ n, low, high }: MeanInterval, smallest: number = SMALLEST_LEAK): TimingGrade {
  if (!(smallest > 0)) throw new RangeError(`smallest must be a number above 0, got ${smallest}`);
  if (n < FEWEST_FOR_INTERVAL) return "inconclusive";
  if (low > smallest || high < -smallest) return "fails";
  return low > -smallest && high < smallest ? "passes" : "inconclusive";
}

/** The times to crop at: percentiles that crowd towards the slow end, as in dudect, and infinity. */
function cropsOf(nanoseconds: readonly number[]): number[] {
  if (nanoseconds.length === 0) return [Number.POSITIVE_INFINITY];
  const shares = Array.from({ length: CROPS }, (_, i) => 1 - exp((-10 * (i + 1) * log(2)) / CROPS));
  const sorted = Float64Array.from(nanoseconds).sort();
  const places = shares.map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return [...new Set(places), Number.POSITIVE_INFINITY];
}
