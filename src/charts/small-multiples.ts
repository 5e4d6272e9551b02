/** Small multiples: the same kind of map several times, side by side, without axes of their own. */
import type * as Plotly from "plotly.js-dist";
import type { PlaneGrid } from "../experiments/plane.js";

/** The axes for a trace of the i-th panel. */
export function onPanel(i: number): { xaxis?: string; yaxis?: string } {
  return i === 0 ? {} : { xaxis: `x${i + 1}`, yaxis: `y${i + 1}` };
}

/** Bare axes, a panel for each grid, by their names in the layout. */
export function bareAxes(grids: readonly Pick<PlaneGrid, "x" | "y">[]): Record<string, object> {
  const bare = { showticklabels: false, showgrid: false, zeroline: false, ticks: "" };
  const axes = grids.flatMap(({ x, y }, i) => [
    [`xaxis${suffix(i)}`, { ...bare, range: [x[0], x[x.length - 1]] }],
    [`yaxis${suffix(i)}`, { ...bare, range: [y[0], y[y.length - 1]] }],
  ]);
  return Object.fromEntries(axes);
}

/** The title above the i-th panel. */
export function panelTitle(i: number, text: string): Partial<Plotly.Annotation> {
  return {
    xref: `x${suffix(i)} domain`,
    yref: `y${suffix(i)} domain`,
    x: 0.5,
    y: 1.02,
    yanchor: "bottom",
    showarrow: false,
    font: { size: 12 },
    text,
  } as Partial<Plotly.Annotation>;
}

/** Plotly counts axes from 1, and leaves the 1 out. */
function suffix(i: number): string {
  return i === 0 ? "" : String(i + 1);
}
