/** Lines, bands and words over a plot that help to read it. */
import type * as Plotly from "plotly.js-dist";
import { SERIES } from "./style.js";

type Shape = Partial<Plotly.Shape>;
type Note = Partial<Plotly.Annotation>;

const DASHED = { color: SERIES.reference, dash: "dash", width: 1.5 } as const;

/** A dashed line across the plot. */
export function levelLine(y: number, own: object = {}): Shape {
  return { type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line: DASHED, ...own };
}

/** A dashed line up the plot. */
export function uprightLine(x: number, own: object = {}): Shape {
  return { type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: DASHED, ...own };
}

const GREY = { type: "rect", fillcolor: SERIES.reference, opacity: 0.25, line: { width: 0 } } as const;

/** A grey band across the plot. */
export function levelBand(y0: number, y1: number, own: object = {}): Shape {
  return { ...GREY, xref: "paper", x0: 0, x1: 1, y0, y1, ...own };
}

/** A grey band up the plot. */
export function uprightBand(x0: number, x1: number, own: object = {}): Shape {
  return { ...GREY, x0, x1, yref: "paper", y0: 0, y1: 1, ...own };
}

/** A dashed line of equal values on both axes. */
export function diagonalTrace(from: number, to: number, name: string): Plotly.Data {
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: [from, to],
    y: [from, to],
    line: DASHED,
    hoverinfo: "skip",
  };
}

/** A band between two lines, in a pale shade of their colour. */
export function bandTrace(
  x: readonly number[],
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  color: string,
  own: object,
): Plotly.Data {
  return {
    type: "scatter",
    mode: "lines",
    x: [...x, ...[...x].reverse()],
    y: [...high, ...[...low].reverse()],
    fill: "toself",
    fillcolor: `${color}33`,
    line: { color, width: 0 },
    hoverinfo: "skip",
    ...own,
  };
}

/** Words at a place that is counted in widths and heights of the plot, unless `place` names an axis. */
export function note(text: string, place: object): Note {
  return { text, xref: "paper", yref: "paper", showarrow: false, ...place };
}

/** Words right above the plot; `x` is a value on its axis, unless `own` says otherwise. */
export function noteAbove(text: string, x: number, own: object = {}): Note {
  return note(text, { xref: "x", x, y: 1, yanchor: "bottom", ...own });
}

/** What stands in the middle of a plot that has nothing to show. */
export function emptyNote(text: string): Note {
  return note(text, { x: 0.5, y: 0.5 });
}

/** The name of a line beside it, in the page's ink, after a piece of the line's colour. */
export function lineLabel(name: string, color: string, place: object): Note {
  const text = `<span style="color:${color}">▬</span> <b>${name}</b>`;
  return { text, xanchor: "right", font: { size: 15 }, showarrow: false, ...place };
}
