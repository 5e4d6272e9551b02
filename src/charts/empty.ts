/** What stands where there is nothing to draw. */
import type { Figure } from "./figure.js";
import { baseLayout } from "./style.js";

/** A chart without data, and the reason. */
export function emptyFigure(why: string): Figure {
  return {
    data: [],
    layout: baseLayout({ height: 120 }),
    caption: why,
    alt: `An empty chart. ${why}`,
  };
}
