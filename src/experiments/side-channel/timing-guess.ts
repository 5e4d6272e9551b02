/** How well the class of an inference is guessed from its time. */
import { type MeanInterval, meanOf } from "../statistics.js";
import { logLikelihoodRatio, templateOf } from "./attacker.js";
import { blocksOf, intervalOf, type Timings } from "./timings.js";

/** Levels that times are sorted into, each holding about as many. */
const LEVELS = 64;

/**
 * Share of right guesses of the class, a tie counting half. The attacker profiles every other block of the times, whose
 * classes are known, and attacks the blocks between: a template attack (Chari, Rao and Rohatgi 2002). A guess adds up
 * the log likelihood ratios of so many consecutive times of one class, each of another point. The interval is that
 * of the blocks, because neighbouring times are not independent; n is 0 where no block holds so many times.
 *
 * @param readings - times per guess
 * @throws RangeError when readings is not a whole number >= 1
 */
export function guessedRight(timings: Timings, readings = 1): MeanInterval {
  if (!Number.isInteger(readings) || readings < 1) {
    throw new RangeError(`readings must be a whole number >= 1, got ${readings}`);
  }
  const blocks = blocksOf(timings);
  const profile = [0, 1].map((label) => blocks.flatMap((times, b) => (b % 2 === 0 ? times[label] : [])));
  const levelOf = levels(profile.flat());
  const template = templateOf([profile[0].map(levelOf), profile[1].map(levelOf)]);
  const ratios = new Map(template.levels.map((level) => [level, logLikelihoodRatio(template, level, 0)]));
  const ratioOf = (time: number): number => ratios.get(levelOf(time)) ?? 0;
  const shares = blocks.flatMap((times, b) => {
    if (b % 2 === 0) return [];
    const right = times.flatMap((own, label) =>
      sums(own.map(ratioOf), readings).map((sum) => (sum === 0 ? 0.5 : Number(sum > 0 === (label === 1)))),
    );
    return right.length > 0 ? [meanOf(right)] : [];
  });
  return intervalOf(shares, [0, 1]);
}

/** The sums of so many at a time; what is left at the end is left out. */
function sums(values: readonly number[], count: number): number[] {
  return Array.from({ length: Math.floor(values.length / count) }, (_, k) =>
    values.slice(k * count, (k + 1) * count).reduce((sum, value) => sum + value, 0),
  );
}

/** The level of a time: how many of the edges between the levels lie below it. */
function levels(times: readonly number[]): (time: number) => number {
  const sorted = Float64Array.from(times).sort();
  const places = Array.from({ length: LEVELS - 1 }, (_, k) => Math.floor(((k + 1) * sorted.length) / LEVELS));
  const edges = [...new Set(places.map((place) => sorted[place]))];
  return (time) => {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
