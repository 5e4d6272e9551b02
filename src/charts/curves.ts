/** The course of a training: loss and accuracy against the epochs. */
import type * as Plotly from "plotly.js-dist";
import type { EpochRecord } from "../core/network/train.js";
import type { Figure } from "./figure.js";
import { onPanel, panelGrid } from "./small-multiples.js";
import { axisTitle, baseLayout, rounded, SERIES, significant } from "./style.js";

/**
 * Loss (logarithmic) and accuracy, on the training points and on the test points.
 *
 * @param whole - epochs that the axes have room for; by default as many as there are
 */
export function trainingFigure(history: readonly EpochRecord[], whole = 0): Figure {
  const epochs = history.map(({ epoch }) => epoch);
  const across = {
    ...axisTitle("epoch"),
    ...(whole > epochs[epochs.length - 1] && { range: [0, whole] as [number, number] }),
  };
  const lines = (["train", "test"] as const)
    .filter((set) => history[0][set] !== undefined)
    .flatMap((set): Plotly.Data[] => {
      const name = set === "train" ? "training points" : "test points";
      const shared = {
        type: "scatter",
        mode: "lines",
        name,
        x: epochs,
        legendgroup: set,
        line: {
          color: set === "train" ? SERIES.first : SERIES.second,
          width: 2,
          dash: set === "train" ? "solid" : "dot",
        },
      } as const;
      return [
        {
          ...shared,
          y: history.map((record) => significant(record[set]?.loss ?? Number.NaN, 4)),
          hovertemplate: `${name}<br>epoch %{x}: loss %{y:.4g} nats<extra></extra>`,
        },
        {
          ...shared,
          showlegend: false,
          y: rounded(history.map((record) => 100 * (record[set]?.accuracy ?? Number.NaN))),
          ...onPanel(1),
          hovertemplate: `${name}<br>epoch %{x}: %{y:.1f}% right<extra></extra>`,
        },
      ];
    });
  return {
    data: lines,
    layout: baseLayout({
      ...panelGrid(1, 2, { xgap: 0.18 }),
      xaxis: across,
      yaxis: { ...axisTitle("mean loss", "nats"), type: "log", exponentformat: "power", dtick: 1 },
      xaxis2: across,
      yaxis2: axisTitle("accuracy", "% right"),
    }),
    caption:
      "Left: the loss (binary cross-entropy) after each epoch, on a logarithmic axis. Right: the share of points that the network gets right. " +
      "Solid: training points. Dotted: test points, which the network never trains on.",
    alt: `Two line charts over ${epochs[epochs.length - 1]} epochs: loss and accuracy, for training points and test points.`,
  };
}
