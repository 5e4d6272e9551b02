/** Several panels in one chart. Plotly counts axes from 1, and leaves the 1 out. */
import type * as Plotly from "plotly.js-dist";
import type { PlaneGrid } from "../experiments/plane.js";
import { note } from "./guides.js";

/** The axes for a trace of the i-th panel. */
export function onPanel(i: number): { xaxis: Plotly.XAxisName; yaxis: Plotly.YAxisName } {
  return { xaxis: `x${suffix(i)}` as Plotly.XAxisName, yaxis: `y${suffix(i)}` as Plotly.YAxisName };
}

/** The axes of each panel, by their names in the layout. */
export function panelAxes(panels: readonly { x: object; y: object }[]): Record<string, object> {
  return Object.fromEntries(
    panels.flatMap(({ x, y }, i) => [
      [`xaxis${suffix(i)}`, x],
      [`yaxis${suffix(i)}`, y],
    ]),
  );
}

/** Panels in rows, each with axes of its own, or "coupled" along rows and columns; the gaps are shares of a panel and its gap. */
export function panelGrid(
  rows: number,
  columns: number,
  own: { xgap?: number; ygap?: number; pattern?: "coupled" },
): object {
  // one panel is no grid
  return rows * columns < 2 ? {} : { grid: { rows, columns, pattern: "independent", ...own } };
}

/** Bare axes, a panel for each grid. */
export function bareAxes(grids: readonly Pick<PlaneGrid, "x" | "y">[]): Record<string, object> {
  const bare = { showticklabels: false, showgrid: false, zeroline: false, ticks: "" };
  return panelAxes(
    grids.map(({ x, y }) => ({
      x: { ...bare, range: [x[0], x[x.length - 1]] },
      y: { ...bare, range: [y[0], y[y.length - 1]] },
    })),
  );
}

/** Words on the i-th panel, at a place that is counted in widths and heights of it; by default a title above it. */
export function panelTitle(i: number, text: string, place: object = {}): Partial<Plotly.Annotation> {
  return note(text, {
    xref: `x${suffix(i)} domain`,
    yref: `y${suffix(i)} domain`,
    x: 0.5,
    y: 1.02,
    yanchor: "bottom",
    font: { size: 12 },
    ...place,
  });
}

function suffix(i: number): string {
  return i === 0 ? "" : String(i + 1);
}
