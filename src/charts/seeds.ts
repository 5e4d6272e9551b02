/** What many seeds say: one mark a seed, and the mean with its interval. */
import type * as Plotly from "plotly.js-dist";
import { type MeanInterval, meanInterval } from "../statistics.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES, significant } from "./style.js";

/** One quantity, measured for each of several seeds. */
export interface SeedValues {
  name: string;
  seeds: readonly number[];
  values: readonly number[];
}

/** What the quantity is. */
export interface Quantity {
  /** Title of its axis. */
  name: string;
  unit?: string;
  /** The least and the largest value that it can have; intervals are cut off there. */
  bounds?: readonly [low: number, high: number];
  /** A value to compare with, drawn as a line. */
  reference?: { value: number; name: string };
}

/** One row of marks a group, with the mean and its 95% interval. */
export function seedsFigure(groups: readonly SeedValues[], quantity: Quantity): Figure {
  const [least, most] = quantity.bounds ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const intervals = groups.map(({ values }): MeanInterval => {
    const interval = meanInterval(values);
    return { ...interval, low: Math.max(least, interval.low), high: Math.min(most, interval.high) };
  });
  const rows = groups.map((_, i) => groups.length - 1 - i); // the first on top
  return {
    data: [
      ...groups.map(
        ({ name, seeds, values }, i): Plotly.Data => ({
          type: "scatter",
          mode: "markers",
          name: "one seed",
          showlegend: i === 0,
          x: rounded(values, 4),
          // spread over the row so that equal values do not hide each other
          y: values.map((_, k) => rows[i] + 0.1 + 0.25 * spread(k)),
          text: seeds.map((seed) => `${name}, seed ${seed}`),
          marker: { color: SERIES.first, size: 6, symbol: "circle-open", line: { width: 1.5 } },
          hovertemplate: "%{text}: %{x}<extra></extra>",
        }),
      ),
      {
        type: "scatter",
        mode: "markers",
        name: "mean with 95% interval",
        x: rounded(
          intervals.map(({ mean }) => mean),
          4,
        ),
        y: rows.map((row) => row - 0.15),
        error_x: {
          type: "data",
          symmetric: false,
          array: intervals.map(({ mean, high }) => high - mean),
          arrayminus: intervals.map(({ mean, low }) => mean - low),
          color: SERIES.second,
          thickness: 2,
        },
        marker: { color: SERIES.second, size: 9, symbol: "square" },
        text: intervals.map(
          ({ n, mean, low, high }, i) =>
            `${groups[i].name}, n = ${n}: ${significant(mean, 4)} [${significant(low, 4)}, ${significant(high, 4)}]`,
        ),
        hovertemplate: "%{text}<extra></extra>",
      },
    ],
    layout: baseLayout({
      height: 150 + 60 * groups.length,
      margin: { l: 24, r: 24, t: 48, b: 56 },
      xaxis: axisTitle(quantity.name, quantity.unit),
      yaxis: {
        tickvals: rows,
        ticktext: groups.map(({ name }) => name),
        automargin: true,
        range: [-0.5, groups.length - 0.4],
        zeroline: false,
      },
      ...(quantity.reference && {
        shapes: [
          {
            type: "line",
            x0: quantity.reference.value,
            x1: quantity.reference.value,
            yref: "paper",
            y0: 0,
            y1: 1,
            line: { color: SERIES.reference, dash: "dash", width: 1.5 },
            // beside the foot of the line: at its head is the legend
            label: {
              text: quantity.reference.name,
              textposition: "start",
              textangle: 0,
              xanchor: "left",
              yanchor: "bottom",
              font: { size: 12 },
            },
          },
        ],
      }),
    } as OwnLayout),
    caption:
      "Each dot is the training of one seed; the square is the mean over the seeds, its bar the 95% interval of that mean" +
      (quantity.bounds ? `, cut off at ${least} and ${most}.` : "."),
    alt: groups.map(({ name }, i) => `${name}: ${describeMean(intervals[i])}`).join("; "),
  };
}

function describeMean({ n, mean, low, high }: MeanInterval): string {
  return `mean ${significant(mean, 4)}, 95% interval ${significant(low, 4)} to ${significant(high, 4)}, ${n} seeds`;
}

/** A place in [0, 1) for the k-th mark: multiples of the golden ratio, which never crowd. */
function spread(k: number): number {
  return (k * 0.6180339887498949) % 1;
}
