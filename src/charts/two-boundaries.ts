/** Two networks on one plane: their boundaries, and how far their probabilities differ. */
import type { Dataset } from "../core/moons.js";
import type { PlaneGrid } from "../experiments/plane.js";
import type { Figure } from "./figure.js";
import { boundaryLine, colourBar, inkLegend, mapLayout, pointTraces, shadeTrace, TENTHS } from "./plane.js";
import { roundedRows, SERIES } from "./style.js";

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
  const differences = first.values.map((row, i) => row.map((p, j) => Math.abs(p - second.values[i][j])));
  return {
    data: [
      shadeTrace(first, roundedRows(differences), TENTHS, {
        zmin: 0,
        zmax: 1,
        colorscale: DIFFERENCE_SCALE,
        colorbar: colourBar("difference of the probabilities"),
        hovertemplate: "x₁ %{x:.2f}, x₂ %{y:.2f}<br>the probabilities differ by %{z:.3f}<extra></extra>",
      }),
      { ...boundaryLine(first, {}, names[0]), showlegend: true },
      { ...boundaryLine(second, { color: SERIES.second, dash: "dash" }, names[1]), showlegend: true },
      ...pointTraces(points, 6),
    ],
    layout: mapLayout(first, 104, { height: 520, title, legend: inkLegend }),
    caption: `Lines: the boundary ${names[0]} (solid) and ${names[1]} (dashed). Shade: how far the two probabilities differ. Marks: the training points.`,
    alt: `Map of the plane with the decision boundaries of two networks, ${names[0]} and ${names[1]}, shaded where their probabilities differ: ${title}`,
  };
}
