/** What became of the claim of notebook 02. */
import { allOf, anyOf, type Finding, meanAbove, meanBelow, shareAbove, verdictOf } from "../grading.js";
import { type Bounds, type MeanInterval, meanInterval, quantile, shareOf } from "../statistics.js";
import type { FindingsOf, Variation } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "../verdict.js";
import { errorsAndDoubt, expectedCalibrationError } from "./calibration.js";
import { CERTAIN, doubtText, isCertain, log10Doubt } from "./confidence.js";
import type { DefenceSummary } from "./defences.js";
import {
  type CertaintyResult,
  DIRECTIONS,
  FAR,
  type OutOfDistributionParameters,
  RADII,
  STRAIGHT,
  type VoidResult,
} from "./out-of-distribution.js";
import { type Point, placeText } from "./rays.js";
import type { OutOfDistributionStudies } from "./studies.js";

/** The point of the essay. */
export const CLAIMED: Point = [4, 4];

const SURE = "the network does not say that it doesn't know: it is near 100% sure.";

/** The essay's claim. */
export const CLAIM: string = `At ${placeText(CLAIMED)}, far out in the void, ${SURE}`;

/** A network may be wrong so many times as often as its confidence admits, and still count as calibrated. */
const CALIBRATED = 2;

/** AUROC above which a score tells in from out. */
const TELLS = 0.9;

/** Share of the directions that counts as every direction. */
const EVERYWHERE = 0.95;

/** What a defence has to achieve: on both kinds of points outside, and for the points inside. */
const DEFENDS = { auroc: 0.95, certain: 0.05, cost: 0.03 };

/** What became of the claim, as far as the studies tell; that of the seeds gives all lines but that of the defences. */
export function outOfDistributionVerdict(
  { seeds: results = [], defences, scale }: Partial<FindingsOf<OutOfDistributionStudies>>,
  { point }: OutOfDistributionParameters,
): Verdict {
  const where = placeText(point);
  const last = RADII.length - 1;
  const mean = (of: (result: VoidResult) => number, bounds: Bounds = [0, 1]): MeanInterval =>
    meanInterval(results.map(of), bounds);
  const shareIn = (of: (result: VoidResult) => number): string => meanText(mean(of), 1, 100, "%");

  const certain = shareOf(results, ({ pointLogit }) => isCertain(pointLogit));
  const doubts = results
    .map(({ pointLogit }) => log10Doubt(pointLogit))
    .filter((value) => !Number.isNaN(value));
  const median = doubts.length > 0 ? doubtText(quantile(doubts, 0.5)) : "not a number";
  const distance = mean(({ nearestDistance }) => nearestDistance, [0, Number.POSITIVE_INFINITY]);
  // what is not a number names no class
  const nearest = shareOf(results, ({ pointLogit, nearestClass }) =>
    nearestClass === 1 ? pointLogit > 0 : pointLogit <= 0,
  );
  const blue = shareOf(results, ({ pointLogit }) => pointLogit > 0);
  const straight = shareOf(results, ({ deviation }) => deviation < STRAIGHT);
  const beyond = shareOf(results, ({ isBeyondKinks }) => isBeyondKinks);
  const far = mean((result) => result.certain[last]);
  const calibrated = shareOf(results, ({ inside }) => {
    const { wrong, admitted } = errorsAndDoubt(inside);
    return wrong <= CALIBRATED * admitted;
  });
  const calibration = (["inside", "shifted"] as const).map((key) =>
    mean((result) => expectedCalibrationError(result[key])),
  );
  const aurocs = (["annulus", "cluster"] as const).map((key) => mean(({ auroc }) => auroc[key]));
  const tried = defences?.summaries.slice(1);
  const working = tried?.filter((defence) => defending(defence).deviate > 0);

  return verdictOf({
    claim: where === placeText(CLAIMED) ? CLAIM : `At ${where} ${SURE}`,
    lines: [
      {
        claim: `At ${where} the network is near 100% sure: its confidence is above ${CERTAIN}, in three of four networks or more.`,
        measured:
          `In ${shareText(certain)}; median of 1 − confidence: ${median}. ` +
          `Distance to the nearest training point, in moon radii: ${meanText(distance, 2)}.`,
        finding: shareAbove(certain, MOST),
        isPrimary: true,
      },
      {
        claim:
          "It knows the class there (what so much confidence suggests): it names that of the nearest training point, in three of four networks or more.",
        measured:
          `In ${shareText(nearest)}; it names Blue in ${shareText(blue)}.` +
          (defences
            ? " Of two networks that differ only in initial weights and order, pairs that name different classes: " +
              `${meanText(defences.churn.point, 1, 100, "%")} (${defences.churn.point.n} seeds).`
            : ""),
        finding: shareAbove(nearest, MOST),
      },
      {
        claim: `Beyond its last kink the logit is a straight line along all of ${DIRECTIONS} rays, to ${STRAIGHT.toExponential(0)} of its size, in three of four networks or more.`,
        measured: `In ${shareText(straight)}. The point lies beyond the last kink of its ray in ${shareText(beyond)}.`,
        finding: shareAbove(straight, MOST),
      },
      {
        claim: `So the certainty is not one point's: at radius ${RADII[last]} it is there in more than ${100 * EVERYWHERE}% of the directions.`,
        measured:
          `Directions in which it is there: ${meanText(far, 1, 100, "%")}; at radius ${RADII[0]}: ${shareIn((result) => result.certain[0])}; ` +
          `in which the logit stays constant: ${shareIn(({ flat }) => flat)}.`,
        finding: meanAbove(far, EVERYWHERE),
      },
      {
        claim: `Where the data are, it is wrong no more than ${CALIBRATED} times as often as its confidence admits, in three of four networks or more.`,
        measured:
          `In ${shareText(calibrated)}: test points that it gets wrong: ${shareIn(({ inside }) => errorsAndDoubt(inside).wrong)}; its ` +
          `confidence admits ${shareIn(({ inside }) => errorsAndDoubt(inside).admitted)}. Expected calibration error ` +
          `${meanText(calibration[0], 3)}; on noisier moons ${meanText(calibration[1], 3)}.`,
        finding: shareAbove(calibrated, MOST),
      },
      {
        claim: `So the confidence gives the void away (what a reader may hope): it is lower there, with an AUROC above ${TELLS} against the annulus and the cluster.`,
        measured: `AUROC ${meanText(aurocs[0], 3)} against the annulus, ${meanText(aurocs[1], 3)} against the cluster; 0.5 is a guess.`,
        finding: allOf(aurocs.map((auroc) => meanAbove(auroc, TELLS))),
      },
      ...(tried && working
        ? [
            {
              claim:
                `There is a defence: an AUROC above ${DEFENDS.auroc} on both, certain of less than ${100 * DEFENDS.certain}% ` +
                `out there, at a cost below ${100 * DEFENDS.cost} points of accuracy.`,
              measured: `Of ${tried.length} tried, these reach all of it on average: ${working.map(({ name }) => name).join(", ") || "none"}.`,
              finding: anyOf(tried.map(defending)),
            },
          ]
        : []),
    ],
    summarise: (stamp, rows) => SUMMARIES[stamp](rows.map(({ outcome }) => outcome)),
    ...(working && { defence: defenceText(working) }),
    ...(scale && { scale: scaleText(scale) }),
  });
}

const SUMMARIES: Readonly<Record<Outcome, (outcomes: readonly Outcome[]) => string>> = {
  holds: ([, knows, straight, everywhere]) =>
    [
      "The claim holds",
      knows === "holds"
        ? ", of the class that lies nearest. "
        : knows === "does not hold"
          ? ", of a class that nothing there speaks for. "
          : "; whether it knows the class there is not decided. ",
      straight === "holds" && everywhere === "holds"
        ? "It is not this point's alone: beyond their last kink the logits are straight, and far out they are certain in nearly every direction."
        : straight === "does not hold"
          ? "That the logits are straight beyond their last kink does not."
          : everywhere === "does not hold"
            ? "It is not so in every direction."
            : "Whether it is so in every direction, and why, is not decided.",
    ].join(""),
  "holds only if": () => "The claim holds on a condition only; see its line.",
  "does not hold": () => "At this point, with these parameters, the claim does not hold.",
  undecided: () => "The claim is not decided; its line says what would decide it.",
  "not tested": () => "Nothing was trained, and so nothing was tested.",
};

/** A defence held against all that is asked of one. */
function defending({ auroc, certain, cost }: DefenceSummary): Finding {
  return allOf([
    meanAbove(auroc.annulus, DEFENDS.auroc),
    meanAbove(auroc.cluster, DEFENDS.auroc),
    meanBelow(certain.annulus, DEFENDS.certain),
    meanBelow(certain.cluster, DEFENDS.certain),
    meanBelow(cost, DEFENDS.cost),
  ]);
}

/** What works on average, and at what cost. */
function defenceText(working: readonly DefenceSummary[]): string {
  if (working.length === 0) return "None of those tried does all that was asked, on average.";
  const texts = working.map(
    ({ name, auroc, cost }) =>
      `${name} (AUROC ${meanText(auroc.annulus, 3)} against the annulus; accuracy lost: ${meanText(cost, 1, 100, " points")})`,
  );
  return `On average these do all that was asked: ${texts.join("; ")}.`;
}

/** What became of it in other shapes. */
function scaleText(scale: readonly Variation<CertaintyResult>[]): string {
  const texts = scale.map(({ name, results }) => {
    const certain = meanInterval(
      results.map((result) => result.certain[FAR]),
      [0, 1],
    );
    return `${name}: ${meanText(certain, 1, 100, "%")}`;
  });
  return (
    `Share of the directions in which a network is certain at radius ${RADII[FAR]}, by its hidden layers: ` +
    `${texts.join("; ")}. Larger ones are not tested here.`
  );
}
