/** The plane of learning rate and depth, coloured by the fate of a training and its nudged twin. */
import { LEARNT } from "../experiments/butterfly-effect/butterfly-effect.js";
import type { DepthCell } from "../experiments/butterfly-effect/twins.js";
import type { ChartMeta, Figure } from "./figure.js";
import { axisTitle, baseLayout, type OwnLayout } from "./style.js";
import { type TileKind, tileTrace } from "./tiles.js";

const KINDS: readonly (Pick<TileKind, "color"> & {
  sign: string;
  name: string;
  isOf: (cell: DepthCell) => boolean;
})[] = [
  {
    sign: "=",
    name: "most learn, none diverges",
    color: "#a9dcc9",
    isOf: ({ learnt, both }) => learnt.share > 0.5 && both.count === 0,
  },
  {
    sign: "≠",
    name: "most learn, some diverge",
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

/** A tile for each depth and learning rate, over the seeds. */
export function depthMapFigure(cells: readonly DepthCell[]): Figure {
  const rates = [...new Set(cells.map(({ learningRate }) => learningRate))];
  const shapes = [...new Set(cells.map(({ hiddenLayers }) => hiddenLayers.join(" × ")))];
  const { n } = cells[0];
  const tileOf = (
    { hiddenLayers, learningRate, both, learnt, parted }: DepthCell,
    sign: string,
  ): TileKind["tiles"][0] => ({
    column: rates.indexOf(learningRate),
    row: shapes.indexOf(hiddenLayers.join(" × ")),
    hover: `${hiddenLayers.join(" × ")}, learning rate ${learningRate}<br>of ${n} seeds, ${learnt.count} learn, ${parted.count} diverge, ${both.count} do both`,
    text: `${sign} <b>${both.count} / ${n}</b><br>diverge ${parted.count}, learn ${learnt.count}`,
  });
  return {
    data: KINDS.map(({ sign, name, color, isOf }) =>
      tileTrace({
        name: `${sign} ${name}`,
        color,
        tiles: cells.filter(isOf).map((cell) => tileOf(cell, sign)),
      }),
    ),
    layout: baseLayout({
      height: 150 + 60 * shapes.length,
      meta: { leastWidth: 540 } satisfies ChartMeta,
      barmode: "overlay",
      margin: { l: 24, r: 24, t: 84, b: 56 },
      xaxis: {
        ...axisTitle("learning rate η"),
        tickvals: rates.map((_, i) => i),
        ticktext: rates.map(String),
        range: [-0.5, rates.length - 0.5],
        showgrid: false,
        zeroline: false,
      },
      yaxis: {
        ...axisTitle("hidden layers"),
        tickvals: shapes.map((_, i) => i),
        ticktext: shapes,
        automargin: true,
        range: [-0.5, shapes.length - 0.5],
        showgrid: false,
        zeroline: false,
      },
    } as OwnLayout),
    caption: `Bold: how many of ${n} seeds learn (at least ${100 * LEARNT}% of the test points right) and yet diverge from their nudged twins. Below: how many do either.`,
    alt: `Map of learning rate and depth. Seeds of ${n} that learn and diverge: ${cells
      .map(
        ({ hiddenLayers, learningRate, both }) =>
          `${hiddenLayers.join(" × ")} at ${learningRate}: ${both.count}`,
      )
      .join("; ")}.`,
  };
}
