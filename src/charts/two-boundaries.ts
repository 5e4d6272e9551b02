/** Two networks on one plane: their boundaries, and how far their probabilities differ. */
import type * as Plotly from "plotly.js-dist";
import { log } from "../core/elementary.js";
import type { Dataset } from "../core/moons.js";
import type { PlaneGrid } from "../experiments/plane.js";
import { legendBelow } from "./boundary.js";
import type { Figure } from "./figure.js";
import {
  baseLayout,
  INK,
  inkLegend,
  type OwnLayout,
  planeAxes,
  pointTraces,
  rounded,
  roundedRows,
  SERIES,
} from "./style.js";

/** From no difference to the largest, in one colour. */
const DIFFERENCE_SCALE: [number, string][] = [
  [0, "#f7f7f5"],
  [0.5, "#c9c3e0"],
  [1, "#7b6fb0"],
];

/**
 * Both boundaries, shaded by the distance of the two probabilities.
 *
 * @param names - of the networks
 */
export function twoBoundariesFigure(
  [first, second]: readonly [PlaneGrid, PlaneGrid],
  names: readonly [string, string],
  points: Dataset,
  title: string,
): Figure {
  const x = rounded(first.x);
  const y = rounded(first.y);
  const boundary = ({ values }: PlaneGrid, name: string, color: string, dash: string): Plotly.Data =>
    ({
      type: "contour",
      x,
      y,
      z: roundedRows(
        values.map((row) => row.map((p) => Math.max(-9, Math.min(9, log(p / (1 - p)))))),
        2,
      ),
      name,
      showlegend: true,
      contours: { start: 0, end: 0, size: 1, coloring: "none" },
      line: { width: 2.5, color, dash },
      hoverinfo: "skip",
    }) as unknown as Plotly.Data;
  return {
    data: [
      {
        type: "contour",
        x,
        y,
        z: roundedRows(first.values.map((row, i) => row.map((p, j) => Math.abs(p - second.values[i][j])))),
        zmin: 0,
        zmax: 1,
        colorscale: DIFFERENCE_SCALE,
        contours: { start: 0.1, end: 0.9, size: 0.1, coloring: "fill" },
        line: { width: 0 },
        colorbar: { title: { text: "difference of the probabilities", side: "right" }, thickness: 14 },
        hovertemplate: "x₁ %{x:.2f}, x₂ %{y:.2f}<br>the probabilities differ by %{z:.3f}<extra></extra>",
      } as unknown as Plotly.Data,
      boundary(first, names[0], INK, "solid"),
      boundary(second, names[1], SERIES.second, "dash"),
      ...pointTraces(points, 6),
    ],
    layout: baseLayout({
      height: 520,
      margin: { l: 64, r: 24, t: 56, b: 104 },
      title,
      ...planeAxes(first),
      legend: { ...legendBelow.legend, ...inkLegend },
    } as OwnLayout),
    caption: `Lines: the boundary ${names[0]} (solid) and ${names[1]} (dashed). Shade: how far the two probabilities differ. Marks: the training points.`,
    alt: `Map of the plane with the decision boundaries of two networks, ${names[0]} and ${names[1]}, shaded where their probabilities differ: ${title}`,
  };
}
