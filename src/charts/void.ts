/** The plane far beyond the data: where the network is certain, and where its neurons switch. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import {
  CERTAIN,
  CERTAIN_LOGIT,
  confidenceText,
  probabilityOf,
} from "../experiments/out-of-distribution/confidence.js";
import type { KinksPicture } from "../experiments/out-of-distribution/kinks.js";
import { MIDDLE, type Point, placeText } from "../experiments/out-of-distribution/rays.js";
import type { PlaneGrid, Rectangle } from "../experiments/plane.js";
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
  SERIES,
  significant,
  starTrace,
} from "./style.js";

/** The point of the claim, with the logit there. */
export interface ClaimedPoint {
  place: Point;
  logit: number;
}

/** A map of the probability, with the band where the network is not certain and the point of the claim. */
export function voidFigure(logits: PlaneGrid, points: Dataset, claimed: ClaimedPoint, title: string): Figure {
  const probability = { ...logits, values: logits.values.map((row) => row.map(probabilityOf)) };
  const words = confidenceText(claimed.logit);
  const [x, y] = claimed.place;
  return {
    data: [
      ...probabilityTraces(probability).slice(0, 1),
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
      "doubt only between the dashed lines. Star: the point of the claim. Small marks: the training points.",
    alt: `Map of the plane far around ${points.labels.rows} training points, shaded by the probability of Blue, class 1; at the starred point (${x}, ${y}) the network is ${words}.`,
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

/** At most this many neurons of a layer have their curves drawn. */
const MOST_NEURONS = 24;

/** The curves along which neurons switch, and the last kink on some rays. */
export function kinksFigure(area: Rectangle, picture: KinksPicture, points: Dataset): Figure {
  const { curves, regions, profiles } = picture;
  const colors = [SERIES.first, SERIES.second, SERIES.third, SERIES.fourth];
  const dashes = ["solid", "dash", "dashdot", "longdash"] as const;
  const reach = area.x[1] - area.x[0];
  const lefts = curves.reduce((count, layer) => count + Math.max(0, layer.length - MOST_NEURONS), 0);
  const inArea = ([x, y]: Point): boolean =>
    x >= area.x[0] && x <= area.x[1] && y >= area.y[0] && y <= area.y[1];
  const ends = profiles
    .filter(({ kinks }) => kinks.length > 0)
    .map(({ ray, kinks }) => ({ ray, radius: kinks[kinks.length - 1].radius }));
  const at = ({ ray: { origin, direction }, radius }: (typeof ends)[number]): Point => [
    origin[0] + radius * direction[0],
    origin[1] + radius * direction[1],
  ];
  const inside = ends.filter((end) => inArea(at(end)));
  return {
    data: [
      {
        type: "scatter",
        mode: "lines",
        name: "rays",
        x: profiles.flatMap(({ ray }) => [ray.origin[0], ray.origin[0] + reach * ray.direction[0], null]),
        y: profiles.flatMap(({ ray }) => [ray.origin[1], ray.origin[1] + reach * ray.direction[1], null]),
        line: { color: SERIES.reference, width: 1, dash: "dot" },
        hoverinfo: "skip",
      },
      ...curves.map((layer, l): Plotly.Data => {
        const segments = layer.slice(0, MOST_NEURONS).flat();
        return {
          type: "scatter",
          mode: "lines",
          name: curves.length === 1 ? "a neuron switches" : `a neuron of hidden layer ${l + 1} switches`,
          x: segments.flatMap(([x0, , x1]) => [...rounded([x0, x1], 2), null]),
          y: segments.flatMap(([, y0, , y1]) => [...rounded([y0, y1], 2), null]),
          line: {
            color: colors[Math.min(l, colors.length - 1)],
            dash: dashes[Math.min(l, dashes.length - 1)],
            width: l === 0 ? 2 : 1.5,
          },
          hoverinfo: "skip",
        } as Plotly.Data;
      }),
      ...pointTraces(points, 4),
      {
        type: "scatter",
        mode: "markers",
        name: "last kink on a ray",
        x: rounded(inside.map((end) => at(end)[0])),
        y: rounded(inside.map((end) => at(end)[1])),
        text: inside.map(({ radius }) => `last kink at radius ${radius.toPrecision(3)}`),
        marker: { symbol: "x", size: 9, color: INK, line: { color: "#ffffff", width: 1 } },
        hovertemplate: "%{text}<extra></extra>",
      },
    ] as Plotly.Data[],
    layout: baseLayout({
      height: 600,
      margin: { l: 64, r: 24, t: 24, b: 104 },
      ...planeAxes({ x: [...area.x], y: [...area.y], values: [] }),
      ...legendBelow,
    } as OwnLayout),
    caption: profiles.some(({ logits }) => logits.some(Number.isNaN))
      ? "The training diverged: the logits are not numbers, so there are no regions."
      : profiles.every(({ isPiecewiseAffine }) => isPiecewiseAffine)
        ? `The curves cut this part of the plane into ${regions} or more regions; in each the logit is one affine function. ` +
          `A cross marks the last kink on a ray${ends.length > inside.length ? ` (on ${ends.length - inside.length} of the ${profiles.length} rays it lies outside the picture)` : ""}.` +
          (lefts > 0 ? ` Only the first ${MOST_NEURONS} neurons of a wide layer are drawn.` : "")
        : "Along each curve the input of a neuron changes sign. But between the curves this network is not made of straight pieces, and no ray has a last kink.",
    alt: `The plane around the training points with the curves along which ${curves.flat().length} neurons switch, and ${profiles.length} rays from the middle, ${inside.length} of them with a cross at the last kink.`,
  };
}

/** Colour and dash of the class that a logit favours. */
export function lineOf(logit: number): { color: string; dash: "solid" | "dot" } {
  const { color, dash } = CLASSES[logit > 0 ? 1 : 0];
  return { color, dash };
}
