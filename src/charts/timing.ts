/** What the clock saw: times of both classes, and the t-tests on them under way. */
import type * as Plotly from "plotly.js-dist";
import { SEEN, type Timings, type TimingTest } from "../experiments/side-channel/constant-time.js";
import { quantile } from "../statistics.js";
import { levelLine } from "./attack.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, CLASSES, type OwnLayout, rounded, SERIES, significant } from "./style.js";

const LINES = [
  { color: SERIES.first, dash: "solid", width: 3 },
  { color: SERIES.second, dash: "solid", width: 2 },
  { color: SERIES.reference, dash: "dash", width: 2 },
  { color: SERIES.reference, dash: "dot", width: 2 },
] as const;

/** |t|, the largest over all crops, against the number of measurements. */
export function timingFigure(tests: Readonly<Record<string, TimingTest>>): Figure {
  const entries = Object.entries(tests);
  return {
    data: entries.map(
      ([name, { curve }], i): Plotly.Data => ({
        type: "scatter",
        mode: "lines",
        name,
        x: curve.map(({ measurements }) => measurements),
        y: curve.map(({ t }) =>
          Number.isFinite(t) ? significant(Math.max(0.1, Math.abs(t)), 3) : Number.NaN,
        ),
        text: curve.map(({ t }) => `t = ${t.toFixed(1)}`),
        line: LINES[i % LINES.length],
        hovertemplate: `${name}<br>%{x} measurements: %{text}<extra></extra>`,
      }),
    ),
    layout: baseLayout({
      xaxis: { ...axisTitle("measurements"), rangemode: "tozero" },
      yaxis: { ...axisTitle("largest |t|"), type: "log", dtick: 1 },
      ...levelLine(SEEN, "10: a difference is seen"),
    } as OwnLayout),
    caption:
      "Measured here and now: another run gives other lines. Above the dashed line the clock sees a difference; the control " +
      "with the same class twice should stay below it, the deliberate delay should rise above it.",
    alt: entries.map(([name, { t, grade }]) => `${name}: t = ${t.toFixed(1)}, ${grade}`).join("; "),
  };
}

/** Bins of a histogram. */
const BINS = 60;

/** Histograms of the times of both classes, up to the 95th percentile; one panel a program. */
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
      "Measured here and now. Each time is that of a batch of points of one class; the slowest 5%, interrupted by something else, " +
      "are left out of the picture, not out of the tests.",
    alt: `Histograms of the times of both classes for ${entries.map(([name]) => name).join(" and ")}.`,
  };
}
