/** A figure made small: what a panel says beside it leaves it, and it takes the room that there is. Data only. */
import type * as Plotly from "plotly.js-dist";
import type { ChartMeta, Figure } from "../../charts/figure.js";
import type { Json } from "../json.js";
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

/** Heights of a compact chart's edges, in CSS pixels; `narrowed` leaves room for tools, which panels do without. */
const [TOP, BOTTOM, TOOLS] = [16, 38, 34];
const LEAST_PLOT = 110;
/** Between two charts one above the other, as a share of the plot's height. */
const GAP = 0.08;

/** The figure for that room, without what stands in words beside it: title, legend, key; and without tools. */
export function compact(figure: Figure, { width, height }: Room): Figure {
  const { title: _title, ...layout } = { ...figure.layout, showlegend: false };
  const data = figure.data.map(
    (trace) =>
      ("colorbar" in trace ? { ...trace, colorbar: undefined, showscale: false } : trace) as Plotly.Data,
  );
  const narrow = narrowed({ ...figure, data, layout }, width);
  const { margin = {}, height: whole = height } = narrow.layout;
  const top = Math.max(TOP, (margin.t ?? TOOLS) - TOOLS + 2);
  const bottom = Math.min(BOTTOM, margin.b ?? 0);
  const plot = Math.min(whole - (margin.t ?? 0) - (margin.b ?? 0), height - top - bottom);
  const meta: ChartMeta = { ...(layout.meta as ChartMeta), isFitted: true };
  return {
    ...narrow,
    layout: {
      ...narrow.layout,
      ...smallTitles(closed(narrow.layout)),
      font: { ...layout.font, size: 12 },
      margin: { ...margin, t: top, b: bottom },
      width,
      height: top + bottom + Math.max(LEAST_PLOT, plot),
      // a panel's charts are looked at and taken hold of; who wants to zoom has the report's
      dragmode: false,
      meta,
    },
    // Plotly takes any two quick clicks for a double click, even at two points far apart, and would zoom out
    config: { ...figure.config, displayModeBar: false, doubleClick: false },
  };
}

/** Of two charts one above the other, the gap between them where their legend stood. */
function closed(layout: Partial<Plotly.Layout>): Partial<Plotly.Layout> {
  const [above, below] = [layout.yaxis?.domain, layout.yaxis2?.domain];
  if (!above || !below || above[0] - below[1] <= GAP) return layout;
  const middle = (above[0] + below[1]) / 2;
  return {
    ...layout,
    yaxis: { ...layout.yaxis, domain: [middle + GAP / 2, above[1]] },
    yaxis2: { ...layout.yaxis2, domain: [below[0], middle - GAP / 2] },
  };
}

function smallTitles(layout: object): Json {
  const axes = Object.entries(layout).filter(([name]) => /^[xy]axis\d*$/.test(name));
  return Object.fromEntries(
    axes.map(([name, axis]: [string, Json]) => [
      name,
      // to hide labels that reach over the edge, Plotly would measure every one of them in every frame
      {
        ...axis,
        ticklabeloverflow: "allow",
        title: { ...(axis.title as Json), standoff: 4, font: { size: 12 } },
      },
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
