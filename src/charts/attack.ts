/** Attacks: t-tests against the number of traces, and what a test misses. */
import type * as Plotly from "plotly.js-dist";
import { log } from "../core/elementary.js";
import { type TracePoint, TVLA_THRESHOLD } from "../experiments/side-channel/attacker.js";
import type { AttackResult } from "../experiments/side-channel/side-channel.js";
import type { Figure } from "./figure.js";
import { bandTrace, levelLine, note, uprightLine } from "./guides.js";
import { axisTitle, baseLayout, SERIES, significant } from "./style.js";

const STYLES = [
  { color: SERIES.first, dash: "solid" },
  { color: SERIES.second, dash: "dot" },
  { color: SERIES.reference, dash: "dash" },
] as const;

/** Values below this are drawn here: a logarithmic axis has no zero. */
const LEAST = 0.01;

/** |t| of up to three tests against the number of traces, with the line at 4.5. */
export function welchFigure(curves: readonly { name: string; points: readonly TracePoint[] }[]): Figure {
  const onAxis = (value: number): number =>
    Number.isFinite(value) ? significant(Math.max(LEAST, value), 3) : Number.NaN;
  const data = curves.flatMap(({ name, points }, i): Plotly.Data[] => {
    const { color, dash } = STYLES[i % STYLES.length];
    const x = points.map(({ traces }) => traces);
    const [low, median, high] = (["low", "median", "high"] as const).map((quantile) =>
      points.map((point) => onAxis(point[quantile])),
    );
    const isBanded = i === 0 || i === curves.length - 1; // a band on a band hides both
    return [
      ...(isBanded ? [bandTrace(x, low, high, color, { legendgroup: name, showlegend: false })] : []),
      {
        type: "scatter",
        mode: "lines",
        name,
        legendgroup: name,
        x,
        y: median,
        line: { color, width: 2.5, dash },
        hovertemplate: `${name}<br>%{x} traces: |t| = %{y:.2f} (median)<extra></extra>`,
      },
    ];
  });
  const highest = Math.max(
    TVLA_THRESHOLD,
    ...curves.flatMap(({ points }) => points.map(({ high }) => high)).filter(Number.isFinite),
  );
  return {
    data,
    layout: baseLayout({
      xaxis: { ...axisTitle("traces, both classes together"), type: "log", dtick: 1 },
      yaxis: {
        ...axisTitle("|t|"),
        type: "log",
        dtick: 1,
        range: [-1.3, significant(log(highest) / Math.LN10 + 0.1, 3)],
      },
      shapes: [
        levelLine(TVLA_THRESHOLD, {
          label: {
            text: "4.5: “leaks”",
            textposition: "start",
            yanchor: "bottom",
            font: { size: 12 },
          },
        }),
      ],
    }),
    caption:
      "Lines: the median attack. Bands, around the first line and the last: nine attacks in ten. If the classes differ, " +
      "|t| grows with the square root of the number of traces; if they do not, it stays small.",
    alt: curves
      .map(
        ({ name, points }) =>
          `${name}: median |t| ${points[points.length - 1].median.toFixed(1)} after ${points[points.length - 1].traces} traces`,
      )
      .join("; "),
  };
}

/** |t| against bits, a mark for each seed: what a t-test sees, and what leaks. */
export function testAgainstBitsFigure(seeds: readonly AttackResult[], traces: number): Figure {
  return {
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: seeds.map(({ traced: { t } }) =>
          Number.isFinite(t) ? significant(Math.max(LEAST, Math.abs(t)), 3) : Number.NaN,
        ),
        y: seeds.map(({ bits }) => significant(bits, 3)),
        text: seeds.map(({ seed }) => `seed ${seed}`),
        marker: { color: SERIES.first, symbol: "circle-open", size: 8 },
        hovertemplate: "%{text}<br>|t| = %{x}, %{y} bits<extra></extra>",
      },
    ],
    layout: baseLayout({
      showlegend: false,
      xaxis: { ...axisTitle(`|t| after ${traces} traces`), type: "log", dtick: 1 },
      yaxis: { ...axisTitle("leak of the count", "bits"), rangemode: "tozero" },
      shapes: [uprightLine(TVLA_THRESHOLD)],
      annotations: [note("passes but leaks", { x: 0.01, y: 0.99, xanchor: "left", yanchor: "top" })],
    }),
    caption:
      "Each mark is one seed's network. Left of the dashed line, at 4.5, it passes the t-test. The higher the mark, the more a " +
      "reading leaks all the same.",
    alt: `${seeds.filter(({ traced }) => Math.abs(traced.t) <= TVLA_THRESHOLD).length} of ${seeds.length} networks pass`,
  };
}
