/** What notebook 03 says about the flips: lines of the verdict, and a list. */
import { type Line, meanAbove, NOT_TRIED } from "../grading.js";
import { type Bounds, type MeanInterval, meanInterval, meanOf, quantile } from "../statistics.js";
import { meanText } from "../verdict.js";
import { rankingOf, worstSingle } from "./flip-view.js";
import type { FlippedSeed, LiesName } from "./flips.js";
import { DECAY } from "./minimum.js";
import { meansOver, splitHalfReliability } from "./reliability.js";
import { inPercent } from "./sentences.js";

/** The share of the worst found harm from which on an attack is near the worst. */
const NEAR = 0.75;

/** The lies that were guessed, beside those that a search found. */
export function worstLines(flipped: readonly FlippedSeed[], flips: number): Line[] {
  const harmOf =
    (name: LiesName) =>
    ({ attacks }: FlippedSeed): number =>
      meanOf(attacks[name].harms);
  const over = (measure: (seed: FlippedSeed) => number): MeanInterval =>
    meanInterval(flipped.map(measure), [-1, 1]);
  const share = (measure: (seed: FlippedSeed) => number): string =>
    meanText(meanInterval(flipped.map(measure), [0, 1]), 1, 100, "%");
  const [cluster, found] = [harmOf("the essay's cluster"), harmOf("greedy")];
  const lines: Line[] = [
    {
      claim:
        "Clustered lies are near the worst: they change at least three quarters as much of the plane as the worst that a search finds.",
      measured: `Clustered: ${share(cluster)}. Found: ${share(found)}.`,
      finding: meanAbove(
        over((own) => cluster(own) - NEAR * found(own)),
        0,
      ),
    },
    {
      claim: "One lie is enough: the worst single flip changes more of the plane than clustered lies do.",
      measured: `The worst single flip: ${share(worstSingle)}. Clustered: ${share(cluster)}.`,
      finding: meanAbove(
        over((own) => worstSingle(own) - cluster(own)),
        0,
      ),
    },
  ];
  const alone = { measured: "A single lie cannot be clustered.", finding: NOT_TRIED };
  return flips < 2 ? lines.map((line) => ({ ...line, ...alone })) : lines;
}

/** The rank correlation from which a forecast explains half of the variance. */
const FORETOLD = Math.SQRT1_2;

/** Whether influence functions tell which flips do harm. */
export function influenceLine(flipped: readonly FlippedSeed[]): Line {
  const rankings = flipped.map(rankingOf);
  const there = meanInterval(
    rankings.map(({ atMinimum }) => atMinimum),
    [-1, 1],
  );
  const here = meanInterval(rankings.map(({ atEssay, ceiling }) => atEssay / ceiling));
  return {
    claim: `Influence functions foretell which flips do harm: a rank correlation of at least ${FORETOLD.toFixed(2)}.`,
    measured:
      `At a minimum: ${meanText(there, 2)}. After the essay's training, as a share of what can be reached: ` +
      `${meanText(here, 2)}.`,
    finding: meanAbove(there, FORETOLD),
    unless: { condition: "the training comes to a minimum", finding: meanAbove(here, FORETOLD) },
  };
}

/** What every single flip does, and what influence functions foretell of it, as a list. */
export function describeFlips(flipped: readonly FlippedSeed[]): string {
  const rankings = flipped.map(rankingOf);
  const over = (values: readonly number[], digits = 2, bounds: Bounds = [-1, 1]): string =>
    meanText(meanInterval(values, bounds), digits);
  const middle = flipped.map(({ harms }) => quantile(meansOver(harms), 0.5));
  const positive = flipped.filter(({ dampings: [there] }) => there === DECAY).length;
  const asStated = flipped.filter(({ dampings: [, here] }) => here === DECAY).length;
  return [
    `- The median flip changes ${inPercent(middle, (share) => share, [0, 1], "%")} of the plane, ` +
      `the worst one ${inPercent(flipped, worstSingle, [0, 1], "%")}.`,
    `- Half of the orders rank the flips like the other half: a reliability of ${over(flipped.map(({ harms }) => splitHalfReliability(harms)))}. ` +
      `So no forecast can reach a rank correlation above ${over(rankings.map(({ ceiling }) => ceiling))}.`,
    `- Influence functions, at a minimum: a rank correlation of ${over(rankings.map(({ atMinimum }) => atMinimum))} with the share of the plane, ` +
      `${over(flipped.map(({ lossCorrelation }) => lossCorrelation))} with the test loss. The Hessian with λ is positive definite in ${positive} of ${flipped.length}.`,
    `- After the essay's training: ${over(rankings.map(({ atEssay }) => atEssay))}; among the half of the points that the network is ` +
      `most sure of ${over(rankings.map(({ sure }) => sure))}, among the others ${over(rankings.map(({ unsure }) => unsure))}. ` +
      `In ${flipped.length - asStated} of ${flipped.length} networks λ had to be larger. The true harms at the minimum and here ` +
      `rank the flips alike by ${over(rankings.map(({ thereAndHere }) => thereAndHere))}.`,
  ].join("\n");
}
