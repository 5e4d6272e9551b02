/** The decision boundary in few bits: the same as in float64 from afar, a staircase from close up. */

import type * as Plotly from "plotly.js-dist";
import type { FormatName } from "../core/arithmetic/formats.js";
import { essayName } from "../experiments/half-precision/essay-name.js";
import type { TwoViews } from "../experiments/half-precision/quantized-inference.js";
import type { PlaneGrid } from "../experiments/plane.js";
import type { Figure } from "./figure.js";
import { boundaryLine, inkLegend, probabilityShade } from "./plane.js";
import { onPanel, panelGrid } from "./small-multiples.js";
import { axisTitle, baseLayout, roundedRows, SERIES } from "./style.js";

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
      shade(whole.reduced, 0),
      boundary(whole.double, "float64", { color: SERIES.first, width: 7 }, 0),
      boundary(whole.reduced, name, { width: 2 }, 0),
      shade(classes, 1),
      boundary(near.double, "float64", { color: SERIES.first, width: 4 }, 1),
    ],
    layout: baseLayout({
      height: 460,
      ...panelGrid(1, 2, { xgap: 0.24 }),
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
    }),
    caption:
      (classes.values.flat().every(Number.isNaN)
        ? "The outputs are not numbers: there is no boundary to draw. "
        : "") +
      `Left: the boundary of the same weights, computed in float64 (green) and in ${name} (black). ` +
      `Right: a square of ${wide.toPrecision(2)} radii on that boundary, coloured by the class that ${name} gives. The steps of its edge are the numbers of the format.`,
    alt: `Two maps of the plane. On the left the whole plane with the decision boundaries of float64 and ${name}; on the right a square on the boundary, ${(1 / wide).toFixed(0)} times magnified.`,
  };
}

/** How many decimals tell places in the small piece apart. */
const DIGITS = 5;

function shade(grid: PlaneGrid, panel: number): Plotly.Data {
  return {
    ...probabilityShade(grid, DIGITS),
    ...onPanel(panel),
    z: roundedRows(grid.values, 2),
    line: { width: 0, smoothing: 0 },
    hovertemplate: "x₁ %{x:.4f}, x₂ %{y:.4f}<br>probability of Blue: %{z:.2f}<extra></extra>",
  } as Plotly.Data;
}

function boundary(grid: PlaneGrid, name: string, line: object, panel: number): Plotly.Data {
  return {
    ...boundaryLine(grid, { smoothing: 0, ...line }, `boundary in ${name}`, DIGITS),
    ...onPanel(panel),
    showlegend: panel === 0,
  } as Plotly.Data;
}
