/** What the network says along straight ways out of the data. */
import type * as Plotly from "plotly.js-dist";
import { CERTAIN, CERTAIN_LOGIT, log10Doubt } from "../experiments/out-of-distribution/confidence.js";
import type { RayProfile } from "../experiments/out-of-distribution/kinks.js";
import type { MeanInterval, ShareInterval } from "../statistics.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, CLASSES, type OwnLayout, rounded, SERIES, significant } from "./style.js";
import { lineOf } from "./void.js";

/** log10 of 2^-54: nearer to 1 than half of its lower ulp, p rounds to it. */
const P_IS_ONE = -16.26;

/** Logits along some rays, with their kinks. */
export function logitsFigure(profiles: readonly RayProfile[]): Figure {
  const farthest = Math.max(...profiles.flatMap(({ radii }) => radii));
  const kinks = profiles.flatMap((profile) => profile.kinks.filter(({ radius }) => radius <= farthest));
  return {
    data: [
      ...profiles.map((profile, i): Plotly.Data => {
        // the kinks belong to the line, or it would cut its own corners
        const stops = [
          ...profile.radii.map((radius, k) => ({ radius, logit: profile.logits[k] })),
          ...profile.kinks.filter(({ radius }) => radius <= farthest),
        ].sort((a, b) => a.radius - b.radius);
        const end = profile.logits[profile.logits.length - 1];
        return {
          type: "scatter",
          mode: "lines",
          name: CLASSES[end > 0 ? 1 : 0].name,
          legendgroup: String(end > 0),
          showlegend: profiles.findIndex(({ logits }) => logits[logits.length - 1] > 0 === end > 0) === i,
          x: rounded(stops.map(({ radius }) => radius)),
          y: rounded(
            stops.map(({ logit }) => logit),
            2,
          ),
          line: { ...lineOf(end), width: 1.5 },
          hovertemplate: `${degrees(profile)}, radius %{x:.2f}: logit %{y:.1f}<extra></extra>`,
        };
      }),
      {
        type: "scatter",
        mode: "markers",
        name: "a neuron switches",
        x: rounded(kinks.map(({ radius }) => radius)),
        y: rounded(
          kinks.map(({ logit }) => logit),
          2,
        ),
        marker: { color: SERIES.first, size: 6, line: { color: "#ffffff", width: 0.5 } },
        hovertemplate: "kink at radius %{x:.2f}<extra></extra>",
      },
    ],
    layout: baseLayout({
      xaxis: { ...axisTitle("distance from the middle of the moons", "moon radii"), range: [0, farthest] },
      yaxis: axisTitle("logit", "nats"),
    } as OwnLayout),
    caption:
      "One line a direction, dotted where it ends in class 1. Between two marks a line is straight, and after its last mark it is straight for ever.",
    alt: `Line chart of the logit against the distance along ${profiles.length} directions; the lines bend near the data and are straight beyond.`,
  };
}

/** 1 - confidence along many rays, on a logarithmic axis that no double could hold. */
export function doubtFigure(profiles: readonly RayProfile[]): Figure {
  const farthest = Math.max(...profiles.flatMap(({ radii }) => radii));
  const lines = profiles.map((profile): Plotly.Data => {
    const end = profile.logits[profile.logits.length - 1];
    return {
      type: "scatter",
      mode: "lines",
      name: CLASSES[end > 0 ? 1 : 0].name,
      legendgroup: String(end > 0),
      showlegend: profiles.find(({ logits }) => logits[logits.length - 1] > 0 === end > 0) === profile,
      x: [...profile.radii],
      y: rounded(profile.logits.map(log10Doubt), 2),
      line: { ...lineOf(end), width: 1.2 },
      hovertemplate: `${degrees(profile)}, radius %{x:.1f}: 1 − confidence = 10<sup>%{y:.1f}</sup><extra></extra>`,
    };
  });
  return {
    data: lines,
    layout: baseLayout({
      height: 460,
      xaxis: { ...axisTitle("distance from the middle of the moons", "moon radii"), range: [0, farthest] },
      yaxis: axisTitle("log₁₀(1 − confidence)"),
      shapes: [
        level(log10Doubt(CERTAIN_LOGIT), `confidence ${CERTAIN}`, "bottom"),
        level(P_IS_ONE, "below: a double rounds p to 1", "top"),
      ],
    } as OwnLayout),
    caption:
      `1 − confidence in ${profiles.length} directions, evenly spaced; the lines that end in class 1 are dotted. A straight line falling on this axis ` +
      "means: each further moon radius divides the doubt by the same factor. It is computed from the logit; from 1 − p it would be 0 below the lower dashed line.",
    alt: `Line chart of the logarithm of one minus the confidence against the distance in ${profiles.length} directions; nearly all fall as straight lines.`,
  };
}

/** A mean share of directions, or a share of seeds, at each radius. */
export interface SharesByRadius {
  name: string;
  intervals: readonly (Pick<MeanInterval, "low" | "high" | "n"> & { centre: number })[];
}

/** How far out certainty is everywhere. */
export function certaintyFigure(radii: readonly number[], groups: readonly SharesByRadius[]): Figure {
  const colors = [SERIES.first, SERIES.second];
  const symbols = ["circle", "square"] as const;
  return {
    data: groups.map(
      ({ name, intervals }, i): Plotly.Data => ({
        type: "scatter",
        mode: "lines+markers",
        name,
        // side by side, so that the bars do not hide each other
        x: radii.map((radius) => significant(radius * (i === 0 ? 0.97 : 1.03), 4)),
        y: rounded(intervals.map(({ centre }) => 100 * centre)),
        error_y: {
          type: "data",
          symmetric: false,
          array: rounded(intervals.map(({ centre, high }) => 100 * (Math.min(1, high) - centre))),
          arrayminus: rounded(intervals.map(({ centre, low }) => 100 * (centre - Math.max(0, low)))),
          thickness: 1.5,
        },
        line: { color: colors[i % 2], width: 2 },
        marker: { color: colors[i % 2], size: 8, symbol: symbols[i % 2] },
        text: radii.map((radius, k) => `${name}, radius ${radius}, n = ${intervals[k].n} seeds`),
        hovertemplate: "%{text}: %{y:.1f}%<extra></extra>",
      }),
    ),
    layout: baseLayout({
      margin: { l: 64, r: 24, t: 72, b: 56 },
      xaxis: {
        ...axisTitle("distance from the middle of the moons", "moon radii"),
        type: "log",
        tickvals: [...radii],
        ticktext: radii.map(String),
      },
      yaxis: { ...axisTitle("share that is certain", "%"), range: [0, 104] },
    } as OwnLayout),
    caption: `Certain: a confidence above ${CERTAIN}. Bars: 95% intervals, with the seed as the unit, for the directions of one network are not independent of each other.`,
    alt: groups
      .map(
        ({ name, intervals }) =>
          `${name}: ${intervals.map(({ centre }, k) => `${(100 * centre).toFixed(0)}% at ${radii[k]}`).join(", ")}`,
      )
      .join("; "),
  };
}

/** A share of the seeds at one radius. */
export function shareAt({ share, low, high, n }: ShareInterval): SharesByRadius["intervals"][number] {
  return { centre: share, low, high, n };
}

/** A mean over the seeds at one radius. */
export function meanAt({ mean, low, high, n }: MeanInterval): SharesByRadius["intervals"][number] {
  return { centre: mean, low, high, n };
}

function degrees({ ray: { direction } }: RayProfile): string {
  return `towards (${direction[0].toFixed(2)}, ${direction[1].toFixed(2)})`;
}

function level(value: number, text: string, yanchor: string): Partial<Plotly.Shape> {
  return {
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0: value,
    y1: value,
    line: { color: SERIES.reference, dash: "dash", width: 1.5 },
    label: { text, textposition: "end", yanchor, font: { size: 12 } },
  } as Partial<Plotly.Shape>;
}
