/** Leaks over the seeds: the bits of a reading, and which class fires more. */
import { CLASS_NAMES } from "../core/moons.js";
import { TIGHT_BITS } from "../experiments/side-channel/frontier.js";
import { ESSAY_COUNTS } from "../experiments/side-channel/leak-summary.js";
import {
  type AttackResult,
  differenceOf,
  type LeakResult,
} from "../experiments/side-channel/side-channel.js";
import type { Figure } from "./figure.js";
import { note, noteAbove, uprightLine } from "./guides.js";
import { seedsFigure, seedValues } from "./seeds.js";
import { axisTitle, baseLayout, CLASSES } from "./style.js";

/** The leak of one reading of the count and of the Hamming weight in each network, with the bar of the verdict. */
export function leakFigure(seeds: readonly AttackResult[]): Figure {
  return seedsFigure(
    [
      seedValues("active count", seeds, ({ bits }) => bits),
      seedValues("Hamming weight", seeds, ({ hammingBits }) => hammingBits),
    ],
    {
      name: "leak of one reading",
      unit: "bits",
      bounds: [0, 1],
      reference: { value: TIGHT_BITS, name: `${TIGHT_BITS} bits` },
    },
  );
}

/** Width of a bar, in neurons; no bar holds both signs. */
const BAR = 0.5;

/** How many networks have the one class or the other ahead, by how much, and where the essay's numbers lie. */
export function aheadFigure(results: readonly LeakResult[]): Figure {
  const leads = results.map(differenceOf);
  const counts = new Map<number, number>();
  for (const lead of leads) {
    const bin = Math.floor(lead / BAR);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const sides = CLASSES.map((style, label) => ({
    ...style,
    bins: [...counts].filter(([bin]) => bin >= 0 === (label === 1)).sort(([a], [b]) => a - b),
    count: leads.filter((lead) => (label === 1 ? lead > 0 : lead < 0)).length,
  }));
  const share = (count: number): string => `${Math.round((100 * count) / results.length)}%`;
  const words = sides.map(
    ({ count }, label) => `${CLASS_NAMES[label]} ${label === 0 ? "fires more " : ""}in ${share(count)}`,
  );
  const essay = ESSAY_COUNTS[1] - ESSAY_COUNTS[0];
  return {
    data: sides.map(({ color, pattern, bins }, label) => ({
      type: "bar",
      name: `${CLASS_NAMES[label]} fires more`,
      x: bins.map(([bin]) => (bin + 0.5) * BAR),
      y: bins.map(([, count]) => count),
      width: BAR,
      marker: { color, pattern, line: { color: "#ffffff", width: 1 } },
      hovertemplate: "Blue minus Red about %{x} neurons: %{y} networks<extra></extra>",
    })),
    layout: baseLayout({
      title: `${results.length} networks: ${words.join(", ")}`,
      showlegend: false,
      bargap: 0,
      margin: { t: 88 },
      xaxis: { ...axisTitle("Blue minus Red", "neurons"), zeroline: true, zerolinewidth: 2 },
      yaxis: axisTitle("networks"),
      shapes: [uprightLine(essay)],
      annotations: [
        noteAbove("◀ Red fires more", 0, { xref: "paper", xanchor: "left" }),
        noteAbove("Blue fires more ▶", 1, { xref: "paper", xanchor: "right" }),
        note(`the essay:<br>Red ${ESSAY_COUNTS[0]}, Blue ${ESSAY_COUNTS[1]}`, {
          xref: "x",
          x: essay,
          y: 0.98,
          xanchor: "right",
          yanchor: "top",
          align: "right",
          xshift: -4,
        }),
      ],
    }),
    caption:
      "Each network counts once, by how many more neurons fire for one class than for the other, on average over its test points. " +
      "Dashed: the difference that the essay counted.",
    alt: `Histogram of ${results.length} networks by the mean count of firing neurons for Blue minus that for Red: ${words.join(", ")}; the essay's difference is ${String(essay).replace("-", "−")}.`,
  };
}
