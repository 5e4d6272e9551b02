/** What became of the claim of notebook 01. */
import { shareAbove, verdictOf } from "../grading.js";
import { meanInterval, shareOf } from "../statistics.js";
import type { FindingsOf } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "../verdict.js";
import type { BaselineStudies } from "./studies.js";

/** The essay's claim. */
export const CLAIM =
  "Trained by hand-written backpropagation, the network's loss drops sharply and its boundary separates the moons: the mathematics is sound.";

/** Test accuracy from which we say that the boundary separates the moons. */
const SEPARATED = 0.95;

/** Relative error below which two derivatives are taken to agree. */
export const AGREEMENT = 1e-6;

/** How far the test loss may end above its lowest and still count as having followed the training loss. */
const FOLLOWED = 1.1;

/** What became of the claim, by the study of the seeds. */
export function baselineVerdict({ seeds: results = [] }: Partial<FindingsOf<BaselineStudies>>): Verdict {
  const dropped = shareOf(results, ({ initialLoss, trainLoss }) => trainLoss < initialLoss / 10);
  const separated = shareOf(results, ({ testAccuracy }) => testAccuracy >= SEPARATED);
  const sound = shareOf(results, ({ gradientError }) => gradientError < AGREEMENT);
  const followed = shareOf(results, ({ testLoss, lowestTestLoss }) => testLoss <= FOLLOWED * lowestTestLoss);
  const accuracy = meanInterval(
    results.map(({ testAccuracy }) => testAccuracy),
    [0, 1],
  );
  const rise = meanInterval(
    results.map(({ testLoss, lowestTestLoss }) => testLoss / lowestTestLoss),
    [1, Number.POSITIVE_INFINITY],
  );
  const worst = results.reduce((largest, { gradientError }) => Math.max(largest, gradientError), 0);
  return verdictOf({
    claim: CLAIM,
    lines: [
      {
        claim: "The loss drops sharply: to less than a tenth, in three of four networks or more.",
        measured: `In ${shareText(dropped)}.`,
        finding: shareAbove(dropped, MOST),
      },
      {
        claim: `The boundary separates the moons: at least ${100 * SEPARATED}% of fresh points right, in three of four networks or more.`,
        measured: `In ${shareText(separated)}; test accuracy ${meanText(accuracy, 2, 100, "%")}.`,
        finding: shareAbove(separated, MOST),
        isPrimary: true,
      },
      {
        claim:
          "The mathematics is sound: every derivative agrees with a centred difference, before the training and after it, in three of four networks or more.",
        measured: `In ${shareText(sound)}; largest relative error ${Number.isNaN(worst) ? "not a number" : worst.toExponential(1)}.`,
        finding: shareAbove(sound, MOST),
      },
      {
        claim:
          "So the lower the loss, the better the network (what a reader may conclude): the test loss ends within a tenth of its lowest, in three of four networks or more.",
        measured: `In ${shareText(followed)}; its end over its lowest: ${meanText(rise, 2)}.`,
        finding: shareAbove(followed, MOST),
      },
    ],
    summarise: (stamp) => SUMMARIES[stamp],
  });
}

const SUMMARIES: Readonly<Record<Outcome, string>> = {
  holds: "The claim holds, and not by luck: the network of this notebook is healthy.",
  "holds only if": "The claim holds on a condition only; see its lines.",
  "does not hold": "With these hyperparameters the claim does not hold as it stands.",
  undecided: "The claim is not decided; its lines say what would decide it.",
  "not tested": "Nothing was trained, and so nothing was tested.",
};
