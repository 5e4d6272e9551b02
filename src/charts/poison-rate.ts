/** The damage against the number of lies. */
import type * as Plotly from "plotly.js-dist";
import { RATE_ATTACKS, type RateResult } from "../experiments/poisoning/poison-rate.js";
import { meanInterval } from "../statistics.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES } from "./style.js";

const STYLES: Record<string, { color: string; symbol: string; dash: string }> = {
  random: { color: SERIES.reference, symbol: "circle", dash: "dot" },
  deepest: { color: SERIES.first, symbol: "square", dash: "dash" },
  cluster: { color: SERIES.second, symbol: "diamond", dash: "solid" },
};

interface Panel {
  title: string;
  measure: (result: RateResult) => number;
  /** Its axis of ordinates, if not from 0 to 100%. */
  range?: [number, number];
}

const DAMAGE: readonly Panel[] = [
  { title: "plane that changes class (%)", measure: ({ plane }) => plane },
  { title: "lies learnt (%)", measure: ({ captured }) => captured },
];

const CLEANING: readonly Panel[] = [
  { title: "lies found (%)", measure: ({ liesFound }) => liesFound },
  { title: "true labels harmed (%)", measure: ({ truthsHarmed }) => truthsHarmed },
];

/** How much of the plane changes, and how many of the lies are learnt. */
export function poisonRateFigure(results: readonly RateResult[], trainPoints: number): Figure {
  const figure = panelsFigure(results, trainPoints, DAMAGE);
  const rates = results.map(({ flips }) => (100 * flips) / trainPoints);
  const most = Math.max(0, ...rates);
  return {
    ...figure,
    data: [
      ...figure.data,
      {
        type: "scatter",
        mode: "lines",
        name: "in proportion",
        x: [0, most],
        y: [0, most],
        line: { color: SERIES.reference, width: 1.5, dash: "longdash" },
        hoverinfo: "skip",
      } as Plotly.Data,
    ],
    caption:
      "Left: the share of the plane that changes class; on the long-dashed line it would be the share of the labels flipped. " +
      "Right: the share of the lies that the network learnt. Means over the seeds with 95% intervals.",
  };
}

/** How many of the lies cleaning finds, and what it harms. */
export function cleaningFigure(results: readonly RateResult[], trainPoints: number): Figure {
  return {
    ...panelsFigure(results, trainPoints, CLEANING),
    caption:
      "What a vote among the nearest neighbours does to the labels before training. Left: the share of the lies it restores. " +
      "Right: the share of the true labels it turns into wrong ones. Means over the seeds with 95% intervals.",
  };
}

function panelsFigure(results: readonly RateResult[], trainPoints: number, panels: readonly Panel[]): Figure {
  const flips = [...new Set(results.map((result) => result.flips))].sort((a, b) => a - b);
  const x = rounded(
    flips.map((count) => (100 * count) / trainPoints),
    2,
  );
  const data = panels.flatMap(({ measure }, i) =>
    RATE_ATTACKS.map((attack, k): Plotly.Data => {
      const { color, symbol, dash } = STYLES[attack];
      const intervals = flips.map((count) =>
        meanInterval(
          results
            .filter((result) => result.attack === attack && result.flips === count)
            .map((result) => 100 * measure(result)),
        ),
      );
      const bound = (value: number): number => Math.max(0, Math.min(100, value));
      return {
        type: "scatter",
        mode: "lines+markers",
        name: attack,
        legendgroup: attack,
        showlegend: i === 0,
        // side by side, that the bars do not hide each other
        x: rounded(
          x.map((value) => value + 0.01 * (k - 1) * Math.max(...x)),
          2,
        ),
        text: x.map((value) => `${attack}, ${value}% of the labels`),
        y: rounded(
          intervals.map(({ mean }) => mean),
          2,
        ),
        error_y: {
          type: "data",
          symmetric: false,
          array: rounded(
            intervals.map(({ mean, high }) => bound(high) - mean),
            2,
          ),
          arrayminus: rounded(
            intervals.map(({ mean, low }) => mean - bound(low)),
            2,
          ),
          color,
          thickness: 1.2,
          width: 3,
        },
        line: { color, width: 2, dash },
        marker: { color, symbol, size: 8 },
        xaxis: i === 0 ? "x" : `x${i + 1}`,
        yaxis: i === 0 ? "y" : `y${i + 1}`,
        hovertemplate: "%{text}: %{y:.1f}%<extra></extra>",
      } as Plotly.Data;
    }),
  );
  const axes = panels.flatMap(({ title }, i) => {
    const n = i === 0 ? "" : String(i + 1);
    return [
      [`xaxis${n}`, { ...axisTitle("labels flipped", "%"), rangemode: "tozero" }],
      [`yaxis${n}`, { ...axisTitle(title), rangemode: "tozero" }],
    ];
  });
  return {
    data,
    layout: baseLayout({
      grid: { rows: 1, columns: panels.length, pattern: "independent", xgap: 0.18 },
      ...Object.fromEntries(axes),
    } as OwnLayout),
    caption: "",
    alt: `Line charts of ${panels.map(({ title }) => title).join(" and ")} against the share of labels flipped, for ${RATE_ATTACKS.join(", ")} attacks.`,
  };
}
