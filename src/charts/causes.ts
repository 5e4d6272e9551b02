/** What makes two trainings diverge: each cause's distance over the epochs, and in how many seeds it does so. */
import type * as Plotly from "plotly.js-dist";
import { HAPPENS, LONG, PARTED } from "../experiments/butterfly-effect/butterfly-effect.js";
import {
  CAUSE_NAMES,
  CAUSES,
  type Cause,
  partedShare,
  type SeedPartings,
} from "../experiments/butterfly-effect/causes.js";
import type { AtBoth } from "../experiments/butterfly-effect/studies.js";
import { lastDistance, type Timeline } from "../experiments/butterfly-effect/timelines.js";
import { partedLate } from "../experiments/butterfly-effect/verdict.js";
import type { Figure } from "./figure.js";
import { levelLine } from "./guides.js";
import { type ShareRow, sharesFigure } from "./shares.js";
import { axisTitle, baseLayout, SERIES } from "./style.js";
import { distanceTicks, onDistanceAxis } from "./timelines.js";

const LOOKS: Readonly<Record<Cause, { color: string; dash: Plotly.Dash; width?: number }>> = {
  nothing: { color: SERIES.reference, dash: "longdash" },
  nudge: { color: SERIES.first, dash: "solid" },
  reversed: { color: SERIES.second, dash: "dash" },
  pairwise: { color: SERIES.third, dash: "dashdot" },
  engine: { color: SERIES.fourth, dash: "longdashdot" },
  reversed32: { color: SERIES.second, dash: "dot" },
  pairwise32: { color: SERIES.third, dash: "dot", width: 4 },
  order: { color: SERIES.reference, dash: "solid", width: 1 },
  thirdOrder: { color: SERIES.reference, dash: "dot", width: 1 },
};

/** Distance of the parameters after each epoch, a line for each cause. */
export function causesFigure(timelines: Readonly<Record<Cause, Timeline>>): Figure {
  const { epochs } = timelines.nudge;
  const parted = CAUSE_NAMES.filter((cause) => lastDistance(timelines[cause]) >= PARTED);
  const broken = CAUSE_NAMES.filter((cause) => timelines[cause].broken !== null);
  return {
    data: CAUSE_NAMES.map(
      (cause): Plotly.Data => ({
        type: "scatter",
        mode: "lines",
        name: CAUSES[cause],
        x: timelines[cause].epochs,
        y: timelines[cause].distance.map(onDistanceAxis),
        line: { width: 2, ...LOOKS[cause] },
        hovertemplate: `${CAUSES[cause]}<br>epoch %{x}: distance %{y:.2e}<extra></extra>`,
      }),
    ),
    layout: baseLayout({
      height: 520,
      margin: { l: 72, t: 100 },
      xaxis: { ...axisTitle("epoch"), range: [0, Math.max(1, epochs[epochs.length - 1])] },
      yaxis: {
        ...axisTitle("distance of the parameters (log scale)"),
        type: "log",
        range: [-19.3, 2.5],
        ...distanceTicks,
      },
      shapes: [levelLine(PARTED)],
    }),
    caption:
      `Each line is the distance between two trainings that differ only in the cause named. ` +
      `${parted.length === 0 ? "None diverges: none ends above the dashed line at 10⁻²." : `Those that diverge end above the dashed line at 10⁻²: ${parted.map((cause) => CAUSES[cause]).join("; ")}.`}` +
      (broken.length > 0
        ? ` No longer finite (NaN or infinite): ${broken.map((cause) => CAUSES[cause]).join("; ")}.`
        : ""),
    alt: `Line chart on a logarithmic axis of the distance of two trainings over the epochs, for ${CAUSE_NAMES.length} causes; ${parted.length} of them diverge.`,
  };
}

/** How many seeds do what the essay says, and how many diverge by each cause; at the parameters' setting and at the calm one. */
export function partingsFigure({ own, calm }: AtBoth<SeedPartings>): Figure {
  const rowsOf = (seeds: readonly SeedPartings[]): ShareRow[] => [
    { name: "as claimed", share: partedLate(seeds) },
    ...CAUSE_NAMES.map((cause) => ({ name: CAUSES[cause], share: partedShare(seeds, cause) })),
  ];
  const groups = [
    { name: "at the setting of the parameters", rows: rowsOf(own) },
    { name: "at the calm setting", rows: rowsOf(calm) },
  ];
  const figure = sharesFigure(groups, "seeds that diverge", { share: HAPPENS, name: "one in ten" });
  const words = `As claimed: the losses diverge visibly, after epoch ${LONG} at the earliest, in a training that learns. The other rows name the cause.`;
  return { ...figure, caption: `${figure.caption} ${words}` };
}
