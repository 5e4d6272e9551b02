/** The gradient check at a glance: a mark for each derivative. */
import type * as Plotly from "plotly.js-dist";
import type { GradientComparison } from "../core/network/gradient-check.js";
import { AGREEMENT } from "../experiments/baseline/verdict.js";
import type { Figure } from "./figure.js";
import { levelLine } from "./guides.js";
import { axisTitle, baseLayout, SERIES, significant } from "./style.js";

/** Errors below this are drawn here: a logarithmic axis has no zero. */
const LEAST = 1e-14;

/**
 * Relative error against the size of each derivative.
 *
 * @param control - a comparison made to fail
 */
export function gradientFigure(
  derivatives: readonly GradientComparison[],
  control: GradientComparison,
): Figure {
  const smooth = derivatives.filter(({ kinks }) => kinks === 0);
  const groups: [string, readonly GradientComparison[], object][] = [
    ["a derivative", smooth, { color: SERIES.first, symbol: "circle" }],
    [
      "a step over a kink",
      derivatives.filter(({ kinks }) => kinks > 0),
      { color: SERIES.reference, symbol: "circle-open" },
    ],
    ["control: made wrong by 1/1000", [control], { color: SERIES.second, symbol: "x" }],
  ];
  const agree = smooth.filter(({ relativeError }) => relativeError < AGREEMENT).length;
  return {
    data: groups
      .filter(([, comparisons]) => comparisons.length > 0)
      .map(
        ([name, comparisons, marker]): Plotly.Data => ({
          type: "scatter",
          mode: "markers",
          name,
          x: comparisons.map(({ analytic }) => significant(Math.max(LEAST, Math.abs(analytic)), 3)),
          y: comparisons.map(({ relativeError }) => significant(Math.max(LEAST, relativeError), 3)),
          text: comparisons.map(
            ({ parameter, analytic, numeric }) =>
              `parameter ${parameter + 1}<br>chain rule ${analytic.toPrecision(8)}<br>difference ${numeric.toPrecision(8)}`,
          ),
          marker: { size: 8, ...marker },
          hovertemplate: "%{text}<br>relative error %{y:.1e}<extra></extra>",
        }),
      ),
    layout: baseLayout({
      xaxis: {
        ...axisTitle("size of the derivative", "nats per unit of the parameter"),
        type: "log",
        exponentformat: "power",
        dtick: 1,
      },
      yaxis: { ...axisTitle("relative error"), type: "log", exponentformat: "power", dtick: 2 },
      shapes: [levelLine(AGREEMENT)],
    }),
    caption:
      `${agree} of ${smooth.length} derivatives by the chain rule agree with centred differences: they lie below the dashed line at 10⁻⁶. ` +
      "Cross: the control, a derivative made wrong on purpose.",
    alt: `Scatter chart of the relative error of ${derivatives.length} derivatives on logarithmic axes, with a line at one millionth and the control, made wrong on purpose, ${control.relativeError < AGREEMENT ? "below" : "above"} it.`,
  };
}
