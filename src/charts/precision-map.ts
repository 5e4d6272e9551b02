/** The plane of learning rate and initial scale, coloured by the fate of a training. */

import type * as Plotly from "plotly.js-dist";
import { essayName } from "../experiments/half-precision/essay-name.js";
import {
  type Fate,
  type MapCell,
  type PrecisionMap,
  settingsLearnt,
} from "../experiments/half-precision/map.js";
import { meanOf } from "../experiments/statistics.js";
import type { ChartMeta, Figure } from "./figure.js";
import { onPanel, panelAxes, panelGrid, panelTitle } from "./small-multiples.js";
import { axisTitle, baseLayout, type Hatching, INK, legendAbove, SERIES } from "./style.js";
import { tileAxis, tileTrace } from "./tiles.js";

const FATES: readonly { fate: Fate; name: string; color: string; pattern?: Hatching }[] = [
  { fate: "learns", name: "learns", color: SERIES.first },
  { fate: "stalls", name: "stalls", color: SERIES.reference, pattern: { shape: "/", fillmode: "overlay" } },
  {
    fate: "dies",
    name: "dies (NaN or ∞)",
    color: SERIES.second,
    pattern: { shape: "x", fillmode: "overlay" },
  },
];

const COLUMNS = 3;

/**
 * A panel for each kind of numbers, three in a row.
 *
 * @param reference - the map of float64; where it learns there is a dot in every panel
 * @param maps - in the order of the panels
 */
export function precisionMapFigure([reference, ...maps]: readonly PrecisionMap[]): Figure {
  const { learningRates, scales } = reference;
  const rows = Math.ceil(maps.length / COLUMNS);
  const learnt = cellsOf(reference).filter(({ cell }) => commonest(cell) === "learns");
  return {
    data: maps.flatMap((map, panel): Plotly.Data[] => [
      ...FATES.map(({ fate, name, color, pattern }) =>
        tileTrace({
          name,
          color,
          ...(pattern && { pattern }),
          showlegend: panel === 0,
          ...onPanel(panel),
          tiles: cellsOf(map)
            .filter(({ cell }) => commonest(cell) === fate)
            .map(({ column, row, cell }) => ({
              column,
              row,
              hover: `${titleOf(map)}<br>learning rate ${learningRates[column]}, weights times ${scales[row]}<br>${fatesText(cell)}`,
            })),
        }),
      ),
      {
        type: "scatter",
        mode: "markers",
        name: "float64 learns here",
        legendgroup: "reference",
        showlegend: panel === 0,
        x: learnt.map(({ column }) => column),
        y: learnt.map(({ row }) => row),
        ...onPanel(panel),
        marker: { color: INK, size: 6, line: { color: "#ffffff", width: 1 } },
        hoverinfo: "skip",
      } as Plotly.Data,
    ]),
    layout: baseLayout({
      height: 160 + 108 * rows,
      meta: { leastWidth: 680 } satisfies ChartMeta,
      barmode: "overlay",
      margin: { r: 12, t: 104 },
      ...legendAbove(1 + 0.4 / rows),
      ...panelGrid(rows, COLUMNS, { xgap: 0.087, ygap: 0.23 }),
      ...panelAxes(
        maps.map((_, panel) => {
          const [row, column] = [Math.floor(panel / COLUMNS), panel % COLUMNS];
          return {
            x: {
              ...tileAxis(learningRates.map(shortNumber)),
              ...(row === rows - 1
                ? { ...axisTitle("learning rate"), tickangle: -60 }
                : { showticklabels: false }),
            },
            y: {
              ...tileAxis(scales.map(shortNumber)),
              ...(column === 0 && row === Math.floor(rows / 2) && axisTitle("factor on the weights")),
              showticklabels: column === 0,
            },
          };
        }),
      ),
      annotations: maps.map((map, panel) =>
        panelTitle(panel, `<b>${titleOf(map)}</b> · ${meanOf(settingsLearnt(map)).toFixed(1)}`, {
          x: 0,
          xanchor: "left",
          y: 1,
        }),
      ),
    }),
    caption: `Each tile shows the commonest fate of its trainings, one for each seed. A dot marks where float64 learns: grey or pink under a dot is the price of the format. Behind each title: settings that learn, of ${cellsOf(reference).length}, mean over the seeds; in float64 ${meanOf(settingsLearnt(reference)).toFixed(1)}.`,
    alt: maps
      .map((map) => {
        const lost = learnt.filter(
          ({ row, column }) => commonest(map.cells[row][column]) !== "learns",
        ).length;
        return `${titleOf(map)}: of ${learnt.length} settings at which float64 learns, ${lost} ${lost === 1 ? "is" : "are"} lost`;
      })
      .join("; "),
  };
}

/** What most seeds do; on a tie, the better. */
function commonest(cell: MapCell): Fate {
  const [most] = FATES.map(({ fate }) => ({ fate, count: countOf(cell, fate) })).sort(
    (a, b) => b.count - a.count,
  );
  return most.fate;
}

function fatesText(cell: MapCell): string {
  return FATES.map(({ fate, name }) => `${name}: ${countOf(cell, fate)} of ${cell.length}`).join("<br>");
}

function countOf(cell: MapCell, fate: Fate): number {
  return cell.filter((own) => own === fate).length;
}

function titleOf({ numbers }: PrecisionMap): string {
  if ("blocks" in numbers) {
    const { element, scale } = numbers.blocks;
    return scale === "none" ? `${element} products` : `MX ${element}, scale ${scale}`;
  }
  const { format, masterWeights, rounding = "nearest" } = numbers;
  const remedy = masterWeights !== format ? `, ${masterWeights} weights` : "";
  return essayName(`${format}${remedy}${rounding === "stochastic" ? ", stochastic" : ""}`);
}

function cellsOf({ cells }: PrecisionMap): { row: number; column: number; cell: MapCell }[] {
  return cells.flatMap((line, row) => line.map((cell, column) => ({ row, column, cell })));
}

function shortNumber(value: number): string {
  return value < 1e-2 ? value.toExponential(0).replace("-", "−") : String(value);
}
