/** What each hidden neuron computes: a small map of the plane for each. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import type { NeuronMap } from "../experiments/baseline/baseline.js";
import type { Figure } from "./figure.js";
import { emptyNote } from "./guides.js";
import { pointTraces, shadeTrace, thinned, UNHOVERED } from "./plane.js";
import { bareAxes, onPanel, panelGrid, panelTitle } from "./small-multiples.js";
import { baseLayout, roundedRows } from "./style.js";

/** Maps in a row. */
const COLUMNS = 5;

/** Height of a row of maps, in CSS pixels. */
const ROW_HEIGHT = 170;

/** At most this many training points in each map: enough to see the moons, few enough for a small file. */
const MOST_POINTS = 70;

/** Small multiples: the output of each neuron, and the line beyond which it is silent. */
export function neuronsFigure(neurons: readonly NeuronMap[], points: Dataset): Figure {
  const rows = Math.max(1, Math.ceil(neurons.length / COLUMNS));
  const { some, every } = thinned(points, MOST_POINTS);
  return {
    data: neurons.flatMap((neuron, i) => mapTraces(neuron, some, i)),
    layout: baseLayout({
      height: 80 + rows * ROW_HEIGHT,
      margin: { l: 12, r: 12, t: 64, b: 12 },
      showlegend: false,
      ...panelGrid(rows, COLUMNS, { xgap: 0.08, ygap: 0.3 }),
      ...bareAxes(neurons.map(({ output }) => output)),
      annotations:
        neurons.length > 0 ? neurons.map(label) : [emptyNote("This network has no hidden neuron.")],
    }),
    caption:
      "A map for each neuron of the first hidden layer, over the plane above. Green: where the neuron fires, deeper where more strongly. " +
      "The straight edge is the line w·x + b = 0. Above each map: the share of all " +
      `training points at which the neuron fires, and its weight into the output.${every > 1 ? ` One point in ${every} is drawn.` : ""}`,
    alt: `${neurons.length} small maps of the plane, one for each neuron of the first hidden layer, shaded where the neuron fires.`,
  };
}

function mapTraces({ output }: NeuronMap, points: Dataset, i: number): Plotly.Data[] {
  const axes = onPanel(i);
  const largest = Math.max(1e-9, ...output.values.flat());
  // the first level, just above zero, is the edge of the silent side
  const levels = { start: largest / 1000, end: largest, size: largest / 6 };
  return [
    shadeTrace(output, roundedRows(output.values), levels, {
      ...axes,
      zmin: 0,
      zmax: largest,
      colorscale: [
        [0, "rgba(0,158,115,0)"],
        [0.001, "rgba(0,158,115,0.15)"],
        [1, "rgba(0,158,115,0.9)"],
      ],
      showscale: false,
      hovertemplate: `neuron ${i + 1}: %{z:.2f}<extra></extra>`,
    }),
    ...pointTraces(points, 3, { ...axes, ...UNHOVERED }),
  ];
}

function label({ firing, outgoing }: NeuronMap, i: number): Partial<Plotly.Annotation> {
  const weight =
    outgoing === undefined ? "" : `<br>out ${outgoing >= 0 ? "+" : "−"}${Math.abs(outgoing).toFixed(1)}`;
  return panelTitle(i, `${i + 1}: fires ${(100 * firing).toFixed(0)}%${weight}`);
}
