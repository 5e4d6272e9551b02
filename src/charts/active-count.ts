/** How many neurons fire: where, for which class, and which ones. */
import type * as Plotly from "plotly.js-dist";
import { CLASS_NAMES, type Dataset } from "../core/moons.js";
import type { PlaneGrid } from "../experiments/plane.js";
import type { ByClass } from "../experiments/side-channel/attacker.js";
import type { NeuronOutput, NeuronRates } from "../experiments/side-channel/side-channel.js";
import { meanInterval } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { emptyNote, noteAbove, uprightLine } from "./guides.js";
import { colourBar, mapLayout, pointTraces, shadeTrace, starTrace } from "./plane.js";
import {
  axisTitle,
  baseLayout,
  CLASSES,
  legendAbove,
  type OwnLayout,
  rounded,
  significant,
} from "./style.js";

/**
 * A map of the number of firing neurons: the regions into which the neurons' lines cut the plane.
 *
 * @param input - marked with a star, with its name in the legend; none by default
 */
export function activeCountFigure(
  counts: PlaneGrid,
  points: Dataset,
  title: string,
  input?: { place: readonly [x: number, y: number]; name: string },
): Figure {
  const all = counts.values.flat();
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const levels = { start: least - 0.5, end: most + 0.5, size: 1 };
  return {
    data: [
      shadeTrace(counts, counts.values, levels, {
        zmin: levels.start,
        zmax: levels.end,
        line: { width: 0.5, color: "#ffffff" },
        colorscale: [
          [0, "#eaf6f1"],
          [0.5, "#7cc8ad"],
          [1, "#00684b"],
        ],
        colorbar: { ...colourBar("neurons that fire"), tickformat: "d" },
        hovertemplate: "x₁ %{x:.2f}, x₂ %{y:.2f}<br>neurons that fire: %{z}<extra></extra>",
      }),
      ...pointTraces(points, 5),
      ...(input ? [starTrace(input.place, input.name)] : []),
    ],
    layout: mapLayout(counts, 84, { height: 500, title }),
    caption:
      "Shade: the number of neurons that fire at each point of the plane. At each edge one neuron switches. " +
      `Marks: the training points${input ? ". Star: the chosen input" : ""}.`,
    alt: `Map of the plane shaded by the number of firing neurons, ${least} to ${most}, with ${points.labels.rows} training points${input ? ` and a star at (${input.place.join(", ")})` : ""}: ${title}`,
  };
}

/** How often each count occurs in each class, with the class means. */
export function countDistributionFigure(counts: ByClass, title: string): Figure {
  const most = counts.flat().reduce((largest, count) => Math.max(largest, count), 0);
  const means = counts.map((own) => meanInterval(own).mean);
  const values = Array.from({ length: most + 1 }, (_, i) => i);
  const high = means[0] > means[1] ? 0 : 1;
  return {
    data: CLASSES.map(({ name, color, pattern }, label): Plotly.Data => {
      const own = counts[label];
      return {
        type: "bar",
        name,
        x: values,
        y: rounded(values.map((value) => (100 * own.filter((count) => count === value).length) / own.length)),
        marker: { color, pattern },
        hovertemplate: `${name}<br>%{x} neurons fire at %{y:.1f}% of the points<extra></extra>`,
      };
    }),
    layout: baseLayout({
      title,
      margin: { t: 96 },
      ...legendAbove(1.06),
      barmode: "group",
      bargap: 0.15,
      xaxis: { ...axisTitle("neurons that fire"), ...(most <= 20 && { dtick: 1 }) },
      yaxis: { ...axisTitle("test points of the class", "%"), rangemode: "tozero" },
      shapes: means.map((mean, label) =>
        uprightLine(mean, { line: { color: CLASSES[label].color, width: 2, dash: "dash" } }),
      ),
      annotations: means.map((mean, label) =>
        noteAbove(`${CLASS_NAMES[label]}: mean ${mean.toFixed(2)}`, mean, {
          xanchor: label === high ? "left" : "right",
        }),
      ),
    }),
    caption:
      "How many neurons fire at the test points of each class. Dashed: the class means. " +
      "Where only one class has bars, a single reading gives it away.",
    alt: `Bar chart of the number of firing neurons by class; class means ${means.map((mean) => mean.toFixed(2)).join(" and ")}.`,
  };
}

/** How often each neuron fires in each class, those that vote for class 0 first. */
export function neuronRatesFigure(neurons: readonly NeuronRates[]): Figure {
  const sorted = byVote(neurons);
  return {
    data: CLASSES.map(
      ({ name, color, pattern }, label): Plotly.Data => ({
        type: "bar",
        name,
        x: sorted.map((_, i) => i),
        y: rounded(sorted.map(({ rates }) => 100 * rates[label])),
        text: sorted.map(voteText),
        textposition: "none",
        marker: { color, pattern },
        hovertemplate: `%{text}<br>fires at %{y:.0f}% of ${name}<extra></extra>`,
      }),
    ),
    layout: votesLayout(sorted, {
      ...legendAbove(1.09),
      yaxis: { ...axisTitle("fires at", "% of the class"), range: [0, 100] },
    }),
    caption:
      "Each pair of bars is a neuron of the last hidden layer. Neurons on the left have a negative weight into the output and " +
      "vote for Red (class 0); those on the right vote for Blue (class 1).",
    alt: `Bar chart of how often each of ${neurons.length} neurons fires in each class; ${votesAgainst(sorted)} of them vote for Red (class 0).`,
  };
}

/** At most this many neurons have their outputs written above them. */
const MOST_WRITTEN = 12;

/**
 * Which neurons of the last hidden layer fire at one input, and how strongly; those that vote for class 0 first.
 *
 * @param range - of the outputs; the axis shows at least this, so that inputs can be compared
 */
export function neuronOutputsFigure(
  neurons: readonly NeuronOutput[],
  range: readonly [low: number, high: number],
  title: string,
): Figure {
  const sorted = byVote(neurons);
  const outputs = neurons.map(({ output }) => output);
  const firing = outputs.filter((output) => output !== 0).length;
  const [low, high] = [Math.min(range[0], ...outputs), Math.max(range[1], ...outputs)];
  const room = 0.08 * (high - low);
  return {
    data: CLASSES.map(({ color, pattern }, label): Plotly.Data => {
      const own = sorted
        .map((neuron, i) => ({ ...neuron, i }))
        .filter(({ vote }) => vote > 0 === (label === 1));
      return {
        type: "bar",
        name: `votes for ${CLASS_NAMES[label]}`,
        x: own.map(({ i }) => i),
        y: own.map(({ output }) => significant(output, 4)),
        text: own.map(({ output }) => (output === 0 ? "0" : output.toFixed(1))),
        ...(neurons.length > MOST_WRITTEN
          ? { textposition: "none" }
          : { textposition: "outside", textangle: 0, constraintext: "none" }),
        cliponaxis: false,
        customdata: own.map(voteText),
        marker: { color, pattern },
        hovertemplate: "%{customdata}<br>output %{y}<extra></extra>",
      } as Plotly.Data;
    }),
    layout: votesLayout(sorted, {
      title,
      barmode: "overlay",
      showlegend: false,
      yaxis: { ...axisTitle("output"), range: [low < 0 ? low - room : 0, high + room] },
    }),
    caption:
      "Each bar is the output of a neuron of the last hidden layer at this input; at 0 the neuron is silent. " +
      "The bars, each times its weight into the output, add up to the answer. Their number is what leaks.",
    alt: `Bar chart of the outputs of ${neurons.length} neurons at one input, of which ${firing} fire. ${title}`,
  };
}

interface Voter {
  /** The neuron's place in the layer, from 1. */
  name: string;
  vote: number;
}

/** The neurons with their names, those that vote for class 0 first. */
function byVote<Neuron extends { vote: number }>(neurons: readonly Neuron[]): (Neuron & Voter)[] {
  return neurons.map((neuron, i) => ({ ...neuron, name: String(i + 1) })).sort((a, b) => a.vote - b.vote);
}

function voteText({ name, vote }: Voter): string {
  return `neuron ${name}, weight into the output ${vote.toFixed(2)}`;
}

/** How many neurons vote for class 0. */
function votesAgainst(sorted: readonly Voter[]): number {
  return sorted.filter(({ vote }) => vote <= 0).length;
}

/** An axis of neurons in the order of their votes, and where those for class 1 begin. */
function votesLayout(sorted: readonly Voter[], own: OwnLayout): Partial<Plotly.Layout> {
  const against = votesAgainst(sorted);
  return baseLayout({
    margin: { t: 84 },
    barmode: "group",
    xaxis: {
      ...axisTitle("neuron"),
      tickvals: sorted.map((_, i) => i),
      ticktext: sorted.map(({ name }) => name),
    },
    ...own,
    shapes: [uprightLine(against - 0.5)],
    annotations: [
      ...(against > 0 ? [noteAbove("vote for Red ←", against - 0.6, { xanchor: "right" })] : []),
      ...(against < sorted.length ? [noteAbove("→ vote for Blue", against - 0.4, { xanchor: "left" })] : []),
      ...(sorted.length === 0 ? [emptyNote("This network has no hidden neuron.")] : []),
    ],
  });
}
