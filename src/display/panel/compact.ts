/** A figure made small: what a panel says beside it leaves it, and it takes the room that there is. Data only. */
import type * as Plotly from "plotly.js-dist";
import type { ChartMeta, Figure } from "../../charts/figure.js";
import { narrowed } from "../narrow.js";

/** The room for a chart, in CSS pixels; it need not take all of the height. */
export interface Room {
  width: number;
  height: number;
}

/** What the shades of a map mean, which stands beside the map. */
export interface Key {
  text: string;
  /** Colours from the low end to the high one. */
  colors: string[];
  ends: [low: string, high: string];
}

type Json = Record<string, unknown>;

/** Heights of a compact chart's edges, in CSS pixels; `narrowed` leaves room for tools, which panels do without. */
const TOP = 8;
const TOOLS = 34;
const LEAST_PLOT = 110;

/** The figure for that room: without title, key and tools, its legend below. */
export function compact(figure: Figure, { width, height }: Room): Figure {
  const { title: _title, ...layout } = figure.layout;
  const data = figure.data.map(
    (trace) =>
      ("colorbar" in trace ? { ...trace, colorbar: undefined, showscale: false } : trace) as Plotly.Data,
  );
  const narrow = narrowed({ ...figure, data, layout }, width);
  const { margin = {}, height: whole = height } = narrow.layout;
  const [top, bottom] = [Math.max(TOP, (margin.t ?? TOOLS) - TOOLS + 2), (margin.b ?? 0) - 8];
  const plot = Math.min(whole - (margin.t ?? 0) - (margin.b ?? 0), height - top - bottom);
  const meta: ChartMeta = { ...(layout.meta as ChartMeta), isFitted: true };
  return {
    ...narrow,
    layout: {
      ...narrow.layout,
      ...smallTitles(narrow.layout),
      font: { ...layout.font, size: 11 },
      legend: { ...narrow.layout.legend, font: { ...narrow.layout.legend?.font, size: 11 } },
      margin: { ...margin, t: top, b: bottom },
      height: top + bottom + Math.max(LEAST_PLOT, plot),
      // a panel's charts are looked at and taken hold of; who wants to zoom has the report's
      dragmode: false,
      meta,
    },
    // Plotly takes any two quick clicks for a double click, even at two points far apart, and would zoom out
    config: { ...figure.config, displayModeBar: false, doubleClick: false },
  };
}

function smallTitles(layout: object): Json {
  const axes = Object.entries(layout).filter(([name]) => /^[xy]axis\d*$/.test(name));
  return Object.fromEntries(
    axes.map(([name, axis]: [string, Json]) => [
      name,
      { ...axis, title: { ...(axis.title as Json), standoff: 4, font: { size: 11 } } },
    ]),
  );
}

/** The figure's title, as plain text. */
export function titleOf({ layout: { title } }: Figure): string {
  const text = typeof title === "string" ? title : (title?.text ?? "");
  return text.replace(/<[^>]*>/g, "");
}

/** What the shades mean; undefined where there are none. */
export function keyOf({ data }: Figure): Key | undefined {
  const shades = data.map((trace) => trace as unknown as Json).find(({ colorbar }) => colorbar);
  if (shades === undefined) return undefined;
  const { colorbar, colorscale, zmin, zmax } = shades as {
    colorbar: { title?: { text?: string } };
    colorscale: [number, string][];
    zmin: number;
    zmax: number;
  };
  return {
    text: colorbar.title?.text ?? "",
    colors: colorscale.map(([, color]) => color),
    // a scale of whole numbers reaches half a step beyond them
    ends: [String(Math.ceil(zmin)), String(Math.floor(zmax))],
  };
}
