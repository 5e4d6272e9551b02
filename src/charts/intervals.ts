/** How charts show means and shares with their intervals. */
import type * as Plotly from "plotly.js-dist";
import { type MeanInterval, meanInterval, type ShareInterval } from "../experiments/statistics.js";
import { significant } from "./style.js";

/** A mean with its 95% interval, whose ends may be NaN. */
export type Around = Pick<MeanInterval, "mean" | "low" | "high" | "n" | "points">;

/** A mean or a share in percent. */
export function inPercent(own: MeanInterval | ShareInterval): Around {
  const [mean, points] = "share" in own ? [own.share, undefined] : [own.mean, own.points];
  return {
    mean: 100 * mean,
    low: 100 * own.low,
    high: 100 * own.high,
    n: own.n,
    ...(points && { points: points.map((value) => 100 * value) }),
  };
}

/** The mean over some results, in percent, of a share that is at least `least`. */
export function meanPercent<Result>(
  results: readonly Result[],
  share: (result: Result) => number,
  least = 0,
): Around {
  return inPercent(meanInterval(results.map(share), [least, 1]));
}

/** Bars from the mean to the ends of each interval; without length where there is none. */
export function errorBars(
  intervals: readonly Omit<Around, "n">[],
  color: string,
): Partial<Plotly.ErrorOptions> & { type: "data"; array: number[]; arrayminus: number[] } {
  const lengths = (of: (interval: Omit<Around, "n">) => number): number[] =>
    intervals.map((interval) => {
      const length = significant(of(interval), 4);
      return Number.isFinite(length) ? length : 0;
    });
  return {
    type: "data",
    symmetric: false,
    array: lengths(({ mean, high }) => high - mean),
    arrayminus: lengths(({ mean, low }) => mean - low),
    color,
    thickness: 1.5,
    width: 3,
  };
}

/** A mean with its interval in words, or with the values where they are too few for one or all the same. */
export function intervalWords({ n, mean, low, high, points }: MeanInterval): string {
  const text = (value: number): string => String(significant(value, 4));
  if (low === high) return `${text(mean)} in all ${n}`;
  const around = points
    ? `of ${points.map(text).join(", ")}`
    : `95% interval ${text(low)} to ${text(high)}, n = ${n}`;
  return `mean ${text(mean)}, ${around}`;
}
