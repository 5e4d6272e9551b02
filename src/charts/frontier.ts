/** Efficiency against leakage, one mark a design. */
import type * as Plotly from "plotly.js-dist";
import { paretoFront, type Tradeoff } from "../experiments/side-channel/frontier.js";
import type { Figure } from "./figure.js";
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
        const percentages = (of: (tradeoff: Tradeoff) => number): number[] =>
          own.map((one) => significant(100 * of(one), 4));
        const bits = (of: (tradeoff: Tradeoff) => number): number[] =>
          own.map((one) => significant(of(one), 3));
        const isPlain = own.length === 1;
        return {
          type: "scatter",
          mode: isPlain ? "markers" : "lines+markers",
          name: family,
          x: percentages(({ saved }) => saved.mean),
          y: bits(({ bits: { mean } }) => mean),
          error_x: {
            type: "data",
            array: percentages(({ saved }) => (saved.high - saved.low) / 2),
            color,
            thickness: 1,
            width: 3,
          },
          error_y: {
            type: "data",
            symmetric: false,
            array: bits(({ bits: { mean, high } }) => Math.min(1, high) - mean),
            arrayminus: bits(({ bits: { mean, low } }) => mean - Math.max(0, Math.min(mean, low))),
            color,
            thickness: 1,
            width: 3,
          },
          marker: { color, symbol, size },
          ...(!isPlain && { line: { color, width: 1.5, dash: family === "padding" ? "dash" : "dot" } }),
          text: own.map(
            ({ name, saved, bits: leak, accuracy }) =>
              `${name}<br>saves ${(100 * saved.mean).toFixed(1)}% at ${leak.mean.toFixed(3)} bits` +
              `<br>accuracy ${(100 * accuracy.mean).toFixed(1)}%, ${leak.n} seeds`,
          ),
          hovertemplate: "%{text}<extra></extra>",
        };
      }),
    ],
    layout: baseLayout({
      height: 520,
      margin: { l: 64, r: 24, t: 84, b: 56 },
      xaxis: { ...axisTitle("multiply-accumulates saved", "% of dense inference"), zeroline: true },
      yaxis: { ...axisTitle("what one reading of the count tells", "bits") },
      annotations: [
        {
          xref: "paper",
          x: 0.99,
          yref: "paper",
          y: 0.07,
          xanchor: "right",
          yanchor: "bottom",
          showarrow: false,
          text: "saves more, tells less ↘",
          font: { size: 12 },
        },
      ],
    } as OwnLayout),
    caption:
      "Each mark is a design, the mean over the seeds with its 95% intervals, cut off at 0 and 1. Up is what leaks, right is what is saved: one wants " +
      "to be at the lower right. Broad line: the frontier, designs than which none here does both better. Grey dashes: plain ReLU on devices that pad more and more, down to dense inference at the origin.",
    alt: tradeoffs
      .map(
        ({ name, saved, bits }) =>
          `${name}: ${(100 * saved.mean).toFixed(0)}% saved, ${bits.mean.toFixed(2)} bits`,
      )
      .join("; "),
  };
}
