/** What the verdict says of the posterior. */
import { type Line, meanBelow, shareAbove } from "../../grading.js";
import { type MeanInterval, meanInterval, type ShareInterval, shareOf } from "../../statistics.js";
import { MOST, meanText, shareText } from "../../verdict.js";
import { CERTAIN, isCertain } from "../confidence.js";
import type { PosteriorFindings } from "./findings.js";
import { ANSWERERS, type Answerer, FAR_RADII } from "./posterior.js";
import { distanceFromDraws } from "./sentences.js";

/** Certainty is fixed where it is left in a smaller share of the directions: what is asked of every defence. */
const FIXED = 0.05;

/** Two probabilities agree where they differ by less. */
const AGREES = 0.1;

/**
 * The lines, by the seeds whose chains can be believed; none without such seeds.
 *
 * @param where - the point of the claim, in words
 */
export function posteriorLines({ results, trusted }: PosteriorFindings, where: string): Line[] {
  if (trusted.length === 0) return [];
  const farthest = FAR_RADII.length - 1;
  const of = (name: Answerer): number => ANSWERERS.indexOf(name);
  const far = (name: Answerer): MeanInterval =>
    meanInterval(
      trusted.map(({ answers }) => answers[of(name)].certain[farthest]),
      [0, 1],
    );
  const farText = (name: Answerer): string => meanText(far(name), 1, 100, "%");
  const doubtful = (name: Answerer): ShareInterval =>
    shareOf(trusted, ({ answers }) => !isCertain(answers[of(name)].pointLogit));
  const agreeing = (name: Answerer): ShareInterval =>
    shareOf(trusted, ({ answers }) => distanceFromDraws(answers, of(name)) < AGREES);
  const [inDoubt, agree] = [doubtful("Monte Carlo"), agreeing("Laplace, all layers")];
  return [
    {
      id: "posterior-doubts",
      claim: `Asked as a whole, the posterior is not nearly 100% sure: at ${where} its confidence is not above ${CERTAIN} in at least three of four seeds.`,
      measured:
        `In ${shareText(inDoubt)}; that of its top, a single network, in ${shareText(doubtful("MAP"))}. ` +
        `Left out, here and below, because chains do not agree: ${results.length - trusted.length} of ${results.length} seeds.`,
      finding: shareAbove(inDoubt, MOST),
    },
    {
      claim:
        "Being Bayesian, even just a bit, fixes the certainty far away: with Laplace's approximation of the last layer, networks are certain in less than " +
        `${100 * FIXED}% of the directions at radius ${FAR_RADII[farthest]}, on average.`,
      measured:
        `Certain directions: ${farText("Laplace, last layer")}; with all layers: ${farText("Laplace, all layers")}; ` +
        `by Monte Carlo: ${farText("Monte Carlo")}; at the top alone: ${farText("MAP")}.`,
      finding: meanBelow(far("Laplace, last layer"), FIXED),
    },
    {
      claim: `Laplace's approximation of all layers answers as the posterior does: at ${where} the probabilities differ by less than ${100 * AGREES} points in at least three of four seeds.`,
      measured: `In ${shareText(agree)}; with the last layer alone in ${shareText(agreeing("Laplace, last layer"))}.`,
      finding: shareAbove(agree, MOST),
    },
  ];
}
