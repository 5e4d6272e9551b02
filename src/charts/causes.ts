/** What makes two trainings part: each cause's distance over the epochs, and how many seeds it parts. */
import type * as Plotly from "plotly.js-dist";
import { PARTED, type TimelineComparison } from "../experiments/butterfly/butterfly.js";
import { CAUSES, type Cause } from "../experiments/butterfly/seeds.js";
import type { ShareInterval } from "../statistics.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES } from "./style.js";
import { distanceTicks, onDistanceAxis } from "./timelines.js";

const LOOKS: Readonly<Record<Cause, { color: string; dash: "solid" | "dot" | "dash" }>> = {
  nothing: { color: SERIES.reference, dash: "solid" },
  nudge: { color: SERIES.first, dash: "solid" },
  reversed: { color: SERIES.second, dash: "solid" },
  pairwise: { color: "#e69f00", dash: "solid" },
  engine: { color: "#56b4e9", dash: "solid" },
  reversed32: { color: SERIES.second, dash: "dot" },
  pairwise32: { color: "#e69f00", dash: "dot" },
};

/** Distance of the parameters after each epoch, one line a cause. */
export function causesFigure(comparisons: Readonly<Record<Cause, TimelineComparison>>): Figure {
  const causes = Object.keys(CAUSES) as Cause[];
  const { epochs } = comparisons.nudge;
  const parted = causes.filter((cause) => comparisons[cause].summary.distance >= PARTED);
  const broken = causes.filter((cause) => comparisons[cause].summary.broken !== null);
  return {
    data: causes.map(
      (cause): Plotly.Data => ({
        type: "scatter",
        mode: "lines",
        name: CAUSES[cause],
        x: comparisons[cause].epochs,
        y: comparisons[cause].distance.map(onDistanceAxis),
        line: { ...LOOKS[cause], width: 2 },
        hovertemplate: `${CAUSES[cause]}<br>epoch %{x}: distance %{y:.2e}<extra></extra>`,
      }),
    ),
    layout: baseLayout({
      height: 520,
      margin: { l: 72, r: 24, t: 100, b: 56 },
      xaxis: { ...axisTitle("epoch"), range: [0, Math.max(1, epochs[epochs.length - 1])] },
      yaxis: {
        ...axisTitle("distance of the parameters (log scale)"),
        type: "log",
        range: [-19.3, 2.5],
        ...distanceTicks,
      },
      shapes: [
        {
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: PARTED,
          y1: PARTED,
          line: { color: SERIES.reference, dash: "dash", width: 1.2 },
        },
      ],
    } as OwnLayout),
    caption:
      `Each line is the distance between two trainings that differ in nothing but the cause named. ` +
      `${parted.length === 0 ? "None ends" : `These end`} above the dashed line at 10⁻²${parted.length === 0 ? "." : `: ${parted.map((cause) => CAUSES[cause]).join("; ")}.`}` +
      (broken.length > 0
        ? ` No longer finite (NaN or infinity): ${broken.map((cause) => CAUSES[cause]).join("; ")}.`
        : ""),
    alt: `Line chart on a logarithmic axis of the distance of two trainings over the epochs, for ${causes.length} causes; ${parted.length} of them end parted.`,
  };
}

/** A share of the seeds, by name, in each of several groups. */
export interface ShareRow {
  name: string;
  share: ShareInterval;
}

/** Shares of the seeds with their 95% intervals, one row each, the groups beside each other. */
export function sharesFigure(
  groups: readonly { name: string; rows: readonly ShareRow[] }[],
  axis: string,
): Figure {
  const names = groups[0].rows.map(({ name }) => name);
  const places = names.map((_, i) => names.length - 1 - i);
  const looks = [
    { color: SERIES.second, symbol: "square" },
    { color: SERIES.first, symbol: "circle" },
  ];
  return {
    data: groups.map(({ name, rows }, g): Plotly.Data => {
      const { color, symbol } = looks[g % looks.length];
      const shift = groups.length > 1 ? 0.14 - 0.28 * g : 0;
      const shares = rows.map(({ share }) => share);
      return {
        type: "scatter",
        mode: "markers",
        name,
        x: rounded(
          shares.map(({ share }) => 100 * share),
          2,
        ),
        y: places.map((place) => place + shift),
        error_x: {
          type: "data",
          symmetric: false,
          array: rounded(
            shares.map(({ share, high }) => 100 * (high - share)),
            2,
          ),
          arrayminus: rounded(
            shares.map(({ share, low }) => 100 * (share - low)),
            2,
          ),
          color,
          thickness: 2,
        },
        marker: { color, symbol, size: 9 },
        text: rows.map((row) => `${row.name}, ${name}: ${row.share.count} of ${row.share.n} seeds`),
        hovertemplate: "%{text}<extra></extra>",
      } as Plotly.Data;
    }),
    layout: baseLayout({
      height: 172 + 46 * names.length,
      margin: { l: 24, r: 24, t: 80, b: 56 },
      xaxis: { ...axisTitle(axis, "% of the seeds"), range: [-3, 103], zeroline: false },
      yaxis: {
        tickvals: places,
        ticktext: names,
        automargin: true,
        range: [-0.5, names.length - 0.5],
        zeroline: false,
      },
    } as OwnLayout),
    caption: "Marks: the share of the seeds. Bars: its 95% interval (Wilson).",
    alt: groups
      .map(
        ({ name, rows }) =>
          `${name}: ${rows.map((row) => `${row.name} ${row.share.count} of ${row.share.n}`).join(", ")}`,
      )
      .join("; "),
  };
}
