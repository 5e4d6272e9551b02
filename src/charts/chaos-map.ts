/** Depth, batch size and learning rate, coloured by the fate of a training and its nudged twin. */
import type * as Plotly from "plotly.js-dist";
import {
  batchText,
  LEARNT,
  layersText,
  settingText,
} from "../experiments/butterfly-effect/butterfly-effect.js";
import { type MapCell, mapRows } from "../experiments/butterfly-effect/chaos-map.js";
import type { ChartMeta, Figure } from "./figure.js";
import { onPanel, panelAxes, panelGrid, panelTitle } from "./small-multiples.js";
import { axisTitle, baseLayout, legendAbove } from "./style.js";
import { type Tile, type TileKind, tileAxis, tileTrace } from "./tiles.js";

const KINDS: readonly (Pick<TileKind, "color"> & {
  sign: string;
  name: string;
  isOf: (cell: MapCell) => boolean;
})[] = [
  {
    sign: "=",
    name: "most learn, none of those diverges",
    color: "#a9dcc9",
    isOf: ({ learnt, both }) => learnt.share > 0.5 && both.count === 0,
  },
  {
    sign: "≠",
    name: "most learn, some of those diverge",
    color: "#efc6dd",
    isOf: ({ learnt, both }) => learnt.share > 0.5 && both.count > 0,
  },
  {
    sign: "✗",
    name: "most do not learn",
    color: "#e2e2e0",
    isOf: ({ learnt }) => learnt.share <= 0.5,
  },
];

/** Heights of a row of tiles and of the gap between two panels, in pixels. */
const [ROW, GAP] = [40, 64];

/** A panel for each batch size, and in it a tile for each depth and learning rate. */
export function chaosMapFigure(cells: readonly MapCell[]): Figure {
  const rows = mapRows(cells);
  const sizes = [...new Set(rows.map(({ batchSize }) => batchSize))];
  const depths = [...new Set(rows.map(({ hiddenLayers }) => hiddenLayers.length))];
  const panels = sizes.map((size) => {
    const own = cells.filter(({ batchSize }) => batchSize === size);
    return { size, own, rates: [...new Set(own.map(({ learningRate }) => learningRate))] };
  });
  const { n } = cells[0];
  const panel = ROW * depths.length;
  const whole = (panel + GAP) * panels.length - GAP;
  const tile = (cell: MapCell, rates: readonly number[], sign: string): Tile => {
    const { hiddenLayers, batchSize, learningRate, both, learnt, parted, accuracy, exponent, sharpness } =
      cell;
    const growth = exponent === null ? "none" : (100 * exponent.mean).toFixed(1);
    return {
      column: rates.indexOf(learningRate),
      row: depths.indexOf(hiddenLayers.length),
      hover:
        `${hiddenLayers.join(" × ")}, ${batchText(batchSize)} at learning rate ${learningRate}<br>` +
        `of ${n} seeds, ${learnt.count} learn, ${parted.count} diverge, ${both.count} do both<br>` +
        `accuracy ${(100 * accuracy).toFixed(1)}%, exponent ${growth} e-foldings in 100 epochs, sharpness × η/2 ${Number.isNaN(sharpness) ? "none" : sharpness.toPrecision(2)}`,
      text: `${sign} <b>${both.count}</b><br>${growth}`,
    };
  };
  const axes = panels.map(({ rates }, i) => ({
    x: {
      ...tileAxis(rates),
      ...(i === panels.length - 1 && axisTitle("learning rate η")),
      tickangle: 0,
    },
    y: { ...tileAxis(depths), ...axisTitle("hidden layers") },
  }));
  return {
    data: panels.flatMap(({ own, rates }, i): Plotly.Data[] =>
      KINDS.map(({ sign, name, color, isOf }) =>
        tileTrace({
          name: `${sign} ${name}`,
          color,
          tiles: own.filter(isOf).map((cell) => tile(cell, rates, sign)),
          showlegend: i === 0,
          ...onPanel(i),
        }),
      ),
    ),
    layout: baseLayout({
      height: 156 + whole,
      meta: { leastWidth: 420 } satisfies ChartMeta,
      barmode: "overlay",
      margin: { l: 56, r: 12, t: 100 },
      ...legendAbove(1 + 28 / whole),
      annotations: panels.map(({ size }, i) =>
        panelTitle(i, `<b>${batchText(size)}</b>`, { x: 0, xanchor: "left" }),
      ),
      ...panelGrid(panels.length, 1, { ygap: GAP / (panel + GAP) }),
      ...panelAxes(axes),
    }),
    caption: `Bold: how many of ${n} seeds learn (at least ${100 * LEARNT}% of the test points right) and yet diverge from their nudged twins. Below: the mean exponent, in e-foldings in 100 epochs.`,
    alt: `Maps of learning rate and depth, one for each batch size. Seeds of ${n} that learn and diverge: ${
      cells
        .filter(({ both }) => both.count > 0)
        .map(
          ({ hiddenLayers, batchSize, learningRate, both }) =>
            `${both.count} with ${layersText(hiddenLayers)}, ${settingText({ batchSize, learningRate })}`,
        )
        .join("; ") || "none"
    }.`,
  };
}
