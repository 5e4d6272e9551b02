/** What a thief has of a network, over a map. */
import type * as Plotly from "plotly.js-dist";
import type { Segment } from "../experiments/out-of-distribution/arrangement.js";
import type { Point } from "../experiments/side-channel/line.js";
import type { Figure } from "./figure.js";
import { segmentsTrace } from "./plane.js";
import { INK, rounded } from "./style.js";

/** What there is to draw of a theft. */
export interface Stolen {
  /** The stolen lines, each from end to end. */
  lines: readonly Segment[];
  /** Where the thief has looked last. */
  looks: readonly Point[];
}

/** A map, its shades first, with the stolen lines and the last looks over its shades. */
export function withStolenLines(map: Figure, { lines, looks }: Stolen): Figure {
  const [shades, ...marks] = map.data;
  const theft = [
    // ink alone would be lost on the darkest shades
    {
      ...segmentsTrace(lines, "edge of the stolen lines", { color: "#ffffff", width: 5.5 }),
      showlegend: false,
    },
    segmentsTrace(lines, "stolen lines", { color: INK, width: 2.5 }),
    {
      type: "scatter",
      mode: "markers",
      name: "the thief's last queries",
      x: rounded(looks.map(([x]) => x)),
      y: rounded(looks.map(([, y]) => y)),
      marker: { color: "#f0e442", size: 6, line: { color: INK, width: 1 } },
      hoverinfo: "skip",
    },
  ] as Plotly.Data[];
  return {
    ...map,
    data: [shades, ...theft, ...marks],
    caption: `${map.caption} Thick lines: what the thief has stolen. Dots: where they asked last.`,
    alt: `${map.alt} The thief has ${lines.length} ${lines.length === 1 ? "line" : "lines"}.`,
  };
}
