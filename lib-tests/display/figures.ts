/** Figures for the tests of the display, and their HTML. */
import type { Figure } from "../../src/charts/figure.js";
import { chart, library } from "../../src/display/chart-html.js";
import { scriptedHtml } from "../../src/display/html.js";

export const libraryHtml = (): string => scriptedHtml(library());

export const chartHtml = (...of: Parameters<typeof chart>): string => scriptedHtml(chart(...of));

/** A line of four points, one of them missing. */
export function lineFigure(changes: Partial<Figure> = {}): Figure {
  return {
    data: [{ type: "scatter", mode: "lines+markers", name: "loss", x: [0, 1, 2, 3], y: [1, NaN, 0.5, 0.25] }],
    layout: { height: 320, title: { text: "Loss" }, xaxis: { title: { text: "epoch" } } },
    caption: "The loss falls.",
    alt: "A falling line.",
    ...changes,
  };
}

/** A line with a frame for each height, a slider over them and a button that plays them. */
export function framesFigure(heights: readonly number[]): Figure {
  const now = {
    mode: "immediate" as const,
    frame: { duration: 0, redraw: true },
    transition: { duration: 0 },
  };
  return lineFigure({
    data: [{ type: "scatter", x: [0, 1], y: [0, heights[heights.length - 1]] }],
    frames: heights.map((height) => ({ name: String(height), data: [{ y: [0, height] }], traces: [0] })),
    layout: {
      height: 400,
      sliders: [
        {
          active: heights.length - 1,
          steps: heights.map((height) => ({
            label: String(height),
            method: "animate",
            args: [[String(height)], now],
          })),
        },
      ],
      updatemenus: [
        {
          type: "buttons",
          showactive: false,
          buttons: [
            {
              label: "Play",
              method: "animate",
              args: [null, { ...now, frame: { duration: 10, redraw: true } }],
            },
          ],
        },
      ],
    },
  });
}
