/**
 * The colours of a chart on a light and a dark page, as a Plotly template, which the figure's own colours override.
 * Shared by the page's scripts and the still pictures.
 */
import type * as Plotly from "plotly.js-dist";
import { isRecord, type Json } from "./json.js";

export type Theme = "light" | "dark";

interface Ink {
  /** Background of the page, for a figure that sets only part of its own. */
  ground: string;
  text: string;
  line: string;
  grid: string;
  /** Background of floating labels and of buttons. */
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

function merged(base: Json, over: Json): Json {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isRecord(below) && isRecord(value) ? merged(below, value) : value;
  }
  return result;
}

/** The theme that a background colour belongs to; undefined if it is transparent or in an unknown notation. */
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
 * Adds the theme's colours to a layout's template and keeps the rest of the template. A figure that sets its own
 * background gets text colours for that background, whatever the page's theme.
 */
export function themed(layout: Partial<Plotly.Layout>, theme: Theme): Partial<Plotly.Layout> {
  const own = (layout.template ?? {}) as Json;
  const paper = themeOf(layout.paper_bgcolor);
  const plot = paper === undefined ? themeOf(layout.plot_bgcolor) : undefined;
  const ink = INK[paper ?? plot ?? theme];
  // text stands inside and outside the plot, so both need the same background
  const ground = plot === undefined || plot === theme ? {} : { paper_bgcolor: ink.ground };
  return { ...layout, template: merged(own, { layout: { ...inkLayout(ink), ...ground } as Json }) as never };
}
