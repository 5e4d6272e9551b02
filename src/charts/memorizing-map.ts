/** The plane of learning rate and epochs, shaded by how much of the lies is learnt, and at what cost. */
import type * as Plotly from "plotly.js-dist";
import {
  KINDS,
  type Kind,
  type MemorizedShares,
  type MemorizingCell,
} from "../experiments/poisoning/memorizing.js";
import { isLearning, LEARNT, meanAt } from "../experiments/poisoning/memorizing-lines.js";
import type { ChartMeta, Figure } from "./figure.js";
import { axisTitle, baseLayout, type OwnLayout } from "./style.js";
import { tileTrace } from "./tiles.js";

type Colour = readonly [red: number, green: number, blue: number];

/** A measure, the value that has the least shade and the one that has the most; a darker shade is a worse one. */
interface Measure {
  title: string;
  unit: string;
  of(own: MemorizedShares): number;
  ends: readonly [pale: number, full: number];
  full: Colour;
}

/** The shade of nothing, and full shades: {@link INK} has a contrast of 4.5 on each. */
const PALE: Colour = [247, 247, 245];

const MEASURES: readonly Measure[] = [
  {
    title: "lies learnt (%)",
    unit: "% of the lies are learnt",
    of: ({ learnt }) => learnt,
    ends: [0, 1],
    full: [204, 121, 167],
  },
  {
    title: "true labels lost (points)",
    unit: " points of the true labels are lost",
    of: ({ truthsLost }) => truthsLost,
    ends: [0, 0.1],
    full: [222, 160, 60],
  },
  {
    title: "larger loss on a lie (%)",
    unit: "% of the pairs have the larger loss on the lie",
    of: ({ suspected }) => suspected,
    ends: [0.5, 1],
    full: [90, 185, 155],
  },
];

const ROWS: Readonly<Record<Kind, string>> = { cluster: "together", random: "scattered" };

/** A column of maps for each measure, a row for each kind of lies. */
export function memorizingFigure(cells: readonly MemorizingCell[]): Figure {
  const rates = [...new Set(cells.map(({ learningRate }) => learningRate))];
  const stages = [...new Set(cells.map(({ epochs }) => epochs))];
  const seeds = cells[0].seeds.cluster.length;
  const [gapX, gapY] = [0.04, 0.06];
  const width = (1 - gapX * (MEASURES.length - 1)) / MEASURES.length;
  const height = (1 - gapY * (KINDS.length - 1)) / KINDS.length;
  const panels = KINDS.flatMap((kind, row) =>
    MEASURES.map((measure, column) => ({ kind, measure, row, column, n: row * MEASURES.length + column })),
  );
  const suffix = (n: number): string => (n === 0 ? "" : String(n + 1));
  return {
    data: panels.flatMap(({ kind, measure, n }): Plotly.Data[] => {
      const tiles = cells.map((cell) => {
        const { mean } = meanAt(cell, kind, measure.of, [-1, 1]);
        const text = (digits: number): string => (100 * mean).toFixed(digits).replace(/^-(?=[0.]+$)/, "");
        return {
          learns: isLearning(cell),
          column: rates.indexOf(cell.learningRate),
          row: stages.indexOf(cell.epochs),
          text: text(0),
          color: shade(mean, measure),
          hover: `${ROWS[kind]}, learning rate ${short(cell.learningRate)}, ${cell.epochs} epochs<br>${text(1)}${measure.unit}`,
        };
      });
      const shared = { showlegend: false, xaxis: `x${suffix(n)}`, yaxis: `y${suffix(n)}` };
      return [
        tileTrace({ ...shared, name: "learns", color: "", tiles: tiles.filter(({ learns }) => learns) }),
        tileTrace({
          ...shared,
          name: `✗ less than ${100 * LEARNT}% right even if told the truth`,
          showlegend: n === 0,
          color: "#c4c4c2",
          tiles: tiles
            .filter(({ learns }) => !learns)
            .map(({ color: _, ...tile }) => ({ ...tile, text: "✗" })),
        }),
      ];
    }),
    layout: baseLayout({
      height: 480,
      meta: { leastWidth: 520 } satisfies ChartMeta,
      barmode: "overlay",
      margin: { l: 84, r: 12, t: 84, b: 72 },
      legend: { orientation: "h", x: 0, y: 1.09, yanchor: "bottom" },
      ...Object.fromEntries(
        panels.flatMap(({ kind, row, column, n }) => {
          const [left, top] = [column * (width + gapX), 1 - row * (height + gapY)];
          const [isBottom, isLeft] = [row === KINDS.length - 1, column === 0];
          const bare = { showgrid: false, zeroline: false };
          return [
            [
              `xaxis${suffix(n)}`,
              {
                ...bare,
                ...(isBottom && axisTitle("learning rate")),
                domain: [left, left + width],
                anchor: `y${suffix(n)}`,
                tickvals: rates.map((_, i) => i),
                ticktext: rates.map(short),
                ...(isBottom ? { tickangle: -60 } : { showticklabels: false }),
                range: [-0.5, rates.length - 0.5],
              },
            ],
            [
              `yaxis${suffix(n)}`,
              {
                ...bare,
                ...(isLeft && axisTitle(`${ROWS[kind]}: epochs`)),
                domain: [Math.max(0, top - height), top],
                anchor: `x${suffix(n)}`,
                tickvals: stages.map((_, i) => i),
                ticktext: stages.map(String),
                showticklabels: isLeft,
                range: [-0.5, stages.length - 0.5],
              },
            ],
          ];
        }),
      ),
      annotations: panels
        .filter(({ row }) => row === 0)
        .map(({ measure, column }) => ({
          text: `<b>${measure.title}</b>`,
          xref: "paper",
          x: column * (width + gapX) + width / 2,
          xanchor: "center",
          yref: "paper",
          y: 1,
          yanchor: "bottom",
          showarrow: false,
          font: { size: 12 },
        })),
    } as OwnLayout),
    caption:
      `Means over ${seeds} seeds. Left: the lies that the network repeats. Middle: how many more of the other training points it gets wrong than ` +
      "when told the truth. Right: how often its loss is larger on a lie than on a truth (AUROC): 50% would tell nothing.",
    alt: `Maps of the learning rate and the epochs. ${KINDS.map((kind) => {
      const own = cells.filter(isLearning).map((cell) => 100 * meanAt(cell, kind, MEASURES[0].of).mean);
      return own.length === 0
        ? `${ROWS[kind]}: no setting learns`
        : `Lies ${ROWS[kind]}: where the network learns, ${Math.min(...own).toFixed(0)} to ${Math.max(...own).toFixed(0)}% are learnt`;
    }).join(". ")}.`,
  };
}

/** From pale to full. */
function shade(mean: number, { ends: [pale, full], full: color }: Measure): string {
  const part = Math.max(0, Math.min(1, (mean - pale) / (full - pale)));
  return `rgb(${PALE.map((from, i) => Math.round(from + part * (color[i] - from))).join(", ")})`;
}

function short(rate: number): string {
  return String(Number(rate.toPrecision(3)));
}
