/**
 * Does the time of an inference depend on the class of its input? Statistics on recorded times.
 *
 * The question is not whether there is a difference, but whether it matters: the difference in nanoseconds with its
 * interval, against the smallest that matters. So a device can pass, fail or stay open, which a test of "no
 * difference" cannot (Dunsche et al. 2025, SILENT: a new lens on statistics in software timing side channels). The
 * first order compares the means of the classes, the second their spreads (Schneider and Moradi 2015, Leakage
 * assessment methodology, section 4.1).
 */
import { FEWEST_FOR_INTERVAL, type MeanInterval, quantile } from "../statistics.js";
import { guessedRight } from "./timing-guess.js";
import { blocksOf, type Elapsed, intervalOf, type Timings } from "./timings.js";

/** Nanoseconds by which an inference must differ to matter: some three cycles, useful to someone who shares the machine. */
export const SMALLEST_LEAK = 1;

/** The grade of the times: a difference that matters, none that matters, or undecided. */
export type TimingGrade = "fails" | "passes" | "inconclusive";

/** A difference of the classes, class 1 minus class 0, in nanoseconds per inference, and its grade. */
export interface TimedEffect {
  effect: MeanInterval;
  grade: TimingGrade;
}

/** How many single readings an attacker adds up, to compare with one. */
export const READINGS = 100;

/** The result of a test. */
export interface TimingTest extends TimedEffect {
  /** Median time of an inference, in nanoseconds; NaN without times. */
  median: number;
  /** The difference of the spreads; see {@link timingSpread}. */
  spread: TimedEffect;
  /** Share of right guesses of the class, from one time and from {@link READINGS} of them; see {@link guessedRight}. */
  guess: MeanInterval;
  guessOfMany: MeanInterval;
}

/** The programs to time: the same network in JavaScript and in WebAssembly, and two controls. */
export interface Programs<Of> {
  /** Nothing is skipped. */
  scriptDense: Of;
  /** Silent neurons are skipped. */
  scriptSkipping: Of;
  compiledDense: Of;
  compiledSkipping: Of;
  /** Negative control: class 0 twice, compiled, skipping. */
  same: Of;
  /** Positive control: the same, the second with a tenth more points in each batch, or one. */
  delayed: Of;
}

/** The part of a {@link TimingTest} that is kept for each of many networks. */
export interface NetworkTest extends TimedEffect {
  /** The grade of the spreads. */
  spread: TimingGrade;
  guess: number;
  guessOfMany: number;
}

/** The times of one network in batches of one size. */
export interface BatchTimings extends Programs<NetworkTest> {
  /** Number of inferences in each time. */
  batch: number;
}

/** The times of one seed's network. */
export interface NetworkTimings {
  seed: number;
  /** Mean active count of class 1 minus that of class 0. */
  difference: number;
  /** Share of right guesses from one count; NaN where a class has too few points. */
  countGuess: number;
  /** See {@link lostShare}. */
  lost: number;
  /** Singly first; then, of small networks, in batches. */
  batches: BatchTimings[];
}

/** Applies a function to each program. */
export function eachProgram<From, To>(
  programs: Programs<From>,
  f: (program: From, name: keyof Programs<unknown>) => To,
): Programs<To> {
  const entries = Object.entries(programs) as [keyof Programs<unknown>, From][];
  return Object.fromEntries(entries.map(([name, own]) => [name, f(own, name)])) as unknown as Programs<To>;
}

/**
 * Tests times.
 *
 * @throws RangeError when there are not as many times as classes
 */
export function testTimings(timings: Timings): TimingTest {
  const { classes, nanoseconds, batch } = timings;
  if (nanoseconds.length !== classes.length) {
    throw new RangeError(
      `nanoseconds must hold ${classes.length} times, as classes does, got ${nanoseconds.length}`,
    );
  }
  const [effect, spread] = [timingEffect(timings), timingSpread(timings)];
  return {
    median: nanoseconds.length > 0 ? quantile(nanoseconds, 0.5) / batch : Number.NaN,
    effect,
    grade: gradeTiming(effect),
    spread: { effect: spread, grade: gradeTiming(spread) },
    guess: guessedRight(timings),
    guessOfMany: guessedRight(timings, READINGS),
  };
}

/**
 * Share of a class's times that a block leaves out at either end. Interrupts give times a long tail, and if only that were
 * cut, classes whose spreads differ would seem to differ in their means.
 */
const CUT = 0.1;

/**
 * How much longer an inference of class 1 takes than one of class 0, in nanoseconds. The times are not independent, and
 * their difference may wander, as a processor learns to predict branches. So the interval is that of the differences in
 * 20 blocks (batch means, as in Law and Kelton, Simulation modeling and analysis). Without times n is 0.
 */
export function timingEffect(timings: Timings): MeanInterval {
  return differenceByBlock(timings, meanOf);
}

/**
 * How much wider the times of class 1 spread than those of class 0: the difference of the standard deviations, in
 * nanoseconds, by blocks as in {@link timingEffect}. A device may tell the classes apart although their means are equal.
 */
export function timingSpread(timings: Timings): MeanInterval {
  return differenceByBlock(timings, (times) => {
    const mean = meanOf(times);
    return Math.sqrt(meanOf(times.map((time) => (time - mean) * (time - mean))));
  });
}

function differenceByBlock(timings: Timings, statistic: (times: Float64Array) => number): MeanInterval {
  const differences = blocksOf(timings).flatMap((times) => {
    const [first, second] = times.map((own) => statistic(middle(own)));
    return Number.isFinite(second - first) ? [(second - first) / timings.batch] : [];
  });
  return intervalOf(differences);
}

function middle(times: readonly number[]): Float64Array {
  const cut = Math.floor(CUT * times.length);
  return Float64Array.from(times)
    .sort()
    .slice(cut, times.length - cut);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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

/** Largest share of the time lost to other work with which a machine counts as quiet. */
export const QUIET = 0.05;

/** Share of the time that other work took. */
export function lostShare(times: readonly Elapsed[]): number {
  const total = (of: keyof Elapsed): number => times.reduce((sum, one) => sum + one[of], 0);
  return total("lost") / total("elapsed");
}

/** Whether the controls come out as they must: the same class twice passes, a delayed one fails. */
export function isSound({
  same,
  delayed,
}: Pick<Programs<{ grade: TimingGrade }>, "same" | "delayed">): boolean {
  return same.grade === "passes" && delayed.grade === "fails";
}
