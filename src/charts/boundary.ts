/** A network's answers on the plane: the probability of class 1, the boundary where it is 1/2, the points. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import type { PlaneGrid } from "../experiments/plane.js";
import { animationControls } from "./animation.js";
import type { Figure } from "./figure.js";
import {
  boundaryLine,
  mapLayout,
  planeAxes,
  pointTraces,
  probabilityFill,
  probabilityShade,
} from "./plane.js";
import { onPanel, panelGrid } from "./small-multiples.js";
import { titleAt } from "./style.js";

/** A map of the probability of class 1, with the training points. */
export function boundaryFigure(probability: PlaneGrid, points: Dataset, title: string): Figure {
  return {
    data: [...mapTraces(probability), ...pointTraces(points)],
    layout: mapLayout(probability, 84, { height: 500, title }),
    caption:
      "Shade: the network's probability of Blue, class 1. Black line: the decision boundary, where it is 1/2. " +
      "Marks: the training points.",
    alt: `Map of the plane shaded by the probability of Blue, class 1, with the decision boundary and ${points.labels.rows} training points: ${title}`,
  };
}

/** The training points as they are, and below them a map of what the network makes of the plane. */
export function dataFigure(probability: PlaneGrid, points: Dataset, title: string): Figure {
  const { xaxis, yaxis } = planeAxes(probability);
  const below = onPanel(1);
  return {
    data: [
      ...pointTraces(points),
      { ...probabilityShade(probability), ...below },
      { ...boundaryLine(probability), ...below },
      ...pointTraces(points, 7, { ...below, showlegend: false }),
    ] as Plotly.Data[],
    layout: mapLayout(probability, 84, {
      height: 640,
      title,
      ...panelGrid(2, 1, { ygap: 0.16 }),
      xaxis: { ...xaxis, title: { text: "" } },
      xaxis2: xaxis,
      yaxis2: { ...yaxis, scaleanchor: "x2" },
    }),
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
    data: [...mapTraces(last.probability), ...pointTraces(points, 6)],
    frames: steps.map((step) => ({
      name: name(step),
      data: mapTraces(step.probability),
      traces: [0, 1],
      layout: { title: titleAt(titleOf(step)) },
    })) as Partial<Plotly.Frame>[],
    layout: mapLayout(last.probability, 150, {
      height: 600,
      title: titleOf(last),
      showlegend: false,
      ...animationControls(steps.map(name)),
    }),
    caption:
      "Move the slider or press Play to see the boundary grow from random initial weights. " +
      "The first steps are the shortest.",
    alt: `Map of the plane shaded by the probability of Blue, class 1, after ${last.epoch} epochs; a slider steps through ${steps.length} stages of the training.`,
  };
}

function mapTraces(probability: PlaneGrid): Plotly.Data[] {
  return [probabilityFill(probability), boundaryLine(probability)];
}
