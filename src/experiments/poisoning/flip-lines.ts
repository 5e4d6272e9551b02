/** What notebook 03 says about the flips: lines of the verdict, and a list. */
import { type Line, meanAbove, NOT_TRIED } from "../grading.js";
import { type Bounds, type MeanInterval, meanInterval, meanOf, quantile } from "../statistics.js";
import { meanText } from "../verdict.js";
import { whyNoFlips } from "./budget.js";
import { type Ranking, rankingOf, worstSingle } from "./flip-view.js";
import type { FlippedSeed, LiesName } from "./flips.js";
import { DECAY } from "./minimum.js";
import type { PoisoningParameters } from "./poisoning.js";
import { meansOver, splitHalfReliability } from "./reliability.js";
import { inPercent } from "./sentences.js";

/** The share of the worst found harm from which on an attack is near the worst. */
const NEAR = 0.75;

const WORST = [
  "Clustered lies are near the worst: they change at least three quarters as much of the plane as the worst that a search finds.",
  "One lie is enough: the worst single flip changes more of the plane than clustered lies do.",
];

/** The lies that were guessed, beside those that a search found. */
export function worstLines(flipped: readonly FlippedSeed[], parameters: PoisoningParameters): Line[] {
  if (parameters.flips < 2) return untried(WORST, "A single lie cannot be clustered.");
  if (flipped.length === 0) return untried(WORST, whyNoFlips(parameters));
  const harmOf =
    (name: LiesName) =>
    ({ attacks }: FlippedSeed): number =>
      meanOf(attacks[name].harms);
  const over = (measure: (seed: FlippedSeed) => number): MeanInterval =>
    meanInterval(flipped.map(measure), [-1, 1]);
  const share = (measure: (seed: FlippedSeed) => number): string => inPercent(flipped, measure, [0, 1], "%");
  const [cluster, found] = [harmOf("the essay's cluster"), harmOf("greedy")];
  return [
    {
      claim: WORST[0],
      measured: `Clustered: ${share(cluster)}. Found: ${share(found)}.`,
      finding: meanAbove(
        over((own) => cluster(own) - NEAR * found(own)),
        0,
      ),
    },
    {
      claim: WORST[1],
      measured: `The worst single flip: ${share(worstSingle)}. Clustered: ${share(cluster)}.`,
      finding: meanAbove(
        over((own) => worstSingle(own) - cluster(own)),
        0,
      ),
    },
  ];
}

function untried(claims: readonly string[], measured = ""): Line[] {
  return claims.map((claim) => ({ claim, measured, finding: NOT_TRIED }));
}

/** The rank correlation from which a forecast explains half of the variance. */
const FORETOLD = Math.SQRT1_2;

const FOREKNOWN = [
  `Influence functions foretell which flips do harm where they are defined (tanh, full batches, weight decay, trained to rest): a rank correlation of at least ${FORETOLD.toFixed(2)}.`,
  `They foretell it after the essay's training, too: at least ${FORETOLD.toFixed(2)} of the rank correlation that any forecast can reach.`,
];

/** Whether influence functions tell which flips do harm. */
export function influenceLines(flipped: readonly FlippedSeed[], parameters: PoisoningParameters): Line[] {
  if (flipped.length === 0) return untried(FOREKNOWN, whyNoFlips(parameters));
  const rankings = flipped.map(rankingOf);
  const over = (measure: (ranking: Ranking) => number): MeanInterval =>
    meanInterval(rankings.map(measure), [-1, 1]);
  const [there, here, most] = (["atMinimum", "atEssay", "ceiling"] as const).map((of) =>
    over((own) => own[of]),
  );
  return [
    {
      claim: FOREKNOWN[0],
      measured: `A rank correlation of ${meanText(there, 2)}.`,
      finding: meanAbove(there, FORETOLD),
    },
    {
      claim: FOREKNOWN[1],
      measured: `A rank correlation of ${meanText(here, 2)}, of at most ${meanText(most, 2)}.`,
      // a difference: the quotient has no bounds, and none where nothing can be reached
      finding: meanAbove(
        meanInterval(
          rankings.map(({ atEssay, ceiling }) => atEssay - FORETOLD * ceiling),
          [-1 - FORETOLD, 1],
        ),
        0,
      ),
    },
  ];
}

/** What every single flip does, and what influence functions foretell of it, as a list. */
export function describeFlips(flipped: readonly FlippedSeed[], parameters: PoisoningParameters): string {
  if (flipped.length === 0) return whyNoFlips(parameters) ?? "";
  const rankings = flipped.map(rankingOf);
  const over = (values: readonly number[], digits = 2, bounds: Bounds = [-1, 1]): string =>
    meanText(meanInterval(values, bounds), digits);
  const middle = flipped.map(({ harms }) => quantile(meansOver(harms), 0.5));
  const positive = flipped.filter(({ dampings: [there] }) => there === DECAY).length;
  const larger = flipped.filter(({ dampings: [, here] }) => here > DECAY).length;
  const none = flipped.filter(({ dampings: [, here] }) => Number.isNaN(here)).length;
  return [
    `- The median flip changes ${inPercent(middle, (share) => share, [0, 1], "%")} of the plane, ` +
      `the worst one ${inPercent(flipped, worstSingle, [0, 1], "%")} (chosen in half of the orders, measured in the others).`,
    `- Half of the orders rank the flips like the other half: a reliability of ${over(flipped.map(({ harms }) => splitHalfReliability(harms)))}. ` +
      `So no forecast can reach a rank correlation above ${over(rankings.map(({ ceiling }) => ceiling))}.`,
    `- Influence functions, at a minimum: a rank correlation of ${over(rankings.map(({ atMinimum }) => atMinimum))} with the share of the plane, ` +
      `${over(flipped.map(({ lossCorrelation }) => lossCorrelation))} with the test loss. The Hessian with λ is positive definite in ${positive} of ${flipped.length}.`,
    `- After the essay's training: ${over(rankings.map(({ atEssay }) => atEssay))}; among the half of the points that the network is ` +
      `most sure of ${over(rankings.map(({ sure }) => sure))}, among the others ${over(rankings.map(({ unsure }) => unsure))}. ` +
      `In ${larger} of ${flipped.length} networks λ had to be larger${none > 0 ? `, in ${none} nothing is foretold` : ""}. The true harms at the minimum and here ` +
      `rank the flips alike by ${over(rankings.map(({ thereAndHere }) => thereAndHere))}.`,
  ].join("\n");
}
