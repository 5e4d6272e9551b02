/** When two trainings diverge: exponent, share, accuracy and sharpness against the learning rate. */
import type * as Plotly from "plotly.js-dist";
import { batchText, HAPPENS, LEARNT } from "../experiments/butterfly-effect/butterfly-effect.js";
import { isInBand, type StabilityCell } from "../experiments/butterfly-effect/stability.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES, significant } from "./style.js";

/** A colour and a symbol for each batch size. */
const BATCHES: readonly { color: string; tint: string; symbol: string }[] = [
  { color: SERIES.second, tint: "rgba(204, 121, 167, 0.2)", symbol: "circle" },
  { color: SERIES.third, tint: "rgba(184, 127, 0, 0.2)", symbol: "square" },
  { color: SERIES.first, tint: "rgba(0, 158, 115, 0.2)", symbol: "diamond" },
  { color: SERIES.fourth, tint: "rgba(47, 148, 207, 0.25)", symbol: "triangle-up" },
];

/** The map; the band where trainings learn and yet diverge is shaded, in the colour of its batch size. */
export function stabilityFigure(cells: readonly StabilityCell[]): Figure {
  const sizes = [...new Set(cells.map(({ batchSize }) => batchSize))];
  const groups = sizes.map((size) => cells.filter(({ batchSize }) => batchSize === size));
  const bands = groups.map(bandOf);
  const panel = (
    row: 1 | 2 | 3,
    value: (cell: StabilityCell) => number,
    dash: "solid" | "dot",
    text: string,
  ): Plotly.Data[] =>
    groups.map((group, i) => {
      const { color, symbol } = BATCHES[i % BATCHES.length];
      return {
        type: "scatter",
        mode: dash === "dot" ? "lines" : "lines+markers",
        name: batchText(sizes[i]),
        legendgroup: String(sizes[i]),
        showlegend: row === 1,
        x: group.map(({ learningRate }) => learningRate),
        y: group.map((cell) => {
          const y = value(cell);
          return Number.isFinite(y) ? significant(y, 4) : null;
        }),
        yaxis: row === 1 ? "y" : `y${row}`,
        line: { color, width: 2, dash },
        ...(dash === "solid" && { marker: { color, symbol, size: 8 } }),
        hovertemplate: `${batchText(sizes[i])}, learning rate %{x}: ${text}<extra></extra>`,
      } as Plotly.Data;
    });
  const exponents = panel(1, ({ exponent }) => 100 * (exponent?.mean ?? Number.NaN), "solid", "%{y:.3g}");
  const level = (yref: string, y: number): Partial<Plotly.Shape> => ({
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    yref: yref as "y",
    y0: y,
    y1: y,
    line: { color: SERIES.reference, dash: "dash", width: 1.2 },
  });
  const { n } = cells[0];
  // rounded first: 0.1 * 30 is above 3
  const enough = `at least ${Math.ceil(significant(HAPPENS * n, 12))} of ${n} seeds learn (at least ${100 * LEARNT}% of the test points right) and yet diverge`;
  const named = groups.flatMap((_, i) => (bands[i] ? [batchText(sizes[i])] : []));
  return {
    data: [
      ...exponents,
      ...panel(2, ({ parted }) => 100 * parted.share, "solid", "%{y:.0f}% of the seeds diverge"),
      ...panel(2, ({ accuracy }) => 100 * accuracy, "dot", "%{y:.1f}% of the test points right"),
      ...panel(3, ({ sharpness }) => sharpness, "solid", "%{y:.2g}"),
      ...panel(3, ({ steepestBatch }) => steepestBatch, "dot", "%{y:.2g}"),
    ],
    layout: baseLayout({
      height: 850,
      margin: { l: 72, r: 24, t: 84, b: 56 },
      xaxis: {
        ...axisTitle("learning rate η (log scale)"),
        type: "log",
        tickvals: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20],
        anchor: "y3",
      },
      yaxis: { ...axisTitle("e-foldings in<br>100 epochs"), domain: [0.7, 1] },
      yaxis2: {
        ...axisTitle("% of seeds (solid),<br>of test points (dotted)"),
        domain: [0.36, 0.64],
        range: [-4, 104],
      },
      yaxis3: {
        ...axisTitle("sharpness × η/2"),
        type: "log",
        exponentformat: "power",
        dtick: 1,
        domain: [0, 0.3],
      },
      shapes: [
        ...bands.flatMap((band, i) =>
          band
            ? [
                {
                  type: "rect" as const,
                  layer: "below" as const,
                  x0: band[0],
                  x1: band[1],
                  yref: "paper" as const,
                  y0: 0,
                  y1: 1,
                  fillcolor: BATCHES[i % BATCHES.length].tint,
                  line: { width: 0 },
                },
              ]
            : [],
        ),
        level("y", 0),
        level("y2", 100 * LEARNT),
        level("y3", 1),
      ],
    } as OwnLayout),
    caption:
      `${named.length > 0 ? `Shaded, in the colour of the batch size: where ${enough} (${named.join(", ")}).` : `At no learning rate do ${enough}.`} ` +
      "Top: mean finite-time Lyapunov exponent. Middle: seeds that diverge (solid) and test accuracy (dotted). Bottom: median sharpness of the mean loss (solid) and of the steepest batch (dotted); above 1 (dashed) a step overshoots.",
    alt: `Three charts against the learning rate for ${sizes.map(batchText).join(", ")}: the Lyapunov exponent; the share of seeds that diverge and the accuracy; sharpness times half the learning rate. ${named.length > 0 ? `Learn and diverge: ${named.join(", ")}.` : "None learns and diverges."}`,
  };
}

/** The range of the learning rates of a band, halfway to their neighbours. */
function bandOf(group: readonly StabilityCell[]): [number, number] | null {
  const inside = group.map(isInBand);
  const [first, last] = [inside.indexOf(true), inside.lastIndexOf(true)];
  if (first < 0) return null;
  const between = (i: number, j: number): number => {
    const [a, b] = [group[i]?.learningRate, group[j]?.learningRate];
    return a === undefined || b === undefined ? (a ?? b) : Math.sqrt(a * b);
  };
  return rounded([between(first - 1, first), between(last, last + 1)], 4) as [number, number];
}
