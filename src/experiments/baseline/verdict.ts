/** The verdict of notebook 01. */
import { type Line, shareAbove, verdictOf } from "../grading.js";
import { meanInterval, quantile, type ShareInterval, shareOf } from "../statistics.js";
import type { FindingsOf } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "../verdict.js";
import { isAtRest, SPIKE, type SpikesResult } from "./spikes.js";
import { type BaselineStudies, publishedOf, type Series } from "./studies.js";

/** The essay's claim. */
export const CLAIM =
  "Trained with hand-written backpropagation, the network learns the Two Moons: its loss drops sharply and its boundary separates the classes, so the mathematics is sound.";

/** Test accuracy from which we say that the boundary separates the moons. */
const SEPARATED = 0.95;

/** Relative error below which two derivatives agree. */
export const AGREEMENT = 1e-6;

/** The final test loss may be this many times its lowest value and still count as having followed the training loss. */
const FOLLOWED = 1.1;

/** Judges the claim by the studies at hand; the study of the seeds gives every line but those of the spikes. */
export function baselineVerdict({
  seeds: results = [],
  spikes,
  scale,
}: Partial<FindingsOf<BaselineStudies>>): Verdict {
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
      ...(spikes ? restLines(spikes) : []),
    ],
    summarise: (stamp) => SUMMARIES[stamp](`${separated.count} of ${separated.n} networks`),
    ...(spikes && { defence: defenceText(spikes) }),
    ...(scale && { scale: scaleText(scale) }),
  });
}

/** Of how many networks the loss comes to rest. */
function restOf(results: readonly SpikesResult[]): ShareInterval {
  return shareOf(results, isAtRest);
}

/** Whether the loss comes to rest, and the control. */
function restLines(spikes: readonly Series[]): Line[] {
  const claims = [
    `The loss then stabilizes: over the last fifth of the epochs it never rises above ${SPIKE} times its lowest value so far, in at least three of four networks.`,
    "With a learning rate that decays it does (a control): the same, in at least three of four networks.",
  ];
  return publishedOf(spikes).map((results, i) => ({
    claim: claims[i],
    measured: `In ${shareText(restOf(results))}. Largest loss there, as a multiple of its lowest so far, median: ${timesText(results)}.`,
    finding: shareAbove(restOf(results), MOST),
  }));
}

function timesText(results: readonly SpikesResult[]): string {
  const median = quantile(
    results.map(({ rise }) => rise),
    0.5,
  );
  return Number.isNaN(median) ? "not a number" : median.toPrecision(3);
}

/** What a decaying learning rate gains or costs. */
function defenceText(spikes: readonly Series[]): string {
  const [constant, decaying] = publishedOf(spikes);
  const change = (of: (result: SpikesResult) => number, digits: number, factor?: number): string =>
    meanText(meanInterval(decaying.map((result, k) => of(result) - of(constant[k]))), digits, factor);
  return (
    `Against spikes: a learning rate that decays to an eleventh. Paired by seed, it changes the test accuracy by ` +
    `${change(({ testAccuracy }) => testAccuracy, 2, 100)} points and the test loss by ${change(({ testLoss }) => testLoss, 4)} nats.`
  );
}

/** The accuracy and the spikes of the essay's network and of the deepest, at a constant rate and at one that decays. */
function scaleText(scale: readonly Series[]): string {
  const texts = [scale[0], scale[scale.length - 1]].map(({ name, variations }) => {
    const told = variations
      .filter((own, i) => own.name === "10" || i === variations.length - 1)
      .map(({ name: layers, results }) => {
        const accuracy = meanInterval(
          results.map(({ testAccuracy }) => testAccuracy),
          [0, 1],
        );
        const { count, n } = restOf(results);
        return `${meanText(accuracy, 1, 100, "%")} and ${n - count} of ${n} with ${layers}`;
      });
    return `${name}: ${told.join(", ")}`;
  });
  return (
    "Test accuracy, and networks whose loss spikes at the end, by hidden layers. " +
    `${texts.map((text) => text[0].toUpperCase() + text.slice(1)).join(". ")}. Larger networks were not tested here.`
  );
}

const SUMMARIES: Readonly<Record<Outcome, (networks: string) => string>> = {
  holds: (networks) => `The baseline is healthy, and not by luck: ${networks} separate the moons.`,
  "holds only if": () => "The networks separate the moons only on a condition, which the verdict names.",
  "does not hold": (networks) => `With these parameters only ${networks} separate the moons.`,
  undecided: () => "These seeds do not decide whether three of four networks separate the moons.",
  "not tested": () => "No network was trained, so nothing was tested.",
};
