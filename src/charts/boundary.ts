/** A network's answers on the plane: the probability of class 1, the boundary where it is 1/2, the points. */
import type * as Plotly from "plotly.js-dist";
import { log } from "../core/elementary.js";
import type { Dataset } from "../core/moons.js";
import type { PlaneGrid } from "../experiments/plane.js";
import { animationControls } from "./animation.js";
import type { Figure } from "./figure.js";
import {
  baseLayout,
  INK,
  type OwnLayout,
  PROBABILITY_SCALE,
  planeAxes,
  pointTraces,
  rounded,
  roundedRows,
  titleAt,
} from "./style.js";

/** A map of the probability of class 1, with the training points. */
export function boundaryFigure(probability: PlaneGrid, points: Dataset, title: string): Figure {
  return {
    data: [...probabilityTraces(probability), ...pointTraces(points)],
    layout: baseLayout({
      height: 500,
      margin: { l: 64, r: 24, t: 56, b: 84 },
      title,
      ...planeAxes(probability),
      ...legendBelow,
    }),
    caption:
      "Shade: the network's probability of Blue, class 1. Black line: the decision boundary, where it is 1/2. " +
      "Marks: the training points.",
    alt: `Map of the plane shaded by the probability of Blue, class 1, with the decision boundary and ${points.labels.rows} training points: ${title}`,
  };
}

/** The training points as they are, and below them a map of what the network makes of the plane. */
export function dataFigure(probability: PlaneGrid, points: Dataset, title: string): Figure {
  const { xaxis, yaxis } = planeAxes(probability);
  const below = { xaxis: "x2", yaxis: "y2" };
  return {
    data: [
      ...pointTraces(points),
      ...[
        { ...probabilityFill(probability), colorbar: undefined, showscale: false },
        boundaryLine(probability),
      ].map((trace) => ({
        ...trace,
        ...below,
      })),
      ...pointTraces(points).map((trace) => ({ ...trace, ...below, showlegend: false })),
    ] as Plotly.Data[],
    layout: baseLayout({
      height: 640,
      margin: { l: 64, r: 24, t: 56, b: 84 },
      title,
      grid: { rows: 2, columns: 1, pattern: "independent", ygap: 0.16 },
      xaxis: { ...xaxis, title: { text: "" } },
      yaxis,
      xaxis2: xaxis,
      yaxis2: { ...yaxis, scaleanchor: "x2" },
      ...legendBelow,
    } as OwnLayout),
    caption:
      "Above: the training points, all that the network is given. Below: what it makes of the plane. The deeper the shade, the surer it " +
      "is of that class; on the black line, the decision boundary, it is sure of neither.",
    alt: `${points.labels.rows} training points in two classes, and below them the plane shaded by the probability of Blue, class 1, with the decision boundary: ${title}`,
  };
}

/** The map after some epochs. */
export interface GrowthStep {
  epoch: number;
  probability: PlaneGrid;
  /** Share of the test points guessed right. */
  accuracy: number;
}

/** The growth of the boundary, with a slider over the epochs; it starts at the last. */
export function boundaryGrowthFigure(steps: readonly GrowthStep[], points: Dataset): Figure {
  const last = steps[steps.length - 1];
  const name = ({ epoch }: GrowthStep): string => String(epoch);
  const titleOf = ({ epoch, accuracy }: GrowthStep): string =>
    `After ${epoch} ${epoch === 1 ? "epoch" : "epochs"}: ${(100 * accuracy).toFixed(1)}% of the test points right`;
  return {
    data: [...probabilityTraces(last.probability), ...pointTraces(points, 6)],
    frames: steps.map((step) => ({
      name: name(step),
      data: probabilityTraces(step.probability),
      traces: [0, 1],
      layout: { title: titleAt(titleOf(step)) },
    })) as Partial<Plotly.Frame>[],
    layout: baseLayout({
      height: 600,
      margin: { l: 64, r: 24, t: 56, b: 150 },
      title: titleOf(last),
      ...planeAxes(last.probability),
      showlegend: false,
      ...animationControls(steps.map(name)),
    } as OwnLayout),
    caption:
      "Move the slider or press Play to see the boundary grow from random initial weights. " +
      "The first steps are the shortest.",
    alt: `Map of the plane shaded by the probability of Blue, class 1, after ${last.epoch} epochs; a slider steps through ${steps.length} stages of the training.`,
  };
}

/** The legend at the foot of the chart, where the plane has the width. */
export const legendBelow: OwnLayout = {
  legend: { orientation: "h", x: 0.5, xanchor: "center", y: 0, yref: "container", yanchor: "bottom" },
};

/** A filled contour of the probability, and the line at 1/2. */
export function probabilityTraces(probability: PlaneGrid): Plotly.Data[] {
  return [probabilityFill(probability), boundaryLine(probability)];
}

/** A filled contour of the probability. */
export function probabilityFill({ x, y, values }: PlaneGrid): Plotly.Data {
  return {
    type: "contour",
    x: rounded(x),
    y: rounded(y),
    z: roundedRows(values),
    zmin: 0,
    zmax: 1,
    colorscale: PROBABILITY_SCALE,
    contours: { start: 0.1, end: 0.9, size: 0.1, coloring: "fill" },
    line: { width: 0 },
    colorbar: {
      title: { text: "probability of Blue, class 1", side: "right" },
      tickvals: [0, 0.25, 0.5, 0.75, 1],
      thickness: 14,
    },
    hovertemplate: "x₁ %{x:.2f}, x₂ %{y:.2f}<br>probability of Blue: %{z:.3f}<extra></extra>",
  } as Plotly.Data;
}

/** The decision boundary, where the probability is 1/2. */
export function boundaryLine(
  { x, y, values }: PlaneGrid,
  line: object = {},
  name: string = "boundary",
): Plotly.Data {
  return {
    type: "contour",
    name,
    x: rounded(x),
    y: rounded(y),
    // the probability is 1/2 where the logit is 0, and between the grid's points the logit is the
    // straighter of the two
    z: roundedRows(
      values.map((row) => row.map(boundedLogit)),
      2,
    ),
    contours: { start: 0, end: 0, size: 1, coloring: "none" },
    line: { width: 2.5, color: INK, ...line },
    hoverinfo: "skip",
    showlegend: false,
  } as Plotly.Data;
}

/** log p / (1 - p), cut off where the line cannot be. */
export function boundedLogit(probability: number): number {
  return Math.max(-9, Math.min(9, log(probability / (1 - probability))));
}
