/** What the posterior and its approximations say of the plane, near and far. */
import type * as Plotly from "plotly.js-dist";
import { CERTAIN } from "../experiments/out-of-distribution/confidence.js";
import { DIRECTIONS } from "../experiments/out-of-distribution/out-of-distribution.js";
import type { OutOfDistributionParameters } from "../experiments/out-of-distribution/parameters.js";
import {
  type PosteriorFindings,
  posteriorMaps,
} from "../experiments/out-of-distribution/posterior/findings.js";
import { ANSWERERS, FAR_RADII } from "../experiments/out-of-distribution/posterior/posterior.js";
import { FEWEST_FOR_INTERVAL, meanInterval } from "../experiments/statistics.js";
import { drawTask } from "../experiments/task.js";
import { defenceMapsFigure } from "./detector.js";
import { emptyFigure } from "./empty.js";
import type { Figure } from "./figure.js";
import { errorBars } from "./intervals.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES, significant } from "./style.js";

/** The plane of one seed, by each way to answer. */
export function posteriorMapsFigure(
  findings: PosteriorFindings,
  parameters: OutOfDistributionParameters,
): Figure {
  const { seed, maps } = posteriorMaps(findings, parameters);
  if (maps.length === 0) {
    return emptyFigure(
      findings.results.length === 0 ? NOT_SAMPLED : "Only seeds that end in 001 are mapped; there was none.",
    );
  }
  const { data } = drawTask({ ...parameters, seed });
  return {
    ...defenceMapsFigure(maps, data.train),
    caption: `The plane of seed ${seed}. Full colour: certain of a class. Pale: in doubt. Dots: training points.`,
    alt: `Four maps of the plane far beyond the data of seed ${seed}: ${maps.map(({ name }) => name).join("; ")}.`,
  };
}

/** How each line looks, in the order of the answerers. */
const LOOKS = [
  { color: SERIES.reference, symbol: "circle", dash: "dot" },
  { color: SERIES.third, symbol: "diamond", dash: "dash" },
  { color: SERIES.fourth, symbol: "square", dash: "solid" },
  { color: SERIES.first, symbol: "triangle-up", dash: "solid" },
  { color: SERIES.second, symbol: "circle", dash: "solid" },
] as const;

/** In how many directions each answer is certain, from the data out to a thousand moon radii. */
export function farCertaintyFigure({ results, trusted }: PosteriorFindings): Figure {
  if (trusted.length === 0)
    return emptyFigure(results.length === 0 ? NOT_SAMPLED : "In no seed did the chains agree.");
  const isFew = trusted.length < FEWEST_FOR_INTERVAL;
  const lines = ANSWERERS.map((answerer, k) => ({
    name: k === 0 ? "one network" : answerer,
    certain: FAR_RADII.map((_, r) =>
      meanInterval(
        trusted.map(({ answers }) => answers[k].certain[r]),
        [0, 1],
      ),
    ),
    confidence: FAR_RADII.map((_, r) =>
      meanInterval(
        trusted.map(({ answers }) => answers[k].confidence[r]),
        [0, 1],
      ),
    ),
  }));
  return {
    data: lines.map(({ name, certain, confidence }, k): Plotly.Data => {
      const { dash, ...look } = LOOKS[k];
      return {
        type: "scatter",
        mode: "lines+markers",
        name,
        // side by side, so that the bars do not hide each other
        x: FAR_RADII.map((radius) => significant(radius * (1 + 0.05 * (k - 2)), 4)),
        y: rounded(certain.map(({ mean }) => 100 * mean)),
        error_y: errorBars(
          certain.map(({ mean, low, high }) => ({ centre: 100 * mean, low: 100 * low, high: 100 * high })),
          { color: look.color, thickness: 1.5 },
        ),
        line: { color: look.color, dash, width: 2 },
        marker: { ...look, size: 8 },
        text: confidence.map(
          ({ mean }, r) => `${name}, radius ${FAR_RADII[r]}: mean confidence ${(100 * mean).toFixed(1)}%`,
        ),
        hovertemplate: "%{text}, certain in %{y:.1f}% of the directions<extra></extra>",
      };
    }),
    layout: baseLayout({
      height: 340,
      margin: { l: 64, r: 24, t: 72, b: 56 },
      xaxis: {
        ...axisTitle("distance from the middle of the moons", "moon radii"),
        type: "log",
        tickvals: [...FAR_RADII],
        ticktext: FAR_RADII.map(String),
      },
      yaxis: { ...axisTitle("directions that are certain", "%"), range: [-2, 104] },
    } as OwnLayout),
    caption:
      `Share of ${DIRECTIONS} directions with a confidence above ${CERTAIN}, mean over ${trusted.length} seeds` +
      (isFew ? "; so few have no intervals." : " with 95% intervals."),
    alt: lines
      .map(({ name, certain }) => {
        const ends = certain.map(({ mean }, r) => `${(100 * mean).toFixed(0)}% at ${FAR_RADII[r]}`);
        return `${name}: certain in ${ends.join(", ")}`;
      })
      .join("; "),
  };
}

const NOT_SAMPLED = "With so many parameters and points, the posterior was not sampled.";
