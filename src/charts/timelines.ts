/** Two trainings that begin almost as one: what a chart of the loss shows, and what it hides. */
import type * as Plotly from "plotly.js-dist";
import { log } from "../core/elementary.js";
import { type Network, toParameters } from "../core/network/network.js";
import { powerOfTwo } from "../core/powers.js";
import { PARTED } from "../experiments/butterfly-effect/butterfly-effect.js";
import { lengthOf, type Nudge } from "../experiments/butterfly-effect/nudge.js";
import { lastDistance, type Timeline } from "../experiments/butterfly-effect/timelines.js";
import type { Figure } from "./figure.js";
import { levelLine, lineLabel, note, uprightBand } from "./guides.js";
import { axisTitle, baseLayout, logAxis, SERIES, significant } from "./style.js";

/** Where a logarithmic axis shows what is exactly 0. */
export const ZERO_AT = 1e-19;

/** Marks of a logarithmic axis of distances, with a place for 0. */
export const distanceTicks: Pick<Plotly.LayoutAxis, "tickvals" | "ticktext"> = {
  tickvals: [ZERO_AT, 1e-16, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1, 100],
  ticktext: ["0", ...[-16, -14, -12, -10, -8, -6, -4, -2].map((k) => `10<sup>${k}</sup>`), "1", "100"].map(
    (text) => text.replace("-", "−"),
  ),
};

/** A distance as such an axis shows it: 0 has its place; NaN and infinity leave a gap. */
export function onDistanceAxis(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return significant(Math.max(value, ZERO_AT), 3);
}

/**
 * Above, the two losses on a linear axis; below, on a logarithmic axis, their difference and the distance of the parameters.
 *
 * @param whole - epochs that the axis has room for; by default as many as there are
 */
export function timelinesFigure(
  timeline: Timeline,
  { moved, ulp, isSwallowed }: Nudge,
  initial: Network,
  whole = 0,
): Figure {
  const { epochs, lossDifference, distance } = timeline;
  const last = epochs[epochs.length - 1];
  const room = Math.max(1, whole, last);
  const size = Math.abs(moved);
  const floor = lengthOf(toParameters(initial)) * powerOfTwo(-53);
  const foldings = log(PARTED / size);
  const below = (
    name: string,
    x: readonly number[],
    y: readonly (number | null)[],
    line: object,
    hover = `${name}: %{y:.1e}`,
  ): Plotly.Data =>
    ({
      type: "scatter",
      mode: "lines",
      name,
      x,
      y,
      yaxis: "y2",
      line,
      hovertemplate: `${hover}<extra></extra>`,
    }) as Plotly.Data;
  const levels = [
    { name: "ulp of the nudged weight", at: ulp, dash: "dash" },
    { name: "floor of rounding: 2<sup>−53</sup> |θ|", at: floor, dash: "dot" },
  ].filter(({ at }) => at > 0 && Number.isFinite(at));
  const fate = fateText(timeline, isSwallowed);
  return {
    data: [
      ...lossTraces(timeline),
      below(
        "distance of the parameters",
        epochs,
        distance.map(onDistanceAxis),
        { color: SERIES.third, width: 2 },
        "epoch %{x}: distance %{y:.2e}",
      ),
      below(
        "difference of the losses",
        epochs,
        lossDifference.map(onDistanceAxis),
        { color: SERIES.fourth, width: 1 },
        "epoch %{x}: loss difference %{y:.2e} nats",
      ),
      ...levels.map(({ name, at, dash }) =>
        below(name, [0, room], [at, at], { color: SERIES.reference, dash, width: 1.5 }),
      ),
    ],
    layout: baseLayout({
      height: 710,
      margin: { l: 72, t: 112 },
      xaxis: { ...axisTitle("epoch"), anchor: "y2", range: [0, room] },
      yaxis: { ...axisTitle("mean loss", "nats"), domain: [0.6, 1], rangemode: "tozero" },
      yaxis2: {
        ...axisTitle("difference (log scale)"),
        type: "log",
        domain: [0, 0.54],
        range: [-19.3, 2.5],
        ...distanceTicks,
      },
      shapes: [levelLine(PARTED, { yref: "y2" })],
      annotations: [
        note("diverged", { x: 0.005, xanchor: "left", yref: "y2", y: log10(PARTED), yanchor: "bottom" }),
        ...(foldings > 0 && Number.isFinite(foldings)
          ? [
              note(`${foldings.toFixed(1)} e-foldings`, {
                x: 0.965,
                yref: "y2",
                y: (2 * log10(size) + log10(PARTED)) / 3,
                textangle: "-90",
              }),
              ...[log10(PARTED), log10(size)].map((end) =>
                note("", {
                  x: 0.985,
                  axref: "pixel",
                  ax: 0,
                  yref: "y2",
                  y: end,
                  ayref: "y2",
                  ay: (log10(size) + log10(PARTED)) / 2,
                  showarrow: true,
                  arrowhead: 2,
                  arrowwidth: 1.2,
                  arrowcolor: SERIES.reference,
                }),
              ),
            ]
          : []),
      ],
    }),
    caption: `${fate} Above: the losses. Below: how far the same two trainings are apart, on a logarithmic axis, where exponential growth is a straight line.`,
    alt: `Above, two loss curves over ${last} epochs; below, on a logarithmic axis, the distance of their parameters, which ends at ${lastDistance(timeline).toExponential(1)}, and the difference of their losses.`,
  };
}

/**
 * The two losses alone, and where a chart of them first shows two curves.
 *
 * @param seed - of the training that is shown
 */
export function partingFigure(timeline: Timeline, seed: number): Figure {
  const { epochs, losses, visible } = timeline;
  const last = epochs[epochs.length - 1];
  const shown = losses.flat().filter((loss) => loss > 0 && Number.isFinite(loss));
  const fate = visible === null ? "the same to the end" : `the same up to epoch ${visible}, then apart`;
  return {
    data: lossTraces(timeline),
    layout: baseLayout({
      title: `Seed ${seed}: ${fate}`,
      showlegend: false,
      margin: { l: 72, t: 56 },
      xaxis: { ...axisTitle("epoch"), range: [0, Math.max(1, last)] },
      yaxis: { ...axisTitle("mean loss", "nats"), ...logAxis(shown) },
      shapes: visible === null ? [] : [uprightBand(visible, Math.max(1, last))],
      annotations: [
        ...(visible === null
          ? []
          : [
              { text: "the same", x: visible / 2 },
              { text: "apart", x: (visible + last) / 2 },
            ]
        ).map(({ text, x }) => note(text, { xref: "x", x, y: 0.98, yanchor: "top", font: { size: 15 } })),
        ...TRAININGS.map(({ name, color }, i) =>
          lineLabel(name, color, {
            xref: "paper",
            x: 0.01,
            xanchor: "left",
            yref: "paper",
            y: 0.13 - 0.11 * i,
            yanchor: "bottom",
          }),
        ),
      ],
    }),
    caption: `The loss of the same training twice, with the nudge on one initial weight and without. ${fateText(timeline, false)}`,
    alt: `Two loss curves over ${last} epochs on a logarithmic axis: ${fate}.`,
  };
}

/** The two trainings: what their losses are called, and drawn like. */
const TRAININGS = [
  { name: "without the nudge", color: SERIES.first, dash: "solid" },
  { name: "with the nudge", color: SERIES.second, dash: "dot" },
] as const;

/** Both losses over the epochs. */
function lossTraces({ epochs, losses }: Timeline): Plotly.Data[] {
  return TRAININGS.map(({ name, color, dash }, i) => ({
    type: "scatter",
    mode: "lines",
    name: `loss ${name}`,
    x: epochs,
    y: losses[i].map((loss) => (Number.isFinite(loss) ? significant(loss, 4) : null)),
    line: { color, dash, width: 2 },
    hovertemplate: "epoch %{x}: %{y:.4g} nats<extra></extra>",
  }));
}

/** The fate of two trainings, in a sentence. */
function fateText(timeline: Timeline, isSwallowed: boolean): string {
  const { epochs, broken, visible, isIdentical } = timeline;
  const apart = lastDistance(timeline);
  const last = epochs[epochs.length - 1];
  if (isSwallowed)
    return "The nudge is smaller than half an ulp of the weight, so rounding swallows it: the two trainings are the same.";
  if (isIdentical) return `The two trainings are the same to the bit in all ${last} epochs.`;
  if (broken !== null) {
    return `The curves end at epoch ${broken}: from there on a loss or a parameter is NaN or infinite.`;
  }
  if (visible !== null) return `The loss curves first differ visibly at epoch ${visible}.`;
  return `The loss curves never differ visibly; the parameters end ${apart === 0 ? "0" : apart.toExponential(1)} apart.`;
}

function log10(x: number): number {
  return log(x) / Math.LN10;
}
