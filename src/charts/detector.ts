/** How far a confidence can be trusted: reliability, certainty at one point over the seeds, and the defences. */
import type * as Plotly from "plotly.js-dist";
import { type Dataset, selectPoints } from "../core/moons.js";
import type { ReliabilityBin } from "../experiments/out-of-distribution/calibration.js";
import { CERTAIN, CERTAIN_LOGIT, confidenceText } from "../experiments/out-of-distribution/confidence.js";
import type { DefenceMap } from "../experiments/out-of-distribution/defences.js";
import type { DefenceSummary } from "../experiments/out-of-distribution/judging.js";
import type { VoidResult } from "../experiments/out-of-distribution/out-of-distribution.js";
import { type Point, placeText } from "../experiments/out-of-distribution/rays.js";
import { FEWEST_FOR_INTERVAL, type MeanInterval } from "../experiments/statistics.js";
import { meanText } from "../experiments/verdict.js";
import type { Figure } from "./figure.js";
import { errorBars } from "./intervals.js";
import { spread } from "./seeds.js";
import { bareAxes, onPanel, panelTitle } from "./small-multiples.js";
import {
  axisTitle,
  baseLayout,
  CLASSES,
  type OwnLayout,
  PROBABILITY_SCALE,
  pointTraces,
  rounded,
  roundedRows,
  SERIES,
} from "./style.js";

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
        x: rounded(
          own[label].map(({ pointLogit }) => pointLogit),
          2,
        ),
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
      margin: { l: 24, r: 24, t: 72, b: 56 },
      xaxis: { ...axisTitle(`logit at ${where}`, "nats"), zeroline: true },
      yaxis: { visible: false, range: [-0.15, 1.15] },
      shapes: [
        {
          type: "rect",
          yref: "paper",
          x0: -CERTAIN_LOGIT,
          x1: CERTAIN_LOGIT,
          y0: 0,
          y1: 1,
          fillcolor: SERIES.reference,
          opacity: 0.3,
          line: { width: 0 },
        },
      ],
    } as OwnLayout),
    caption:
      `Each mark is one seed; its height means nothing. In the grey band the confidence is below ${CERTAIN}. Outside it the network is certain, the more the farther out.` +
      (lost > 0
        ? ` ${lost} ${lost === 1 ? "seed" : "seeds"} diverged and ${lost === 1 ? "is" : "are"} not drawn.`
        : ""),
    alt: `Strip of ${numbers.length} marks, the logit at ${where} for each seed: ${own[0].length} name Red (class 0), ${own[1].length} name Blue (class 1).`,
  };
}

/** A reliability diagram with a name. */
export interface NamedReliability {
  name: string;
  bins: readonly ReliabilityBin[];
}

/** Accuracy against confidence; marks grow with the number of points. */
export function reliabilityFigure(diagrams: readonly NamedReliability[]): Figure {
  const colors = [SERIES.first, SERIES.second];
  const symbols = ["circle", "square"] as const;
  return {
    data: [
      {
        type: "scatter",
        mode: "lines",
        name: "as right as sure",
        x: [50, 100],
        y: [50, 100],
        line: { color: SERIES.reference, dash: "dash", width: 1.5 },
        hoverinfo: "skip",
      },
      ...diagrams.map(({ name, bins }, i): Plotly.Data => {
        const filled = bins.filter(({ count }) => count > 0);
        const total = filled.reduce((sum, { count }) => sum + count, 0);
        return {
          type: "scatter",
          mode: "lines+markers",
          name,
          x: rounded(
            filled.map(({ count, doubt }) => 100 * (1 - doubt / count)),
            2,
          ),
          y: rounded(
            filled.map(({ count, wrong }) => 100 * (1 - wrong / count)),
            2,
          ),
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
    } as OwnLayout),
    caption:
      "Points of all seeds, in ten bins of confidence; a larger mark stands for more points. Below the dashed line the network is surer than it should be.",
    alt: `Reliability diagram: share of right answers against mean confidence, for ${diagrams.map(({ name }) => name).join(" and ")}.`,
  };
}

/** The defences side by side: above, how well they tell inside from outside; below, how certain they remain out there. */
export function defencesFigure(summaries: readonly DefenceSummary[]): Figure {
  const places = summaries.map((_, i) => summaries.length - 1 - i);
  const names = summaries.map(({ name }) => name);
  const sides = [
    { key: "annulus", name: "on the annulus" },
    { key: "cluster", name: "in the far cluster" },
    { key: "near", name: "near the moons" },
  ] as const;
  const counts = summaries.map(({ accuracy }) => accuracy.n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return {
    data: (["auroc", "certain"] as const).flatMap((quantity, panel) =>
      sides.map(({ key, name }, q): Plotly.Data => {
        const trace = intervalTrace(
          name,
          summaries.map((summary) => summary[quantity][key]),
          panel === 0 ? 1 : 100,
          places.map((place) => place + offset(q, sides.length)),
          summaries.map((summary) => `${summary.name}, ${name}`),
          q,
        );
        return {
          ...trace,
          legendgroup: key,
          showlegend: panel === 0,
          ...(panel === 1 && { xaxis: "x2", yaxis: "y2" }),
        } as Plotly.Data;
      }),
    ),
    layout: baseLayout({
      height: 190 + 2 * 35 * summaries.length,
      margin: { l: 24, r: 24, t: 72, b: 56 },
      grid: { rows: 2, columns: 1, pattern: "independent", ygap: 0.25 },
      xaxis: { ...axisTitle("AUROC: test points against points outside"), range: [-0.03, 1.03] },
      xaxis2: {
        ...axisTitle("points outside answered with certainty", "%"),
        range: [-3, 103],
      },
      yaxis: rowAxis(names, places),
      yaxis2: rowAxis(names, places),
      shapes: [verticalLine(0.5)],
    } as OwnLayout),
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
      grid: { rows: 1, columns: refusing.length, pattern: "independent", xgap: 0.04 },
      ...bareAxes(refusing.map(({ probability }) => probability)),
      annotations: refusing.map(({ name }, i) =>
        panelTitle(i, `${name.replace("ensemble's ", "")}<br>${shares[i]} refused`),
      ),
    } as OwnLayout),
    caption: "Close to the data. Dark grey: no answer. Dots: the training points.",
    alt: `Maps of the plane around the data with the part in which a defence refuses to answer: ${refusing.map(({ name }, i) => `${name}, ${shares[i]}`).join("; ")}.`,
  };
}

/** Small multiples: the answers of each defence on the plane. */
export function defenceMapsFigure(maps: readonly DefenceMap[], points: Dataset): Figure {
  const rows = Math.ceil(maps.length / COLUMNS);
  const every = Math.ceil(points.labels.rows / MOST_POINTS);
  const some = Array.from({ length: Math.ceil(points.labels.rows / every) }, (_, i) => i * every);
  return {
    data: maps.flatMap((map, i) => mapTraces(map, selectPoints(points, some), i)),
    layout: baseLayout({
      height: 60 + rows * 220,
      margin: { l: 12, r: 12, t: 48, b: 12 },
      showlegend: false,
      grid: { rows, columns: COLUMNS, pattern: "independent", xgap: 0.06, ygap: 0.16 },
      ...bareAxes(maps.map(({ probability }) => probability)),
      annotations: maps.map(({ name }, i) => panelTitle(i, name.replace("ensemble's ", "ensemble's<br>"))),
    } as OwnLayout),
    caption:
      "The same part of the plane with each defence. Full colour: certain of a class. Pale: in doubt. Dark grey: no answer, too unlike the data. Dots: training points.",
    alt: `${maps.length} maps of the plane far beyond the data, one for each of ${maps.map(({ name }) => name).join(", ")}.`,
  };
}

function mapTraces({ probability, refused }: DefenceMap, points: Dataset, i: number): Plotly.Data[] {
  const axes = onPanel(i);
  const grid = {
    type: "contour",
    ...axes,
    x: rounded(probability.x, 2),
    y: rounded(probability.y, 2),
    line: { width: 0 },
    showscale: false,
  };
  const isRefusing = refused.values.some((row) => row.some((value) => value > 0));
  return [
    {
      ...grid,
      z: roundedRows(probability.values, 2),
      zmin: 0,
      zmax: 1,
      contours: { start: 0.1, end: 0.9, size: 0.1, coloring: "fill" },
      colorscale: PROBABILITY_SCALE,
      hovertemplate: "x₁ %{x:.1f}, x₂ %{y:.1f}<br>probability of Blue: %{z:.2f}<extra></extra>",
    },
    ...(isRefusing
      ? [
          {
            ...grid,
            z: refused.values,
            zmin: 0,
            zmax: 1,
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
    ...pointTraces(points, 3).map((trace) => ({ ...trace, ...axes, hoverinfo: "skip", hovertemplate: "" })),
  ] as Plotly.Data[];
}

/** Means with their intervals, times a factor; too few values stand for themselves. */
function intervalTrace(
  name: string,
  intervals: readonly MeanInterval[],
  factor: number,
  y: number[],
  text: string[],
  index: number,
): Plotly.Data {
  const color = [SERIES.first, SERIES.second, SERIES.third][index];
  const marks = intervals.flatMap(({ mean, low, high, points }, i) =>
    (points ?? [mean]).map((value) => ({
      centre: factor * value,
      low: factor * low,
      high: factor * high,
      i,
    })),
  );
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: rounded(marks.map(({ centre }) => centre)),
    y: rounded(marks.map(({ i }) => y[i])),
    error_x: errorBars(marks, { color, thickness: 2 }),
    marker: { color, size: 9, symbol: (["circle", "square", "diamond"] as const)[index] },
    text: marks.map(({ i }) => text[i]),
    hovertemplate: "%{text}: %{x}<extra></extra>",
  };
}

function offset(index: number, count: number): number {
  return count === 1 ? 0 : 0.24 - (0.48 * index) / (count - 1);
}

function rowAxis(names: readonly string[], places: readonly number[]): Partial<Plotly.LayoutAxis> {
  return {
    tickvals: [...places],
    ticktext: [...names],
    automargin: true,
    range: [-0.6, names.length - 0.4],
    zeroline: false,
  };
}

function verticalLine(x: number): Partial<Plotly.Shape> {
  return {
    type: "line",
    xref: "x",
    yref: "y domain",
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    line: { color: SERIES.reference, dash: "dash", width: 1.5 },
  } as Partial<Plotly.Shape>;
}
