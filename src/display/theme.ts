/**
 * The ink and ground of a chart on a light and on a dark page, as a Plotly template: whatever the figure
 * itself says about a colour wins. Data only; the page's runtime and the still pictures share it.
 */
import type * as Plotly from "plotly.js-dist";

export type Theme = "light" | "dark";

interface Ink {
  /** Of the page, in case a figure has a ground of its own in a part only. */
  ground: string;
  text: string;
  line: string;
  grid: string;
  /** Ground of labels that float over the chart, and of its buttons. */
  label: string;
  pressed: string;
}

const INK: Record<Theme, Ink> = {
  light: {
    ground: "#ffffff",
    text: "#24292f",
    line: "#8c959f",
    grid: "#e4e7eb",
    label: "#ffffff",
    pressed: "#dbe3ec",
  },
  dark: {
    ground: "#15191f",
    text: "#e6edf3",
    line: "#8b949e",
    grid: "#343b44",
    label: "#21262d",
    pressed: "#3d4652",
  },
};

const CLEAR = "rgba(0,0,0,0)";

function inkLayout({ text, line, grid, label, pressed }: Ink): Partial<Plotly.Layout> {
  const axis = { gridcolor: grid, linecolor: line, tickcolor: line, zerolinecolor: line };
  return {
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    font: { color: text },
    xaxis: axis,
    yaxis: axis,
    legend: { bgcolor: CLEAR },
    hoverlabel: { bgcolor: label, bordercolor: line, font: { color: text } },
    modebar: { bgcolor: CLEAR, color: line, activecolor: text },
    annotationdefaults: { arrowcolor: text },
    updatemenudefaults: { bgcolor: label, bordercolor: line },
    sliderdefaults: { bgcolor: label, bordercolor: line, tickcolor: line, activebgcolor: pressed },
  } as Partial<Plotly.Layout>;
}

type Json = Record<string, unknown>;

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function merged(base: Json, over: Json): Json {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isRecord(below) && isRecord(value) ? merged(below, value) : value;
  }
  return result;
}

/** The theme that a colour is a ground for; none where one sees through it, or it is written in another way than these. */
function themeOf(colour: unknown): Theme | undefined {
  const text = String(colour).trim().toLowerCase();
  const named = { white: "#ffffff", black: "#000000" }[text] ?? text;
  const hex = /^#([0-9a-f]{3,8})$/.exec(named)?.[1];
  const digits = hex !== undefined && hex.length < 6 ? hex.replace(/./g, "$&$&") : hex;
  const parts =
    digits?.match(/../g)?.map((pair, i) => Number.parseInt(pair, 16) / (i === 3 ? 255 : 1)) ??
    /^rgba?\(([^)]*)\)$/
      .exec(named)?.[1]
      ?.split(/[\s,/]+/)
      .map(Number);
  const [red = Number.NaN, green = Number.NaN, blue = Number.NaN, opacity = 1] = parts ?? [];
  const luminance = 0.299 * red + 0.587 * green + 0.114 * blue;
  if (Number.isNaN(luminance) || opacity < 0.5) return undefined;
  return luminance > 128 ? "light" : "dark";
}

/**
 * The layout with the theme's colours in its template; what else its template says is kept. A figure that lays a ground of
 * its own under its words gets the ink for that ground, on whatever page.
 */
export function themed(layout: Partial<Plotly.Layout>, theme: Theme): Partial<Plotly.Layout> {
  const own = (layout.template ?? {}) as Json;
  const paper = themeOf(layout.paper_bgcolor);
  const plot = paper === undefined ? themeOf(layout.plot_bgcolor) : undefined;
  const ink = INK[paper ?? plot ?? theme];
  // words stand inside and outside the plot: one ground for both
  const ground = plot === undefined || plot === theme ? {} : { paper_bgcolor: ink.ground };
  return { ...layout, template: merged(own, { layout: { ...inkLayout(ink), ...ground } as Json }) as never };
}
