/** The verdict of notebook 01. */
import { shareAbove, verdictOf } from "../grading.js";
import { meanInterval, shareOf } from "../statistics.js";
import type { FindingsOf } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "../verdict.js";
import type { BaselineStudies } from "./studies.js";

/** The essay's claim. */
export const CLAIM =
  "Trained with hand-written backpropagation, the network learns the Two Moons: its loss drops sharply and its boundary separates the classes, so the mathematics is sound.";

/** Test accuracy from which we say that the boundary separates the moons. */
const SEPARATED = 0.95;

/** Relative error below which two derivatives agree. */
export const AGREEMENT = 1e-6;

/** The final test loss may be this many times its lowest value and still count as having followed the training loss. */
const FOLLOWED = 1.1;

/** Judges the claim by the study of the seeds. */
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
        claim: "The loss drops sharply: to less than a tenth, in at least three of four networks.",
        measured: `In ${shareText(dropped)}.`,
        finding: shareAbove(dropped, MOST),
      },
      {
        claim: `The boundary separates the moons: at least three of four networks get ${100 * SEPARATED}% of fresh points right, or more.`,
        measured: `In ${shareText(separated)}. Test accuracy: ${meanText(accuracy, 2, 100, "%")}.`,
        finding: shareAbove(separated, MOST),
        isPrimary: true,
      },
      {
        claim:
          "The mathematics is sound: every derivative agrees with a centred difference, before and after training, in at least three of four networks.",
        measured: `In ${shareText(sound)}. Largest relative error: ${Number.isNaN(worst) ? "not a number" : worst.toExponential(1)}.`,
        finding: shareAbove(sound, MOST),
      },
      {
        claim:
          "A lower loss means a better network (a tempting conclusion): the test loss ends within a tenth of its lowest value, in at least three of four networks.",
        measured: `In ${shareText(followed)}. Final test loss, divided by its lowest: ${meanText(rise, 2)}.`,
        finding: shareAbove(followed, MOST),
      },
    ],
    summarise: (stamp) => SUMMARIES[stamp](`${separated.count} of ${separated.n} networks`),
  });
}

const SUMMARIES: Readonly<Record<Outcome, (networks: string) => string>> = {
  holds: (networks) => `The baseline is healthy, and not by luck: ${networks} separate the moons.`,
  "holds only if": () => "The networks separate the moons only on a condition, which the verdict names.",
  "does not hold": (networks) => `With these parameters only ${networks} separate the moons.`,
  undecided: () => "These seeds do not decide whether three of four networks separate the moons.",
  "not tested": () => "No network was trained, so nothing was tested.",
};
