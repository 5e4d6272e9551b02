/** The decision boundary in few bits: the same as in float64 from afar, a staircase from close up. */

import type * as Plotly from "plotly.js-dist";
import type { FormatName } from "../core/arithmetic/formats.js";
import { log } from "../core/elementary.js";
import { essayName } from "../experiments/half-precision/essay-name.js";
import type { TwoViews } from "../experiments/half-precision/quantized-inference.js";
import type { PlaneGrid } from "../experiments/plane.js";
import type { Figure } from "./figure.js";
import {
  axisTitle,
  baseLayout,
  INK,
  inkLegend,
  type OwnLayout,
  PROBABILITY_SCALE,
  rounded,
  roundedRows,
  SERIES,
} from "./style.js";

/**
 * Left the plane, right a small piece of it; shaded as the format sees it, with the boundary of float64.
 *
 * @param whole - the plane
 * @param near - a piece so small that single numbers of the format can be seen
 */
export function closeUpFigure(whole: TwoViews, near: TwoViews, format: FormatName): Figure {
  const name = essayName(format);
  const wide = near.double.x[near.double.x.length - 1] - near.double.x[0];
  const classes = {
    ...near.reduced,
    values: near.reduced.values.map((row) => row.map((p) => (Number.isNaN(p) ? p : p > 0.5 ? 1 : 0))),
  };
  return {
    data: [
      shade(whole.reduced, ""),
      boundary(whole.double, "", "float64", SERIES.first, 7, true),
      boundary(whole.reduced, "", name, INK, 2, true),
      shade(classes, "2"),
      boundary(near.double, "2", "float64", SERIES.first, 4, false),
    ],
    layout: baseLayout({
      height: 460,
      grid: { rows: 1, columns: 2, pattern: "independent", xgap: 0.24 },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", ...inkLegend },
      xaxis: { ...axisTitle("x₁", "moon radii"), zeroline: false, constrain: "domain" },
      yaxis: { ...axisTitle("x₂", "moon radii"), zeroline: false, scaleanchor: "x", constrain: "domain" },
      xaxis2: {
        ...axisTitle("x₁"),
        nticks: 4,
        tickformat: ".3f",
        zeroline: false,
        constrain: "domain",
      },
      yaxis2: {
        nticks: 5,
        tickformat: ".3f",
        zeroline: false,
        scaleanchor: "x2",
        constrain: "domain",
      },
    } as OwnLayout),
    caption:
      (classes.values.flat().every(Number.isNaN)
        ? "The outputs are not numbers: there is no boundary to draw. "
        : "") +
      `Left: the boundary of the same weights, computed in float64 (green) and in ${name} (black). ` +
      `Right: a square of ${wide.toPrecision(2)} radii on that boundary, coloured by the class that ${name} gives. The steps of its edge are the numbers of the format.`,
    alt: `Two maps of the plane. On the left the whole plane with the decision boundaries of float64 and ${name}; on the right a square on the boundary, ${(1 / wide).toFixed(0)} times magnified.`,
  };
}

function shade({ x, y, values }: PlaneGrid, axis: string): Plotly.Data {
  return {
    type: "contour",
    x: rounded(x, 5),
    y: rounded(y, 5),
    z: roundedRows(values, 2),
    xaxis: `x${axis}`,
    yaxis: `y${axis}`,
    zmin: 0,
    zmax: 1,
    colorscale: PROBABILITY_SCALE,
    contours: { start: 0.1, end: 0.9, size: 0.2, coloring: "fill" },
    line: { width: 0, smoothing: 0 },
    showscale: false,
    hovertemplate: "x₁ %{x:.4f}, x₂ %{y:.4f}<br>probability of Blue: %{z:.2f}<extra></extra>",
  } as Plotly.Data;
}

function boundary(
  { x, y, values }: PlaneGrid,
  axis: string,
  name: string,
  color: string,
  width: number,
  showlegend: boolean,
): Plotly.Data {
  return {
    type: "contour",
    name: `boundary in ${name}`,
    showlegend,
    x: rounded(x, 5),
    y: rounded(y, 5),
    // between the points of the grid the logit is straighter than the probability
    z: values.map((row) => rounded(row.map(boundedLogit), 4)),
    xaxis: `x${axis}`,
    yaxis: `y${axis}`,
    contours: { start: 0, end: 0, size: 1, coloring: "none" },
    line: { width, color, smoothing: 0 },
    hoverinfo: "skip",
  } as Plotly.Data;
}

function boundedLogit(probability: number): number {
  return Math.max(-9, Math.min(9, log(probability / (1 - probability))));
}
