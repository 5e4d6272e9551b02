/** Shares of the seeds with their intervals, row by row. */
import type * as Plotly from "plotly.js-dist";
import type { ShareInterval } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { errorBars } from "./intervals.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES } from "./style.js";

/** A share of the seeds, with a name. */
export interface ShareRow {
  name: string;
  share: ShareInterval;
}

/**
 * Shares of the seeds with their 95% intervals, one row each, the groups beside each other.
 *
 * @param axis - what is counted
 * @param reference - a share to compare with, drawn as a line
 */
export function sharesFigure(
  groups: readonly { name: string; rows: readonly ShareRow[] }[],
  axis: string,
  reference?: { share: number; name: string },
): Figure {
  const names = groups[0].rows.map(({ name }) => name);
  const places = names.map((_, i) => names.length - 1 - i);
  const looks = [
    { color: SERIES.second, symbol: "square" },
    { color: SERIES.first, symbol: "circle" },
  ];
  return {
    data: groups.map(({ name, rows }, g): Plotly.Data => {
      const { color, symbol } = looks[g % looks.length];
      const shift = groups.length > 1 ? 0.14 - 0.28 * g : 0;
      const shares = rows.map(({ share }) => share);
      return {
        type: "scatter",
        mode: "markers",
        name,
        x: rounded(
          shares.map(({ share }) => 100 * share),
          2,
        ),
        y: places.map((place) => place + shift),
        error_x: errorBars(
          shares.map(({ share, low, high }) => ({ centre: 100 * share, low: 100 * low, high: 100 * high })),
          { color, thickness: 2 },
        ),
        marker: { color, symbol, size: 9 },
        text: rows.map((row) => `${row.name}, ${name}: ${row.share.count} of ${row.share.n} seeds`),
        hovertemplate: "%{text}<extra></extra>",
      } as Plotly.Data;
    }),
    layout: baseLayout({
      height: 172 + 46 * names.length,
      margin: { l: 24, r: 24, t: 80, b: 56 },
      xaxis: { ...axisTitle(axis, "% of the seeds"), range: [-3, 103], zeroline: false },
      yaxis: {
        tickvals: places,
        ticktext: names,
        automargin: true,
        range: [-0.5, names.length - 0.5],
        zeroline: false,
      },
      ...(reference && {
        shapes: [
          {
            type: "line",
            x0: 100 * reference.share,
            x1: 100 * reference.share,
            yref: "paper",
            y0: 0,
            y1: 1,
            line: { color: SERIES.reference, dash: "dash", width: 1.5 },
          },
        ],
      }),
    } as OwnLayout),
    caption:
      "Marks: the share of the seeds. Bars: 95% intervals (Wilson), from five seeds on." +
      (reference ? ` Dashed: ${reference.name}.` : ""),
    alt: groups
      .map(
        ({ name, rows }) =>
          `${name}: ${rows.map((row) => `${row.name} ${row.share.count} of ${row.share.n}`).join(", ")}`,
      )
      .join("; "),
  };
}
