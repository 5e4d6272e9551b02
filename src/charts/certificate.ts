/** What no lies can change: on the plane, and against their number. */
import type * as Plotly from "plotly.js-dist";
import {
  type CertificateResult,
  type PartsResult,
  rightAgainst,
  shareAgainst,
  sumOf,
} from "../experiments/poisoning/certificate.js";
import type { CertificateView } from "../experiments/poisoning/certificate-view.js";
import type { Figure } from "./figure.js";
import { type Around, meanPercent } from "./intervals.js";
import { meansCaption, meanTraces } from "./means.js";
import { boundaryLine, colourBar, inkLegend, mapLayout, placesOf, pointTraces, shadeTrace } from "./plane.js";
import { panelGrid } from "./small-multiples.js";
import { axisTitle, baseLayout, INK, SERIES } from "./style.js";

/** From what one lie may change to what most lies cannot: light enough for ink and points, and of neither class's colour. */
const CERTIFIED_SCALE: [number, string][] = [
  [0, "#f7f7f5"],
  [1, "#58b596"],
];

/** At most this many test points on a map. */
const MOST_POINTS = 200;

/** A map of the lies that cannot change the answer of a vote, with the test points that the attack on show can and cannot reach. */
export function certificateFigure(view: CertificateView): Figure {
  const { seed, parts, flips, blue, certified, train, test, answers } = view;
  const most = Math.max(1, Math.floor((parts - 1) / 2));
  const levels = { start: 0.5, end: most - 0.5, size: Math.ceil(most / 12) };
  const truth = test.labels.to1DArray();
  const held = answers.filter(({ isBlue, certified: own }, i) => own >= flips && isBlue === (truth[i] === 1));
  const title = `Seed ${seed}, ${parts} parts: ${((100 * held.length) / truth.length).toFixed(1)}% of the test points stay right against any ${flips} lies`;
  return {
    data: [
      shadeTrace(certified, certified.values, levels, {
        zmin: 0,
        zmax: most,
        colorscale: CERTIFIED_SCALE,
        colorbar: {
          ...colourBar("lies that cannot change the answer"),
          tick0: 0,
          dtick: Math.ceil(most / 6),
        },
        hovertemplate:
          "x₁ %{x:.2f}, x₂ %{y:.2f}<br>lies that cannot change the answer: %{z:.0f}<extra></extra>",
      }),
      boundaryLine(blue, {}, "boundary of the vote"),
      ...pointTraces(train, 6),
      testTrace(view, true),
      testTrace(view, false),
    ],
    layout: mapLayout(certified, 130, { height: 580, title, legend: inkLegend }),
    caption:
      "Shade: how many flipped labels cannot change the answer of the vote, whichever they are. Black line: its boundary. Dots: test points " +
      `that no ${flips} lies can change; crosses: those for which nothing is proved against so many.` +
      (truth.length > MOST_POINTS ? " Not all test points are drawn." : ""),
    alt: `Map of the plane shaded by the number of flipped labels that cannot change the answer, with the boundary of the vote, training points and test points: ${title}`,
  };
}

/** Some of the test points: those certified against the attack on show, or the others. */
function testTrace({ test, answers, flips }: CertificateView, isCertified: boolean): Plotly.Data {
  const every = Math.ceil(answers.length / MOST_POINTS);
  const own = answers.flatMap(({ certified }, i) =>
    i % every === 0 && certified >= flips === isCertified ? [i] : [],
  );
  return {
    type: "scatter",
    mode: "markers",
    name: isCertified ? `test point no ${flips} lies can change` : "test point without that proof",
    ...placesOf(test, own),
    marker: {
      symbol: isCertified ? "circle" : "x-thin",
      size: isCertified ? 4 : 7,
      color: INK,
      line: { width: isCertified ? 0 : 1.5, color: INK },
    },
    text: own.map((i) => String(answers[i].certified)),
    hovertemplate: "test point: %{text} lies cannot change the answer<extra></extra>",
  } as Plotly.Data;
}

/** The numbers of lies to show, at least. */
const MOST_FLIPS = 10;

const LOOKS = [
  { symbol: "circle", line: { color: SERIES.reference, dash: "dot", width: 2 } },
  { symbol: "square", line: { color: SERIES.first, dash: "dash", width: 2 } },
  { symbol: "diamond", line: { color: SERIES.second, dash: "solid", width: 2 } },
  { symbol: "x", line: { color: SERIES.third, dash: "longdash", width: 2 } },
  { symbol: "triangle-up", line: { color: SERIES.fourth, dash: "dashdot", width: 2 } },
];

const PANELS: readonly { title: string; measure: (result: CertificateResult, flips: number) => number }[] = [
  { title: "test points certified right (%)", measure: (result, flips) => rightAgainst(flips, result) },
  {
    title: "plane that no lies can change (%)",
    measure: ({ data, inVoid }, flips) =>
      (shareAgainst(flips, data, 1) + shareAgainst(flips, inVoid, 1)) / (sumOf(data) + sumOf(inVoid)),
  },
];

/** What is certain against more and more lies, for every number of parts. */
export function certifiedFigure(sizes: readonly PartsResult[]): Figure {
  const flips = Array.from({ length: MOST_FLIPS + 1 }, (_, k) => k);
  const intervals = (
    measure: (result: CertificateResult, flips: number) => number,
    { results }: PartsResult,
  ): Around[] => flips.map((k) => meanPercent(results, (result) => measure(result, k)));
  return {
    data: PANELS.flatMap(({ measure }, panel) =>
      sizes.flatMap((size, k) =>
        meanTraces(intervals(measure, size), {
          name: `${size.parts} ${size.parts === 1 ? "part" : "parts"}`,
          panel,
          x: flips,
          texts: flips.map((count) => `${count} ${count === 1 ? "lie" : "lies"}`),
          ...LOOKS[k % LOOKS.length],
        }),
      ),
    ),
    layout: baseLayout({
      ...panelGrid(1, 2, { xgap: 0.18 }),
      xaxis: { ...axisTitle("labels flipped"), dtick: 2 },
      xaxis2: { ...axisTitle("labels flipped"), dtick: 2 },
      yaxis: { ...axisTitle(PANELS[0].title), range: [-3, 103] },
      yaxis2: { ...axisTitle(PANELS[1].title), range: [-3, 103] },
    }),
    caption:
      "Left: the share of the test points that the vote answers right, whichever so many labels are flipped; at 0, its accuracy. Right: the share of the plane " +
      `whose class they cannot change. ${meansCaption(intervals(PANELS[0].measure, sizes[0]))}`,
    alt: `Line charts of ${PANELS.map(({ title }) => title).join(" and ")} against the number of labels flipped, for ${sizes.map(({ parts }) => parts).join(", ")} parts.`,
  };
}
