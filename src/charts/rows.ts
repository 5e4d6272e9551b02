/** Charts of rows with names: an axis for them, and marks in them. */
import type * as Plotly from "plotly.js-dist";
import { type Around, errorBars } from "./intervals.js";
import { rounded } from "./style.js";

/** The places of so many rows on their axis, the first on top. */
export function rowPlaces(count: number): number[] {
  return Array.from({ length: count }, (_, i) => count - 1 - i);
}

/** The axis of the rows. */
export function rowAxis(names: readonly string[]): object {
  return {
    tickvals: rowPlaces(names.length),
    ticktext: [...names],
    automargin: true,
    range: [-0.5, names.length - 0.4],
    zeroline: false,
  };
}

/** Marks in rows, and their look. */
export interface RowMarks {
  name: string;
  color: string;
  symbol: string;
  /** Height of each mark on the axis. */
  places: readonly number[];
  /** The hover text of each row. */
  texts: readonly string[];
}

/** A mark for each mean, with the bar of its interval; too few values for an interval stand for themselves. */
export function rowTrace(
  intervals: readonly Omit<Around, "n">[],
  { name, color, symbol, places, texts }: RowMarks,
): Plotly.Data {
  const marks = intervals.flatMap(({ mean, low, high, points = [mean] }, i) =>
    points.map((value) => ({ mean: value, low, high, i })),
  );
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: rounded(
      marks.map(({ mean }) => mean),
      4,
    ),
    y: rounded(marks.map(({ i }) => places[i])),
    error_x: errorBars(marks, color),
    marker: { color, symbol, size: 9 },
    text: marks.map(({ i }) => texts[i]),
    hovertemplate: "%{text}<extra></extra>",
  } as Plotly.Data;
}
