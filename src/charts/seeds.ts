/** Many seeds: a mark for each, and the mean with its interval. */
import type * as Plotly from "plotly.js-dist";
import { type Bounds, meanInterval } from "../experiments/statistics.js";
import type { Variation } from "../experiments/study.js";
import type { Figure } from "./figure.js";
import { uprightLine } from "./guides.js";
import { intervalWords } from "./intervals.js";
import { rowAxis, rowPlaces, rowTrace } from "./rows.js";
import { axisTitle, baseLayout, rounded, SERIES, spread } from "./style.js";

/** A quantity, measured for several seeds. */
export interface SeedValues {
  name: string;
  seeds: readonly number[];
  values: readonly number[];
}

/** The values of a quantity, from the results of the seeds. */
export function seedValues<Result extends { seed: number }>(
  name: string,
  results: readonly Result[],
  measure: (result: Result) => number,
): SeedValues {
  return { name, seeds: results.map(({ seed }) => seed), values: results.map(measure) };
}

/** A quantity. */
export interface Quantity {
  /** Title of its axis. */
  name: string;
  unit?: string;
  /** The least and the largest possible value. */
  bounds?: Bounds;
  /** A value to compare with, drawn as a line. */
  reference?: { value: number; name: string };
}

/** At most this many marks in a row: more would hide each other and weigh on the page. */
const MOST_MARKS = 140;

/** A row of marks for each group, with the mean and its 95% interval. */
export function seedsFigure(groups: readonly SeedValues[], quantity: Quantity): Figure {
  const intervals = groups.map(({ values }) => meanInterval(values, boundsFor(values, quantity.bounds)));
  // the mean of so few values says less than the values do
  const known = intervals.flatMap((interval, i) => (interval.points ? [] : [{ interval, i }]));
  const rows = rowPlaces(groups.length);
  const every = Math.ceil(Math.max(1, ...groups.map(({ values }) => values.length)) / MOST_MARKS);
  const drawn = <T>(all: readonly T[]): T[] => all.filter((_, k) => k % every === 0);
  return {
    data: [
      ...groups.map(
        ({ name, seeds, values }, i): Plotly.Data => ({
          type: "scatter",
          mode: "markers",
          name: "one seed",
          showlegend: i === 0,
          x: rounded(drawn(values), 4),
          // spread over the row so that equal values do not hide each other
          y: rounded(
            drawn(values).map((_, k) => rows[i] + 0.1 + 0.25 * spread(k)),
            3,
          ),
          text: drawn(seeds).map(String),
          marker: { color: SERIES.first, size: 6, symbol: "circle-open", line: { width: 1.5 } },
          hovertemplate: `${name}, seed %{text}: %{x}<extra></extra>`,
        }),
      ),
      // without any mean there is nothing to draw, and Plotly has no place for a trace of no points
      ...(known.length === 0
        ? []
        : [
            rowTrace(
              known.map(({ interval }) => interval),
              {
                name: "mean with 95% interval",
                color: SERIES.second,
                symbol: "square",
                places: known.map(({ i }) => rows[i] - 0.15),
                texts: known.map(({ interval, i }) => `${groups[i].name}: ${intervalWords(interval)}`),
              },
            ),
          ]),
    ],
    layout: baseLayout({
      showlegend: true,
      height: 150 + 60 * groups.length,
      margin: { l: 24, t: 48 },
      xaxis: axisTitle(quantity.name, quantity.unit),
      yaxis: rowAxis(groups.map(({ name }) => name)),
      ...(quantity.reference && {
        shapes: [
          uprightLine(quantity.reference.value, {
            // beside the foot of the line: at its head is the legend
            label: {
              text: quantity.reference.name,
              textposition: "start",
              textangle: 0,
              xanchor: "left",
              yanchor: "bottom",
              font: { size: 12 },
            },
          }),
        ],
      }),
    }),
    caption:
      `Each dot is one seed${every > 1 ? ` (one in ${every} is drawn)` : ""}.` +
      (known.length > 0 ? " Squares: means over all seeds with 95% intervals." : ""),
    alt: groups.map(({ name }, i) => `${name}: ${intervalWords(intervals[i])}`).join("; "),
  };
}

/** The bounds, unless a value lies outside, as an estimate corrected for bias may. */
function boundsFor(values: readonly number[], bounds?: Bounds): Bounds | undefined {
  return bounds && values.every((value) => value >= bounds[0] && value <= bounds[1]) ? bounds : undefined;
}

/** The test accuracy of each seed's network, a row for each variation. */
export function accuracyFigure(
  variations: readonly Variation<{ seed: number; testAccuracy: number }>[],
): Figure {
  const groups = variations.map(({ name, results }) =>
    seedValues(name, results, ({ testAccuracy }) => 100 * testAccuracy),
  );
  return seedsFigure(groups, { name: "test accuracy", unit: "% right", bounds: [0, 100] });
}
