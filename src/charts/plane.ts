/** What maps of the data's plane are made of: axes, points, lines, shades of the probability. */
import type * as Plotly from "plotly.js-dist";
import { log } from "../core/elementary.js";
import { type Dataset, selectPoints } from "../core/moons.js";
import type { Segment } from "../experiments/out-of-distribution/arrangement.js";
import type { PlaneGrid } from "../experiments/plane.js";
import {
  axisTitle,
  baseLayout,
  CLASSES,
  INK,
  type OwnLayout,
  PROBABILITY_SCALE,
  rounded,
  roundedRows,
  significant,
} from "./style.js";

/** A part of the plane: the places of a grid, or its ends. */
type Area = Readonly<Record<"x" | "y", readonly number[]>>;

/** Both axes of the plane, with the same scale. */
export function planeAxes({ x, y }: Area): Record<"xaxis" | "yaxis", object> {
  const shared = { constrain: "domain", zeroline: false };
  return {
    xaxis: { ...axisTitle("x₁", "moon radii"), range: [x[0], x[x.length - 1]], ...shared },
    yaxis: { ...axisTitle("x₂", "moon radii"), range: [y[0], y[y.length - 1]], scaleanchor: "x", ...shared },
  };
}

/** The legend at the foot of the chart, where the plane has the width. */
export const legendBelow = {
  orientation: "h",
  x: 0.5,
  xanchor: "center",
  y: 0,
  yref: "container",
  yanchor: "bottom",
} as const;

/** Of a legend that shows lines in {@link INK}: light, like the maps, in either theme. */
export const inkLegend = { bgcolor: "#ffffff", font: { color: "#24292f" } } as const;

/**
 * The layout of a map.
 *
 * @param foot - the room below the plane for its axis and the legend, in CSS pixels
 */
export function mapLayout(
  area: Area,
  foot: number,
  { legend, ...own }: OwnLayout & { height: number },
): Partial<Plotly.Layout> {
  return baseLayout({
    margin: { t: 56, b: foot },
    ...planeAxes(area),
    ...(own.showlegend !== false && { legend: { ...legendBelow, ...(legend as object) } }),
    ...own,
  });
}

/** The points of a dataset, a trace for each class. */
export function pointTraces(data: Dataset, size = 7, own: object = {}): Plotly.Data[] {
  const labels = data.labels.to1DArray();
  return CLASSES.map(({ name, color, symbol }, label) => ({
    type: "scatter",
    mode: "markers",
    name,
    ...placesOf(
      data,
      [...labels.keys()].filter((i) => labels[i] === label),
    ),
    marker: { color, symbol, size, line: { color: "#ffffff", width: 1 } },
    hovertemplate: `${name}<br>x₁ %{x:.3f}, x₂ %{y:.3f}<extra></extra>`,
    ...own,
  }));
}

/** The coordinates of some of the points. A trace without points would be none, so that no point is one without a place. */
export function placesOf(
  { points }: Dataset,
  own: readonly number[],
): { x: (number | null)[]; y: (number | null)[] } {
  const along = (axis: 0 | 1): (number | null)[] =>
    own.length === 0 ? [null] : rounded(own.map((i) => points.get(i, axis)));
  return { x: along(0), y: along(1) };
}

/** At most so many points, one in `every`. */
export function thinned(points: Dataset, most: number): { some: Dataset; every: number } {
  const every = Math.ceil(points.labels.rows / most);
  const indices = Array.from({ length: Math.ceil(points.labels.rows / every) }, (_, i) => i * every);
  return { some: selectPoints(points, indices), every };
}

/** A trace that says nothing under the pointer; what it would say there must go, too, or Plotly says it. */
export const UNHOVERED = { hoverinfo: "skip", hovertemplate: undefined } as const;

/** A star at the place on a map that the text is about. */
export function starTrace([x, y]: readonly [x: number, y: number], name: string): Plotly.Data {
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: [x],
    y: [y],
    marker: { symbol: "star", size: 18, color: "#f0e442", line: { color: INK, width: 1.5 } },
    hovertemplate: "%{fullData.name}<extra></extra>",
  };
}

/** An entry of the legend that is no trace of its own. */
export function keyTrace(name: string, look: Partial<Plotly.ScatterData>): Plotly.Data {
  return { type: "scatter", mode: "markers", name, x: [null], y: [null], hoverinfo: "skip", ...look };
}

/** Straight lines from end to end, in one trace. */
export function segmentsTrace(segments: readonly Segment[], name: string, line: object): Plotly.Data {
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: segments.flatMap(([x0, , x1]) => [...rounded([x0, x1]), null]),
    y: segments.flatMap(([, y0, , y1]) => [...rounded([y0, y1]), null]),
    line,
    hoverinfo: "skip",
  };
}

/** A filled contour of some values on the plane. */
export function shadeTrace(
  { x, y }: Area,
  z: readonly (readonly number[])[],
  levels: { start: number; end: number; size: number },
  own: object,
  digits = 3,
): Plotly.Data {
  return {
    type: "contour",
    x: rounded(x, digits),
    y: rounded(y, digits),
    z,
    contours: { ...levels, coloring: "fill" },
    line: { width: 0 },
    ...own,
  } as Plotly.Data;
}

/** The levels of a share. */
export const TENTHS = { start: 0.1, end: 0.9, size: 0.1 } as const;

/**
 * A filled contour of the probability, without a key.
 *
 * @param digits - decimals of the places
 */
export function probabilityShade(probability: PlaneGrid, digits = 3): Plotly.Data {
  const look = {
    zmin: 0,
    zmax: 1,
    colorscale: PROBABILITY_SCALE,
    showscale: false,
    hovertemplate: "x₁ %{x:.2f}, x₂ %{y:.2f}<br>probability of Blue: %{z:.3f}<extra></extra>",
  };
  return shadeTrace(probability, roundedRows(probability.values), TENTHS, look, digits);
}

/** A filled contour of the probability, with its key. */
export function probabilityFill(probability: PlaneGrid): Plotly.Data {
  return {
    ...probabilityShade(probability),
    showscale: true,
    colorbar: {
      ...colourBar("probability of Blue, class 1"),
      tickvals: [0, 0.25, 0.5, 0.75, 1],
    },
  } as Plotly.Data;
}

/** The key of a map's shades. */
export function colourBar(text: string): object {
  return { title: { text, side: "right" }, thickness: 14 };
}

/**
 * The decision boundary, where the probability is 1/2. There the logit is 0, and between the grid's points it is the
 * straighter of the two.
 */
export function boundaryLine(
  { x, y, values }: PlaneGrid,
  line: object = {},
  name: string = "boundary",
  digits = 3,
): Plotly.Data {
  return logitLine({ x, y, values: values.map((row) => row.map(boundedLogit)) }, line, name, 0, digits);
}

/**
 * The lines where the logit has a value and where it has the opposite value.
 *
 * @param digits - decimals of the places
 */
export function logitLine(
  { x, y, values }: PlaneGrid,
  line: object,
  name: string,
  logit = 0,
  digits = 3,
): Plotly.Data {
  return {
    type: "contour",
    name,
    x: rounded(x, digits),
    y: rounded(y, digits),
    z: values.map((row) => row.map((z) => significant(z, 4))),
    contours: { start: -logit, end: logit, size: Math.max(1, 2 * logit), coloring: "none" },
    line: { width: 2.5, color: INK, ...line },
    hoverinfo: "skip",
    showlegend: false,
  } as Plotly.Data;
}

/** log p / (1 - p), cut off where the line cannot be. */
export function boundedLogit(probability: number): number {
  return Math.max(-9, Math.min(9, log(probability / (1 - probability))));
}
