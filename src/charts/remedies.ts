/** The matrix of remedies: which failures each of them cures. */

import { essayName } from "../experiments/half-precision/essay-name.js";
import type { RemedyCell } from "../experiments/half-precision/remedies.js";
import { describeCures } from "../experiments/half-precision/sentences.js";
import type { ChartMeta, Figure } from "./figure.js";
import { legendBelow } from "./plane.js";
import { baseLayout } from "./style.js";
import { type Tile, tileAxis, tileTrace } from "./tiles.js";

const KINDS = [
  { name: "as good as float64", sign: "✓", color: "#a9dcc9" },
  { name: "in some seeds", sign: "±", color: "#f3e3a3" },
  { name: "not cured", sign: "✗", color: "#efc6dd" },
  { name: "already so: changes nothing", sign: "·", color: "#e2e2e0" },
];

/** A tile for each failure and remedy: how many seeds it cures, and the accuracy. */
export function remediesFigure(cells: readonly RemedyCell[]): Figure {
  const columns = [...new Set(cells.map(({ failure }) => failure))];
  const rows = [...new Set(cells.map(({ remedy }) => remedy))].reverse();
  const kindOf = ({ isAlreadySo, n, cured }: RemedyCell): number =>
    isAlreadySo ? 3 : cured === n ? 0 : cured > 0 ? 1 : 2;
  const tile = (cell: RemedyCell): Tile => ({
    column: columns.indexOf(cell.failure),
    row: rows.indexOf(cell.remedy),
    hover: `${cell.failure}, ${essayName(cell.remedy)}<br>${cell.cured} of ${cell.n} seeds as good as float64`,
    text: cell.isAlreadySo
      ? "·"
      : `${KINDS[kindOf(cell)].sign} ${cell.cured} / ${cell.n}<br>${(100 * cell.accuracy).toFixed(1)}%`,
  });
  return {
    data: KINDS.map(({ name, sign, color }, kind) =>
      tileTrace({
        name: `${sign} ${name}`,
        color,
        tiles: cells.filter((cell) => kindOf(cell) === kind).map(tile),
      }),
    ),
    layout: baseLayout({
      height: 150 + 40 * rows.length,
      meta: { leastWidth: 540 } satisfies ChartMeta,
      barmode: "overlay",
      margin: { l: 24, r: 12, t: 44, b: 84 },
      xaxis: {
        ...tileAxis(columns.map((name) => `<b>${name.replace(" ", "<br>")}</b>`)),
        side: "top",
        tickangle: 0,
        automargin: true,
      },
      yaxis: {
        ...tileAxis(rows.map((name) => (name === "nothing" ? "<b>nothing</b>" : essayName(name)))),
        automargin: true,
      },
      legend: legendBelow,
    }),
    caption:
      "Columns: the four failures. Rows: the remedies, one change at a time. Each tile: how many seeds come out as well as in float64, " +
      "and the mean test accuracy. A remedy that cures one failure and not another reveals the cause.",
    alt: describeCures(cells),
  };
}
