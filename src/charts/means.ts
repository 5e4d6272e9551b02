/** Means over seeds on a line, with the bars of their intervals; too few seeds for an interval are shown one by one. */
import type * as Plotly from "plotly.js-dist";
import type { MeanInterval } from "../experiments/statistics.js";
import { errorBars } from "./intervals.js";
import { significant } from "./style.js";

/** The places of means, and their look. */
export interface MeansLook {
  name: string;
  /** Place of each mean. */
  x: readonly number[];
  /** The hover text at each place. */
  texts: readonly string[];
  /** Which of several panels, from 0. */
  panel: number;
  line: { color: string; width: number; dash: string };
  symbol: string;
}

/** The traces of some means in percent. */
export function meanTraces(
  intervals: readonly MeanInterval[],
  { name, x, texts, panel, line, symbol }: MeansLook,
): Plotly.Data[] {
  const axes = panel === 0 ? { xaxis: "x", yaxis: "y" } : { xaxis: `x${panel + 1}`, yaxis: `y${panel + 1}` };
  const own = intervals.flatMap(({ points = [] }, i) => points.map((value) => ({ value, i })));
  const shared = { type: "scatter", name, legendgroup: name, ...axes } as const;
  return [
    {
      ...shared,
      mode: "lines+markers",
      showlegend: panel === 0,
      x: [...x],
      y: intervals.map(({ mean }) => significant(mean, 4)),
      error_y: errorBars(
        intervals.map(({ mean, low, high }) => ({ centre: mean, low, high })),
        { color: line.color, thickness: 1.2, width: 3 },
      ),
      line,
      marker: { color: line.color, symbol, size: 8 },
      text: texts.map((text, i) => `${name}, ${text} (n = ${intervals[i].n})`),
      hovertemplate: "%{text}: %{y:.1f}%<extra></extra>",
    } as Plotly.Data,
    ...(own.length === 0
      ? []
      : [
          {
            ...shared,
            mode: "markers",
            showlegend: false,
            x: own.map(({ i }) => x[i]),
            y: own.map(({ value }) => significant(value, 4)),
            marker: { color: line.color, symbol: "circle-open", size: 5 },
            text: own.map(({ i }) => `${name}, ${texts[i]}, one seed`),
            hovertemplate: "%{text}: %{y:.1f}%<extra></extra>",
          } as Plotly.Data,
        ]),
  ];
}

/** The meaning of bars and small marks, for a caption. */
export function meansCaption(intervals: readonly MeanInterval[]): string {
  if (intervals.length === 0) return "There is nothing to show.";
  return intervals.some(({ points }) => points)
    ? "Marks on the lines: means over the seeds. Small rings: single seeds, where they are too few for an interval."
    : "Means over the seeds with 95% intervals.";
}
