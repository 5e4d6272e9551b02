/**
 * Does the time that something takes depend on the class of its input? The statistics of dudect (Reparaz,
 * Balasch and Verbauwhede 2017, Dude, is my code constant time?), on times that somebody else has taken.
 *
 * Times have a long tail, of interrupts and garbage collection. So the t-test is made many times over, each
 * time without the times above another percentile, and the largest |t| counts; hence a threshold above the
 * usual 4.5. That no difference was seen does not mean that there is none.
 */
import { exp, log } from "../../elementary.js";
import { quantile } from "../../statistics.js";
import { accumulate, type Moments, newMoments, welchT } from "./attacker.js";

/** Times, in the order in which they were taken. */
export interface Timings {
  /** The class of each, 0 or 1. */
  classes: readonly number[];
  /** How long each took. */
  nanoseconds: readonly number[];
}

/** Measurements below which no verdict is given. */
export const ENOUGH_MEASUREMENTS = 10_000;

/** |t| above which a difference was seen, and above which it is glaring. */
export const SEEN = 10;
export const GLARING = 500;

/** What the times show. */
export type TimingGrade = "not enough measurements" | "no difference seen" | "difference seen" | "glaring";

/** Crops, that is percentiles above which times are left out; one more test leaves out none. */
const CROPS = 30;

/** A t-test made under way. */
export interface TimingPoint {
  /** Measurements so far. */
  measurements: number;
  /** The t that is largest in size over all crops, positive where class 1 took longer. */
  t: number;
}

/** What came of a test. */
export interface TimingTest {
  measurements: number;
  /** The t that is largest in size over all crops, positive where class 1 took longer. */
  t: number;
  /** Median time of each class, in nanoseconds, nothing left out. */
  medians: [number, number];
  /** The largest |t| under way. */
  curve: TimingPoint[];
  grade: TimingGrade;
}

/**
 * Tests times. The percentiles come from the first tenth of the measurements, the tests from the others.
 *
 * @param points - places of the curve
 */
export function testTimings({ classes, nanoseconds }: Timings, points = 40): TimingTest {
  const measurements = classes.length;
  const first = Math.floor(measurements / 10);
  const thresholds = cropsOf(nanoseconds.slice(0, first));
  const tests = thresholds.map((): [Moments, Moments] => [newMoments(), newMoments()]);
  const largest = (): number =>
    tests.map(([a, b]) => welchT(a, b)).reduce((most, t) => (Math.abs(t) > Math.abs(most) ? t : most), 0);
  const curve: TimingPoint[] = [];
  for (let i = first; i < measurements; i++) {
    for (const [c, threshold] of thresholds.entries()) {
      if (nanoseconds[i] <= threshold) accumulate(tests[c][classes[i]], nanoseconds[i]);
    }
    const place = Math.floor(((i + 1 - first) * points) / (measurements - first));
    if (place > curve.length) curve.push({ measurements: i + 1, t: largest() });
  }
  const t = largest();
  const median = (label: number): number => {
    const own = nanoseconds.filter((_, i) => classes[i] === label);
    return own.length > 0 ? quantile(own, 0.5) : Number.NaN;
  };
  return { measurements, t, medians: [median(0), median(1)], curve, grade: gradeTiming(measurements, t) };
}

/** The verdict of a test. */
export function gradeTiming(measurements: number, t: number): TimingGrade {
  if (measurements < ENOUGH_MEASUREMENTS) return "not enough measurements";
  if (Math.abs(t) > GLARING) return "glaring";
  return Math.abs(t) > SEEN ? "difference seen" : "no difference seen";
}

/** The times to crop at: percentiles that crowd towards the slow end, as in dudect, and infinity. */
function cropsOf(nanoseconds: readonly number[]): number[] {
  if (nanoseconds.length === 0) return [Number.POSITIVE_INFINITY];
  const shares = Array.from({ length: CROPS }, (_, i) => 1 - exp((-10 * (i + 1) * log(2)) / CROPS));
  const sorted = [...nanoseconds].sort((a, b) => a - b);
  const places = shares.map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return [...new Set(places), Number.POSITIVE_INFINITY];
}
