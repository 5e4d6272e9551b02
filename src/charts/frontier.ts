/** Efficiency against leakage, a mark for each design: above to whoever counts, below to whoever sees values. */
import type * as Plotly from "plotly.js-dist";
import type { DesignResult } from "../experiments/side-channel/designs.js";
import {
  EFFICIENT,
  type FrontierFindings,
  FULL_BATCH_FAMILY,
  meanOver,
  TIGHT_BITS,
  type Tradeoff,
} from "../experiments/side-channel/frontier.js";
import type { MeanInterval } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { errorBars, inPercent } from "./intervals.js";
import { onPanel, panelGrid } from "./small-multiples.js";
import { axisTitle, baseLayout, SERIES, significant } from "./style.js";

/** A mark for each family of designs or devices; further ones start over. */
const MARKS = [
  { color: SERIES.first, symbol: "star", size: 15, dash: "solid" },
  { color: SERIES.reference, symbol: "x", size: 9, dash: "dot" },
  { color: SERIES.first, symbol: "triangle-up", size: 10, dash: "dot" },
  { color: SERIES.second, symbol: "square", size: 9, dash: "dot" },
  { color: SERIES.third, symbol: "diamond", size: 10, dash: "dot" },
  { color: SERIES.fourth, symbol: "circle-open", size: 9, dash: "dot" },
  { color: SERIES.fourth, symbol: "pentagon", size: 10, dash: "dot" },
  { color: SERIES.reference, symbol: "circle", size: 8, dash: "dash" },
  { color: SERIES.third, symbol: "triangle-down-open", size: 10, dash: "dash" },
] as const;

/** A design or a device on one of the panels. */
interface Mark {
  name: string;
  family: string;
  saved: MeanInterval;
  bits: MeanInterval;
  /** Missing for a device, which answers as plain ReLU does. */
  accuracy?: number;
}

/**
 * Share of the multiply-accumulates saved against bits leaked by the count, and below by the Hamming weight; designs of one
 * family are joined by a line. Those trained in a full batch are left out.
 */
export function frontierFigure({ designs, devices }: FrontierFindings): Figure {
  const alike = designs.filter(({ family }) => family !== FULL_BATCH_FAMILY);
  const panels: Mark[][] = [
    [
      ...alike.map((design) => designMark(design, ({ bits }) => bits)),
      ...devices.map(({ name, family, places }) => ({
        name,
        family,
        saved: savedBy(places),
        bits: meanOver<{ bits: number }>(places, ({ bits }) => bits, [0, 1]),
      })),
    ],
    alike.map((design) => designMark(design, ({ hammingBits }) => hammingBits)),
  ];
  const families = [...new Set(panels[0].map(({ family }) => family))];
  const goal = 100 * EFFICIENT * savedBy(alike[0].places).mean;
  const [least, most] = [Math.min, Math.max].map((end) =>
    end(0, ...panels[0].map(({ saved }) => 100 * saved.mean)),
  );
  // room for the marks at the ends, and some where nothing is saved
  const margin = 0.05 * Math.max(1, most - least);
  const range = [least - margin, most + margin].map((end) => significant(end, 4));
  const highest = Math.max(
    TIGHT_BITS,
    ...panels.flat().map(({ bits: { mean, high } }) => (Number.isFinite(high) ? high : mean)),
  );
  const bits = [-0.03 * highest, 1.05 * highest].map((end) => significant(end, 4));
  return {
    data: panels.flatMap((marks, panel) =>
      families.flatMap((family, i) => {
        const own = marks.filter((mark) => mark.family === family);
        return own.length > 0 ? [familyTrace(own, i, panel)] : [];
      }),
    ),
    layout: baseLayout({
      height: 720,
      margin: { l: 60, r: 16, t: 130, b: 52 },
      ...panelGrid(2, 1, { ygap: 0.16 }),
      xaxis: { range, matches: "x2", showticklabels: false },
      xaxis2: { range, ...axisTitle("multiply-accumulates saved", "% of dense inference") },
      yaxis: { range: bits, ...axisTitle("leak of the count", "bits") },
      yaxis2: { range: bits, matches: "y", ...axisTitle("leak of the Hamming weight", "bits") },
      shapes: ["", "2"].map((panel) => ({
        type: "rect",
        xref: `x${panel}`,
        yref: `y${panel}`,
        x0: significant(goal, 4),
        x1: range[1],
        y0: 0,
        y1: TIGHT_BITS,
        fillcolor: "rgba(0,158,115,0.18)",
        line: { color: SERIES.first, width: 1, dash: "dash" },
        layer: "below",
      })),
    }),
    caption:
      `Each mark is a design or a device, the mean over ${alike[0].places.length} seeds with 95% intervals; hover for its name and accuracy. Above: what the count tells. Below: what ` +
      "the Hamming weight of the same neurons tells. The green strip is the aim: at least half of ReLU's savings, and less than " +
      `${TIGHT_BITS} bits. Devices run plain ReLU and are judged by their count alone; padding ends at dense inference, at the origin.`,
    alt: panels[0]
      .map(({ name, saved, bits }) => {
        const weight = panels[1].find((mark) => mark.name === name);
        return (
          `${name}: ${(100 * saved.mean).toFixed(0)}% saved, count ${bits.mean.toFixed(2)} bits` +
          (weight ? `, Hamming weight ${weight.bits.mean.toFixed(2)}` : "")
        );
      })
      .join("; "),
  };
}

function designMark({ name, family, places }: Tradeoff, of: (place: DesignResult) => number): Mark {
  const accuracy = meanOver(places, (place) => place.accuracy).mean;
  return { name, family, saved: savedBy(places), bits: meanOver(places, of, [0, 1]), accuracy };
}

const savedBy = (places: readonly { saved: number }[]): MeanInterval =>
  meanOver(places, ({ saved }) => saved);

function familyTrace(own: readonly Mark[], i: number, panel: number): Plotly.Data {
  const { color, symbol, size, dash } = MARKS[i % MARKS.length];
  return {
    type: "scatter",
    mode: own.length > 1 ? "lines+markers" : "markers",
    name: own[0].family,
    legendgroup: own[0].family,
    showlegend: panel === 0,
    ...onPanel(panel),
    x: own.map(({ saved }) => significant(100 * saved.mean, 4)),
    y: own.map(({ bits }) => significant(bits.mean, 3)),
    error_x: errorBars(
      own.map(({ saved }) => inPercent(saved)),
      color,
    ),
    error_y: errorBars(
      own.map(({ bits }) => bits),
      color,
    ),
    marker: { color, symbol, size },
    ...(own.length > 1 && { line: { color, width: 1.5, dash } }),
    text: own.map(
      ({ name, saved, bits, accuracy }) =>
        `${name}<br>saves ${(100 * saved.mean).toFixed(1)}% at ${bits.mean.toFixed(3)} bits` +
        `${accuracy === undefined ? "" : `, ${(100 * accuracy).toFixed(1)}% right`}, ${bits.n} seeds`,
    ),
    hovertemplate: "%{text}<extra></extra>",
  } as Plotly.Data;
}
