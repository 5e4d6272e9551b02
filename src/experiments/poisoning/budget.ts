/** Notebook 03: when every label is flipped by itself, or a vote attacked with every lie; and why not, where it isn't. */
import type { TaskParameters } from "../task.js";
import { weightCount } from "../weight-count.js";
import { fewestParts } from "./certificate.js";
import { ORDERS, PAIRED, SEARCHED, SHORTER } from "./flips.js";
import { AGAIN } from "./minimum.js";
import type { AttackedTask } from "./poisoning.js";

/** Multiplications of weights beyond which nothing is tried: some four minutes a seed. */
const MOST_WORK = 5e10;

/** Why no flip is tried with these parameters; undefined where all are. */
export function whyNoFlips(own: AttackedTask): string | undefined {
  const { topK, normalization = "none" } = own;
  if (topK !== undefined || normalization !== "none") {
    return "No flip was tried: influence functions are not worked out for networks with a normalization or topK.";
  }
  return flipWork(own) > MOST_WORK
    ? "No flip was tried: with so many points, epochs, flips or neurons, trying them all takes more than minutes a seed."
    : undefined;
}

/** In trainings of every flip, in those of the search, at the minimum, and in solving for what is foretold. */
function flipWork({ trainPoints: n, testPoints, epochs, flips, hiddenLayers }: AttackedTask): number {
  const searched = n * Math.max(1, flips) + (PAIRED * (PAIRED - 1)) / 2;
  const perWeight =
    ORDERS * n * (n * epochs + testPoints) +
    SEARCHED * searched * ((n * epochs) / SHORTER + testPoints) +
    n * n * AGAIN;
  const weights = weightCount({ hiddenLayers });
  return weights * perWeight + 10 * weights * weights * (weights + n);
}

/** Whether the vote is attacked: in trainings with every lie, and a search among their votes. */
export function canAttack(own: TaskParameters & { flips: number }): boolean {
  const { flips, trainPoints, testPoints, epochs } = own;
  const parts = fewestParts(own);
  const points = trainPoints / parts;
  const trainings = trainPoints + flips * points;
  const votes = trainPoints * flips * testPoints * parts;
  return weightCount(own) * trainings * (points * epochs + testPoints) + votes <= MOST_WORK;
}
