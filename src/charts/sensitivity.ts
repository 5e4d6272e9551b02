/** The lies' own effect, apart from what any change would have done. */
import type * as Plotly from "plotly.js-dist";
import type { Factor } from "../experiments/poisoning/depth.js";
import { type Comparison, changedByLies, poisonsOwn } from "../experiments/poisoning/sensitivity.js";
import type { Figure } from "./figure.js";
import { type Around, meanPercent } from "./intervals.js";
import { meansCaption, meanTraces } from "./means.js";
import { panelAxes, panelGrid, panelTitle } from "./small-multiples.js";
import { axisTitle, baseLayout, SERIES } from "./style.js";
import { indexAxis } from "./tiles.js";

const ARMS = [
  {
    name: "labels flipped",
    measure: changedByLies,
    line: { color: SERIES.second, width: 2, dash: "solid" },
    symbol: "diamond",
  },
  {
    name: "same points left out",
    measure: ({ leftOut }: Comparison): number => leftOut,
    line: { color: SERIES.reference, width: 2, dash: "dash" },
    symbol: "circle",
  },
  {
    name: "another order",
    measure: (at: Comparison): number => at["another order"],
    line: { color: SERIES.reference, width: 2, dash: "dot" },
    symbol: "circle-open",
  },
  {
    name: "other initial weights",
    measure: (at: Comparison): number => at["other initial weights"],
    line: { color: SERIES.fourth, width: 2, dash: "longdash" },
    symbol: "triangle-up",
  },
  {
    name: "a nudge of 1e-14",
    measure: (at: Comparison): number => at["a nudge of 1e-14"],
    line: { color: SERIES.third, width: 2, dash: "dashdot" },
    symbol: "x",
  },
  {
    name: "the lies' own effect: flipped minus left out",
    measure: poisonsOwn,
    line: { color: SERIES.first, width: 3.5, dash: "solid" },
    symbol: "square",
  },
] as const;

/** A panel for each factor, side by side; a panel without anything to compare says so. */
export function sensitivityFigure(panels: readonly Factor[]): Figure {
  const intervalsOf = ({ settings }: Factor, { measure }: (typeof ARMS)[number]): Around[] =>
    settings
      .filter(({ comparisons }) => comparisons.length > 0)
      .map(({ comparisons }) => meanPercent(comparisons, measure, measure === poisonsOwn ? -1 : 0));
  const data = panels.flatMap((panel, i) =>
    ARMS.flatMap((arm, k): Plotly.Data[] => {
      const { settings } = panel;
      const known = settings.filter(({ comparisons }) => comparisons.length > 0);
      return meanTraces(intervalsOf(panel, arm), {
        ...arm,
        panel: i,
        texts: known.map(({ name }) => name),
        // side by side, so that the bars do not hide each other
        x: known.map((own) => settings.indexOf(own) + 0.07 * (k - (ARMS.length - 1) / 2)),
      });
    }),
  );
  const axes = panels.map(({ name, settings }, i) => ({
    x: { ...axisTitle(name), ...indexAxis(settings.map((setting) => setting.name)) },
    y: {
      ...(i === 0 ? axisTitle("plane that changes class", "%") : { matches: "y" }),
      zeroline: true,
      zerolinecolor: SERIES.reference,
    },
  }));
  return {
    data,
    layout: baseLayout({
      height: 440,
      margin: { t: 84 },
      ...panelGrid(1, panels.length, { xgap: 0.12 }),
      ...panelAxes(axes),
      annotations: panels.flatMap(({ settings }, i) =>
        settings.some(({ comparisons }) => comparisons.length > 0)
          ? []
          : [panelTitle(i, "no seed to compare:<br>the loss was not reached", { y: 0.5, yanchor: "middle" })],
      ),
    }),
    caption:
      "How much of the plane changes class with clustered lies, and with each harmless change. Green: the lies' own effect, beyond leaving " +
      "the points out, a difference of two shares. " +
      meansCaption(panels.flatMap((panel) => intervalsOf(panel, ARMS[0]))),
    alt: `Line charts of the share of the plane that changes class, for lies and four harmless changes, against ${panels.map(({ name }) => name).join(", ")}.`,
  };
}
