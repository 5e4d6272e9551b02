/**
 * Adapts a figure to a narrow screen, such as a phone's: everything keeps its size, and what does not fit side by side is
 * stacked.
 */
import type * as Plotly from "plotly.js-dist";
import type { Figure } from "../charts/figure.js";
import { isRecord, type Json } from "./json.js";

/** Widths below this, in CSS pixels, are narrow. */
export const NARROW = 480;

/** The width that figures are designed for, in CSS pixels. */
const MADE_FOR = 720;

const TEXT_LINE = 20;
/** Character widths in a legend or label, an axis title, and a title, in CSS pixels; on the wide side. */
const [CHARACTER, AXIS_CHARACTER, TITLE_CHARACTER] = [7.6, 9, 9.2];
const LEGEND_MARK = 44;
const MODE_BAR = 34;
const COLOUR_BAR = 64;
const LABELLED_AXIS = 58;
const MOST_PANEL_HEIGHT = 260;

interface Grid {
  rows: number;
  columns: number;
}

/** Whether a chart of that width needs {@link narrowed}. */
export function isNarrow(width: number): boolean {
  return width < NARROW;
}

/**
 * Adapts a figure to a width. Handles what this project's charts use: titles, legends, colour bars, a grid of panels, and
 * axes with a fixed ratio.
 *
 * @param width - in CSS pixels
 */
export function narrowed(figure: Figure, width: number): Figure {
  const { layout } = figure;
  const data = figure.data.map((trace) => narrowTrace(trace, width));
  const grid = restacked(layout, isBare(layout));
  const axes = axesOf(layout, width - LABELLED_AXIS, grid);
  const title = narrowTitle(layout.title, width);
  const margin = {
    l: isBare(layout) ? (layout.margin?.l ?? 0) : 46,
    r: 12,
    t: MODE_BAR + heightOf(title) + headroom(layout) + (hasColourBar(data) ? COLOUR_BAR : 0),
    b: isBare(layout) ? 12 : 52 + TEXT_LINE * (axes.titleLines - 1),
  };
  const legendRows = rowsOfLegend(data, layout, width);
  if (legendRows > 0) margin.b += TEXT_LINE * legendRows + 12;
  const plotWidth = width - margin.l - margin.r;
  const narrow = {
    ...layout,
    ...axes.changes,
    ...(grid && { grid: { ...layout.grid, ...grid, ygap: isBare(layout) ? 0.3 : 0.42 } }),
    ...(title && { title }),
    margin,
    height: margin.t + margin.b + plotHeight(layout, plotWidth, grid),
    legend: {
      ...layout.legend,
      orientation: "h",
      xref: "container",
      x: 0,
      xanchor: "left",
      yref: "container",
      y: 0,
      yanchor: "bottom",
    },
  };
  return {
    ...figure,
    data,
    layout: narrow as Partial<Plotly.Layout>,
    ...(figure.frames && { frames: figure.frames.map((frame) => narrowFrame(frame, width)) }),
  };
}

/** Uses one legend for all, breaks long names, and puts the colour bar on top, where it takes no width. */
function narrowTrace(trace: Plotly.Data, width: number): Plotly.Data {
  const { legend: _own, ...rest } = trace as Json;
  const { name, colorbar, marker } = rest;
  return {
    ...rest,
    ...(typeof name === "string" && { name: wrapped(name, (width - LEGEND_MARK) / CHARACTER) }),
    ...(isRecord(colorbar) && { colorbar: lyingBar(colorbar) }),
    ...(isRecord(marker) &&
      isRecord(marker.colorbar) && { marker: { ...marker, colorbar: lyingBar(marker.colorbar) } }),
  } as Plotly.Data;
}

/** A colour bar above the plot, as wide as it. */
function lyingBar(colorbar: Json): Json {
  return {
    ...colorbar,
    orientation: "h",
    x: 0.5,
    xanchor: "center",
    y: 1.01,
    yanchor: "bottom",
    len: 1,
    title: { ...(colorbar.title as Json), side: "top" },
  };
}

/** A frame overrides the chart, so its titles and traces need the same changes. */
function narrowFrame(frame: Partial<Plotly.Frame>, width: number): Partial<Plotly.Frame> {
  const layout = frame.layout as Partial<Plotly.Layout> | undefined;
  const title = narrowTitle(layout?.title, width);
  return {
    ...frame,
    ...(frame.data && { data: frame.data.map((trace) => narrowTrace(trace as Plotly.Data, width)) }),
    ...(title && { layout: { ...layout, title } as never }),
  } as Partial<Plotly.Frame>;
}

function narrowTitle(title: Plotly.Layout["title"] | undefined, width: number): Json | undefined {
  if (title === undefined) return undefined;
  const own: Json = isRecord(title) ? title : { text: title };
  const text = wrapped(String(own.text ?? ""), width / TITLE_CHARACTER);
  // with every further line, Plotly moves the first up by half a line
  const top = MODE_BAR + (TEXT_LINE / 2) * (lines(text) - 1);
  return { ...own, text, xref: "container", pad: { ...(own.pad as Json), t: top, l: 4 } };
}

function heightOf(title: Json | undefined): number {
  return title === undefined ? 0 : TEXT_LINE * lines(String(title.text)) + 8;
}

/** Height of the annotations above the plot. */
function headroom({ annotations = [] }: Partial<Plotly.Layout>): number {
  const above = annotations.filter(({ y, yanchor }) => Number(y) >= 1 && yanchor === "bottom");
  return Math.max(6, ...above.map(({ text }) => 18 * lines(String(text)) + 6));
}

function axesOf(
  layout: Partial<Plotly.Layout>,
  most: number,
  grid: Grid | undefined,
): { changes: Record<string, Json>; titleLines: number } {
  const changes: Record<string, Json> = {};
  let titleLines = 1;
  const labels = Object.values(layout).flatMap((axis) =>
    isRecord(axis) && Array.isArray(axis.ticktext) ? axis.ticktext.map(String) : [],
  );
  // long tick labels stand beside the plot
  const width = most - Math.max(0, CHARACTER * Math.max(0, ...labels.map(textLength)) - 40);
  const height = grid ? 0.58 * MOST_PANEL_HEIGHT : (layout.height ?? 450) / 2;
  for (const [key, axis] of Object.entries(layout)) {
    if (!isRecord(axis) || !/^[xy]axis\d*$/.test(key)) continue;
    const changed: Json = { ...axis, automargin: true };
    const title = isRecord(axis.title) ? String(axis.title.text ?? "") : "";
    if (title !== "") {
      const isAcross = key.startsWith("x");
      const text = wrapped(title, (isAcross ? width : height) / AXIS_CHARACTER);
      if (isAcross) titleLines = Math.max(titleLines, lines(text));
      changed.title = { ...(axis.title as Json), text };
    }
    if (axis.tickvals === undefined && axis.dtick === undefined && axis.type !== "log") {
      changed.nticks = Math.max(3, Math.min(6, Math.floor(width / 45)));
    }
    changes[key] = changed;
  }
  return { changes, titleLines };
}

/** Small multiples without axes keep two columns; other panels keep one. */
function restacked({ grid }: Partial<Plotly.Layout>, isBare_: boolean): Grid | undefined {
  const { rows = 1, columns = 1 } = grid ?? {};
  if (columns < 2) return undefined;
  const kept = isBare_ ? 2 : 1;
  return { rows: Math.ceil((rows * columns) / kept), columns: kept };
}

function isBare({ margin }: Partial<Plotly.Layout>): boolean {
  return (margin?.b ?? 80) < 40;
}

function plotHeight(layout: Partial<Plotly.Layout>, width: number, grid: Grid | undefined): number {
  const { margin, height = 450, xaxis, yaxis } = layout;
  const whole = Math.max(120, height - (margin?.t ?? 100) - (margin?.b ?? 80));
  if (grid) {
    const wide = layout.grid as Grid;
    const own = whole / (wide.rows ?? 1);
    const shrunk = (width / grid.columns) * (own / (MADE_FOR / wide.columns));
    return grid.rows * (isBare(layout) ? shrunk + 20 : Math.min(MOST_PANEL_HEIGHT, own));
  }
  const [across, up] = [span(xaxis), span(yaxis)];
  const { rows = 1 } = layout.grid ?? {};
  // between maps one below the other lie the marks of the axis
  return yaxis?.scaleanchor === "x" && across && up
    ? (rows * width * up) / across + (rows - 1) * LABELLED_AXIS
    : whole;
}

function span(axis: Partial<Plotly.LayoutAxis> | undefined): number | undefined {
  const [from, to] = (axis?.range ?? []) as number[];
  return typeof from === "number" && typeof to === "number" ? Math.abs(to - from) : undefined;
}

function hasColourBar(data: readonly Plotly.Data[]): boolean {
  return data
    .flatMap((trace) => [trace as Json, (trace as Json).marker])
    .some((own) => isRecord(own) && isRecord(own.colorbar) && own.showscale !== false);
}

/** Number of text lines in the legend: one row if everything fits, otherwise columns as wide as the widest entry. */
function rowsOfLegend(
  data: readonly Plotly.Data[],
  { showlegend }: Partial<Plotly.Layout>,
  width: number,
): number {
  if (showlegend === false) return 0;
  const entries = data
    .map((trace) => trace as Json)
    .filter((trace) => trace.showlegend ?? trace.type !== "contour")
    .map(({ name }) => String(name ?? ""));
  if (entries.length === 0 || (data.length === 1 && !showlegend)) return 0;
  const widths = entries.map(
    (name) => LEGEND_MARK + CHARACTER * Math.max(...name.split("<br>").map(textLength)),
  );
  if (widths.reduce((sum, one) => sum + one, 0) <= width) return Math.max(...entries.map(lines));
  const columns = Math.max(1, Math.floor(width / Math.max(...widths)));
  return Math.ceil(entries.reduce((sum, name) => sum + lines(name), 0) / columns);
}

/** Breaks a text between words into lines of at most `most` characters. */
function wrapped(text: string, most: number): string {
  const result: string[] = [];
  for (const word of text.split(" ")) {
    const line = result[result.length - 1];
    if (line !== undefined && textLength(`${line} ${word}`) <= most) {
      result[result.length - 1] = `${line} ${word}`;
    } else result.push(word);
  }
  return result.join("<br>");
}

function lines(text: string): number {
  return text.split("<br>").length;
}

function textLength(text: string): number {
  return text.replace(/<[^>]*>/g, "").length;
}
