/** A network that is stolen: its lines over the moons, and how many are found after so many readings. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import { segmentsIn } from "../experiments/out-of-distribution/arrangement.js";
import { type Rectangle, rectangleAround } from "../experiments/plane.js";
import type { Robberies } from "../experiments/side-channel/robberies.js";
import type { Figure } from "./figure.js";
import { onPanel } from "./small-multiples.js";
import { axisTitle, baseLayout, type OwnLayout, planeAxes, pointTraces, rounded, SERIES } from "./style.js";

const STYLES = [
  { color: SERIES.first, dash: "solid", symbol: "circle" },
  { color: SERIES.first, dash: "dot", symbol: "square" },
  { color: SERIES.first, dash: "dash", symbol: "diamond" },
  { color: SERIES.second, dash: "dashdot", symbol: "x" },
  { color: SERIES.reference, dash: "longdash", symbol: "triangle-up" },
] as const;

/** The lines and those stolen through the count, over the points; beside it lines against readings, up to five ways. */
export function theftFigure({ lines, ways }: Robberies, points: Dataset, title: string): Figure {
  const area = rectangleAround(points, 0.5);
  const most = Math.max(1, ...ways.map((way) => way.lines));
  const { xaxis, yaxis } = planeAxes({ x: [...area.x], y: [...area.y], values: [] });
  return {
    data: [
      drawn(lines, area, { name: "the neurons' lines", line: { color: SERIES.reference, width: 6 } }),
      drawn(ways[0].found, area, { name: "as stolen", line: { color: SERIES.first, width: 2.5 } }),
      ...pointTraces(points, 5),
      ...ways.map(({ name, found, readings }, i): Plotly.Data => {
        const { color, dash, symbol } = STYLES[i % STYLES.length];
        return {
          type: "scatter",
          mode: "lines+markers",
          name,
          // until the thief stops
          x: [...found.map((line) => line.readings), readings],
          y: [...found.map((_, k) => k + 1), found.length],
          line: { color, dash, width: 2, shape: "hv" },
          marker: { color, symbol, size: 7 },
          hovertemplate: `${name}<br>%{y} lines after %{x} readings<extra></extra>`,
          ...onPanel(1),
        };
      }),
    ],
    layout: baseLayout({
      height: 500,
      title,
      grid: { rows: 1, columns: 2, pattern: "independent", xgap: 0.2 },
      xaxis,
      yaxis,
      xaxis2: { ...axisTitle("readings of the device"), type: "log", dtick: 1 },
      yaxis2: { ...axisTitle("lines found"), range: [0, most + 0.5], tickformat: "d" },
      legend: { orientation: "h", x: 0.5, xanchor: "center", y: 0, yref: "container", yanchor: "bottom" },
      margin: { l: 64, r: 24, t: 56, b: 150 },
    } as OwnLayout),
    caption:
      "First, over the training points: the lines at which the neurons switch, and on them those stolen through the count. Then: each mark is a line " +
      "known to a millionth, the last of each row the reading at which the thief stops. That axis is logarithmic.",
    alt: ways
      .map((way) => `${way.name}: ${way.found.length} of ${way.lines} lines after ${way.readings} readings`)
      .join("; "),
  };
}

function drawn(
  lines: Robberies["lines"],
  area: Rectangle,
  look: { name: string; line: { color: string; width: number } },
): Plotly.Data {
  const segments = segmentsIn(
    lines.map((line) => ({ ...line, neurons: [] })),
    area,
  );
  return {
    type: "scatter",
    mode: "lines",
    x: segments.flatMap(([x0, , x1]) => [...rounded([x0, x1]), null]),
    y: segments.flatMap(([, y0, , y1]) => [...rounded([y0, y1]), null]),
    hoverinfo: "skip",
    ...look,
  } as Plotly.Data;
}
