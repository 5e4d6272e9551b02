/** The losses of many trainings in a format, beside the same in float64. */

import type * as Plotly from "plotly.js-dist";
import type { FormatName } from "../core/arithmetic/formats.js";
import { log } from "../core/elementary.js";
import { essayName } from "../experiments/half-precision/essay-name.js";
import { keptEpochs, type OrdinaryResult } from "../experiments/half-precision/failures.js";
import type { HalfPrecisionParameters } from "../experiments/half-precision/half-precision.js";
import { quantile } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { FORMAT_STYLES } from "./format-style.js";
import { bandTrace, levelBand, lineLabel } from "./guides.js";
import { axisTitle, baseLayout, logAxis, significant } from "./style.js";

/** The seeds between these shares of them make up the band. */
const BAND = [0.05, 0.95] as const;

/** The median loss against the epochs, the band of nine in ten seeds, and the strip of a flat line. */
export function lossesFigure(
  results: readonly OrdinaryResult[],
  { format, epochs }: HalfPrecisionParameters,
): Figure {
  const x = keptEpochs(epochs);
  const groups = [
    courseOf(
      "binary64",
      results.map(({ double }) => double.losses),
    ),
    courseOf(
      format,
      results.map(({ own }) => own.losses),
    ),
  ];
  const start = Number(groups[0].middle[0]);
  const [double, own] = groups.map(({ middle }) => Number(middle[middle.length - 1]));
  const lower = own < double ? 1 : 0;
  return {
    data: groups.flatMap(({ name, low, middle, high }, i): Plotly.Data[] => {
      const { color, dash } = FORMAT_STYLES[name];
      const called = essayName(name);
      const label = i === 0 ? called : `${called}, as it sees itself`;
      return [
        bandTrace(x, low, high, color, {
          name: `${called}, nine in ten seeds`,
          line: { color, width: 0.5, dash },
        }),
        {
          type: "scatter",
          mode: "lines+markers",
          name: `${label}, median`,
          x,
          y: middle,
          line: { color, width: 2.5, dash },
          marker: { color, size: 6, symbol: i === 0 ? "circle" : "diamond" },
          hovertemplate: `${label}<br>epoch %{x}: median loss %{y:.4g} nats<extra></extra>`,
        },
      ];
    }),
    layout: baseLayout({
      title: `Last loss, median of ${results.length} seeds: ${groups.map(endText).join(", ")}`,
      showlegend: false,
      margin: { l: 72, t: 56 },
      xaxis: axisTitle("epoch"),
      yaxis: {
        ...axisTitle("mean training loss", "nats"),
        ...logAxis(groups.flatMap(({ low, high }) => [...low, ...high].map(Number))),
      },
      shapes: [
        levelBand(0.9 * start, 1.1 * start, {
          label: { text: "a flat line would stay here", textposition: "middle right", font: { size: 14 } },
        }),
      ],
      annotations: groups.map(({ name, middle }, i) =>
        lineLabel(essayName(name), FORMAT_STYLES[name].color, {
          x: x[x.length - 1],
          y: log(Number(middle[middle.length - 1])) / Math.LN10,
          yanchor: i === lower ? "top" : "bottom",
        }),
      ),
    }),
    caption:
      `The same trainings in float64 and in ${essayName(format)}. Line: the median seed. Band: nine seeds in ten. Grey strip: within a tenth of the first loss, where a flat line would stay.` +
      groups
        .map(({ name, lost }) =>
          lost === 0
            ? ""
            : ` In ${essayName(name)} the last loss of ${lost} of ${results.length} seeds is 0 or not a number, so it has no place on this axis.`,
        )
        .join(""),
    alt: `Losses over ${epochs} epochs, n = ${results.length}. ${groups
      .map(({ name, middle, lost }) => {
        const [first, last] = [middle[0], middle[middle.length - 1]];
        return `${essayName(name)}: median from ${first ?? "NaN"} to ${last ?? "NaN"} nats${lost > 0 ? `, ${lost} at 0 or not a number` : ""}`;
      })
      .join("; ")}.`,
  };
}

/** Where the middle of a group ends: `float16 0.0085`. */
function endText({ name, middle }: { name: FormatName; middle: (number | null)[] }): string {
  const last = middle[middle.length - 1];
  return `${essayName(name)} ${last === null ? "no number" : significant(last, 2)}`;
}

/** Quantiles, at each look, of the losses that are numbers, and how many at the end are not. */
function courseOf(
  name: FormatName,
  curves: readonly (readonly number[])[],
): Record<"low" | "middle" | "high", (number | null)[]> & { name: FormatName; lost: number } {
  const looks = curves[0].map((_, i) =>
    curves.map((losses) => losses[i]).filter((loss) => loss > 0 && loss < Number.POSITIVE_INFINITY),
  );
  const at = (q: number): (number | null)[] =>
    looks.map((losses) => (losses.length === 0 ? null : significant(quantile(losses, q), 3)));
  return {
    name,
    low: at(BAND[0]),
    middle: at(0.5),
    high: at(BAND[1]),
    lost: curves.length - looks[looks.length - 1].length,
  };
}
