/** The published state as a ghost: traces of the published figure, pale and dashed, in the axes of the present one. Data only. */
import type * as Plotly from "plotly.js-dist";
import type { Figure } from "../../charts/figure.js";
import type { Picture } from "../../experiments/panel.js";

/** What the legend calls a ghost. */
const GHOST = "published";

type Trace = Record<string, unknown> & { name?: string; type?: string };

/**
 * The figure with the published picture's ghost in it, behind its lines and points and before its shades. What is the same in
 * both has none.
 *
 * @param isSameTraining - whether only what is looked at differs: then maps are the same, however coarsely they are drawn
 */
export function withGhost(figure: Figure, published: Picture, isSameTraining: boolean): Figure {
  const present = figure.data as Trace[];
  const ghosts = (published.figure.data as Trace[])
    .filter(
      ({ name, type }) => published.ghost?.includes(String(name)) && !(isSameTraining && type === "contour"),
    )
    .filter((trace) => !present.some((other) => isSame(other, trace)))
    .map(pale);
  if (ghosts.length === 0) return figure;
  const behind = present.findLastIndex(isShade) + 1;
  return { ...figure, data: present.toSpliced(behind, 0, ...ghosts) as Plotly.Data[] };
}

function isSame(one: Trace, other: Trace): boolean {
  return one.name === other.name && JSON.stringify(one) === JSON.stringify(other);
}

function isShade({ type, contours }: Trace): boolean {
  return (
    type === "heatmap" || (type === "contour" && (contours as { coloring?: string }).coloring === "fill")
  );
}

function pale(trace: Trace, i: number): Trace {
  const { line, marker, type } = trace as { line?: object; marker?: object; type?: string };
  return {
    ...trace,
    name: GHOST,
    legendgroup: GHOST,
    showlegend: i === 0,
    opacity: 0.5,
    hoverinfo: "skip",
    hovertemplate: undefined,
    ...(line && { line: { ...line, dash: "dash", width: 2 } }),
    ...(type === "bar" && asLevels(marker)),
  };
}

/** Bars would push the present ones aside: of a ghost's bar its height is drawn. */
function asLevels(marker: object = {}): Trace {
  const { color } = marker as { color?: unknown };
  return {
    type: "scatter",
    mode: "markers",
    marker: { symbol: "line-ew", size: 20, line: { width: 2.5, color } },
    text: undefined,
  };
}
