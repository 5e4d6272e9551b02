/** Shares of the seeds with their intervals, row by row. */
import type * as Plotly from "plotly.js-dist";
import type { ShareInterval } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { uprightLine } from "./guides.js";
import { inPercent } from "./intervals.js";
import { rowAxis, rowPlaces, rowTrace } from "./rows.js";
import { axisTitle, baseLayout, SERIES } from "./style.js";

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
  const places = rowPlaces(names.length);
  const looks = [
    { color: SERIES.second, symbol: "square" },
    { color: SERIES.first, symbol: "circle" },
  ];
  return {
    data: groups.map(({ name, rows }, g): Plotly.Data => {
      const shift = groups.length > 1 ? 0.14 - 0.28 * g : 0;
      return rowTrace(
        rows.map(({ share }) => inPercent(share)),
        {
          name,
          ...looks[g % looks.length],
          places: places.map((place) => place + shift),
          texts: rows.map((row) => `${row.name}, ${name}: ${row.share.count} of ${row.share.n} seeds`),
        },
      );
    }),
    layout: baseLayout({
      height: 172 + 46 * names.length,
      margin: { l: 24, t: 80 },
      xaxis: { ...axisTitle(axis, "% of the seeds"), range: [-3, 103], zeroline: false },
      yaxis: rowAxis(names),
      ...(reference && {
        shapes: [uprightLine(100 * reference.share)],
      }),
    }),
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
