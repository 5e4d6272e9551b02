/** Means over seeds on a line, with the bars of their intervals; too few seeds for an interval are shown one by one. */
import type * as Plotly from "plotly.js-dist";
import { type Around, errorBars } from "./intervals.js";
import { onPanel } from "./small-multiples.js";
import { significant } from "./style.js";

/** The places of means, and their look. */
export interface MeansLook {
  name: string;
  /** Place of each mean. */
  x: readonly number[];
  /** The hover text at each place. */
  texts: readonly string[];
  /** Which of several panels, from 0. */
  panel?: number;
  line: { color: string; width: number; dash: string };
  symbol: string;
}

/** The traces of some means in percent. */
export function meanTraces(
  intervals: readonly Around[],
  { name, x, texts, panel = 0, line, symbol }: MeansLook,
): Plotly.Data[] {
  const own = intervals.flatMap(({ points = [] }, i) => points.map((value) => ({ value, i })));
  const shared = {
    type: "scatter",
    name,
    legendgroup: name,
    ...onPanel(panel),
    hovertemplate: "%{text}: %{y:.1f}%<extra></extra>",
  };
  const traces = [
    {
      ...shared,
      mode: "lines+markers",
      showlegend: panel === 0,
      x: [...x],
      y: intervals.map(({ mean }) => significant(mean, 4)),
      error_y: errorBars(intervals, line.color),
      line,
      marker: { color: line.color, symbol, size: 8 },
      text: texts.map((text, i) => `${name}, ${text} (n = ${intervals[i].n})`),
    },
    {
      ...shared,
      mode: "markers",
      showlegend: false,
      x: own.map(({ i }) => x[i]),
      y: own.map(({ value }) => significant(value, 4)),
      marker: { color: line.color, symbol: "circle-open", size: 5 },
      text: own.map(({ i }) => `${name}, ${texts[i]}, one seed`),
    },
  ] as Plotly.Data[];
  return own.length === 0 ? traces.slice(0, 1) : traces;
}

/** The meaning of bars and small marks, for a caption. */
export function meansCaption(intervals: readonly Around[]): string {
  if (intervals.length === 0) return "There is nothing to show.";
  return intervals.some(({ points }) => points)
    ? "Marks on the lines: means over the seeds. Small rings: single seeds, where they are too few for an interval."
    : "Means over the seeds with 95% intervals.";
}
