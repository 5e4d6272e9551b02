/** The network's answers along straight lines out of the data. */
import type * as Plotly from "plotly.js-dist";
import { CERTAIN, CERTAIN_LOGIT, log10Doubt } from "../experiments/out-of-distribution/confidence.js";
import type { RayProfile } from "../experiments/out-of-distribution/kinks.js";
import {
  DIRECTIONS,
  RADII,
  type VoidResult,
} from "../experiments/out-of-distribution/out-of-distribution.js";
import { type Point, placeText } from "../experiments/out-of-distribution/rays.js";
import { shareOf } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { levelLine } from "./guides.js";
import { inPercent, meanPercent } from "./intervals.js";
import { meansCaption, meanTraces } from "./means.js";
import { axisTitle, baseLayout, CLASSES, rounded, SERIES, significant } from "./style.js";

/** log10 of 2^-54, half of the ulp below 1: a p nearer to 1 rounds to it. */
const P_IS_ONE = -16.26;

/** 1 - confidence along many rays, on a logarithmic axis that no double could hold. */
export function doubtFigure(profiles: readonly RayProfile[]): Figure {
  const farthest = Math.max(...profiles.flatMap(({ radii }) => radii));
  const lines = profiles.map((profile): Plotly.Data => {
    const end = profile.logits[profile.logits.length - 1];
    const { name, color, dash } = CLASSES[end > 0 ? 1 : 0];
    return {
      type: "scatter",
      mode: "lines",
      name,
      legendgroup: String(end > 0),
      showlegend: profiles.find(({ logits }) => logits[logits.length - 1] > 0 === end > 0) === profile,
      x: [...profile.radii],
      y: rounded(profile.logits.map(log10Doubt)),
      line: { color, dash, width: 1.2 },
      hovertemplate: `${degrees(profile)}, radius %{x:.1f}: 1 − confidence = 10<sup>%{y:.1f}</sup><extra></extra>`,
    };
  });
  const ends = profiles
    .map(({ logits }) => log10Doubt(logits[logits.length - 1]))
    .filter((value) => !Number.isNaN(value));
  const range = [Math.min(...ends), Math.max(...ends)].map((value) => value.toFixed(1)).join(" to ");
  return {
    data: lines,
    layout: baseLayout({
      height: 460,
      xaxis: { ...axisTitle("distance from the middle of the moons", "moon radii"), range: [0, farthest] },
      yaxis: axisTitle("log₁₀(1 − confidence)"),
      shapes: [
        ...[
          { doubt: log10Doubt(CERTAIN_LOGIT), text: `confidence ${CERTAIN}` },
          { doubt: P_IS_ONE, text: "below: a double rounds p to 1" },
        ].map(({ doubt, text }) =>
          levelLine(doubt, { label: { text, textposition: "end", yanchor: "top", font: { size: 12 } } }),
        ),
      ],
    }),
    caption:
      `1 − confidence in ${profiles.length} evenly spaced directions; lines that end in Blue (class 1) are dotted. A straight fall on this axis ` +
      "means that each further moon radius divides the doubt by the same factor. The doubt is computed from the logit: 1 − p would be 0 below the lower dashed line.",
    alt: `Line chart of the logarithm of one minus the confidence against the distance in ${profiles.length} directions; at the far end it is ${ends.length > 0 ? range : "not a number"}.`,
  };
}

/** How far out networks are certain: in all directions, and in that of the point. */
export function certaintyFigure(
  results: readonly Pick<VoidResult, "isExact" | "certain" | "certainTowardsPoint">[],
  point: Point,
): Figure {
  const directions = results.every(({ isExact }) => isExact) ? "all" : DIRECTIONS;
  const groups = [
    {
      name: `${directions} directions, mean over the seeds`,
      intervals: RADII.map((_, k) => meanPercent(results, ({ certain }) => certain[k])),
      line: { color: SERIES.first, width: 2, dash: "solid" },
      symbol: "circle",
      shift: 0.97,
    },
    {
      name: `seeds, in the direction of ${placeText(point)}`,
      intervals: RADII.map((_, k) =>
        inPercent(shareOf(results, ({ certainTowardsPoint }) => certainTowardsPoint[k])),
      ),
      line: { color: SERIES.second, width: 2, dash: "solid" },
      symbol: "square",
      shift: 1.03,
    },
  ];
  return {
    data: groups.flatMap(({ intervals, shift, ...look }) =>
      meanTraces(intervals, {
        ...look,
        // side by side, so that the bars do not hide each other
        x: RADII.map((radius) => significant(radius * shift, 4)),
        texts: RADII.map((radius) => `radius ${radius}`),
      }),
    ),
    layout: baseLayout({
      margin: { t: 72 },
      xaxis: {
        ...axisTitle("distance from the middle of the moons", "moon radii"),
        type: "log",
        tickvals: [...RADII],
        ticktext: RADII.map(String),
      },
      yaxis: { ...axisTitle("share that is certain", "%"), range: [0, 104] },
    }),
    caption:
      `Certain: a confidence above ${CERTAIN}. ${meansCaption(groups[0].intervals)} ` +
      "What counts is seeds: the directions of one network are not independent.",
    alt: groups
      .map(({ name, intervals }) => {
        const texts = intervals.map(({ mean }, k) => `${mean.toFixed(0)}% at ${RADII[k]}`);
        return `${name}: ${texts.join("; ")}`;
      })
      .join(". "),
  };
}

function degrees({ ray: { direction } }: RayProfile): string {
  return `towards (${direction[0].toFixed(2)}, ${direction[1].toFixed(2)})`;
}
