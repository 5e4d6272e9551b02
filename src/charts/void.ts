/** The plane far beyond the data: where the network is certain. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import type { Segment } from "../experiments/out-of-distribution/arrangement.js";
import {
  CERTAIN,
  CERTAIN_LOGIT,
  confidenceText,
  probabilityOf,
} from "../experiments/out-of-distribution/confidence.js";
import { MIDDLE, type Point, placeText } from "../experiments/out-of-distribution/rays.js";
import type { PlaneGrid } from "../experiments/plane.js";
import type { Figure } from "./figure.js";
import { logitLine, mapLayout, pointTraces, probabilityFill, segmentsTrace, starTrace } from "./plane.js";
import { INK } from "./style.js";

/**
 * A map of the probability, with the band where the network is not certain and the point of the claim.
 *
 * @param lines - where neurons switch; none by default
 */
export function voidFigure(
  logits: PlaneGrid,
  points: Dataset,
  claimed: { place: Point; logit: number },
  title: string,
  lines: readonly Segment[] = [],
): Figure {
  const probability = { ...logits, values: logits.values.map((row) => row.map(probabilityOf)) };
  const words = confidenceText(claimed.logit);
  const [x, y] = claimed.place;
  return {
    data: [
      probabilityFill(probability),
      ...(lines.length > 0
        ? [
            {
              ...segmentsTrace(lines, "a neuron switches", { color: INK, width: 0.7 }),
              opacity: 0.6,
              showlegend: false,
            } as Plotly.Data,
          ]
        : []),
      logitLine(logits, {}, "boundary"),
      logitLine(logits, { width: 1.5, dash: "dash" }, `confidence ${CERTAIN}`, CERTAIN_LOGIT),
      ...pointTraces(points, 5),
      starTrace([x, y], `(${x}, ${y}), ${words}`),
    ],
    layout: mapLayout(probability, 140, {
      height: 640,
      title,
      annotations: [
        // clear of the ring by which a panel's star is held
        { text: `<b>${placeText(claimed.place)}</b>`, x, y, yshift: 24 },
        { text: "the data", x: MIDDLE[0], y: heightOf(points), yshift: 12 },
      ].map((label) => ({
        ...label,
        yanchor: "bottom",
        font: { color: INK, size: 15 },
        showarrow: false,
      })),
    }),
    caption:
      `Shade: the probability of Blue, class 1. Black line: the decision boundary. Dashed: a confidence of ${CERTAIN}; the network is in ` +
      "doubt only between the dashed lines. Star: the point of the claim. Small marks: the training points." +
      (lines.length > 0 ? " Thin lines: where a neuron switches." : ""),
    alt: `Map of the plane far around ${points.labels.rows} training points, shaded by the probability of Blue, class 1; at the starred point (${x}, ${y}) the network is ${words}.`,
  };
}

/** The ordinate of the highest point. */
function heightOf({ points }: Dataset): number {
  return Math.max(...points.getColumn(1));
}
