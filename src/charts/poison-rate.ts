/** The damage against the number of lies. */
import type * as Plotly from "plotly.js-dist";
import type { Attack } from "../experiments/poisoning/attacks.js";
import { RATE_ATTACKS, type RateDamage, type RateOverSeeds } from "../experiments/poisoning/poison-rate.js";
import { type MeanInterval, meanInterval } from "../experiments/statistics.js";
import type { Figure } from "./figure.js";
import { meansCaption, meanTraces } from "./means.js";
import { axisTitle, baseLayout, type OwnLayout, rounded, SERIES, significant } from "./style.js";

const STYLES: Readonly<Record<Attack, Series["look"]>> = {
  random: { color: SERIES.reference, symbol: "circle", dash: "dot" },
  deepest: { color: SERIES.first, symbol: "square", dash: "dash" },
  cluster: { color: SERIES.second, symbol: "diamond", dash: "solid" },
};

interface Series {
  name: string;
  attack: Attack;
  /** A share. */
  measure(result: RateDamage, rate: RateOverSeeds): number;
  look: { color: string; symbol: string; dash: Plotly.Dash };
}

interface Panel {
  title: string;
  series: readonly Series[];
}

/** The same for every attack. */
function byAttack(measure: Series["measure"]): Series[] {
  return RATE_ATTACKS.map((attack) => ({ name: attack, attack, measure, look: STYLES[attack] }));
}

const PANELS: readonly Panel[] = [
  {
    title: "plane that changes class (%)",
    series: [
      ...byAttack(({ plane }) => plane),
      {
        name: "cluster, left out instead",
        attack: "cluster",
        measure: ({ leftOut = Number.NaN }) => leftOut,
        look: { color: SERIES.fourth, symbol: "x", dash: "longdash" },
      },
    ],
  },
  { title: "lies learnt (%)", series: byAttack(({ captured }, { flips }) => captured / flips) },
];

/** How much of the plane changes, and how many of the lies are learnt. */
export function poisonRateFigure(rates: readonly RateOverSeeds[]): Figure {
  const shares = [...new Set(rates.map(({ flips, points }) => flips / points))].sort((a, b) => a - b);
  const most = Math.max(0, ...shares);
  const intervalsOf = ({ attack, measure }: Series): MeanInterval[] =>
    rates
      .filter((rate) => rate.attack === attack)
      .map((rate) =>
        meanInterval(
          rate.results.map((result) => 100 * measure(result, rate)),
          [0, 100],
        ),
      );
  const axes = PANELS.flatMap(({ title }, i) => {
    const n = i === 0 ? "" : String(i + 1);
    return [
      [`xaxis${n}`, { ...axisTitle("labels flipped", "%"), rangemode: "tozero" }],
      [`yaxis${n}`, { ...axisTitle(title), rangemode: "tozero" }],
    ];
  });
  return {
    data: PANELS.flatMap(({ series }, panel) =>
      series.flatMap((own, k) =>
        meanTraces(intervalsOf(own), {
          name: own.name,
          panel,
          // side by side, so that the bars do not hide each other
          x: rounded(
            shares.map((share) => 100 * (share + 0.01 * (k - 1) * most)),
            2,
          ),
          texts: shares.map((share) => `${significant(100 * share, 3)}% of the labels`),
          line: { color: own.look.color, width: 2, dash: own.look.dash },
          symbol: own.look.symbol,
        }),
      ),
    ),
    layout: baseLayout({
      grid: { rows: 1, columns: PANELS.length, pattern: "independent", xgap: 0.18 },
      ...Object.fromEntries(axes),
    } as OwnLayout),
    caption:
      "Left: the share of the plane that changes class with lies, or with the points of the cluster left out. Right: the share of the " +
      `lies that the network learns. ${meansCaption(intervalsOf(PANELS[0].series[0]))}`,
    alt: `Line charts of ${PANELS.map(({ title }) => title).join(" and ")} against the share of labels flipped, for ${RATE_ATTACKS.join(", ")} attacks.`,
  };
}
