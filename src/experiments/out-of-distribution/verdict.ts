/** What became of the claim of notebook 02. */
import {
  type MeanInterval,
  meanInterval,
  quantile,
  type ShareInterval,
  wilsonInterval,
} from "../../statistics.js";
import {
  gradeShare,
  type Outcome,
  reservation,
  shareText,
  type Verdict,
  type VerdictRow,
} from "../verdict.js";
import { errorsAndDoubt, expectedCalibrationError } from "./calibration.js";
import { CERTAIN, isCertain, log10Doubt } from "./confidence.js";
import { type DefenceSummary, type DefencesResult, summariseDefences } from "./defences.js";
import { DIRECTIONS, RADII, STRAIGHT, type VoidResult, type VoidVariation } from "./out-of-distribution.js";
import type { Point } from "./rays.js";

/** A network may be wrong so many times as often as its confidence admits, and still count as calibrated. */
const CALIBRATED = 2;

/** AUROC above which a score tells in from out, and below which it does not. */
const TELLS = 0.9;
const TELLS_NOT = 0.75;

/** Index of the radius at which networks of different shapes are compared. */
const FAR = 2;

/** What a defence has to achieve: on both kinds of points outside, and for the points inside. */
const DEFENDS = { auroc: 0.95, certain: 0.05, cost: 0.03 };

/**
 * What became of the claim.
 *
 * @param point - where the claim was put to the test
 * @param results - the network over the seeds
 * @param defences - the defences over the seeds
 * @param scales - the same measurements on networks of other shapes, from the smallest to the largest
 */
export function outOfDistributionVerdict(
  point: Point,
  results: readonly VoidResult[],
  defences: readonly DefencesResult[],
  scales: readonly VoidVariation[] = [],
): Verdict {
  const n = results.length;
  const shareOf = (shows: (result: VoidResult) => boolean): ShareInterval =>
    wilsonInterval(results.filter(shows).length, n);
  const mean = (of: (result: VoidResult) => number): MeanInterval => meanInterval(results.map(of));
  const last = RADII.length - 1;

  const certain = shareOf(({ pointLogit }) => isCertain(pointLogit));
  const exponent = quantile(
    results.map(({ pointLogit }) => log10Doubt(pointLogit)),
    0.5,
  );
  const ones = shareOf(({ pointLogit }) => pointLogit > 0);
  const nearest = shareOf((result) => result.pointLogit > 0 === (result.nearestClass === 1));
  const churn = meanInterval(defences.map((result) => result.churn.point));
  const straight = shareOf(({ deviation }) => deviation < STRAIGHT);
  const beyond = shareOf(({ isBeyondKinks }) => isBeyondKinks);
  const deviation = Math.max(...results.map((result) => result.deviation));
  const near = mean((result) => result.certain[0]);
  const far = mean((result) => result.certain[last]);
  const flat = mean((result) => result.flat);
  const distance = mean(({ nearestDistance }) => nearestDistance);
  const errors = results.map((result) => errorsAndDoubt(result.inside));
  const calibrated = wilsonInterval(errors.filter((of) => of.wrong <= CALIBRATED * of.admitted).length, n);
  const wrong = meanInterval(errors.map((of) => of.wrong));
  const admitted = meanInterval(errors.map((of) => of.admitted));
  const inside = mean((result) => expectedCalibrationError(result.inside));
  const shifted = mean((result) => expectedCalibrationError(result.shifted));
  const annulus = mean((result) => result.auroc.annulus);
  const cluster = mean((result) => result.auroc.cluster);
  const summaries = summariseDefences(defences);
  const working = workingDefences(summaries);

  const lines: VerdictRow[] = [
    {
      claim: `At (${point.join(", ")}) the network is near 100% sure.`,
      measured:
        `Confidence above ${CERTAIN} in ${shareText(certain)}; median of 1 − confidence: ${powerOfTen(exponent)}. ` +
        `The nearest training point is ${distance.mean.toFixed(2)} moon radii away.`,
      n,
      outcome: gradeShare(certain),
      condition: reservation(certain),
    },
    {
      claim:
        "It knows the class there: it names that of the nearest training point (what so much confidence suggests).",
      measured:
        `It names the nearest class in ${shareText(nearest)}, class 1 in ${shareText(ones)}. Two networks ` +
        `that share the data and nothing else name different ones in ${percents(churn)} of the pairs.`,
      n,
      outcome: gradeGuess(nearest),
      condition: reservation(nearest),
    },
    {
      claim: "The reason: beyond its last kink the logit is a straight line along every ray.",
      measured:
        `Straight to ${STRAIGHT.toExponential(0)} in all ${DIRECTIONS} directions in ${shareText(straight)}; largest ` +
        `deviation ${deviation.toExponential(1)}. The point lies beyond the last kink of its ray in ${shareText(beyond)}.`,
      n,
      outcome: gradeShare(straight),
      condition: "the network is made of ReLUs alone",
    },
    {
      claim: "So the certainty is not one point's: far out it is there in every direction.",
      measured:
        `Certain in ${percents(near)} of the directions at radius ${RADII[0]}, in ${percents(far)} at ${RADII[last]}; ` +
        `the logit stays constant in ${percents(flat)}.`,
      n,
      outcome: gradeMean(far, 0.95, 0.5),
      condition: "the direction is one of these",
    },
    {
      claim: `Where the data are, it is wrong no more than ${CALIBRATED} times as often as its confidence admits.`,
      measured:
        `So in ${shareText(calibrated)}: wrong on ${percents(wrong)} of the test points, where its confidence admits ` +
        `${percents(admitted)}. Expected calibration error ${decimals(inside)}; on noisier moons ${decimals(shifted)}.`,
      n,
      outcome: gradeShare(calibrated),
      condition: reservation(calibrated),
    },
    {
      claim: "So the confidence gives the void away: it is lower there (what a reader may hope).",
      measured: `AUROC ${decimals(annulus)} against the annulus, ${decimals(cluster)} against the cluster; 0.5 is a guess.`,
      n,
      outcome: worse(gradeMean(annulus, TELLS, TELLS_NOT), gradeMean(cluster, TELLS, TELLS_NOT)),
      condition: "the void lies on the right side",
    },
    {
      claim:
        `There is a defence: AUROC above ${DEFENDS.auroc} on both, certain of less than ${100 * DEFENDS.certain}% ` +
        `out there, at a cost below ${100 * DEFENDS.cost} points of accuracy.`,
      measured:
        working.surely.length > 0
          ? `Reached, intervals and all, by: ${working.surely.join(", ")}.`
          : working.onAverage.length > 0
            ? `Reached on average, but not by whole intervals, by: ${working.onAverage.join(", ")}.`
            : "Reached by none of those tried.",
      n: defences.length,
      outcome:
        working.surely.length > 0
          ? "holds"
          : working.onAverage.length > 0
            ? "holds only if"
            : "does not hold",
      condition: "the average is what counts",
    },
  ];
  const rows = lines.map(({ condition, ...line }) =>
    line.outcome === "holds only if" && condition ? { ...line, condition } : line,
  );
  const isHeld = (i: number): boolean => rows[i].outcome === "holds";
  return {
    claim: `At (${point.join(", ")}), in the void, the model is near 100% sure.`,
    stamp: "undecided", // TRANSITIONAL
    rows,
    defence: defenceText(summaries, working.surely),
    ...(scales.length > 0 && { scale: scaleText(scales) }),
    summary: !isHeld(0)
      ? rows[0].outcome === "does not hold"
        ? "With these parameters the claim does not hold."
        : "With these parameters the claim holds for some seeds only, or there are too few of them to tell."
      : isHeld(1)
        ? "The claim holds, but here the network is at least right about which data are nearest."
        : isHeld(2) && isHeld(3)
          ? "The claim holds, and not for this point only: beyond its last kink a network of ReLUs grows more certain with the distance in nearly every direction, of a class that nothing there speaks for."
          : "The claim holds at this point; the reason given for it does not.",
  };
}

/** What works, and at what cost. */
function defenceText(summaries: readonly DefenceSummary[], working: readonly string[]): string {
  if (working.length === 0) return "None of those tried does all that was asked.";
  return summaries
    .filter(({ name }) => working.includes(name))
    .map(
      ({ name, auroc, cost }) =>
        `By the ${name}: AUROC ${decimals(auroc.annulus)} against the annulus, for ${(100 * cost.mean).toFixed(1)} ` +
        `[${(100 * cost.low).toFixed(1)}, ${(100 * cost.high).toFixed(1)}] points of accuracy.`,
    )
    .join(" ");
}

/** What became of it in other shapes. */
function scaleText(scales: readonly VoidVariation[]): string {
  const texts = scales.map(({ name, results }) => {
    const certain = meanInterval(results.map((result) => result.certain[FAR]));
    return `${name}: ${percents(certain)}`;
  });
  return (
    `Share of the directions in which a network is certain at radius ${RADII[FAR]}, by its hidden layers: ` +
    `${texts.join("; ")}. Larger ones are not tested here.`
  );
}

/** The defences that do what is asked, with their whole intervals and on average. */
function workingDefences(summaries: readonly DefenceSummary[]): { surely: string[]; onAverage: string[] } {
  type End = (interval: MeanInterval) => number;
  const namesOf = (highest: End, lowest: End): string[] =>
    summaries
      .filter(
        ({ auroc, certain, cost }) =>
          [auroc.annulus, auroc.cluster].every((interval) => lowest(interval) > DEFENDS.auroc) &&
          [certain.annulus, certain.cluster].every((interval) => highest(interval) < DEFENDS.certain) &&
          highest(cost) < DEFENDS.cost,
      )
      .map(({ name }): string => name);
  return {
    surely: namesOf(
      ({ high }) => high,
      ({ low }) => low,
    ),
    onAverage: namesOf(
      ({ mean }) => mean,
      ({ mean }) => mean,
    ),
  };
}

/** Grades a share that a coin would bring to one half: better than three quarters, or no better than a coin. */
function gradeGuess({ low, high }: ShareInterval): Outcome {
  if (low > 0.75) return "holds";
  return low <= 0.5 && high < 0.75 ? "does not hold" : "holds only if";
}

/** Grades a mean by its interval: beyond doubt above `holds`, or beyond doubt below `fails`. */
function gradeMean({ low, high }: MeanInterval, holds: number, fails: number): Outcome {
  if (low > holds) return "holds";
  return high < fails ? "does not hold" : "holds only if";
}

function worse(a: Outcome, b: Outcome): Outcome {
  const order: readonly Outcome[] = ["does not hold", "holds only if", "holds"];
  return order[Math.min(order.indexOf(a), order.indexOf(b))];
}

/** A power of ten with a whole exponent: "10⁻²⁷". */
function powerOfTen(exponent: number): string {
  if (!Number.isFinite(exponent)) return "not a number";
  const digits = String(Math.round(exponent)).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);
  return `10${digits.replace("-", "⁻")}`;
}

function percents({ mean, low, high }: MeanInterval): string {
  const [least, most] = [Math.max(0, 100 * low), Math.min(100, 100 * high)];
  return `${(100 * mean).toFixed(1)}% [${least.toFixed(1)}, ${most.toFixed(1)}]`;
}

function decimals({ mean, low, high }: MeanInterval): string {
  return `${mean.toFixed(3)} [${Math.max(0, low).toFixed(3)}, ${Math.min(1, high).toFixed(3)}]`;
}
