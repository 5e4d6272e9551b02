/**
 * The look that all charts share: colours, symbols, fonts, sizes. The two class colours are Okabe and
 * Ito's vermilion and blue, which colour-blind readers can tell apart; the symbols differ as well. Text and background
 * are left to the page, light or dark.
 */
import type * as Plotly from "plotly.js-dist";

/** Lines over a bar's colour, or none. */
export type Hatching = { shape: "" } | { shape: "/" | "x"; fillmode: "overlay" };

/** How a class differs from the other: by name, colour, symbol, dash and hatching. */
export interface ClassStyle {
  name: string;
  color: string;
  symbol: "circle" | "diamond";
  dash: "solid" | "dot";
  /** Hatching of its bars. */
  pattern: Hatching;
}

/** The style of each class. */
export const CLASSES: readonly ClassStyle[] = [
  {
    name: "Red: class 0, upper moon",
    color: "#d55e00",
    symbol: "circle",
    dash: "solid",
    pattern: { shape: "" },
  },
  {
    name: "Blue: class 1, lower moon",
    color: "#0072b2",
    symbol: "diamond",
    dash: "dot",
    pattern: { shape: "/", fillmode: "overlay" },
  },
];

/**
 * Colours for everything but classes: some series, and references. They are Okabe and Ito's, with the orange and the
 * sky blue darkened, so that each has a contrast of 3 to a white page and to a dark one. No two lines of a chart
 * differ in colour alone.
 */
export const SERIES: {
  first: string;
  second: string;
  third: string;
  fourth: string;
  reference: string;
} = {
  first: "#009e73",
  second: "#cc79a7",
  third: "#b87f00",
  fourth: "#2f94cf",
  reference: "#8c8c8c",
};

/** Ink over the shades of a map, which are light in either theme. */
export const INK = "#1a1a1a";

/** Hatching of every other series of bars. */
export function hatching(series: number): Hatching {
  return series % 2 === 0 ? { shape: "" } : { shape: "/", fillmode: "overlay" };
}

/** From certain of class 0 through undecided to certain of class 1. */
export const PROBABILITY_SCALE: [number, string][] = [
  [0, "#d98150"],
  [0.25, "#ecc0a5"],
  [0.5, "#f7f7f5"],
  [0.75, "#a8cbe2"],
  [1, "#4f98c8"],
];

/** Height of an ordinary chart, in CSS pixels. */
const CHART_HEIGHT = 420;

/** A chart's own layout, with attributes that Plotly's types do not know; its title is plain text. */
export type OwnLayout = {
  title?: string;
  showlegend?: boolean;
  /** In CSS pixels; what it leaves out is as in all charts. */
  margin?: Partial<Record<"l" | "r" | "t" | "b", number>>;
  [attribute: string]: unknown;
};

/** The layout that all charts start from. */
export function baseLayout({ title, margin, ...layout }: OwnLayout): Partial<Plotly.Layout> {
  return {
    height: CHART_HEIGHT,
    margin: { l: 64, r: 24, t: title === undefined ? 56 : 76, b: 56, ...margin },
    font: { family: "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif", size: 13 },
    hovermode: "closest",
    ...(layout.showlegend !== false && legendAbove(1.02)),
    ...(title !== undefined && { title: titleAt(title) }),
    ...layout,
  } as Partial<Plotly.Layout>;
}

/** A legend above the plot, where something stands between the two; `y` is in heights of the plot. */
export function legendAbove(y: number): OwnLayout {
  return { legend: { orientation: "h", x: 0, y, yanchor: "bottom" } };
}

/** A title at the left end of the plot and the top of the chart, clear of the mode bar. */
export function titleAt(text: string): Partial<Plotly.Layout["title"]> & object {
  return {
    text,
    x: 0,
    xref: "paper",
    xanchor: "left",
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { t: 14 },
    font: { size: 16 },
  } as Partial<Plotly.Layout["title"]> & object;
}

/** Title of an axis, with its unit where it has one. */
export function axisTitle(text: string, unit?: string): { title: { text: string } } {
  return { title: { text: unit ? `${text} (${unit})` : text } };
}

/** Numbers as a chart shows them: with `digits` decimals, more than the eye sees, the file is smaller. */
export function rounded(values: readonly number[], digits = 3): number[] {
  const scale = Number(`1e${digits}`);
  return values.map((value) => Math.round(value * scale) / scale);
}

/** A place in [0, 1) for the k-th mark: multiples of the golden ratio, which never crowd. */
export function spread(k: number): number {
  return (k * 0.6180339887498949) % 1;
}

/** A number as a logarithmic axis shows it: with a number of significant digits, whatever its size. */
export function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** A logarithmic axis for some values: ticks at powers of ten, and where those would be few also at 2 and 5 times. */
export function logAxis(values: readonly number[]): Partial<Plotly.LayoutAxis> {
  const sizes = values.filter((value) => value > 0 && Number.isFinite(value));
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (sizes.length === 0 || most > 100 * least) return { type: "log", exponentformat: "power", dtick: 1 };
  const tickvals: number[] = [];
  for (let decade = Number(least.toExponential(0).replace(/^\d/, "1")); decade <= most; decade *= 10) {
    tickvals.push(...[1, 2, 5].map((step) => significant(step * decade, 1)));
  }
  return { type: "log", tickvals };
}

/** An exponent in plain text: `⁻¹⁴`. */
export function raised(exponent: number): string {
  return String(exponent).replace(/./g, (digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]));
}

/** {@link rounded} for a grid. */
export function roundedRows(rows: readonly (readonly number[])[], digits = 3): number[][] {
  return rows.map((row) => rounded(row, digits));
}
