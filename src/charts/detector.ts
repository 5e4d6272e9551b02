/** How far a confidence can be trusted: reliability, certainty at one point over the seeds, and the defences. */
import type * as Plotly from "plotly.js-dist";
import type { Dataset } from "../core/moons.js";
import type { ReliabilityBin } from "../experiments/out-of-distribution/calibration.js";
import { CERTAIN, CERTAIN_LOGIT, confidenceText } from "../experiments/out-of-distribution/confidence.js";
import type { DefenceMap } from "../experiments/out-of-distribution/defences.js";
import type { DefenceSummary } from "../experiments/out-of-distribution/judging.js";
import type { VoidResult } from "../experiments/out-of-distribution/out-of-distribution.js";
import { type Point, placeText } from "../experiments/out-of-distribution/rays.js";
import { FEWEST_FOR_INTERVAL } from "../experiments/statistics.js";
import { meanText } from "../experiments/verdict.js";
import type { Figure } from "./figure.js";
import { diagonalTrace, uprightBand, uprightLine } from "./guides.js";
import { inPercent } from "./intervals.js";
import { pointTraces, probabilityShade, thinned, UNHOVERED } from "./plane.js";
import { rowAxis, rowPlaces, rowTrace } from "./rows.js";
import { bareAxes, onPanel, panelGrid, panelTitle } from "./small-multiples.js";
import { axisTitle, baseLayout, CLASSES, rounded, roundedRows, SERIES, spread } from "./style.js";

/** From this many seeds on, marks are small. */
const MANY_SEEDS = 200;

/** A mark for each seed: how sure it is at the point, and of what. */
export function pointLogitsFigure(
  results: readonly Pick<VoidResult, "seed" | "pointLogit">[],
  point: Point,
): Figure {
  const where = placeText(point);
  const numbers = results.filter(({ pointLogit }) => !Number.isNaN(pointLogit));
  const own = CLASSES.map((_, label) => numbers.filter(({ pointLogit }) => pointLogit > 0 === (label === 1)));
  const lost = results.length - numbers.length;
  return {
    data: CLASSES.map(
      ({ name, color, symbol }, label): Plotly.Data => ({
        type: "scatter",
        mode: "markers",
        name: `${name} (${own[label].length} of ${results.length} seeds)`,
        x: rounded(own[label].map(({ pointLogit }) => pointLogit)),
        y: own[label].map((_, k) => spread(k)),
        text: own[label].map(({ seed, pointLogit }) => `seed ${seed}, ${confidenceText(pointLogit)}`),
        marker: {
          color,
          symbol,
          ...(results.length < MANY_SEEDS
            ? { size: 9, line: { color: "#ffffff", width: 1 } }
            : { size: 5, line: { width: 0 } }),
        },
        hovertemplate: "%{text}<extra></extra>",
      }),
    ),
    layout: baseLayout({
      height: 300,
      margin: { l: 24, t: 72 },
      xaxis: { ...axisTitle(`logit at ${where}`, "nats"), zeroline: true },
      yaxis: { visible: false, range: [-0.15, 1.15] },
      shapes: [uprightBand(-CERTAIN_LOGIT, CERTAIN_LOGIT)],
    }),
    caption:
      `Each mark is one seed; its height means nothing. In the grey band the confidence is below ${CERTAIN}. Outside it the network is certain, the more the farther out.` +
      (lost > 0
        ? ` ${lost} ${lost === 1 ? "seed" : "seeds"} diverged and ${lost === 1 ? "is" : "are"} not drawn.`
        : ""),
    alt: `Strip of ${numbers.length} marks, the logit at ${where} for each seed: ${own[0].length} name Red (class 0), ${own[1].length} name Blue (class 1).`,
  };
}

/** Accuracy against confidence; marks grow with the number of points. */
export function reliabilityFigure(
  diagrams: readonly { name: string; bins: readonly ReliabilityBin[] }[],
): Figure {
  const colors = [SERIES.first, SERIES.second];
  const symbols = ["circle", "square"] as const;
  return {
    data: [
      diagonalTrace(50, 100, "as right as sure"),
      ...diagrams.map(({ name, bins }, i): Plotly.Data => {
        const filled = bins.filter(({ count }) => count > 0);
        const total = filled.reduce((sum, { count }) => sum + count, 0);
        return {
          type: "scatter",
          mode: "lines+markers",
          name,
          x: rounded(filled.map(({ count, doubt }) => 100 * (1 - doubt / count))),
          y: rounded(filled.map(({ count, wrong }) => 100 * (1 - wrong / count))),
          text: filled.map(({ count }) => `${name}: ${((100 * count) / total).toFixed(1)}% of the points`),
          line: { color: colors[i % 2], width: 1.5 },
          marker: {
            color: colors[i % 2],
            symbol: symbols[i % 2],
            size: filled.map(({ count }) => Math.round(6 + 22 * Math.sqrt(count / total))),
            opacity: 1,
          },
          hovertemplate: "%{text}<br>confidence %{x:.1f}%, right %{y:.1f}%<extra></extra>",
        };
      }),
    ],
    layout: baseLayout({
      height: 460,
      xaxis: { ...axisTitle("mean confidence", "%"), range: [49, 102] },
      yaxis: { ...axisTitle("right answers", "%"), range: [0, 104] },
    }),
    caption:
      "Points of all seeds, in ten bins of confidence; a larger mark stands for more points. Below the dashed line the network is surer than it should be.",
    alt: `Reliability diagram: share of right answers against mean confidence, for ${diagrams.map(({ name }) => name).join(" and ")}.`,
  };
}

/** The defences side by side: above, how well they tell inside from outside; below, how certain they remain out there. */
export function defencesFigure(summaries: readonly DefenceSummary[]): Figure {
  const places = rowPlaces(summaries.length);
  const names = summaries.map(({ name }) => name);
  const sides = [
    { key: "annulus", name: "on the annulus", color: SERIES.first, symbol: "circle", shift: 0.24 },
    { key: "cluster", name: "in the far cluster", color: SERIES.second, symbol: "square", shift: 0 },
    { key: "near", name: "near the moons", color: SERIES.third, symbol: "diamond", shift: -0.24 },
  ] as const;
  const counts = summaries.map(({ accuracy }) => accuracy.n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return {
    data: (["auroc", "certain"] as const).flatMap((quantity, panel) =>
      sides.map(({ key, name, shift, ...look }): Plotly.Data => {
        const intervals = summaries.map((summary) => summary[quantity][key]);
        const trace = rowTrace(panel === 0 ? intervals : intervals.map(inPercent), {
          name,
          ...look,
          places: places.map((place) => place + shift),
          texts: summaries.map((summary) => `${summary.name}, ${name}`),
        });
        return {
          ...trace,
          hovertemplate: "%{text}: %{x}<extra></extra>",
          legendgroup: key,
          showlegend: panel === 0,
          ...onPanel(panel),
        } as Plotly.Data;
      }),
    ),
    layout: baseLayout({
      height: 190 + 2 * 35 * summaries.length,
      margin: { l: 24, t: 72 },
      ...panelGrid(2, 1, { ygap: 0.25 }),
      xaxis: { ...axisTitle("AUROC: test points against points outside"), range: [-0.03, 1.03] },
      xaxis2: { ...axisTitle("points outside answered with certainty", "%"), range: [-3, 103] },
      yaxis: rowAxis(names),
      yaxis2: rowAxis(names),
      shapes: [uprightLine(0.5, { yref: "y domain" })],
    }),
    caption:
      `${most < FEWEST_FOR_INTERVAL ? "A mark for each seed" : `Means over ${least === most ? most : `${least} to ${most}`} seeds with 95% intervals`}. Above: at 1 the score tells every point outside from the data, 0.5 (dashed) is a guess, and below 0.5 the score is higher in the void than among the data. ` +
      "Below: the certainty that remains after refusals.",
    alt: summaries
      .map(
        ({ name, auroc, certain }) =>
          `${name}: ${sides
            .map(
              (side) =>
                `AUROC ${meanText(auroc[side.key], 2)} ${side.name}, certain of ${meanText(certain[side.key], 0, 100, "%")}`,
            )
            .join("; ")}`,
      )
      .join(". "),
  };
}

/** Maps in a row. */
const COLUMNS = 4;

/** At most this many training points in a map, evenly picked. */
const MOST_POINTS = 60;

/** Where the defences that can refuse do so, near the points: `maps` of a small area; the others are left out. */
export function refusalFigure(maps: readonly DefenceMap[], points: Dataset): Figure {
  const refusing = maps.filter(({ mayRefuse }) => mayRefuse);
  const shares = refusing.map(({ refused: { values } }) => {
    const all = values.flat();
    return `${Math.round((100 * all.filter((value) => value > 0).length) / all.length)}%`;
  });
  return {
    data: refusing.flatMap((map, i) => mapTraces(map, points, i)),
    layout: baseLayout({
      height: 300,
      margin: { l: 12, r: 12, t: 48, b: 12 },
      showlegend: false,
      ...panelGrid(1, refusing.length, { xgap: 0.04 }),
      ...bareAxes(refusing.map(({ probability }) => probability)),
      annotations: refusing.map(({ name }, i) =>
        panelTitle(i, `${name.replace("ensemble's ", "")}<br>${shares[i]} refused`),
      ),
    }),
    caption: "Close to the data. Dark grey: no answer. Dots: the training points.",
    alt: `Maps of the plane around the data with the part in which a defence refuses to answer: ${refusing.map(({ name }, i) => `${name}, ${shares[i]}`).join("; ")}.`,
  };
}

/** Small multiples: the answers of each defence on the plane. */
export function defenceMapsFigure(maps: readonly DefenceMap[], points: Dataset): Figure {
  const rows = Math.ceil(maps.length / COLUMNS);
  const { some } = thinned(points, MOST_POINTS);
  return {
    data: maps.flatMap((map, i) => mapTraces(map, some, i)),
    layout: baseLayout({
      height: 60 + rows * 220,
      margin: { l: 12, r: 12, t: 48, b: 12 },
      showlegend: false,
      ...panelGrid(rows, COLUMNS, { xgap: 0.06, ygap: 0.16 }),
      ...bareAxes(maps.map(({ probability }) => probability)),
      annotations: maps.map(({ name }, i) => panelTitle(i, name.replace("ensemble's ", "ensemble's<br>"))),
    }),
    caption:
      "The same part of the plane with each defence. Full colour: certain of a class. Pale: in doubt. Dark grey: no answer, too unlike the data. Dots: training points.",
    alt: `${maps.length} maps of the plane far beyond the data, one for each of ${maps.map(({ name }) => name).join(", ")}.`,
  };
}

function mapTraces({ probability, refused }: DefenceMap, points: Dataset, i: number): Plotly.Data[] {
  const axes = onPanel(i);
  const answers = {
    ...probabilityShade(probability),
    ...axes,
    z: roundedRows(probability.values, 2),
    hovertemplate: "x₁ %{x:.1f}, x₂ %{y:.1f}<br>probability of Blue: %{z:.2f}<extra></extra>",
  };
  const isRefusing = refused.values.some((row) => row.some((value) => value > 0));
  return [
    answers,
    ...(isRefusing
      ? [
          {
            ...answers,
            z: refused.values,
            contours: { start: 0.5, end: 0.5, size: 1, coloring: "fill" },
            colorscale: [
              [0, "rgba(110,110,110,0)"],
              [0.5, "rgba(110,110,110,0)"],
              [0.5, "rgb(110,110,110)"],
              [1, "rgb(110,110,110)"],
            ],
            hovertemplate: "no answer<extra></extra>",
          },
        ]
      : []),
    ...pointTraces(points, 3, { ...axes, ...UNHOVERED }),
  ] as Plotly.Data[];
}
