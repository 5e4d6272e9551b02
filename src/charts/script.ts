/** What a script in float16 shows, beside what its network is. */

import type * as Plotly from "plotly.js-dist";
import { keptEpochs } from "../experiments/half-precision/failures.js";
import type { HalfPrecisionParameters } from "../experiments/half-precision/half-precision.js";
import { type ScriptResult, scriptTasks } from "../experiments/half-precision/script.js";
import { meanInterval, quantile } from "../experiments/statistics.js";
import type { Variation } from "../experiments/study.js";
import { meanText } from "../experiments/verdict.js";
import type { ChartMeta, Figure } from "./figure.js";
import { FORMAT_STYLES } from "./format-style.js";
import { onPanel, panelAxes, panelGrid, panelTitle } from "./small-multiples.js";
import { axisTitle, baseLayout, legendAbove, SERIES, significant } from "./style.js";

/** Median losses of the same weights by two formulas, and of float64, a panel for each training. */
export function scriptFigure(
  found: readonly Variation<ScriptResult>[],
  parameters: HalfPrecisionParameters,
): Figure {
  const panels = found.map(({ name, results }, i) => {
    const epochs = keptEpochs(scriptTasks(parameters)[i].epochs);
    const breaks = results.map(({ textbookBrokenFrom = Number.POSITIVE_INFINITY }) => textbookBrokenFrom);
    const isShown = (epoch: number): boolean =>
      2 * breaks.filter((from) => from > epoch).length >= breaks.length;
    return {
      name,
      epochs,
      own: median(results.map(({ script }) => script.losses)),
      double: median(results.map(({ double }) => double.losses)),
      shown: epochs.filter(isShown).length,
      broken: breaks.filter(Number.isFinite).length,
      n: results.length,
      gap: quantile(
        results.map(({ largestGap }) => largestGap),
        0.5,
      ),
      accuracy: meanText(
        meanInterval(
          results.map(({ script }) => script.accuracy),
          [0, 1],
        ),
        1,
        100,
        "%",
      ),
    };
  });
  return {
    data: panels.flatMap(({ name, epochs, own, double, shown }, i): Plotly.Data[] => {
      const curve = (label: string, y: readonly number[], line: object, marker: object): Plotly.Data =>
        ({
          type: "scatter",
          mode: "lines+markers",
          name: label,
          legendgroup: label,
          showlegend: i === 0,
          x: epochs.slice(0, y.length),
          y,
          ...onPanel(i),
          line: { width: 2, ...line },
          marker: { size: 6, ...marker },
          hovertemplate: `${name}, ${label}<br>epoch %{x}: median loss %{y:.4g} nats<extra></extra>`,
        }) as Plotly.Data;
      return [
        curve("float64", double, FORMAT_STYLES.binary64, { color: FORMAT_STYLES.binary64.color }),
        curve("script, loss of the logit", own, FORMAT_STYLES.binary16, {
          color: FORMAT_STYLES.binary16.color,
          symbol: "diamond",
        }),
        curve(
          "script, textbook loss, until it is NaN",
          own.slice(0, shown),
          { color: SERIES.fourth, dash: "solid", width: 5 },
          {
            color: SERIES.fourth,
            symbol: epochs.map((_, k) => (k === shown - 1 ? "x" : "circle")),
            size: 12,
          },
        ),
      ];
    }),
    layout: baseLayout({
      height: 380,
      meta: { leastWidth: 540 } satisfies ChartMeta,
      margin: { r: 12, t: 92 },
      ...legendAbove(1.14),
      ...panelGrid(1, panels.length, { xgap: 0.06 }),
      ...panelAxes(
        panels.map((_, i) => ({
          x: axisTitle("epoch"),
          y: {
            ...(i === 0
              ? { ...axisTitle("mean training loss", "nats"), exponentformat: "power" }
              : { matches: "y", showticklabels: false }),
            type: "log",
            dtick: 1,
          },
        })),
      ),
      annotations: panels.map(({ name }, i) => panelTitle(i, `<b>${name}</b>`)),
    }),
    caption: panels
      .map(
        ({ name, n, broken, accuracy, gap }) =>
          `With ${name}, the loss that the script shows becomes NaN in ${broken} of ${n} seeds; its networks get ${accuracy} of the test points right. ` +
          (Number.isNaN(gap)
            ? ""
            : `In the median seed its losses and those of every operation rounded differ by at most ${significant(gap, 2)} nats.`),
      )
      .join(" "),
    alt: panels
      .map(
        ({ name, own, double, n, broken }) =>
          `${name}: the script's median loss ends at ${own[own.length - 1]} nats, that of float64 at ${double[double.length - 1]}; ` +
          `by the textbook it is NaN in ${broken} of ${n} seeds`,
      )
      .join("; "),
  };
}

/** The median at each look. */
function median(curves: readonly (readonly number[])[]): number[] {
  const at = (i: number): number[] => curves.map((losses) => losses[i]);
  return curves[0].map((_, i) => significant(quantile(at(i), 0.5), 3));
}
