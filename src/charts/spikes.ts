/** Spikes of the loss at the end of a training, with a learning rate that is constant and with one that decays. */
import type * as Plotly from "plotly.js-dist";
import { type Courses, endOf, isAtRest, SCHEDULES, SPIKE } from "../experiments/baseline/spikes.js";
import { publishedOf, type Series } from "../experiments/baseline/studies.js";
import { FEWEST_FOR_INTERVAL, shareOf } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { uprightBand } from "./guides.js";
import { type Around, inPercent, meanPercent } from "./intervals.js";
import { meansCaption, meanTraces } from "./means.js";
import { panelGrid } from "./small-multiples.js";
import { axisTitle, baseLayout, rounded, SERIES, significant } from "./style.js";
import { indexAxis } from "./tiles.js";

/** How a series is told from the others. */
const LOOKS = [
  { line: { color: SERIES.second, dash: "solid", width: 2 }, symbol: "circle" },
  { line: { color: SERIES.first, dash: "dot", width: 2 }, symbol: "square" },
  { line: { color: SERIES.third, dash: "dash", width: 2 }, symbol: "diamond" },
] as const;

const SIDE_BY_SIDE = panelGrid(1, 2, { xgap: 0.22 });

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
    ...indexAxis(variations.map(({ name }) => name.replaceAll(" × ", "<br>"))),
    tickangle: 0,
    tickfont: { size: 12 },
  };
}

/** The losses of one network in both ways, and the share of the networks that spike at each learning rate. */
export function spikesFigure(courses: Courses, spikes: readonly Series[]): Figure {
  const { seed, learningRate } = courses;
  const epochs = courses.constant.length - 1;
  const [constant, decaying] = publishedOf(spikes);
  return {
    data: [
      ...SCHEDULES.map(
        (schedule, i): Plotly.Data => ({
          type: "scatter",
          mode: "lines",
          name: `${schedule} rate`,
          legendgroup: `${schedule} rate`,
          x: courses[schedule].map((_, epoch) => epoch),
          y: courses[schedule].map((loss) => significant(loss, 4)),
          line: LOOKS[i].line,
          hovertemplate: `${schedule} rate<br>epoch %{x}: loss %{y:.4g} nats<extra></extra>`,
        }),
      ),
      ...meansTraces(named(spikes), 1, spiking),
    ],
    layout: baseLayout({
      title: `The loss spikes at the end: ${spikingText(constant)} networks, ${spikingText(decaying)} where the rate decays`,
      margin: { t: 92 },
      ...SIDE_BY_SIDE,
      xaxis: axisTitle("epoch"),
      yaxis: { ...axisTitle("mean training loss", "nats"), type: "log", exponentformat: "power", dtick: 1 },
      xaxis2: { ...axisTitle(`first learning rate, η = ${learningRate}`), ...namesAxis(spikes) },
      yaxis2: SPIKING,
      shapes: [uprightBand(endOf(epochs), epochs, { yref: "y domain" })],
    }),
    caption:
      `Left: the network of seed ${seed} in both ways, picked because its rise at the constant rate is the middle one of all. Grey: the last fifth of the epochs. ` +
      `Right: the share of networks whose loss rises there above ${SPIKE} times its lowest value so far. ${constant.length < FEWEST_FOR_INTERVAL ? "So few seeds have no intervals." : "Bars: 95% intervals."}`,
    alt: `Left, training losses over ${epochs} epochs, at a constant and at a decaying learning rate. Right, networks that spike: ${seriesText(named(spikes), spikingText)}.`,
  };
}

/** The test accuracy of narrower, wider and deeper networks, and the share of them that spike. */
export function scaleFigure(scale: readonly Series[]): Figure {
  return {
    data: [...meansTraces(scale, 0, accurate), ...meansTraces(scale, 1, spiking)],
    layout: baseLayout({
      margin: { b: 92 },
      ...SIDE_BY_SIDE,
      xaxis: { ...axisTitle("neurons in the hidden layers"), ...namesAxis(scale) },
      yaxis: axisTitle("mean test accuracy", "% right"),
      xaxis2: { ...axisTitle("neurons in the hidden layers"), ...namesAxis(scale) },
      yaxis2: SPIKING,
    }),
    caption: `Left: the mean test accuracy. Right: the share of networks whose loss spikes at the end. ${meansCaption(scale[0].variations.map(({ results }) => accurate(results)))}`,
    alt: `Test accuracy: ${seriesText(scale, (results) => `${accurate(results).mean.toFixed(1)}%`)}. Networks that spike: ${seriesText(scale, spikingText)}.`,
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

const accurate = (results: Results): Around => meanPercent(results, ({ testAccuracy }) => testAccuracy);

const spiking = (results: Results): Around => inPercent(shareOf(results, (result) => !isAtRest(result)));

/** A quantity by variation, a line for each series. */
function meansTraces(
  all: readonly Series[],
  panel: number,
  quantity: (results: Results) => Around,
): Plotly.Data[] {
  return all.flatMap(({ name, variations }, i) =>
    meanTraces(
      variations.map(({ results }) => quantity(results)),
      {
        name,
        panel,
        ...LOOKS[i],
        x: rounded(variations.map((_, k) => k + SHIFT * (i - 1))),
        texts: variations.map((own) => own.name),
      },
    ),
  );
}
