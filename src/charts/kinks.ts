/** Where the neurons of a network switch, and how steep its logit is in between. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import type { Region } from "../experiments/out-of-distribution/arrangement.js";
import type { KinksPicture } from "../experiments/out-of-distribution/kinks.js";
import { MIDDLE } from "../experiments/out-of-distribution/rays.js";
import type { Rectangle } from "../experiments/plane.js";
import { meanOf } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { mapLayout, pointTraces, segmentsTrace, UNHOVERED } from "./plane.js";
import { INK, rounded, SERIES } from "./style.js";

/** Shades, by the steepness of the logit as a share of the largest: for all up to a limit. */
const SHADES: readonly { upTo: number; color: string }[] = [
  { upTo: 0, color: "#ffffff" },
  { upTo: 1 / 8, color: "#efeddf" },
  { upTo: 1 / 4, color: "#d3e3cb" },
  { upTo: 1 / 2, color: "#b3d4b8" },
  { upTo: 3 / 4, color: "#8fc3a5" },
  { upTo: 1, color: "#68b093" },
];

/** At most this many neurons of a layer have their curves drawn. */
const MOST_NEURONS = 24;

/** Where neurons switch: the regions in between, shaded, where they are known, else the curves alone. */
export function kinksFigure(area: Rectangle, picture: KinksPicture, points: Dataset): Figure {
  const layout = mapLayout(area, 104, { height: 600, margin: { t: 24, b: 104 } });
  return picture.isExact
    ? { ...regionsOn(area, picture, points), layout }
    : { ...curvesOn(picture, points), layout };
}

type Content = Omit<Figure, "layout">;

function regionsOn(
  { x, y }: Rectangle,
  { regions, neurons, all, level }: KinksPicture & { isExact: true },
  points: Dataset,
): Content {
  const rim = 0.48 * Math.min(x[1] - x[0], y[1] - y[0]);
  const steepest = Math.max(...regions.map(steepness));
  const shades = SHADES.map(({ upTo, color }, k) => ({
    color,
    name: upTo === 0 ? "level" : `up to ${(upTo * steepest).toPrecision(2)} nats per moon radius`,
    own: regions.filter(
      (region) => SHADES.findIndex((shade) => steepness(region) <= shade.upTo * steepest) === k,
    ),
  })).filter(({ own }) => own.length > 0);
  return {
    data: [
      ...shades.map(({ name, color, own }) => ({
        type: "scatter",
        mode: "lines",
        name,
        showlegend: false,
        ...outlines(own),
        fill: "toself",
        fillcolor: color,
        line: { color: INK, width: 0.8 },
        hoverinfo: "skip",
      })),
      ...(level.length === 0
        ? []
        : [
            {
              type: "scatter",
              mode: "lines",
              name: "the logit has a bound in these directions",
              x: level.flatMap((arc) => [...onArc(arc, (t) => MIDDLE[0] + rim * Math.cos(t)), null]),
              y: level.flatMap((arc) => [...onArc(arc, (t) => MIDDLE[1] + rim * Math.sin(t)), null]),
              line: { color: INK, width: 6 },
              hoverinfo: "skip",
            },
          ]),
      ...pointTraces(points, 4, UNHOVERED),
      {
        type: "scatter",
        mode: "markers",
        // a place to hover over
        x: rounded(regions.map(({ corners }) => meanOf(corners.map(([x]) => x)))),
        y: rounded(regions.map(({ corners }) => meanOf(corners.map(([, y]) => y)))),
        text: regions.map(
          (region) =>
            `${region.firing} of ${neurons} neurons on, ${steepness(region).toPrecision(3)} nats per moon radius`,
        ),
        marker: { size: 14, opacity: 0 },
        showlegend: false,
        hovertemplate: "%{text}<extra></extra>",
      },
    ] as Plotly.Data[],
    caption:
      `${regions.length} of the plane's ${all} regions reach into this part of it. In each the logit is one affine function; ` +
      `the darker, the steeper it is, up to ${steepest.toPrecision(2)} nats per moon radius.` +
      (regions.some((region) => steepness(region) === 0) ? " White: level." : "") +
      (level.length > 0 ? " Thick: the directions in which it has a bound." : ""),
    alt:
      `The plane around the training points, cut by the lines of ${neurons} neurons into ${regions.length} regions, shaded by the steepness of the logit: ` +
      `${shades.map(({ name, own }) => `${own.length} ${name}`).join(", ")}.`,
  };
}

/** Nats per moon radius. */
function steepness({ gradient: [x, y] }: Region): number {
  return Math.sqrt(x * x + y * y);
}

/** Closed polygons, with gaps between them. */
function outlines(regions: readonly Region[]): { x: (number | null)[]; y: (number | null)[] } {
  const along = (axis: number): (number | null)[] =>
    regions.flatMap(({ corners }) => [
      ...rounded([...corners, corners[0]].map((corner) => corner[axis])),
      null,
    ]);
  return { x: along(0), y: along(1) };
}

/** Values at places a degree or so apart. */
function onArc({ from, to }: { from: number; to: number }, at: (angle: number) => number): number[] {
  const steps = Math.max(1, Math.ceil(60 * (to - from)));
  return rounded(Array.from({ length: steps + 1 }, (_, i) => at(from + ((to - from) * i) / steps)));
}

function curvesOn(
  { curves, regions, isPiecewiseAffine, isLost }: KinksPicture & { isExact: false },
  points: Dataset,
): Content {
  const colors = [SERIES.first, SERIES.second, SERIES.third, SERIES.fourth];
  const dashes = ["solid", "dash", "dashdot", "longdash"] as const;
  const left = curves.some((layer) => layer.length > MOST_NEURONS);
  return {
    data: [
      ...curves.map((layer, l): Plotly.Data => {
        const look = Math.min(l, colors.length - 1);
        return segmentsTrace(
          layer.slice(0, MOST_NEURONS).flat(),
          curves.length === 1 ? "a neuron switches" : `a neuron of hidden layer ${l + 1} switches`,
          { color: colors[look], dash: dashes[look], width: l === 0 ? 2 : 1.5 },
        );
      }),
      ...pointTraces(points, 4),
    ],
    caption: isLost
      ? "The training diverged: the logits are not numbers, so there are no regions."
      : (isPiecewiseAffine
          ? `The curves cut this part of the plane into ${regions} or more regions; in each the logit is one affine function.`
          : "Along each curve the input of a neuron changes sign. But between the curves this network is not made of straight pieces.") +
        (left ? ` Only the first ${MOST_NEURONS} neurons of a wide layer are drawn.` : ""),
    alt: `The plane around the training points with the curves along which ${curves.flat().length} neurons switch.`,
  };
}
