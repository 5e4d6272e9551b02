/** The poison's own part, apart from what any change would have done. */
import type * as Plotly from "plotly.js-dist";
import type { Comparison } from "../experiments/poisoning/sensitivity.js";
import { meanInterval } from "../statistics.js";
import type { Figure } from "./figure.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES } from "./style.js";

/** One panel: something varied, and at each of its values what was measured of each seed. */
export interface SensitivityPanel {
  /** What is varied: the title of the axis. */
  name: string;
  settings: readonly { name: string; comparisons: readonly Comparison[] }[];
}

const ARMS = [
  {
    name: "labels flipped",
    measure: ({ flipped }: Comparison): number => flipped.plane,
    line: { color: SERIES.second, width: 2, dash: "solid" },
    symbol: "diamond",
    isShare: true,
  },
  {
    name: "same points deleted",
    measure: ({ deleted }: Comparison): number => deleted.plane,
    line: { color: SERIES.reference, width: 2, dash: "dash" },
    symbol: "circle",
    isShare: true,
  },
  {
    name: "other initial weights",
    measure: ({ otherWeights }: Comparison): number => otherWeights.plane,
    line: { color: SERIES.reference, width: 2, dash: "dot" },
    symbol: "circle-open",
    isShare: true,
  },
  {
    name: "the poison's own: flipped minus deleted",
    measure: ({ flipped, deleted }: Comparison): number => flipped.plane - deleted.plane,
    line: { color: SERIES.first, width: 3.5, dash: "solid" },
    symbol: "square",
    isShare: false,
  },
] as const;

/** Panels side by side; where there is nothing to compare a panel says so. */
export function sensitivityFigure(panels: readonly SensitivityPanel[]): Figure {
  const data = panels.flatMap(({ settings }, i) =>
    ARMS.map((arm, k): Plotly.Data => {
      const known = settings.filter(({ comparisons }) => comparisons.length > 0);
      const intervals = known.map(({ comparisons }) =>
        meanInterval(comparisons.map((comparison) => 100 * arm.measure(comparison))),
      );
      return {
        type: "scatter",
        mode: "lines+markers",
        name: arm.name,
        legendgroup: arm.name,
        showlegend: i === 0,
        // side by side, that the bars do not hide each other
        x: known.map(({ name }) => settings.findIndex((own) => own.name === name) + 0.07 * (k - 1.5)),
        y: rounded(
          intervals.map(({ mean }) => mean),
          2,
        ),
        error_y: {
          type: "data",
          symmetric: false,
          array: intervals.map(({ mean, high }) => barTo(mean, Math.min(100, high))),
          // a share is not below 0; a difference may be
          arrayminus: intervals.map(({ mean, low }) => barTo(arm.isShare ? Math.max(0, low) : low, mean)),
          color: arm.line.color,
          thickness: 1.2,
          width: 3,
        },
        line: arm.line,
        marker: { color: arm.line.color, symbol: arm.symbol, size: 8 },
        text: known.map(({ name, comparisons }) => `${name} (n = ${comparisons.length})`),
        xaxis: i === 0 ? "x" : `x${i + 1}`,
        yaxis: i === 0 ? "y" : `y${i + 1}`,
        hovertemplate: `${arm.name}, %{text}: %{y:.1f}% of the plane<extra></extra>`,
      } as Plotly.Data;
    }),
  );
  const axes = panels.flatMap(({ name, settings }, i) => {
    const n = i === 0 ? "" : String(i + 1);
    return [
      [
        `xaxis${n}`,
        {
          ...axisTitle(name),
          tickvals: settings.map((_, k) => k),
          ticktext: settings.map((setting) => setting.name),
          range: [-0.4, settings.length - 0.6],
          zeroline: false,
        },
      ],
      [
        `yaxis${n}`,
        {
          ...(i === 0 && axisTitle("plane that changes class", "%")),
          ...(i > 0 && { matches: "y" }),
          zeroline: true,
          zerolinecolor: SERIES.reference,
        },
      ],
    ];
  });
  const empty = panels.flatMap(({ settings }, i) =>
    settings.some(({ comparisons }) => comparisons.length > 0) ? [] : [nothing(i)],
  );
  return {
    data,
    layout: baseLayout({
      height: 440,
      margin: { l: 64, r: 24, t: 84, b: 56 },
      ...(panels.length > 1 && {
        grid: { rows: 1, columns: panels.length, pattern: "independent", xgap: 0.12 },
      }),
      ...Object.fromEntries(axes),
      annotations: empty,
    } as OwnLayout),
    caption:
      "Pink: what a cluster of lies changes. Grey: what a harmless change does, the same points deleted (dashed) or other initial weights " +
      "(dotted). Green, the poison's own: what the lies change beyond the deletion. Means over the seeds with 95% intervals.",
    alt: `Line charts of the share of the plane that changes class, for lies and two controls, against ${panels.map(({ name }) => name).join(", ")}.`,
  };
}

/** Length of a bar; one seed has a mean and no interval. */
function barTo(from: number, to: number): number {
  return Number.isNaN(to - from) ? 0 : Number((to - from).toFixed(2));
}

function nothing(i: number): Partial<Plotly.Annotation> {
  const n = i === 0 ? "" : String(i + 1);
  return {
    xref: `x${n} domain`,
    yref: `y${n} domain`,
    x: 0.5,
    y: 0.5,
    showarrow: false,
    text: "no seed to compare:<br>the loss was not reached",
  } as Partial<Plotly.Annotation>;
}
