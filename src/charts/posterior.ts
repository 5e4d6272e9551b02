/** What the posterior and its approximations say of the plane, near and far. */
import { CERTAIN } from "../experiments/out-of-distribution/confidence.js";
import { DIRECTIONS } from "../experiments/out-of-distribution/out-of-distribution.js";
import type { OutOfDistributionParameters } from "../experiments/out-of-distribution/parameters.js";
import {
  type PosteriorFindings,
  posteriorMaps,
} from "../experiments/out-of-distribution/posterior/findings.js";
import { ANSWERERS, FAR_RADII } from "../experiments/out-of-distribution/posterior/posterior.js";
import { drawTask } from "../experiments/task.js";
import { defenceMapsFigure } from "./detector.js";
import { emptyFigure } from "./empty.js";
import type { Figure } from "./figure.js";
import { type Around, meanPercent } from "./intervals.js";
import { meansCaption, meanTraces } from "./means.js";
import { axisTitle, baseLayout, SERIES, significant } from "./style.js";

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
  { symbol: "circle", line: { color: SERIES.reference, dash: "dot", width: 2 } },
  { symbol: "diamond", line: { color: SERIES.third, dash: "dash", width: 2 } },
  { symbol: "square", line: { color: SERIES.fourth, dash: "solid", width: 2 } },
  { symbol: "triangle-up", line: { color: SERIES.first, dash: "solid", width: 2 } },
  { symbol: "circle", line: { color: SERIES.second, dash: "solid", width: 2 } },
] as const;

/** In how many directions each answer is certain, from the data out to a thousand moon radii. */
export function farCertaintyFigure({ results, trusted }: PosteriorFindings): Figure {
  if (trusted.length === 0)
    return emptyFigure(results.length === 0 ? NOT_SAMPLED : "In no seed did the chains agree.");
  const lines = ANSWERERS.map((answerer, k) => {
    const over = (quantity: "certain" | "confidence"): Around[] =>
      FAR_RADII.map((_, r) => meanPercent(trusted, ({ answers }) => answers[k][quantity][r]));
    return {
      name: k === 0 ? "one network" : answerer,
      certain: over("certain"),
      confidence: over("confidence"),
    };
  });
  return {
    data: lines.flatMap(({ name, certain, confidence }, k) =>
      meanTraces(certain, {
        name,
        ...LOOKS[k],
        // side by side, so that the bars do not hide each other
        x: FAR_RADII.map((radius) => significant(radius * (1 + 0.05 * (k - 2)), 4)),
        texts: confidence.map(
          ({ mean }, r) =>
            `radius ${FAR_RADII[r]}, mean confidence ${mean.toFixed(1)}%, share of certain directions`,
        ),
      }),
    ),
    layout: baseLayout({
      height: 340,
      margin: { t: 72 },
      xaxis: {
        ...axisTitle("distance from the middle of the moons", "moon radii"),
        type: "log",
        tickvals: [...FAR_RADII],
        ticktext: FAR_RADII.map(String),
      },
      yaxis: { ...axisTitle("directions that are certain", "%"), range: [-2, 104] },
    }),
    caption:
      `Share of ${DIRECTIONS} directions with a confidence above ${CERTAIN}, over ${trusted.length} seeds. ` +
      meansCaption(lines[0].certain),
    alt: lines
      .map(({ name, certain }) => {
        const ends = certain.map(({ mean }, r) => `${mean.toFixed(0)}% at ${FAR_RADII[r]}`);
        return `${name}: certain in ${ends.join(", ")}`;
      })
      .join("; "),
  };
}

const NOT_SAMPLED = "With so many parameters and points, the posterior was not sampled.";
