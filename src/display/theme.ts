/**
 * The ink and ground of a chart on a light and on a dark page, as a Plotly template: whatever the figure
 * itself says about a colour wins. Data only; the page's runtime and the still pictures share it.
 */
import type * as Plotly from "plotly.js-dist";

export type Theme = "light" | "dark";

interface Ink {
  text: string;
  line: string;
  grid: string;
  /** Ground of labels that float over the chart, and of its buttons. */
  label: string;
  pressed: string;
}

const INK: Record<Theme, Ink> = {
  light: { text: "#24292f", line: "#8c959f", grid: "#e4e7eb", label: "#ffffff", pressed: "#dbe3ec" },
  dark: { text: "#e6edf3", line: "#8b949e", grid: "#343b44", label: "#21262d", pressed: "#3d4652" },
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

/**
 * The layout with the theme's colours in its template; what else its template says is kept.
 */
export function themed(layout: Partial<Plotly.Layout>, theme: Theme): Partial<Plotly.Layout> {
  const own = (layout.template ?? {}) as Json;
  return { ...layout, template: merged(own, { layout: inkLayout(INK[theme]) as Json }) as never };
}
