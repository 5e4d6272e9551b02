/** Line charts with a line for each format. */

import type * as Plotly from "plotly.js-dist";
import type { FormatName } from "../core/arithmetic/formats.js";
import { essayName } from "../experiments/half-precision/essay-name.js";
import { CHANCE_LOSS, type SummedMeans } from "../experiments/half-precision/rounding-errors.js";
import type { StallLadder } from "../experiments/half-precision/studies.js";
import { meanInterval } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { FORMAT_STYLES } from "./format-style.js";
import { levelLine } from "./guides.js";
import { errorBars } from "./intervals.js";
import { axisTitle, baseLayout, significant } from "./style.js";

/** The mean of equal losses, as each format sums it. */
export function summedMeansFigure(all: readonly SummedMeans[]): Figure {
  return {
    data: all.map(({ format, counts, means }) =>
      line(format, counts, means, `${essayName(format)}: the mean of %{x} comes out as %{y:.4f} nats`),
    ),
    layout: baseLayout({
      xaxis: { ...axisTitle("number of points"), type: "log", dtick: 1 },
      yaxis: { ...axisTitle("mean loss", "nats"), rangemode: "tozero" },
      shapes: [levelLine(CHANCE_LOSS)],
    }),
    caption:
      "Every point has the same loss, log 2, so the mean is log 2 (dashed) for any number of points. Rounding of the additions moves a line away from it; a line that sinks towards 0 loses losses.",
    alt: all
      .map(({ format, counts, means }) => {
        const last = counts.length - 1;
        return `${essayName(format)}: mean of ${counts[last]} points ${significant(means[last], 4)}`;
      })
      .join("; "),
  };
}

/** Final loss of the stall regime against the number of epochs; the sum of all learning rates stays the same. */
export function stallLadderFigure(ladders: readonly StallLadder[]): Figure {
  const lines = ladders.map(({ format, epochs, losses }) => ({
    format,
    epochs,
    intervals: losses.map((values) => meanInterval(values)),
  }));
  return {
    data: lines.map(({ format, epochs, intervals }) => ({
      ...line(
        format,
        epochs,
        intervals.map(({ mean }) => mean),
        `${essayName(format)}, %{x} epochs at learning rate 1 / (2 · %{x}): mean loss %{y:.3g} nats`,
      ),
      error_y: errorBars(intervals, FORMAT_STYLES[format].color),
    })),
    layout: baseLayout({
      xaxis: { ...axisTitle("epochs, at learning rate 1 / (2 · epochs)"), type: "log", dtick: 1 },
      yaxis: { ...axisTitle("final training loss", "nats"), rangemode: "tozero" },
    }),
    caption:
      "To the right, training takes more and smaller steps of the same total length. Where a format's line leaves that of float64, steps are lost. " +
      "Means over the seeds, with 95% intervals if there are enough seeds.",
    alt: `Mean final loss against ${ladders[0].epochs.join(", ")} epochs. ${lines
      .map(
        ({ format, intervals }) =>
          `${essayName(format)}: ${intervals.map(({ mean }) => significant(mean, 2)).join(", ")}`,
      )
      .join("; ")}.`,
  };
}

function line(format: FormatName, x: readonly number[], y: readonly number[], hover: string): Plotly.Data {
  return {
    type: "scatter",
    mode: "lines+markers",
    name: essayName(format),
    x: [...x],
    y: y.map((value) => significant(value, 5)),
    line: { ...FORMAT_STYLES[format], width: 2 },
    marker: { size: 6, color: FORMAT_STYLES[format].color },
    hovertemplate: `${hover}<extra></extra>`,
  };
}
