/** How charts show means and shares with their intervals; too few values for an interval stand for themselves. */
import type { MeanInterval } from "../experiments/statistics.js";
import { significant } from "./style.js";

/** Anything with a centre and a 95% interval around it, which may be NaN. */
interface Around {
  centre: number;
  low: number;
  high: number;
}

/** How bars are drawn. */
interface Bars {
  color: string;
  thickness: number;
  width?: number;
}

/** Error bars from the centre to the ends of each interval; without length where there is none. */
export function errorBars<Look extends Bars>(
  intervals: readonly Around[],
  look: Look,
): Look & { type: "data"; symmetric: false; array: number[]; arrayminus: number[] } {
  const lengths = (of: (interval: Around) => number): number[] =>
    intervals.map((interval) => {
      const length = significant(of(interval), 4);
      return Number.isFinite(length) ? length : 0;
    });
  return {
    ...look,
    type: "data",
    symmetric: false,
    array: lengths(({ centre, high }) => high - centre),
    arrayminus: lengths(({ centre, low }) => centre - low),
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
