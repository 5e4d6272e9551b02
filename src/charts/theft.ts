/** A theft as it goes on: lines found against readings of the device. */
import type * as Plotly from "plotly.js-dist";
import type { Robbery } from "../experiments/side-channel/theft.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, INK, type OwnLayout, SERIES } from "./style.js";

const STYLES = [
  { color: SERIES.first, dash: "solid", symbol: "circle" },
  { color: SERIES.second, dash: "dot", symbol: "square" },
  { color: SERIES.second, dash: "dash", symbol: "diamond" },
  { color: INK, dash: "dashdot", symbol: "x" },
  { color: SERIES.reference, dash: "longdash", symbol: "triangle-up" },
] as const;

/** How many lines the thief has after so many readings, through up to five channels. */
export function theftFigure(robberies: readonly Robbery[], title: string): Figure {
  const data = robberies.map(({ name, found, readings }, i): Plotly.Data => {
    const { color, dash, symbol } = STYLES[i % STYLES.length];
    return {
      type: "scatter",
      mode: "lines+markers",
      name,
      // until the thief stops
      x: [...found, readings],
      y: [...found.map((_, k) => k + 1), found.length],
      line: { color, dash, width: 2, shape: "hv" },
      marker: { color, symbol, size: 7 },
      hovertemplate: `${name}<br>%{y} lines after %{x} readings<extra></extra>`,
    };
  });
  const most = Math.max(1, ...robberies.map(({ lines }) => lines));
  return {
    data,
    layout: baseLayout({
      height: 400,
      title,
      xaxis: { ...axisTitle("readings of the device"), type: "log", dtick: 1 },
      yaxis: { ...axisTitle("neurons' lines found"), range: [0, most + 0.5], tickformat: "d" },
      legend: { orientation: "h", x: 0.5, xanchor: "center", y: 0, yref: "container", yanchor: "bottom" },
      margin: { l: 64, r: 24, t: 56, b: 132 },
    } as OwnLayout),
    caption:
      "Each mark: a line known to a millionth, or the reading at which the thief stops. The axis is logarithmic.",
    alt: robberies
      .map(
        ({ name, found, lines, readings }) =>
          `${name}: ${found.length} of ${lines} lines after ${readings} readings`,
      )
      .join("; "),
  };
}
