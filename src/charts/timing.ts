/** The clock: times of both classes, and by how much they differ. */
import type * as Plotly from "plotly.js-dist";
import {
  type NetworkTimings,
  SMALLEST_LEAK,
  type Timings,
  type TimingTest,
} from "../experiments/side-channel/constant-time.js";
import { type MeanInterval, quantile } from "../experiments/statistics.js";
import { meanText } from "../experiments/verdict.js";
import type { Figure } from "./figure.js";
import { errorBars } from "./intervals.js";
import { axisTitle, baseLayout, CLASSES, type OwnLayout, rounded, SERIES, significant } from "./style.js";

/** How much longer inference of the second group takes, a row for each test, beside the band that is too little to matter. */
export function timingFigure(tests: readonly { name: string; test: TimingTest }[]): Figure {
  const entries = tests.map(({ name, test }) => [name, test] as const);
  const rows = entries.map((_, i) => entries.length - 1 - i); // the first on top
  // too few times have no interval and decide nothing
  const intervals = entries.flatMap(([name, { effect, grade }], i) =>
    effect.points
      ? []
      : [{ ...effect, y: rows[i], text: `${name}: ${meanText(effect, 2, 1, " ns")}, ${grade}` }],
  );
  // the band is not part of the data, but must be seen whole
  const low = Math.min(-SMALLEST_LEAK, ...intervals.map((interval) => interval.low));
  const high = Math.max(SMALLEST_LEAK, ...intervals.map((interval) => interval.high));
  const room = 0.05 * (high - low);
  return {
    data: [
      {
        type: "scatter",
        mode: "markers",
        name: "second group minus first, with 95% interval",
        x: intervals.map(({ mean }) => significant(mean, 4)),
        y: intervals.map(({ y }) => y),
        error_x: errorBars(intervals.map(centred), { color: SERIES.second, thickness: 2 }),
        marker: { color: SERIES.second, size: 9, symbol: "square" },
        text: intervals.map(({ text }) => text),
        hovertemplate: "%{text}<extra></extra>",
      },
    ],
    layout: baseLayout({
      showlegend: false,
      height: 150 + 45 * entries.length,
      margin: { l: 24, r: 24, t: 48, b: 56 },
      xaxis: {
        ...axisTitle("inference of the second group takes longer by", "ns"),
        range: [low - room, high + room],
        zerolinewidth: 2,
      },
      yaxis: {
        tickvals: rows,
        ticktext: entries.map(([name]) => name),
        automargin: true,
        range: [-0.6, entries.length - 0.4],
        zeroline: false,
      },
      shapes: [leakBand("x")],
    } as OwnLayout),
    caption:
      `Measured here and now: another run gives other values. Shaded: differences below ${SMALLEST_LEAK} ns, too small to matter. ` +
      "A test passes if its whole interval lies in the shade and fails if it lies outside; across an edge it is inconclusive.",
    alt: entries
      .map(
        ([name, { effect, grade }]) =>
          `${name}: ${effect.points ? "" : `${meanText(effect, 2, 1, " ns")}, `}${grade}`,
      )
      .join("; "),
  };
}

/** Bins of a histogram. */
const BINS = 60;

/** Histograms of the times of both classes, up to the 95th percentile; a panel for each program. */
export function timesFigure(programs: Readonly<Record<string, Timings>>): Figure {
  const entries = Object.entries(programs);
  const axisOf = (i: number): string => (i === 0 ? "" : String(i + 1));
  return {
    data: entries.flatMap(([, { classes, nanoseconds }], i) => {
      const [low, high] = [quantile(nanoseconds, 0.001), quantile(nanoseconds, 0.95)];
      const width = Math.max(1e-9, (high - low) / BINS);
      const axes = i === 0 ? {} : { xaxis: `x${axisOf(i)}`, yaxis: `y${axisOf(i)}` };
      return CLASSES.map(({ name, color }, label): Plotly.Data => {
        const own = nanoseconds.filter((_, k) => classes[k] === label);
        const counts: number[] = new Array(BINS).fill(0);
        for (const time of own) {
          const bin = Math.floor((time - low) / width);
          if (bin >= 0 && bin < BINS) counts[bin]++;
        }
        return {
          type: "scatter",
          mode: "lines",
          ...axes,
          name,
          legendgroup: name,
          showlegend: i === 0,
          x: rounded(
            counts.map((_, k) => (low + (k + 0.5) * width) / 1000),
            3,
          ),
          y: rounded(
            counts.map((count) => (100 * count) / Math.max(1, own.length)),
            2,
          ),
          line: { color, width: 2, shape: "hvh", dash: label === 0 ? "solid" : "dot" },
          hovertemplate: `${name}<br>%{x:.2f} µs: %{y:.1f}% of the times<extra></extra>`,
        } as Plotly.Data;
      });
    }),
    layout: baseLayout({
      margin: { l: 64, r: 24, t: 84, b: 56 },
      legend: { orientation: "h", x: 0, y: 1.1, yanchor: "bottom" },
      grid: { rows: 1, columns: entries.length, pattern: "independent", xgap: 0.15 },
      ...Object.fromEntries(
        entries.flatMap((_, i) => [
          [`xaxis${axisOf(i)}`, axisTitle("time of a batch", "µs")],
          [`yaxis${axisOf(i)}`, i === 0 ? axisTitle("measurements of the class", "%") : {}],
        ]),
      ),
      annotations: entries.map(([name], i) => ({
        xref: `x${axisOf(i)} domain`,
        yref: `y${axisOf(i)} domain`,
        x: 0.5,
        y: 1.01,
        yanchor: "bottom",
        showarrow: false,
        text: name,
      })),
    } as OwnLayout),
    caption:
      "Measured here and now. Each time is that of a batch of points of one class; about 5% of the times, the slowest, are " +
      "not drawn.",
    alt: `Histograms of the times of both classes for ${entries.map(([name]) => name).join(" and ")}.`,
  };
}

/** For each network, how much longer inference of class 1 takes against how many more neurons fire for it. */
export function clockFigure(networks: readonly NetworkTimings[]): Figure {
  const sizes = networks[0]?.batches.map(({ batch }) => batch) ?? [];
  return {
    data: sizes.map((batch, i): Plotly.Data => {
      const effects = networks.map(({ batches }) => batches[i].skipping);
      return {
        type: "scatter",
        mode: "markers",
        name: batch === 1 ? "singly" : `batches of ${batch}`,
        x: rounded(networks.map(({ difference }) => difference)),
        y: effects.map(({ effect }) => significant(effect.mean, 3)),
        error_y: errorBars(
          effects.map(({ effect }) => centred(effect)),
          { color: CLOCK_MARKS[i].color, thickness: 1 },
        ),
        marker: { ...CLOCK_MARKS[i], size: 8 },
        text: effects.map(({ grade }, k) => `seed ${networks[k].seed}, ${grade}`),
        hovertemplate: "%{text}<br>%{x:.2f} neurons more, %{y} ns longer<extra></extra>",
      } as Plotly.Data;
    }),
    layout: baseLayout({
      xaxis: axisTitle("Blue minus Red", "neurons that fire"),
      yaxis: { ...axisTitle("inference of Blue takes longer by", "ns"), zerolinewidth: 2 },
      shapes: [leakBand("y")],
    } as OwnLayout),
    caption:
      "Each mark is a network that skips silent neurons, with the 95% interval. " +
      `Shaded: differences below ${SMALLEST_LEAK} ns. If the clock saw nothing but the count, the marks would lie on a rising line.`,
    alt: sizes
      .map((batch, i) => {
        const failing = networks.filter(({ batches }) => batches[i].skipping.grade === "fails").length;
        return `batches of ${batch}: ${failing} of ${networks.length} networks fail`;
      })
      .join("; "),
  };
}

/** A mark for each size of batch. */
const CLOCK_MARKS = [
  { color: SERIES.first, symbol: "circle" },
  { color: SERIES.second, symbol: "square" },
] as const;

/** The band too small to matter, along an axis of nanoseconds. */
function leakBand(axis: "x" | "y"): object {
  const across = axis === "x" ? "y" : "x";
  return {
    type: "rect",
    [`${axis}0`]: -SMALLEST_LEAK,
    [`${axis}1`]: SMALLEST_LEAK,
    [`${across}ref`]: "paper",
    [`${across}0`]: 0,
    [`${across}1`]: 1,
    fillcolor: SERIES.reference,
    opacity: 0.25,
    line: { width: 0 },
    layer: "below",
  };
}

function centred({ mean, low, high }: MeanInterval): { centre: number; low: number; high: number } {
  return { centre: mean, low, high };
}
