/** The sizes of numbers beside the limits of a format: histograms of binary exponents. */

import type * as Plotly from "plotly.js-dist";
import { type Format, finfo } from "../core/arithmetic/formats.js";
import type { ExponentHistogram } from "../core/arithmetic/magnitudes.js";
import { exponentOf } from "../core/powers.js";
import { essayName } from "../experiments/half-precision/essay-name.js";
import type { GradientLoss, UpdateSizes } from "../experiments/half-precision/gradient-sizes.js";
import type { Figure } from "./figure.js";
import { note, noteAbove, uprightLine } from "./guides.js";
import { onPanel, panelGrid } from "./small-multiples.js";
import { axisTitle, baseLayout, hatching, legendAbove, raised, rounded, SERIES } from "./style.js";

/** Smaller sizes are drawn together, at this exponent. */
const LEAST_EXPONENT = -44;

/**
 * Sizes of gradients at several moments, in float64 and in the format, with the format's two lower limits.
 *
 * @param moments - the gradients, by the name of the moment
 */
export function gradientSizesFigure(moments: Readonly<Record<string, GradientLoss>>, format: Format): Figure {
  const called = essayName(format.name);
  const { smallestNormal, smallestSubnormal } = finfo(format);
  const limits = [smallestSubnormal, smallestNormal].map(exponentOf);
  const names = Object.keys(moments);
  const sizes = names.map((name) => ({
    double: sharesOf(moments[name].double),
    reduced: sharesOf(moments[name].reduced),
  }));
  const shown = sizes.flatMap(({ double, reduced }) => [
    ...double.exponents,
    ...reduced.exponents,
    ...limits,
  ]);
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  // the names of the moments stand left, unless the limits' own are there
  const side = limits[0] - least < 0.3 * (most - least) ? "right" : "left";
  return {
    data: names.flatMap((name, panel) =>
      (["double", "reduced"] as const).map((which): Plotly.Data => {
        const { exponents, shares } = sizes[panel][which];
        const label = which === "double" ? "float64" : called;
        return {
          type: "bar",
          name: label,
          legendgroup: which,
          showlegend: panel === 0,
          x: exponents,
          y: rounded(shares),
          yaxis: onPanel(panel).yaxis,
          marker: {
            color: which === "double" ? SERIES.first : SERIES.second,
            pattern: hatching(which === "double" ? 0 : 1),
          },
          hovertemplate: `${label}, ${name}<br>2^%{x}: %{y:.2f}% of the derivatives<extra></extra>`,
        } as Plotly.Data;
      }),
    ),
    layout: baseLayout({
      height: 160 + 230 * names.length,
      bargap: 0.1,
      xaxis: axisTitle("size of a derivative, log₂"),
      ...panelGrid(names.length, 1, { pattern: "coupled", ygap: 0.214 }),
      ...Object.fromEntries(
        names.map((_, panel) => [
          onPanel(panel).yaxis.replace("y", "yaxis"),
          { ...axisTitle("share", "%"), rangemode: "tozero" },
        ]),
      ),
      annotations: [
        ...names.map((name, panel) =>
          note(`<b>${name}</b>`, {
            x: side === "left" ? 0 : 1,
            xanchor: side,
            yref: `${onPanel(panel).yaxis} domain`,
            y: 1,
            yanchor: "bottom",
          }),
        ),
        ...limits.map((exponent) =>
          noteAbove(`2<sup>${String(exponent).replace("-", "−")}</sup>`, exponent - 0.5, { xanchor: "left" }),
        ),
      ],
      shapes: limits.map((exponent) => uprightLine(exponent - 0.5)),
      ...legendAbove(1 + 0.18 / names.length),
    }),
    caption:
      `The derivatives of every step of one epoch, at the same weights in float64 and in ${called}. Left of 2${raised(limits[1])} the numbers of ${called} lose digits; ` +
      `left of 2${raised(limits[0])} it has none. The leftmost bar holds everything smaller. Derivatives that are 0 are not drawn: ${names
        .map(
          (name) =>
            `${name}, ${zeroText(moments[name].double)} in float64 and ${zeroText(moments[name].reduced)} in ${called}`,
        )
        .join("; ")}.`,
    alt: `Histograms of the binary exponents of the gradient in float64 and in ${called}, with lines at the smallest normal and the smallest number. ${names
      .map((name) => `${name}: ${lossText(moments[name])}`)
      .join("; ")}.`,
  };
}

/** Sizes of updates in gaps of their weights, with the line below which they are lost. */
export function updateSizesFigure(moments: Readonly<Record<string, UpdateSizes>>, format: Format): Figure {
  const names = Object.keys(moments);
  const colors = [SERIES.first, SERIES.second, SERIES.reference];
  return {
    data: names.map((name, i): Plotly.Data => {
      const { exponents, shares } = sharesOf(moments[name].ratios);
      return {
        type: "bar",
        name,
        x: exponents,
        y: rounded(shares),
        marker: { color: colors[i % colors.length], pattern: hatching(i) },
        hovertemplate: `${name}<br>2^%{x} gaps: %{y:.2f}% of the updates<extra></extra>`,
      };
    }),
    layout: baseLayout({
      bargap: 0.1,
      xaxis: axisTitle(`size of an update in gaps of its weight, log₂ |ηg| / ulp(w)`),
      yaxis: { ...axisTitle("share of updates", "%"), rangemode: "tozero" },
      shapes: [uprightLine(-1.5)],
      annotations: [noteAbove("half a gap: lost to the left", -1.5, { xanchor: "right" })],
      ...legendAbove(1.06),
    }),
    caption:
      `Every update of one epoch, divided by the gap between its weight and the next number of ${essayName(format.name)}. ` +
      `An update below half the gap on its side is swallowed, the weight stays as it was: ${names
        .map((name) => `${name}, ${percentOf(moments[name].swallowed, moments[name].nonzero)}`)
        .join("; ")}.`,
    alt: `Histogram of the sizes of updates in units in the last place of their weights in ${essayName(format.name)}, with a line at one half.`,
  };
}

/** Shares in percent of all finite numbers, zeros included, by exponent; the smallest ones together. */
function sharesOf({ exponents, counts, zeros }: ExponentHistogram): {
  exponents: number[];
  shares: number[];
} {
  const total = counts.reduce((sum, count) => sum + count, zeros);
  const byExponent = new Map<number, number>();
  exponents.forEach((exponent, i) => {
    const place = Math.max(exponent, LEAST_EXPONENT);
    byExponent.set(place, (byExponent.get(place) ?? 0) + (100 * counts[i]) / total);
  });
  return { exponents: [...byExponent.keys()], shares: [...byExponent.values()] };
}

function zeroText({ counts, zeros }: ExponentHistogram): string {
  return percentOf(
    zeros,
    counts.reduce((sum, count) => sum + count, zeros),
  );
}

function lossText({ nonzero, flushed, saturated }: GradientLoss): string {
  return `${percentOf(flushed, nonzero)} flushed, ${percentOf(saturated, nonzero)} lost to saturation`;
}

function percentOf(count: number, total: number): string {
  return total === 0 ? "none" : `${((100 * count) / total).toFixed(1)}%`;
}
