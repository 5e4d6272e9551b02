/** A drawing of the network: circles are neurons, lines are weights. */
import type * as Plotly from "plotly.js-dist";
import { denseLayers, layerSizes, type Network, parameterCount } from "../core/network/network.js";
import type { Figure } from "./figure.js";
import { baseLayout, INK, SERIES } from "./style.js";

/** At most this many neurons of each layer are drawn: the first. */
const MOST_NEURONS = 16;

/** Lines come in these widths, a trace for each. */
const WIDTHS = [0.5, 1, 2, 3.5, 5];

interface Weight {
  value: number;
  /** From neuron `from` of column `column` to neuron `to` of the next. */
  column: number;
  from: number;
  to: number;
}

/** All weights as lines, wide where large, with the biases in the circles' hover texts. */
export function networkFigure(network: Network, title: string): Figure {
  const sizes = layerSizes(network);
  const shown = sizes.map((size) => Math.min(size, MOST_NEURONS));
  const weights = weightsOf(network, shown);
  const largest = Math.max(...weights.map(({ value }) => Math.abs(value)));
  const place = (column: number, neuron: number): [number, number] => [
    column,
    (shown[column] - 1) / 2 - neuron,
  ];
  const hidden = sizes.reduce((count, size, column) => count + size - shown[column], 0);

  return {
    data: [
      ...lineTraces(weights, largest, place),
      handleTrace(weights, place),
      neuronTrace(network, shown, place),
    ],
    layout: baseLayout({
      height: 460,
      title,
      margin: { l: 24, t: 84, b: 24 },
      xaxis: { visible: false, range: [-0.3, sizes.length - 0.7] },
      yaxis: { visible: false },
    }),
    caption:
      `All ${parameterCount(network)} parameters: ${weights.length === parameterCount(network) - biasCount(network) ? "every line is a weight" : "lines are weights"}, ` +
      "wide if large, solid if positive, dotted if negative. Hover over a line for its weight, over a circle for its bias." +
      (hidden > 0
        ? ` Only the first ${MOST_NEURONS} neurons of a wide layer are drawn; ${hidden} are not.`
        : ""),
    alt: `Diagram of a network with layers of ${sizes.join(", ")} neurons; line widths show the weights. ${title}`,
  };
}

function weightsOf(network: Network, shown: readonly number[]): Weight[] {
  return denseLayers(network).flatMap(({ parameters: { weights } }, column) =>
    Array.from({ length: shown[column] }, (_, from) =>
      Array.from({ length: shown[column + 1] }, (_, to) => ({
        value: weights.get(from, to),
        column,
        from,
        to,
      })),
    ).flat(),
  );
}

function biasCount(network: Network): number {
  return denseLayers(network).reduce((count, { parameters }) => count + parameters.biases.columns, 0);
}

type Place = (column: number, neuron: number) => [number, number];

function lineTraces(weights: readonly Weight[], largest: number, place: Place): Plotly.Data[] {
  const widthOf = (value: number): number =>
    Math.min(WIDTHS.length - 1, Math.floor((WIDTHS.length * Math.abs(value)) / largest));
  return [true, false].flatMap((positive) =>
    WIDTHS.flatMap((width, index): Plotly.Data[] => {
      const own = weights.filter(({ value }) => value >= 0 === positive && widthOf(value) === index);
      if (own.length === 0) return [];
      const ends = own.map(({ column, from, to }) => [place(column, from), place(column + 1, to)]);
      return [
        {
          type: "scatter",
          mode: "lines",
          name: positive ? "positive weight" : "negative weight",
          legendgroup: String(positive),
          showlegend: index === 2,
          x: ends.flatMap(([[x0], [x1]]) => [x0, x1, null]),
          y: ends.flatMap(([[, y0], [, y1]]) => [y0, y1, null]),
          line: { width, color: positive ? SERIES.first : SERIES.second, dash: positive ? "solid" : "dot" },
          hoverinfo: "skip",
        },
      ];
    }),
  );
}

/** An unseen mark on each line that carries its hover text: lines themselves have none between their ends. */
function handleTrace(weights: readonly Weight[], place: Place): Plotly.Data {
  const middles = weights.map(({ column, from, to }) => {
    const [x0, y0] = place(column, from);
    const [x1, y1] = place(column + 1, to);
    // nearer to the side where the lines of one neuron have fanned out
    return [0.4 * x0 + 0.6 * x1, 0.4 * y0 + 0.6 * y1];
  });
  return {
    type: "scatter",
    mode: "markers",
    x: middles.map(([x]) => x),
    y: middles.map(([, y]) => y),
    marker: { size: 12, opacity: 0 },
    text: weights.map(
      ({ value, column, from, to }) =>
        `layer ${column + 1}: weight ${from + 1} → ${to + 1} = ${value.toPrecision(4)}`,
    ),
    hovertemplate: "%{text}<extra></extra>",
    showlegend: false,
  };
}

function neuronTrace(network: Network, shown: readonly number[], place: Place): Plotly.Data {
  const neurons = shown.flatMap((count, column) =>
    Array.from({ length: count }, (_, neuron) => {
      const isInput = column === 0;
      const isOutput = column === shown.length - 1;
      const bias = isInput ? undefined : denseLayers(network)[column - 1].parameters.biases.get(0, neuron);
      return {
        place: place(column, neuron),
        label: isInput ? `x${"₁₂₃₄₅₆₇₈₉"[neuron] ?? ""}` : isOutput ? "p" : String(neuron + 1),
        hover: isInput
          ? `input ${neuron + 1}`
          : `${isOutput ? "output" : `neuron ${neuron + 1} of hidden layer ${column}`}: bias ${bias?.toPrecision(4)}`,
      };
    }),
  );
  return {
    type: "scatter",
    mode: "text+markers",
    x: neurons.map(({ place: [x] }) => x),
    y: neurons.map(({ place: [, y] }) => y),
    text: neurons.map(({ label }) => label),
    customdata: neurons.map(({ hover }) => hover),
    textfont: { color: INK, size: 12 },
    marker: { size: 26, color: "#f2efe6", line: { width: 1.5, color: SERIES.reference } },
    hovertemplate: "%{customdata}<extra></extra>",
    showlegend: false,
  };
}
