/** The clock: times of both classes, and what they tell. */
import type * as Plotly from "plotly.js-dist";
import type { NetworkTimings } from "../experiments/side-channel/constant-time.js";
import type { Timings } from "../experiments/side-channel/timings.js";
import { quantile } from "../experiments/statistics.js";
import type { Variation } from "../experiments/study.js";
import type { Figure } from "./figure.js";
import { diagonalTrace } from "./guides.js";
import { onPanel, panelAxes, panelGrid } from "./small-multiples.js";
import { axisTitle, baseLayout, CLASSES, rounded, SERIES } from "./style.js";

/** Most bins of a histogram. */
const BINS = 60;

/** Histograms of the times of both classes, up to the 95th percentile; a panel for each way of timing. */
export function timesFigure(ways: readonly Timings[]): Figure {
  return {
    data: ways.flatMap(({ classes, nanoseconds }, i) => {
      const { low, width, count } = binsOf(nanoseconds);
      return CLASSES.map(({ name, color }, label): Plotly.Data => {
        const own = nanoseconds.filter((_, k) => classes[k] === label);
        const counts: number[] = new Array(count).fill(0);
        for (const time of own) {
          const bin = Math.floor((time - low) / width);
          if (bin >= 0 && bin < count) counts[bin]++;
        }
        return {
          type: "scatter",
          mode: "lines",
          ...onPanel(i),
          name,
          legendgroup: name,
          showlegend: i === 0,
          x: rounded(counts.map((_, k) => low + (k + 0.5) * width)),
          y: rounded(counts.map((inBin) => (100 * inBin) / Math.max(1, own.length))),
          line: { color, width: 2, shape: "hvh", dash: label === 0 ? "solid" : "dot" },
          hovertemplate: `${name}<br>%{x:.1f} ns: %{y:.1f}% of the times<extra></extra>`,
        } as Plotly.Data;
      });
    }),
    layout: baseLayout({
      margin: { t: 64 },
      ...panelGrid(1, ways.length, { xgap: 0.15 }),
      ...panelAxes(
        ways.map(({ batch }, i) => ({
          x: axisTitle(timed(batch), "ns"),
          y: i === 0 ? axisTitle("measurements of the class", "%") : {},
        })),
      ),
    }),
    caption:
      "Measured here and now: another run gives other values. WebAssembly that skips silent neurons; each time is of points of " +
      "one class. About 5% of the times, the slowest, are not drawn.",
    alt: `Histograms, for both classes, of the ${ways.map(({ batch }) => timed(batch)).join(" and the ")}.`,
  };
}

/** Equal bins, none narrower than a tick of the clock, beside which some would be empty. */
function binsOf(nanoseconds: readonly number[]): { low: number; width: number; count: number } {
  const [first, last] = [quantile(nanoseconds, 0.001), quantile(nanoseconds, 0.95)];
  const drawn = nanoseconds.filter((time) => time >= first && time <= last);
  const rounds = [...new Set(drawn.map(Math.round))].sort((a, b) => a - b);
  // a tick of so many nanoseconds and a fraction gives two neighbouring whole numbers
  const ticks = rounds.filter((round, i) => i === 0 || round - rounds[i - 1] > 2);
  const gaps = ticks.slice(1).map((tick, i) => tick - ticks[i]);
  const tick = gaps.length > 0 ? quantile(gaps, 0.5) : 1;
  const width = Math.max(tick, (last - first) / BINS);
  return { low: first - tick / 2, width, count: Math.ceil((last - first + tick) / width) };
}

function timed(batch: number): string {
  return batch === 1 ? "time of an inference" : `time of ${batch} inferences`;
}

/** For each network, how well its class is guessed from one time and from one count. */
export function clockFigure(variations: readonly Variation<NetworkTimings>[]): Figure {
  const drawn = variations.map(({ name, results }) => ({
    name: `hidden layers of ${name}`,
    networks: results.filter(({ countGuess }) => Number.isFinite(countGuess)),
  }));
  const guesses = drawn.flatMap(({ networks }) =>
    networks.flatMap(({ countGuess, batches }) => [countGuess, batches[0].compiledSkipping.guess]),
  );
  const ends = [Math.min(0.5, ...guesses), Math.max(0.5, ...guesses)].map((share) => 100 * share);
  return {
    data: [
      diagonalTrace(ends[0], ends[1], "as well from either"),
      ...drawn.map(
        ({ name, networks }, i): Plotly.Data =>
          ({
            type: "scatter",
            mode: "markers",
            name,
            x: rounded(networks.map(({ countGuess }) => 100 * countGuess)),
            y: rounded(networks.map(({ batches }) => 100 * batches[0].compiledSkipping.guess)),
            marker: { ...CLOCK_MARKS[i], size: 8 },
            text: networks.map(({ seed, batches }) => {
              const { effect, grade } = batches[0].compiledSkipping;
              return `seed ${seed}, Blue ${effect.mean.toFixed(1)} ns longer: ${grade}`;
            }),
            hovertemplate: "%{text}<br>right from one count %{x}%, from one time %{y}%<extra></extra>",
          }) as Plotly.Data,
      ),
    ],
    layout: baseLayout({
      xaxis: axisTitle("right guesses from one count", "%"),
      yaxis: axisTitle("right guesses from one time", "%"),
    }),
    caption:
      "Each mark is a network whose compiled code skips silent neurons, its inferences timed one by one. " +
      "Above the dashed line the clock tells more than the count.",
    alt: drawn
      .map(({ name, networks }) => {
        const above = networks.filter((one) => one.batches[0].compiledSkipping.guess >= one.countGuess);
        return `${name}: the clock tells as much as the count in ${above.length} of ${networks.length} networks`;
      })
      .join("; "),
  };
}

/** A mark for each size of network. */
const CLOCK_MARKS = [
  { color: SERIES.first, symbol: "circle" },
  { color: SERIES.second, symbol: "square" },
] as const;
