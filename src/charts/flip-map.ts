/** Every single flip: its harm on the plane, what was foretold of it, and the worst of them together. */
import type * as Plotly from "plotly.js-dist";
import { CLASS_NAMES } from "../core/moons.js";
import { type FlipView, rankingOf } from "../experiments/poisoning/flip-view.js";
import { type FlippedSeed, type LiesName, PAIRED } from "../experiments/poisoning/flips.js";
import { meansOver } from "../experiments/poisoning/reliability.js";
import { meanOf } from "../experiments/statistics.js";
import { emptyFigure } from "./empty.js";
import type { Figure } from "./figure.js";
import { diagonalTrace } from "./guides.js";
import {
  boundaryLine,
  colourBar,
  inkLegend,
  keyTrace,
  mapLayout,
  placesOf,
  probabilityShade,
  UNHOVERED,
} from "./plane.js";
import { seedsFigure, seedValues } from "./seeds.js";
import { onPanel, panelAxes, panelGrid, panelTitle } from "./small-multiples.js";
import { axisTitle, baseLayout, CLASSES, INK, legendAbove, rounded, SERIES, significant } from "./style.js";

/** Width of a mark that changes all of the plane, and what is added to each, in CSS pixels. */
const [WIDEST, LEAST] = [34, 2];

const UNTRIED = "No flip was tried; the list below the charts says why.";

/** From harmless to harmful: to be seen on the colours of both classes. */
const HARM_SCALE: [number, string][] = [
  [0, "#ffffff"],
  [0.5, "#c08ad6"],
  [1, "#3d0a5c"],
];

/**
 * The training points, each as large and as dark as the harm of flipping its label; the lies that a greedy search found
 * and those that were guessed are ringed.
 */
export function flipMapFigure(view: FlipView | undefined): Figure {
  if (view === undefined) return emptyFigure(UNTRIED);
  const { seed, data, clean, harms, cluster, found } = view;
  const labels = data.labels.to1DArray();
  const of = (share: number): string => `${significant(100 * share, 3)}%`;
  const text = (i: number): string => {
    const { mean, low, high, n } = harms[i];
    return `point ${i}, ${CLASS_NAMES[labels[i]]}: ${of(mean)} of the plane<br>95% interval ${of(low)} to ${of(high)}, ${n} orders`;
  };
  const most = 100 * Math.max(...harms.map(({ mean }) => mean));
  const marks = CLASSES.map(({ symbol }, label): Plotly.Data => {
    // the largest first, so that they hide none
    const own = [...labels.keys()]
      .filter((i) => labels[i] === label)
      .sort((i, j) => harms[j].mean - harms[i].mean || i - j);
    return {
      type: "scatter",
      mode: "markers",
      ...placesOf(data, own),
      marker: {
        symbol,
        color: own.map((i) => significant(100 * harms[i].mean, 3)),
        cmin: 0,
        cmax: significant(most, 3),
        colorscale: HARM_SCALE,
        ...(label === 0 ? { colorbar: colourBar("plane that changes class (%)") } : { showscale: false }),
        // the area of a mark is its harm
        size: rounded(own.map((i) => LEAST + WIDEST * Math.sqrt(harms[i].mean))),
        line: { color: INK, width: 1 },
      },
      text: own.map(text),
      hovertemplate: "%{text}<extra></extra>",
      showlegend: false,
    } as Plotly.Data;
  });
  const keys = CLASSES.map(({ name, color, symbol }) =>
    keyTrace(name, { marker: { symbol, color, size: 10 } }),
  );
  const rings = (
    [
      ["guessed: the essay's cluster", "square-open", cluster],
      ["found by greedy search", "circle-open", found],
    ] as const
  ).map(([name, symbol, own]): Plotly.Data => {
    const marker = { symbol, size: 19, color: INK, line: { width: 2.5, color: INK } };
    return keyTrace(name, { marker, ...placesOf(data, own) });
  });
  const title = `Seed ${seed}: what each flip changes by itself`;
  return {
    data: [
      { ...probabilityShade(clean), ...UNHOVERED } as Plotly.Data,
      boundaryLine(clean),
      ...marks,
      ...rings,
      ...keys,
    ],
    layout: mapLayout(clean, 130, { height: 520, title, legend: inkLegend }),
    caption:
      "The larger and darker a mark, the more of the plane changes class when its label alone is flipped: the mean over " +
      `${harms[0].n} orders. Shade and line: a network trained on the true labels.`,
    alt: `Map of the plane on which each of ${labels.length} training points is as large as the harm of flipping its label: ${title}`,
  };
}

/** Foretold harm against true harm of the first seed, a mark for each flip: where influence functions are defined, and at the essay's setting. */
export function foretoldFigure([first]: readonly FlippedSeed[]): Figure {
  if (first === undefined) return emptyFigure(UNTRIED);
  const { seed, harms, atMinimum, foretold } = first;
  const { atMinimum: rankThere, atEssay, ceiling } = rankingOf(first);
  const words = (rank: number): string => (Number.isNaN(rank) ? "not defined" : rank.toFixed(2));
  const panels = [
    {
      title: `at a minimum: rank correlation ${words(rankThere)}`,
      foretold: atMinimum.foretold,
      truth: atMinimum.harms,
    },
    {
      title: `after the essay's training: ${words(atEssay)}, at most ${words(ceiling)}`,
      foretold,
      truth: meansOver(harms),
    },
  ].map((panel) => ({
    ...panel,
    most: 100 * Math.max(0.001, ...[...panel.foretold, ...panel.truth].filter(Number.isFinite)),
  }));
  const percents = (shares: readonly number[]): number[] =>
    shares.map((share) => significant(100 * share, 3));
  const axes = panels.map(({ most }, i) => {
    const shared = { range: [-0.042 * most, 1.05 * most], zeroline: false };
    return {
      x: { ...axisTitle("foretold", "% of the plane"), ...shared },
      y: { ...(i === 0 && axisTitle("true", "% of the plane")), ...shared },
    };
  });
  return {
    data: panels.flatMap(({ foretold, truth, most }, i): Plotly.Data[] => {
      return [
        {
          ...diagonalTrace(0, most, "as foretold"),
          showlegend: i === 0,
          legendgroup: "line",
          ...onPanel(i),
        },
        {
          type: "scatter",
          mode: "markers",
          name: "one flip",
          x: percents(foretold).map((value) => (Number.isFinite(value) ? value : null)),
          y: percents(truth),
          text: truth.map((_, k) => `point ${k}`),
          marker: { color: SERIES.first, size: 6, symbol: "circle-open", line: { width: 1.5 } },
          showlegend: i === 0,
          legendgroup: "flip",
          hovertemplate: "%{text}: foretold %{x}%, true %{y}%<extra></extra>",
          ...onPanel(i),
        },
      ] as Plotly.Data[];
    }),
    layout: baseLayout({
      height: 380,
      margin: { t: 92 },
      ...panelGrid(1, 2, { xgap: 0.14 }),
      ...legendAbove(1.12),
      ...panelAxes(axes),
      annotations: panels.map(({ title }, i) => panelTitle(i, title)),
    }),
    caption: `Seed ${seed}. Left: neurons, data and lies without an order or a kink. Right: the essay's network and training.`,
    alt: panels.map(({ title }) => title).join("; "),
  };
}

/** What guessed lies change, and what found ones do, a mark for each seed. */
export function worstLiesFigure(flipped: readonly FlippedSeed[]): Figure {
  if (flipped.length === 0) return emptyFigure(UNTRIED);
  const names = Object.keys(flipped[0].attacks) as LiesName[];
  const groups = names.map((name) => {
    // where nothing is foretold, the search for what influence names has nothing to go by
    const own = flipped.filter(
      ({ dampings: [, here] }) => !(name === "named by influence" && Number.isNaN(here)),
    );
    return seedValues(name, own, ({ attacks }) => 100 * meanOf(attacks[name].harms));
  });
  const figure = seedsFigure(
    groups.filter(({ seeds }) => seeds.length > 0),
    { name: "plane that changes class", unit: "%", bounds: [0, 100] },
  );
  const caption = `${figure.caption} The worst single, pair and greedy lies were chosen in other orders, after fewer epochs; the pair, from the ${PAIRED} worst flips.`;
  return { ...figure, caption };
}
