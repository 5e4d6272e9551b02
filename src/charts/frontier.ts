/** Efficiency against leakage, a mark for each design. */
import type * as Plotly from "plotly.js-dist";
import { paretoFront, type Tradeoff } from "../experiments/side-channel/frontier.js";
import type { MeanInterval } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { errorBars } from "./intervals.js";
import { axisTitle, baseLayout, type OwnLayout, SERIES, significant } from "./style.js";

/** A mark for each family of designs; further ones start over. */
const MARKS = [
  { color: SERIES.first, symbol: "star", size: 15 },
  { color: SERIES.reference, symbol: "x", size: 9 },
  { color: SERIES.first, symbol: "triangle-up", size: 10 },
  { color: SERIES.second, symbol: "square", size: 9 },
  { color: SERIES.third, symbol: "diamond", size: 10 },
  { color: SERIES.first, symbol: "circle-open", size: 9 },
  { color: SERIES.reference, symbol: "circle", size: 8 },
] as const;

/**
 * Share of the multiply-accumulates saved against bits leaked; designs of one family are joined by a line.
 */
export function frontierFigure(tradeoffs: readonly Tradeoff[]): Figure {
  const families = [...new Set(tradeoffs.map(({ family }) => family))];
  const front = paretoFront(tradeoffs);
  // so few seeds have no interval, and each is shown
  const few = tradeoffs.filter(({ bits }) => bits.points);
  return {
    data: [
      {
        type: "scatter",
        mode: "lines",
        name: "the frontier",
        x: front.map(({ saved }) => significant(100 * saved.mean, 4)),
        y: front.map(({ bits }) => significant(bits.mean, 3)),
        line: { color: SERIES.fourth, width: 6, shape: "vh" },
        hoverinfo: "skip",
      },
      ...families.map((family, i): Plotly.Data => {
        const own = tradeoffs.filter((tradeoff) => tradeoff.family === family);
        const { color, symbol, size } = MARKS[i % MARKS.length];
        const isPlain = own.length === 1;
        return {
          type: "scatter",
          mode: isPlain ? "markers" : "lines+markers",
          name: family,
          x: own.map(({ saved }) => significant(100 * saved.mean, 4)),
          y: own.map(({ bits }) => significant(bits.mean, 3)),
          ...(few.length === 0 && {
            error_x: bars(
              own.map(({ saved }) => saved),
              100,
              color,
            ),
            error_y: bars(
              own.map(({ bits }) => bits),
              1,
              color,
            ),
          }),
          marker: { color, symbol, size },
          ...(!isPlain && { line: { color, width: 1.5, dash: family === "padding" ? "dash" : "dot" } }),
          text: own.map(
            ({ name, saved, bits: leak, accuracy }) =>
              `${name}<br>saves ${(100 * saved.mean).toFixed(1)}% at ${leak.mean.toFixed(3)} bits` +
              `<br>accuracy ${(100 * accuracy.mean).toFixed(1)}%, ${leak.n} seeds`,
          ),
          hovertemplate: "%{text}<extra></extra>",
        } as Plotly.Data;
      }),
      ...(few.length > 0
        ? [
            {
              type: "scatter",
              mode: "markers",
              name: "one seed of a design",
              x: few.flatMap(({ places }) => places.map(({ saved }) => significant(100 * saved, 4))),
              y: few.flatMap(({ places }) => places.map(({ bits }) => significant(bits, 3))),
              text: few.flatMap(({ name, places }) => places.map(() => name)),
              marker: { color: SERIES.reference, size: 5, symbol: "circle-open" },
              hovertemplate: "%{text}, one seed<extra></extra>",
            } as Plotly.Data,
          ]
        : []),
    ],
    layout: baseLayout({
      height: 520,
      margin: { l: 64, r: 24, t: 84, b: 56 },
      xaxis: { ...axisTitle("multiply-accumulates saved", "% of dense inference"), zeroline: true },
      yaxis: { ...axisTitle("leak of one reading of the count", "bits") },
      annotations: [
        {
          xref: "paper",
          x: 0.99,
          yref: "paper",
          y: 0,
          xanchor: "right",
          yanchor: "bottom",
          showarrow: false,
          text: "saves more, leaks less ↘",
          font: { size: 12 },
        },
      ],
    } as OwnLayout),
    caption:
      `Each mark is a design, the mean over the seeds${few.length > 0 ? "" : " with 95% intervals"}. The best place is the lower right: much work saved, little leaked. ` +
      "Broad line: the frontier, designs that no other here beats in both. Grey dashes: plain ReLU on devices that pad more and more, down to dense inference at the origin.",
    alt: tradeoffs
      .map(
        ({ name, saved, bits }) =>
          `${name}: ${(100 * saved.mean).toFixed(0)}% saved, ${bits.mean.toFixed(2)} bits`,
      )
      .join("; "),
  };
}

function bars(intervals: readonly MeanInterval[], factor: number, color: string): Plotly.ErrorBar {
  const scaled = intervals.map(({ mean, low, high }) => ({
    centre: factor * mean,
    low: factor * low,
    high: factor * high,
  }));
  return errorBars(scaled, { color, thickness: 1, width: 3 });
}
