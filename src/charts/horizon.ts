/** The precision horizon: how far each precision follows the next finer one. */
import type * as Plotly from "plotly.js-dist";
import { log } from "../core/elementary.js";
import { type ButterflyParameters, CALM, PARTED } from "../experiments/butterfly-effect/butterfly-effect.js";
import { type Horizon, type Horizons, keptEpochs } from "../experiments/butterfly-effect/horizon.js";
import type { AtBoth } from "../experiments/butterfly-effect/studies.js";
import type { Figure } from "./figure.js";
import { levelLine } from "./guides.js";
import { onPanel, panelGrid } from "./small-multiples.js";
import { axisTitle, baseLayout, rounded, SERIES } from "./style.js";

/** A look for each precision, from the coarsest on. */
const LOOKS: readonly { color: string; symbol: string; dash: Plotly.Dash }[] = [
  { color: SERIES.second, symbol: "circle", dash: "dash" },
  { color: SERIES.first, symbol: "square", dash: "dashdot" },
  { color: SERIES.third, symbol: "diamond", dash: "solid" },
];

/** What is foretold. */
const FORETOLD = { color: SERIES.fourth, symbol: "x-thin-open", dash: "dot" } as const;

/** Left, the courses of the first seed; right, for every seed the epoch at which each precision leaves the next finer one. */
export function horizonFigure(
  { own, calm }: AtBoth<Horizons>,
  { epochs }: Pick<ButterflyParameters, "epochs">,
): Figure {
  const { horizons: first } = own[0];
  const [coarser, finest] = first.slice(-2);
  const nameOf = ({ bits, finer }: Horizon): string => `${bits} bits from ${finer}`;
  const foretoldName = `${coarser.bits} bits as foretold`;
  const course = (
    name: string,
    whole: number,
    logs: readonly number[],
    { color, dash, width = 2 }: { color: string; dash: Plotly.Dash; width?: number },
  ): Plotly.Data => ({
    type: "scatter",
    mode: "lines",
    name,
    legendgroup: name,
    x: keptEpochs(whole),
    y: logs.map((value) => (Number.isFinite(value) ? rounded([value])[0] : null)),
    line: { color, dash, width },
    hovertemplate: `${name}<br>epoch %{x}: distance 10^%{y:.1f}<extra></extra>`,
  });
  // the rounding errors of the coarser one are larger by as many bits as it has fewer
  const shift = ((finest.bits - coarser.bits) * Math.LN2) / Math.LN10;
  const never = 2 * Math.max(1, epochs);
  const lastOf = ({ horizons }: Horizons): number => horizons[horizons.length - 1].parted ?? never;
  const seeds = [...own].sort((a, b) => lastOf(a) - lastOf(b));
  const dots = (
    name: string,
    parted: readonly (number | null)[],
    { color, symbol }: { color: string; symbol: string },
  ): Plotly.Data =>
    ({
      type: "scatter",
      mode: "markers",
      name,
      legendgroup: name,
      showlegend: false,
      x: parted.map((epoch) => (epoch === null ? never : Math.max(1, epoch))),
      y: [...parted.keys()],
      ...onPanel(1),
      marker: { color, symbol, size: 8, line: { color, width: symbol === FORETOLD.symbol ? 2 : 0 } },
      customdata: parted.map((epoch) => (epoch === null ? "never" : `epoch ${epoch}`)),
      hovertemplate: `${name}: %{customdata}<extra></extra>`,
    }) as Plotly.Data;
  const counts = (of: readonly Horizons[]): string =>
    of[0].horizons
      .map((horizon, k) => {
        const left = of.filter(({ horizons }) => horizons[k].parted !== null).length;
        return `${nameOf(horizon)} in ${left}`;
      })
      .join(", ");
  const decades = [-15, -12, -9, -6, -3, 0];
  const powers = [1, 10, 100, 1000].filter((epoch) => epoch < never / 1.5);
  return {
    data: [
      ...first.map((horizon, k) => course(nameOf(horizon), epochs, horizon.logs, LOOKS[k])),
      course(
        foretoldName,
        epochs,
        finest.logs.map((value) => value + shift),
        FORETOLD,
      ),
      course(
        `${finest.bits} bits from ${finest.finer}, calm`,
        CALM.epochs,
        calm[0].horizons[first.length - 1].logs,
        { color: SERIES.reference, dash: "solid", width: 1.2 },
      ),
      ...first.map((horizon, k) =>
        dots(
          nameOf(horizon),
          seeds.map(({ horizons }) => horizons[k].parted),
          LOOKS[k],
        ),
      ),
      dots(
        foretoldName,
        seeds.map(({ horizons }) => horizons[first.length - 2].foretold),
        FORETOLD,
      ),
    ],
    layout: baseLayout({
      height: 460,
      margin: { t: 92 },
      ...panelGrid(1, 2, { xgap: 0.16 }),
      xaxis: { ...axisTitle("epoch"), range: [0, Math.max(1, epochs)] },
      yaxis: {
        ...axisTitle("distance of the parameters (log scale)"),
        tickvals: decades,
        ticktext: decades.map((k) => (k === 0 ? "1" : `10<sup>−${-k}</sup>`)),
        range: [-17, 2.5],
        zeroline: false,
      },
      xaxis2: {
        ...axisTitle("epoch at which they part (log scale)"),
        type: "log",
        tickvals: [...powers, never],
        ticktext: [...powers.map(String), "never"],
        range: [-0.15, log(1.3 * never) / Math.LN10],
      },
      yaxis2: {
        ...axisTitle(`${seeds.length} seeds`),
        showticklabels: false,
        showgrid: false,
        zeroline: false,
      },
      shapes: [levelLine(log(PARTED) / Math.LN10, { xref: "x domain" })],
    }),
    caption:
      "Left: the first of the seeds; dashed grey, where two runs have parted. Right: a row for each seed, with circles for 11 bits, squares for 24, diamonds for 53 and crosses for what is foretold. " +
      `Of ${own.length} seeds, these part: ${counts(own)}. At the calm setting: ${counts(calm)}.`,
    alt: `Left, on a logarithmic axis, the distance of one training in four precisions over ${epochs} epochs. Right, the epochs at which each precision parts from the next finer one, and what is foretold, for ${own.length} seeds.`,
  };
}
