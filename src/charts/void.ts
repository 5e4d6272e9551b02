/** The plane far beyond the data: where the network is certain. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import type { Segment } from "../experiments/out-of-distribution/arrangement.js";
import {
  CERTAIN,
  CERTAIN_LOGIT,
  confidenceText,
  probabilityOf,
} from "../experiments/out-of-distribution/confidence.js";
import { MIDDLE, type Point, placeText } from "../experiments/out-of-distribution/rays.js";
import type { PlaneGrid } from "../experiments/plane.js";
import { legendBelow, probabilityTraces } from "./boundary.js";
import type { Figure } from "./figure.js";
import {
  baseLayout,
  CLASSES,
  INK,
  type OwnLayout,
  planeAxes,
  pointTraces,
  rounded,
  significant,
  starTrace,
} from "./style.js";

/** The point of the claim, with the logit there. */
export interface ClaimedPoint {
  place: Point;
  logit: number;
}

/**
 * A map of the probability, with the band where the network is not certain and the point of the claim.
 *
 * @param lines - where neurons switch; none by default
 */
export function voidFigure(
  logits: PlaneGrid,
  points: Dataset,
  claimed: ClaimedPoint,
  title: string,
  lines: readonly Segment[] = [],
): Figure {
  const probability = { ...logits, values: logits.values.map((row) => row.map(probabilityOf)) };
  const words = confidenceText(claimed.logit);
  const [x, y] = claimed.place;
  return {
    data: [
      ...probabilityTraces(probability).slice(0, 1),
      ...(lines.length > 0 ? [linesTrace(lines)] : []),
      levelTrace(logits, 0, "solid", "boundary"),
      levelTrace(logits, CERTAIN_LOGIT, "dash", `confidence ${CERTAIN}`),
      ...pointTraces(points, 5),
      starTrace([x, y], `(${x}, ${y}), ${words}`),
    ],
    layout: baseLayout({
      height: 640,
      margin: { l: 64, r: 24, t: 56, b: 140 },
      title,
      ...planeAxes(probability),
      ...legendBelow,
      annotations: [
        // clear of the ring by which a panel's star is held
        { text: `<b>${placeText(claimed.place)}</b>`, x, y, yshift: 24 },
        { text: "the data", x: MIDDLE[0], y: heightOf(points), yshift: 12 },
      ].map((label) => ({
        ...label,
        yanchor: "bottom",
        font: { color: INK, size: 15 },
        showarrow: false,
      })),
    } as OwnLayout),
    caption:
      `Shade: the probability of Blue, class 1. Black line: the decision boundary. Dashed: a confidence of ${CERTAIN}; the network is in ` +
      "doubt only between the dashed lines. Star: the point of the claim. Small marks: the training points." +
      (lines.length > 0 ? " Thin lines: where a neuron switches." : ""),
    alt: `Map of the plane far around ${points.labels.rows} training points, shaded by the probability of Blue, class 1; at the starred point (${x}, ${y}) the network is ${words}.`,
  };
}

/** Thin lines between the given ends. */
function linesTrace(lines: readonly Segment[]): Plotly.Data {
  return {
    type: "scatter",
    mode: "lines",
    name: "a neuron switches",
    x: lines.flatMap(([x0, , x1]) => [...rounded([x0, x1], 2), null]),
    y: lines.flatMap(([, y0, , y1]) => [...rounded([y0, y1], 2), null]),
    line: { color: INK, width: 0.7 },
    opacity: 0.6,
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** The ordinate of the highest point. */
function heightOf({ points }: Dataset): number {
  return Math.max(...points.getColumn(1));
}

/**
 * The lines where the logit has a value and where it has the opposite value. Between its kinks the logit is linear,
 * just as a contour line assumes between the grid's points.
 */
function levelTrace(
  { x, y, values }: PlaneGrid,
  logit: number,
  dash: "solid" | "dash",
  name: string,
): Plotly.Data {
  return {
    type: "contour",
    name,
    x: rounded(x),
    y: rounded(y),
    z: values.map((row) => row.map((z) => significant(z, 4))),
    contours: { start: -logit, end: logit, size: Math.max(1, 2 * logit), coloring: "none" },
    line: { width: dash === "solid" ? 2.5 : 1.5, color: INK, dash },
    hoverinfo: "skip",
    showlegend: false,
  } as Plotly.Data;
}

/** Colour and dash of the class that a logit favours. */
export function lineOf(logit: number): { color: string; dash: "solid" | "dot" } {
  const { color, dash } = CLASSES[logit > 0 ? 1 : 0];
  return { color, dash };
}
