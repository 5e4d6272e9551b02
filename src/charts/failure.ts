/** A training in few bits beside the same in float64: its loss, and what the arithmetic did. */

import type * as Plotly from "plotly.js-dist";
import { essayName } from "../experiments/half-precision/essay-name.js";
import type {
  CounterShares,
  PrecisionRun,
  WatchedRun,
} from "../experiments/half-precision/half-precision.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, logAxis, rounded, SERIES, significant } from "./style.js";

/** At most this many points in a curve; the eye sees no more. */
const MOST_POINTS = 200;

const COUNTERS: readonly {
  key: keyof CounterShares;
  name: string;
  color: string;
  dash: "solid" | "dash" | "dot" | "dashdot";
}[] = [
  { key: "flushed", name: "results of the backward pass flushed to 0", color: SERIES.fourth, dash: "solid" },
  { key: "swallowed", name: "updates swallowed", color: SERIES.third, dash: "dashdot" },
  { key: "saturated", name: "sigmoids exactly 0 or 1", color: SERIES.reference, dash: "dash" },
  { key: "nan", name: "results that are NaN", color: SERIES.second, dash: "dot" },
];

/**
 * Loss curves above, the counters below.
 *
 * @param run - in the arithmetic to look at
 * @param format - the name of that arithmetic
 * @param reference - the same in float64
 * @param whole - epochs that the axis has room for; by default as many as there are
 */
export function failureFigure(run: WatchedRun, format: string, reference: PrecisionRun, whole = 0): Figure {
  const name = essayName(format);
  const epochs = run.epochs[run.epochs.length - 1];
  const room = Math.max(whole, epochs);
  const curve = (
    of: PrecisionRun,
    label: string,
    line: { color: string; width: number; dash?: Plotly.Dash },
  ): Plotly.Data => {
    const shown = thinned(of.epochs.length);
    return {
      type: "scatter",
      mode: "lines",
      name: label,
      x: shown.map((i) => of.epochs[i]),
      // a logarithmic axis has no place for 0 and below: gaps, as for NaN
      y: shown.map((i) => (of.losses[i] > 0 ? significant(of.losses[i], 4) : Number.NaN)),
      line,
      hovertemplate: `${label}<br>epoch %{x}: loss %{y:.4g} nats<extra></extra>`,
    };
  };
  const views = run.views.map(({ epoch }) => epoch);
  const broken = brokenAt(run, reference);
  return {
    data: [
      curve(reference, "float64", { color: SERIES.first, width: 2 }),
      curve(run, `${name}, as it sees itself`, { color: SERIES.second, width: 2.5, dash: "dash" }),
      {
        type: "scatter",
        mode: "markers",
        name: `its weights, loss computed in float64`,
        x: views,
        y: run.views.map(({ trueLoss }) => significant(trueLoss, 4)),
        marker: { color: SERIES.second, symbol: "circle-open", size: 8, line: { width: 1.5 } },
        hovertemplate: "epoch %{x}: loss of the weights %{y:.4g} nats<extra></extra>",
      },
      ...(broken
        ? [
            {
              type: "scatter",
              mode: "text+markers",
              name: "NaN",
              showlegend: false,
              x: [broken.epoch],
              y: [significant(broken.loss, 4)],
              text: [`<b> ${broken.text}</b>`],
              textposition: "middle right",
              marker: { color: SERIES.second, symbol: "x", size: 13 },
              hovertemplate: `${broken.text}<extra></extra>`,
            } as Plotly.Data,
          ]
        : []),
      ...COUNTERS.map(
        ({ key, name: label, color, dash }): Plotly.Data =>
          ({
            type: "scatter",
            mode: "lines+markers",
            name: label,
            legend: "legend2",
            x: views,
            y: rounded(run.views.map(({ counters }) => 100 * counters[key])),
            yaxis: "y2",
            line: { color, dash, width: 2 },
            marker: { size: 5, color },
            hovertemplate: `${label}<br>epoch %{x}: %{y:.3g}%<extra></extra>`,
          }) as Plotly.Data,
      ),
    ],
    layout: baseLayout({
      height: 600,
      xaxis: { ...axisTitle("epoch"), anchor: "y2", range: [-0.01 * room, 1.01 * room || 1] },
      yaxis: {
        ...axisTitle("mean training loss", "nats"),
        domain: [0.52, 1],
        // how far down the rest will go, nobody knows yet: powers of ten
        ...logAxis(room > epochs ? [] : [...run.losses, ...reference.losses]),
      },
      yaxis2: { ...axisTitle("share", "%"), domain: [0, 0.34], range: [-4, 104] },
      legend2: { orientation: "h", x: 0, y: 0.355, yanchor: "bottom" },
    }),
    caption:
      `Above: the training loss of the same task in float64 and in ${name}; circles: the loss of the weights of ${name}, computed in float64. ` +
      (broken ? `The cross: ${broken.text}. ` : "") +
      "Below: how often the arithmetic went wrong, counted over one epoch at each mark.",
    alt:
      `Loss over ${epochs} epochs: float64 ends at ${described(reference)}, ${name} at ${described(run)}` +
      `${broken ? ` (${broken.text})` : ""}. Below, shares of results flushed, updates swallowed, sigmoids saturated and NaN.`,
  };
}

/** Where a curve that stops is to be marked: at its last number, or where the other begins. */
function brokenAt(
  run: PrecisionRun,
  reference: PrecisionRun,
): { epoch: number; loss: number; text: string } | undefined {
  const from = run.brokenFrom;
  if (from === undefined) return undefined;
  const at = run.epochs.indexOf(from);
  const before = run.losses.slice(0, at).filter((loss) => loss > 0);
  const end = run.losses[run.losses.length - 1];
  const what = Number.isNaN(run.losses[at]) ? "NaN" : "infinite";
  const loss = before[before.length - 1] ?? reference.losses.find((value) => value > 0) ?? 1;
  return {
    epoch: run.epochs[Math.max(0, at - 1)],
    loss,
    text: Number.isFinite(end) ? `${what} at epoch ${from}` : `${what} from epoch ${from} on`,
  };
}

function described({ losses }: PrecisionRun): string {
  const last = losses[losses.length - 1];
  return Number.isFinite(last) ? `${significant(last, 3)} nats` : String(last);
}

/** Indices of at most {@link MOST_POINTS} of `count` values or so: all of the first few, and the last. */
function thinned(count: number): number[] {
  const step = Math.max(1, Math.ceil(count / MOST_POINTS));
  return Array.from({ length: count }, (_, i) => i).filter(
    (i) => i % step === 0 || i < 10 || i === count - 1,
  );
}
