/** The map of a panel, as it is now. */
import type { Page } from "puppeteer-core";
import type { Place } from "../../src/live/demonstration.js";

/** Selects the drawn chart. */
export const NOW = ".glass-house-try .column:last-child .glass-house-plot";

/** Where in the window a place of the map is, in CSS pixels. */
export function placeOf(page: Page, [x, y]: Place): Promise<{ x: number; y: number }> {
  return page.$eval(
    NOW,
    (plot, u, v) => {
      const { xaxis, yaxis } = (plot as unknown as { layout: Record<string, { range: [number, number] }> })
        .layout;
      const box = (plot.querySelector(".nsewdrag") as Element).getBoundingClientRect();
      const share = (value: number, { range: [low, high] }: { range: [number, number] }): number =>
        (value - low) / (high - low);
      return { x: box.left + share(u, xaxis) * box.width, y: box.bottom - share(v, yaxis) * box.height };
    },
    x,
    y,
  );
}
