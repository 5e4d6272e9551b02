/** What notebook 02 says of the posterior, in sentences and tables that are true of any results. */
import { type MeanInterval, meanInterval, quantile, shareOf } from "../../statistics.js";
import { meanText, shareText } from "../../verdict.js";
import { isCertain, probabilityOf } from "../confidence.js";
import { type Point, placeText } from "../rays.js";
import { type PosteriorFindings, TRUSTED } from "./findings.js";
import { ANSWERERS, type AnswerResult, CHAINS, DRAWS, FAR_RADII, type PosteriorResult } from "./posterior.js";

/** How the chains went, and what the top looks like. */
export function posteriorText({ results, trusted }: PosteriorFindings): string {
  if (results.length === 0) return "With so many parameters and points, the posterior was not sampled.";
  const all = (of: (result: PosteriorResult) => readonly number[]): number[] => results.flatMap(of);
  const exact = results.filter(({ top }) => top.isExact).length;
  const onLines = quantile(
    results.map(({ top }) => top.onLines),
    0.5,
  );
  return (
    `The chains can be believed in ${shareText(shareOf(results, (result) => trusted.includes(result)))}: R-hat below ${TRUSTED.rHat}, ` +
    `at least ${TRUSTED.effective} effective samples of ${CHAINS * DRAWS}, no divergent path. The largest R-hat is ` +
    `${Math.max(...all(({ sampling }) => sampling.rHat)).toFixed(3)}, the fewest effective samples are ` +
    `${Math.min(...all(({ sampling }) => sampling.effective)).toFixed(0)}. The exact Hessian is positive definite in ${exact} of ` +
    `${results.length} seeds; at the top a median of ${onLines} training points lie exactly on a neuron's line, where the ` +
    `loss has a kink and no Hessian. ` +
    (exact < results.length ? "Elsewhere Gauss and Newton's matrix takes its place." : "")
  );
}

/** What each says at the point and far away. */
export function posteriorTable(
  { trusted }: PosteriorFindings,
  point: Point,
): [heads: string[], rows: string[][]] {
  const last = FAR_RADII.length - 1;
  const mean = (of: (result: PosteriorResult) => number): MeanInterval =>
    meanInterval(trusted.map(of), [0, 1]);
  return [
    [
      "answer",
      `certain at ${placeText(point)}`,
      `distance from Monte Carlo there (points)`,
      `directions certain at radius ${FAR_RADII[last]} (%)`,
      "mean confidence there (%)",
    ],
    trusted.length === 0
      ? []
      : ANSWERERS.map((name, k) => [
          k === 0 ? "one network" : name,
          shareText(shareOf(trusted, ({ answers }) => isCertain(answers[k].pointLogit))),
          meanText(
            mean(({ answers }) => distanceFromDraws(answers, k)),
            1,
            100,
          ),
          meanText(
            mean(({ answers }) => answers[k].certain[last]),
            1,
            100,
          ),
          meanText(
            mean(({ answers }) => answers[k].confidence[last]),
            1,
            100,
          ),
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
