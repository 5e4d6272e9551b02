/** What notebook 03 says about lies learnt by gentle and aggressive optimizers. */
import { log } from "../../core/elementary.js";
import { allOf, anyOf, type Line, meanAbove, meanBelow, NOT_TRIED, shareAbove } from "../grading.js";
import { type Bounds, type MeanInterval, meanInterval, meanOf, shareOf } from "../statistics.js";
import { MOST, shareText } from "../verdict.js";
import { KINDS, type Kind, type MemorizedShares, type MemorizingCell } from "./memorizing.js";
import type { PoisoningParameters } from "./poisoning.js";
import { type Found, percentText, pointsText } from "./sentences.js";

/** The test accuracy from which on a network has learnt more than a straight line. */
export const LEARNT: number = 0.92;

/** Whether networks told the truth learn more than a straight line at a setting, in the mean. */
export function isLearning({ seeds }: MemorizingCell): boolean {
  return meanOf(seeds.cluster.map(({ accuracy }) => accuracy)) >= LEARNT;
}

/** A share of each seed in a cell; a difference of shares has the bounds -1 and 1. */
export function meanAt(
  { seeds }: MemorizingCell,
  kind: Kind,
  measure: (own: MemorizedShares) => number,
  bounds: Bounds = [0, 1],
): MeanInterval {
  return meanInterval(seeds[kind].map(measure), bounds);
}

/** Whether the lies are told from the truths at any setting, and what more aggressive optimizers learn of them. */
export function memorizingLines(
  cells: readonly MemorizingCell[],
  { learningRate }: Pick<PoisoningParameters, "learningRate">,
): Line[] {
  return [
    placeLine(
      "lies-pass-for-truths",
      "Learning can't be told from memorizing lies if the optimizer is aggressive enough: at some setting that learns " +
        `(${100 * LEARNT}% right if told the truth), three of four networks learn every lie, and the loss is larger on a lie than on a truth in at most ${100 * MOST}% of the pairs.`,
      cells,
      (cell, kind) => {
        const every = shareOf(cell.seeds[kind], ({ learnt }) => learnt === 1);
        const suspected = meanAt(cell, kind, (own) => own.suspected);
        return {
          text: `every lie in ${shareText(every)}, ${percentText(suspected)} of the pairs`,
          finding: allOf([shareAbove(every, MOST), meanBelow(suspected, MOST)]),
        };
      },
    ),
    placeLine(
      "truths-without-lies",
      `Some setting learns the truths without the lies: at most ${100 * (1 - MOST)}% of the lies are learnt.`,
      cells,
      (cell, kind) => {
        const learnt = meanAt(cell, kind, (own) => own.learnt);
        return { text: percentText(learnt), finding: meanBelow(learnt, 1 - MOST) };
      },
    ),
    directionLine(cells, learningRate),
  ];
}

/** A claim that something is so at some setting at which networks told the truth learn. */
function placeLine(
  id: string,
  claim: string,
  cells: readonly MemorizingCell[],
  find: (cell: MemorizingCell, kind: Kind) => Found,
): Line {
  const places = cells.filter(isLearning);
  const [together, scattered] = KINDS.map((kind): Found => {
    if (places.length === 0) return { text: "no setting learns", finding: NOT_TRIED };
    const found = places.map((cell) => {
      const { text, finding } = find(cell, kind);
      const learns = meanAbove(
        meanAt(cell, kind, ({ accuracy }) => accuracy),
        LEARNT,
      );
      return { text: `${text} (${settingText(cell)})`, finding: allOf([learns, finding]) };
    });
    const closest = found.reduce((best, own) => (own.finding.deviate > best.finding.deviate ? own : best));
    return { text: closest.text, finding: anyOf(found.map(({ finding }) => finding)) };
  });
  return {
    id,
    claim,
    measured: `Closest to it, clustered: ${together.text}. Scattered: ${scattered.text}.`,
    finding: together.finding,
    unless: { condition: "the lies are clustered", finding: scattered.finding },
  };
}

/** Whether the lies learnt become more as the steps get larger, and as they get more. */
function directionLine(cells: readonly MemorizingCell[], learningRate: number): Line {
  const last = Math.max(...cells.map(({ epochs }) => epochs));
  const ladders = [
    {
      name: `epochs at a learning rate of ${learningRate}`,
      steps: cells.filter((cell) => cell.learningRate === learningRate),
      of: ({ epochs }: MemorizingCell): number => epochs,
    },
    {
      name: `learning rate after ${last} epochs, while it learns`,
      steps: cells.filter((cell) => cell.epochs === last && isLearning(cell)),
      of: (cell: MemorizingCell): number => cell.learningRate,
    },
  ];
  const found = ladders.map(({ name, steps, of }) => {
    const rungs = steps.filter((cell) => of(cell) > 0);
    if (rungs.length < 2) return { text: `the ${name}: nothing to compare`, findings: [NOT_TRIED] };
    const slopes = KINDS.map((kind) =>
      meanInterval(
        rungs[0].seeds[kind].map((_, i) =>
          slope(
            rungs.map((cell) => log(of(cell)) / log(2)),
            rungs.map(({ seeds }) => seeds[kind][i].learnt),
          ),
        ),
      ),
    );
    const [together, scattered] = slopes.map(pointsText);
    return {
      text: `of the ${name}: ${together} (clustered), ${scattered} (scattered)`,
      findings: slopes.map((own) => meanAbove(own, 0)),
    };
  });
  return {
    claim:
      "The more aggressive the optimizer, the more lies it learns: on average over the map, a doubling of the epochs teaches more of them, and so does one of the learning rate.",
    measured: `A doubling ${found.map(({ text }) => text).join("; ")}.`,
    finding: allOf(found.flatMap(({ findings }) => findings)),
  };
}

/** The slope of the least-squares line. */
function slope(x: readonly number[], y: readonly number[]): number {
  const [x0, y0] = [meanOf(x), meanOf(y)];
  const products = x.map((value, i) => (value - x0) * (y[i] - y0));
  return meanOf(products) / meanOf(x.map((value) => (value - x0) * (value - x0)));
}

/** What the most aggressive optimizer that still learns makes of the lies, in a paragraph. */
export function describeMemorizing(
  cells: readonly MemorizingCell[],
  { flips }: Pick<PoisoningParameters, "flips">,
): string {
  if (flips === 0) return "No label was flipped, so there is no lie to learn.";
  const last = Math.max(...cells.map(({ epochs }) => epochs));
  const most = cells.filter((cell) => cell.epochs === last && isLearning(cell)).at(-1);
  if (!most) return `After ${last} epochs, no learning rate on the map learns even from true labels.`;
  const both = (
    text: (interval: MeanInterval) => string,
    measure: (own: MemorizedShares) => number,
    bounds?: Bounds,
  ): string => {
    const [together, scattered] = KINDS.map((kind) => text(meanAt(most, kind, measure, bounds)));
    return `${together} (clustered) and ${scattered} (scattered)`;
  };
  const lost = (of: "accuracyLost" | "lostToLeftOut"): string => both(pointsText, (own) => own[of], [-1, 1]);
  return (
    `The most aggressive optimizer on the map that learns from true labels (${settingText(most)}) learns ` +
    `${both(percentText, ({ learnt }) => learnt)} of the lies. They cost ${lost("accuracyLost")} of test accuracy; beyond what leaving ` +
    `the same points out costs, ${lost("lostToLeftOut")}.`
  );
}

function settingText({ learningRate, epochs }: MemorizingCell): string {
  return `learning rate ${Number(learningRate.toPrecision(3))}, ${epochs} epochs`;
}
