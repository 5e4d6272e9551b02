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
import { onPanel, panelAxes, panelGrid, panelTitle } from "./small-multiples.js";
import { axisTitle, baseLayout, legendAbove } from "./style.js";
import { tileAxis, tileTrace } from "./tiles.js";

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
  const panels = KINDS.flatMap((kind, row) =>
    MEASURES.map((measure, column) => ({ kind, measure, row, column })),
  );
  return {
    data: panels.flatMap(({ kind, measure }, n): Plotly.Data[] => {
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
      const shared = { showlegend: false, ...onPanel(n) };
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
      ...legendAbove(1.09),
      ...panelGrid(KINDS.length, MEASURES.length, { xgap: 0.115, ygap: 0.113 }),
      ...panelAxes(
        panels.map(({ kind, row, column }) => ({
          x: {
            ...tileAxis(rates.map(short)),
            ...(row === KINDS.length - 1
              ? { ...axisTitle("learning rate"), tickangle: -60 }
              : { showticklabels: false }),
          },
          y: {
            ...tileAxis(stages),
            ...(column === 0 ? axisTitle(`${ROWS[kind]}: epochs`) : { showticklabels: false }),
          },
        })),
      ),
      annotations: MEASURES.map(({ title }, column) => panelTitle(column, `<b>${title}</b>`, { y: 1 })),
    }),
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
