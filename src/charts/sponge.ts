/** The search for the input at which most neurons fire. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import type { PlaneGrid } from "../experiments/plane.js";
import type { SpongeView } from "../experiments/side-channel/sponge.js";
import { activeCountFigure } from "./active-count.js";
import type { Figure } from "./figure.js";
import { inkLegend } from "./plane.js";
import { INK, rounded } from "./style.js";

/** The map of the count with the box that was searched, the way of the search, and the dearest input that it found. */
export function spongeFigure(
  counts: PlaneGrid,
  points: Dataset,
  { area, steps, largest }: SpongeView,
  title: string,
): Figure {
  const found = steps[steps.length - 1];
  const name = `the sponge: ${found.count} fire, found by query ${found.query}`;
  const map = activeCountFigure(counts, points, title, { place: found.place, name });
  const exactly =
    largest === undefined
      ? "Whether another input of the box costs more is not known exactly."
      : `Of all inputs of the box, none makes more than ${largest} fire.`;
  const way: Plotly.Data = {
    type: "scatter",
    mode: "lines+markers",
    name: "the way of the search",
    x: rounded(steps.map(({ place }) => place[0])),
    y: rounded(steps.map(({ place }) => place[1])),
    text: steps.map(({ count, query }) => `query ${query}: ${count} fire`),
    line: { color: INK, width: 2 },
    marker: { color: "#ffffff", size: 8, line: { color: INK, width: 1.5 } },
    hovertemplate: "%{text}<extra></extra>",
  };
  return {
    data: [...map.data.slice(0, -1), way, ...map.data.slice(-1)],
    layout: {
      ...map.layout,
      // room for a legend of four lines
      legend: { ...map.layout.legend, ...inkLegend },
      height: 560,
      margin: { l: 64, r: 24, t: 56, b: 144 },
      shapes: [
        {
          type: "rect",
          x0: area.x[0],
          x1: area.x[1],
          y0: area.y[0],
          y1: area.y[1],
          line: { color: INK, width: 1, dash: "dash" },
        },
      ],
    },
    caption:
      "Shade: the number of neurons that fire at each point of the plane. Rings: the places at which the search found a larger count than before; " +
      `it may ask anywhere in the dashed box. ${exactly}`,
    alt: `${map.alt}. A search by ${steps.length} larger and larger counts ends at ${found.count}, found by query ${found.query}. ${exactly}`,
  };
}
