/** The numbers of a format: a piece of the number line, and the gaps along all of it. */

import type * as Plotly from "plotly.js-dist";
import { type FormatName, finfo, formats } from "../core/arithmetic/formats.js";
import { essayName } from "../experiments/half-precision/essay-name.js";
import { spacing } from "../experiments/half-precision/gradient-sizes.js";
import { numbersBetween } from "../experiments/half-precision/rounding-errors.js";
import type { Figure } from "./figure.js";
import { FORMAT_STYLES } from "./format-style.js";
import { rowAxis, rowPlaces } from "./rows.js";
import { onPanel } from "./small-multiples.js";
import { axisTitle, baseLayout, legendAbove, rounded, significant } from "./style.js";

/** The piece of the number line to draw. */
const [LOW, HIGH] = [0.99, 1.01];

/** A format with more numbers there is drawn as a line. */
const MOST = 400;

/** The range of sizes in the chart of gaps. */
const [SMALLEST, LARGEST] = [1e-12, 1e6];

/** Above: every number of some formats near 1, a tick each. Below: the gap to the next number against its size. */
export function numberLineFigure(names: readonly FormatName[]): Figure {
  const rows = rowPlaces(names.length);
  const numbers = names.map((name) => numbersBetween(formats[name], LOW, HIGH, MOST));
  return {
    data: [
      ...names.map((name, i): Plotly.Data => {
        const all = numbers[i];
        const common = { type: "scatter", showlegend: false, yaxis: "y" } as const;
        if (!all) {
          return {
            ...common,
            mode: "lines",
            x: [LOW, HIGH],
            y: [rows[i], rows[i]],
            line: { color: FORMAT_STYLES[name].color, width: 10 },
            hovertemplate: `${essayName(name)}: too many to draw, gap ${finfo(formats[name]).eps.toExponential(1)} above 1<extra></extra>`,
          };
        }
        return {
          ...common,
          mode: "markers",
          x: rounded(all, 6),
          y: all.map(() => rows[i]),
          marker: {
            symbol: "line-ns",
            size: 13,
            line: { width: 2, color: FORMAT_STYLES[name].color },
          },
          hovertemplate: `${essayName(name)}: %{x:.6f}<extra></extra>`,
        };
      }),
      ...names.map((name): Plotly.Data => {
        const { sizes, gaps } = spacing(formats[name]);
        const shown = sizes.flatMap((size, i) => (size >= SMALLEST && size <= LARGEST ? [i] : []));
        return {
          type: "scatter",
          mode: "lines",
          name: essayName(name),
          x: shown.map((i) => significant(sizes[i], 3)),
          y: shown.map((i) => significant(gaps[i], 3)),
          ...onPanel(1),
          line: { ...FORMAT_STYLES[name], width: 2, shape: "hv" },
          hovertemplate: `${essayName(name)}: from %{x:.2g} on the gap is %{y:.2g}<extra></extra>`,
        };
      }),
    ],
    layout: baseLayout({
      height: 660,
      margin: { l: 84, t: 24 },
      ...legendAbove(0.55),
      xaxis: { ...axisTitle("numbers near 1"), domain: [0, 1], anchor: "y", range: [LOW, HIGH], nticks: 6 },
      yaxis: {
        domain: [0.73, 1],
        ...rowAxis(names.map(essayName)),
        showgrid: false,
      },
      xaxis2: {
        ...axisTitle("size of a number"),
        anchor: "y2",
        type: "log",
        exponentformat: "power",
        dtick: 3,
      },
      yaxis2: {
        ...axisTitle("gap to the next"),
        domain: [0, 0.53],
        type: "log",
        exponentformat: "power",
        dtick: 4,
      },
    }),
    caption:
      "Above: each tick is a number of the format; a bar means too many to draw. Below 1 the gaps are half as wide. " +
      "Below: the gap grows with the number, and stops shrinking where the subnormal numbers begin.",
    alt: `The numbers between ${LOW} and ${HIGH}: ${names
      .map((name, i) => `${essayName(name)} ${numbers[i]?.length ?? `more than ${MOST}`}`)
      .join(", ")}; and the gap between neighbouring numbers against their size, on logarithmic axes.`,
  };
}
