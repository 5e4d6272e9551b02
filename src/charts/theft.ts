/** A network that is stolen: its lines over the moons, and how many are found after so many readings. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import { segmentsIn } from "../experiments/out-of-distribution/arrangement.js";
import { type Rectangle, rectangleAround } from "../experiments/plane.js";
import type { Robberies } from "../experiments/side-channel/robberies.js";
import type { Figure } from "./figure.js";
import { mapLayout, pointTraces, segmentsTrace } from "./plane.js";
import { onPanel, panelGrid } from "./small-multiples.js";
import { axisTitle, SERIES } from "./style.js";

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
  return {
    data: [
      drawn(lines, area, "the neurons' lines", { color: SERIES.reference, width: 6 }),
      drawn(ways[0].found, area, "as stolen", { color: SERIES.first, width: 2.5 }),
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
    layout: mapLayout(area, 150, {
      height: 500,
      title,
      ...panelGrid(1, 2, { xgap: 0.2 }),
      xaxis2: { ...axisTitle("readings of the device"), type: "log", dtick: 1 },
      yaxis2: { ...axisTitle("lines found"), range: [0, most + 0.5], tickformat: "d" },
    }),
    caption:
      "First, over the training points: the lines at which the neurons switch, and on them those stolen through the count. Then: each mark is a line " +
      "known to a millionth, the last of each row the reading at which the thief stops. That axis is logarithmic.",
    alt: ways
      .map((way) => `${way.name}: ${way.found.length} of ${way.lines} lines after ${way.readings} readings`)
      .join("; "),
  };
}

function drawn(lines: Robberies["lines"], area: Rectangle, name: string, line: object): Plotly.Data {
  const segments = segmentsIn(
    lines.map((own) => ({ ...own, neurons: [] })),
    area,
  );
  return segmentsTrace(segments, name, line);
}
