/** What notebook 02 says of the posterior, in sentences and tables that are true of any results. */
import { meanInterval, quantile, shareOf } from "../../statistics.js";
import { meanText, shareText } from "../../verdict.js";
import { isCertain, probabilityOf } from "../confidence.js";
import { type Point, placeText } from "../rays.js";
import { type PosteriorFindings, type PosteriorResult, TRUSTED } from "./findings.js";
import { ANSWERERS, type AnswerResult, CHAINS, DRAWS, FAR_RADII } from "./posterior.js";
import { isRidge } from "./ridge.js";

/** How the chains went, and what the top looks like. */
export function posteriorText({ results, trusted }: PosteriorFindings): string {
  if (results.length === 0) return "With so many parameters and points, the posterior was not sampled.";
  const samplings = results.map(({ sampling }) => sampling);
  const median = (of: (result: PosteriorResult) => number): number => quantile(results.map(of), 0.5);
  const believed = shareOf(results, (result) => trusted.includes(result));
  const ridges = results.filter(({ top }) => isRidge(top)).map(({ top }) => top.onLines);
  const exact = results.filter(({ top }) => top.isExact).length;
  return (
    `The chains agree in ${shareText(believed)}, and only these count: R-hat below ${TRUSTED.rHat} (largest: ` +
    `${Math.max(...samplings.flatMap(({ rHat }) => rHat)).toFixed(3)}), at least ${TRUSTED.effective} effective samples of ` +
    `${CHAINS * DRAWS} (fewest: ${Math.min(...samplings.flatMap(({ effective }) => effective)).toFixed(0)}), no divergent path. ` +
    "These are of predictions: in the weights, where neurons may trade places, chains need not agree. Of the paths " +
    `${(100 * median(({ sampling }) => sampling.acceptance)).toFixed(0)}% were accepted (median). ` +
    `Climbs from ${CHAINS} starts end up to ${median(({ top }) => top.spread).toFixed(2)} nats apart (median). At the highest, the exact Hessian ` +
    `is positive definite in ${exact} of ${results.length} seeds` +
    (exact < results.length ? "; in the others the generalized Gauss-Newton matrix stands in" : "") +
    (ridges.length > 0
      ? `. In ${ridges.length} of ${results.length} seeds the top is a ridge, with a kink where a Hessian would be: training points lie on a neuron's line there ` +
        `(median: ${quantile(ridges, 0.5)}).`
      : ".")
  );
}

/** What each says at the point and far away. */
export function posteriorTable(
  { trusted }: PosteriorFindings,
  point: Point,
): [heads: string[], rows: string[][]] {
  const last = FAR_RADII.length - 1;
  const meanOf = (of: (answers: readonly AnswerResult[]) => number): string =>
    meanText(
      meanInterval(
        trusted.map(({ answers }) => of(answers)),
        [0, 1],
      ),
      1,
      100,
    );
  return [
    [
      "answer",
      `certain at ${placeText(point)}`,
      "distance from Monte Carlo there (points)",
      `mean confidence at radius ${FAR_RADII[last]} (%)`,
    ],
    trusted.length === 0
      ? []
      : ANSWERERS.map((name, k) => [
          k === 0 ? "one network" : name,
          `${trusted.filter(({ answers }) => isCertain(answers[k].pointLogit)).length} of ${trusted.length} seeds`,
          meanOf((answers) => distanceFromDraws(answers, k)),
          meanOf((answers) => answers[k].confidence[last]),
        ]),
  ];
}

/** How far an answer's probability at the point lies from that of the draws. */
export function distanceFromDraws(answers: readonly AnswerResult[], k: number): number {
  const [own, drawn] = [answers[k], answers[answers.length - 1]].map(({ pointLogit }) =>
    probabilityOf(pointLogit),
  );
  return Math.abs(own - drawn);
}
