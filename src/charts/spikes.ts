/** Spikes of the loss at the end of a training, with a learning rate that is constant and with one that decays. */
import type * as Plotly from "plotly.js-dist";
import { type Courses, endOf, isAtRest, SCHEDULES, SPIKE } from "../experiments/baseline/spikes.js";
import { publishedOf, type Series } from "../experiments/baseline/studies.js";
import { FEWEST_FOR_INTERVAL, meanInterval, shareOf } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { errorBars } from "./intervals.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES, significant } from "./style.js";

/** How a series is told from the others. */
const LOOKS = [
  { color: SERIES.second, dash: "solid", symbol: "circle" },
  { color: SERIES.first, dash: "dot", symbol: "square" },
  { color: SERIES.third, dash: "dash", symbol: "diamond" },
] as const;

/** Two panels side by side. */
const GRID = { rows: 1, columns: 2, pattern: "independent", xgap: 0.22 } as const;

/** The axis of a share of the networks. */
const SPIKING: Partial<Plotly.LayoutAxis> = {
  ...axisTitle("networks that spike", "%"),
  range: [-4, 104],
  zeroline: false,
};

/** Between the marks of two series, so that their bars do not hide each other; variations lie 1 apart. */
const SHIFT = 0.14;

/** An axis of variations; layers stand one below the other. */
function namesAxis([{ variations }]: readonly Series[]): Partial<Plotly.LayoutAxis> {
  return {
    tickvals: [...variations.keys()],
    ticktext: variations.map(({ name }) => name.replaceAll(" × ", "<br>")),
    tickangle: 0,
    tickfont: { size: 12 },
    range: [-0.5, variations.length - 0.5],
    zeroline: false,
  };
}

/** The axes of a panel, from 0. */
function axesOf(panel: number): { xaxis: string; yaxis: string } {
  return panel === 0 ? { xaxis: "x", yaxis: "y" } : { xaxis: `x${panel + 1}`, yaxis: `y${panel + 1}` };
}

/** The losses of one network in both ways, and the share of the networks that spike at each learning rate. */
export function spikesFigure(courses: Courses, spikes: readonly Series[]): Figure {
  const { seed, learningRate } = courses;
  const epochs = courses.constant.length - 1;
  const [constant, decaying] = publishedOf(spikes);
  const spiking = (results: typeof constant): string =>
    `${results.filter((result) => !isAtRest(result)).length} of ${results.length}`;
  return {
    data: [
      ...SCHEDULES.map(
        (schedule, i): Plotly.Data => ({
          type: "scatter",
          mode: "lines",
          name: `${schedule} rate`,
          legendgroup: schedule,
          showlegend: false,
          x: courses[schedule].map((_, epoch) => epoch),
          y: courses[schedule].map((loss) => significant(loss, 4)),
          line: { color: LOOKS[i].color, dash: LOOKS[i].dash, width: 1.5 },
          hovertemplate: `${schedule} rate<br>epoch %{x}: loss %{y:.4g} nats<extra></extra>`,
        }),
      ),
      ...shareTraces(named(spikes), 1),
    ],
    layout: baseLayout({
      title: `The loss spikes at the end: ${spiking(constant)} networks, ${spiking(decaying)} where the rate decays`,
      margin: { l: 64, r: 24, t: 92, b: 56 },
      grid: GRID,
      xaxis: axisTitle("epoch"),
      yaxis: { ...axisTitle("mean training loss", "nats"), type: "log", exponentformat: "power", dtick: 1 },
      xaxis2: { ...axisTitle(`first learning rate, η = ${learningRate}`), ...namesAxis(spikes) },
      yaxis2: SPIKING,
      shapes: [
        {
          type: "rect",
          x0: endOf(epochs),
          x1: epochs,
          yref: "y domain",
          y0: 0,
          y1: 1,
          fillcolor: SERIES.reference,
          opacity: 0.2,
          line: { width: 0 },
        },
      ],
    } as OwnLayout),
    caption:
      `Left: the network of seed ${seed} in both ways, picked because its rise at the constant rate is the middle one of all. Grey: the last fifth of the epochs. ` +
      `Right: the share of networks whose loss rises there above ${SPIKE} times its lowest value so far. ${barsText(spikes)}`,
    alt: `Left, training losses over ${epochs} epochs, at a constant and at a decaying learning rate. Right, networks that spike: ${seriesText(named(spikes), spikingText)}.`,
  };
}

/** The test accuracy of narrower, wider and deeper networks, and the share of them that spike. */
export function scaleFigure(scale: readonly Series[]): Figure {
  const accuracy = scale.flatMap((series, i): Plotly.Data[] => {
    const means = series.variations.map(({ results }) =>
      meanInterval(
        results.map(({ testAccuracy }) => 100 * testAccuracy),
        [0, 100],
      ),
    );
    return [
      trace(
        series,
        i,
        0,
        means.map(({ mean, low, high }) => ({ centre: mean, low, high })),
      ),
    ];
  });
  return {
    data: [...accuracy, ...shareTraces(scale, 1).map((own) => ({ ...own, showlegend: false }))],
    layout: baseLayout({
      margin: { l: 64, r: 24, t: 56, b: 92 },
      grid: GRID,
      xaxis: { ...axisTitle("neurons in the hidden layers"), ...namesAxis(scale) },
      yaxis: axisTitle("mean test accuracy", "% right"),
      xaxis2: { ...axisTitle("neurons in the hidden layers"), ...namesAxis(scale) },
      yaxis2: SPIKING,
    } as OwnLayout),
    caption: `Left: the mean test accuracy. Right: the share of networks whose loss spikes at the end. ${barsText(scale)}`,
    alt: `Test accuracy: ${seriesText(scale, (results) => `${meanInterval(results.map(({ testAccuracy }) => 100 * testAccuracy)).mean.toFixed(1)}%`)}. Networks that spike: ${seriesText(scale, spikingText)}.`,
  };
}

type Results = Series["variations"][number]["results"];

function spikingText(results: Results): string {
  return `${results.filter((result) => !isAtRest(result)).length} of ${results.length}`;
}

function seriesText(series: readonly Series[], text: (results: Results) => string): string {
  return series
    .map(
      ({ name, variations }) =>
        `${name} ${variations.map((own) => `${own.name}: ${text(own.results)}`).join(", ")}`,
    )
    .join("; ");
}

/** The schedules by the names that the legend has for them. */
function named(spikes: readonly Series[]): Series[] {
  return spikes.map(({ name, variations }) => ({ name: `${name} rate`, variations }));
}

function barsText([{ variations }]: readonly Series[]): string {
  const n = variations[0].results.length;
  return n < FEWEST_FOR_INTERVAL ? "So few seeds have no intervals." : "Bars: 95% intervals.";
}

/** The share of the networks that spike, by variation, a line for each series. */
function shareTraces(all: readonly Series[], panel: number): Plotly.Data[] {
  return all.map((series, i) =>
    trace(
      series,
      i,
      panel,
      series.variations.map(({ results }) => {
        const { share, low, high } = shareOf(results, (result) => !isAtRest(result));
        return { centre: 100 * share, low: 100 * low, high: 100 * high };
      }),
    ),
  );
}

/** Percents with their intervals, one for each variation of a series. */
function trace(
  { name, variations }: Series,
  i: number,
  panel: number,
  marks: readonly { centre: number; low: number; high: number }[],
): Plotly.Data {
  const { color, dash, symbol } = LOOKS[i];
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    legendgroup: name,
    ...axesOf(panel),
    x: rounded(
      variations.map((_, k) => k + SHIFT * (i - 1)),
      2,
    ),
    y: rounded(
      marks.map(({ centre }) => centre),
      2,
    ),
    error_y: errorBars(marks, { color, thickness: 1.5, width: 3 }),
    line: { color, dash, width: 2 },
    marker: { color, symbol, size: 8 },
    text: variations.map((own) => `${name}, ${own.name} (n = ${own.results.length})`),
    hovertemplate: "%{text}: %{y:.1f}%<extra></extra>",
  } as Plotly.Data;
}
