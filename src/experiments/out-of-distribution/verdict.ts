/** The verdict of notebook 02. */
import { enumerated } from "../enumerated.js";
import {
  allOf,
  anyOf,
  type Finding,
  type Line,
  meanAbove,
  meanBelow,
  shareAbove,
  verdictOf,
} from "../grading.js";
import { type Bounds, type MeanInterval, meanInterval, quantile, shareOf } from "../statistics.js";
import type { FindingsOf, Variation } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict } from "../verdict.js";
import { errorsAndDoubt, expectedCalibrationError } from "./calibration.js";
import { CERTAIN, doubtText, isCertain, log10Doubt } from "./confidence.js";
import { DEFENCES, type DefenceFindings, type DefenceName } from "./defences.js";
import type { DefenceSummary } from "./judging.js";
import { type CertaintyResult, DIRECTIONS, FAR, RADII, type VoidResult } from "./out-of-distribution.js";
import { NEAR } from "./outside.js";
import type { OutOfDistributionParameters } from "./parameters.js";
import { posteriorLines } from "./posterior/lines.js";
import { type Point, placeText } from "./rays.js";
import type { OutOfDistributionStudies } from "./studies.js";

/** The point of the essay. */
export const CLAIMED: Point = [4, 4];

const SURE = "the network does not say “I don't know”: it is nearly 100% sure.";

/** The essay's claim. */
export const CLAIM: string = `At ${placeText(CLAIMED)}, far out in the void, ${SURE}`;

/** A calibrated network is wrong at most this many times as often as its confidence admits. */
const CALIBRATED = 2;

/** AUROC above which a score tells the inside from the outside. */
const TELLS = 0.9;

/** Share of the directions that counts as every direction. */
const EVERYWHERE = 0.95;

/** What a defence has to achieve, on both kinds of points outside and on the points inside. */
const DEFENDS = { auroc: 0.95, certain: 0.05, cost: 0.03 };

/** Judges the claim by the studies at hand; the study of the seeds gives every line but that of the defences. */
export function outOfDistributionVerdict(
  { seeds: results = [], defences, posterior, scale }: Partial<FindingsOf<OutOfDistributionStudies>>,
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
  const unbounded = shareOf(results, ({ far }) => far.bounded === 0);
  const exactness = results.every(({ isExact }) => isExact) ? "" : ` (of ${DIRECTIONS} looked at)`;
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
        id: "certain",
        claim: `At ${where} the network is nearly 100% sure: at least three of four networks have a confidence above ${CERTAIN}.`,
        measured:
          `In ${shareText(certain)}. Median of 1 − confidence: ${median}. ` +
          `Distance to the nearest training point: ${meanText(distance, 2, 1, " moon radii")}.`,
        finding: shareAbove(certain, MOST),
        isPrimary: true,
      },
      {
        claim:
          "It knows the class there, as so much confidence suggests: at least three of four networks name the class of the nearest training point.",
        measured:
          `In ${shareText(nearest)}. The answer is Blue in ${shareText(blue)}.` +
          (defences
            ? " Pairs of networks that disagree although only initial weights and order differ: " +
              `${meanText(defences.churn.point, 1, 100, "%")} (${defences.churn.point.n} seeds).`
            : ""),
        finding: shareAbove(nearest, MOST),
      },
      {
        id: "no-null-state",
        claim:
          "There is no null state: in at least three of four networks the logit grows without bound in every direction, but for single ones.",
        measured:
          `In ${shareText(unbounded)}. Directions in which the logit stays bounded${exactness}: ${shareIn(({ far }) => far.bounded)}; ` +
          `in which doubt has no end: ${shareIn(({ far }) => far.doubtful)}. The point lies beyond the last kink of its ray in ${shareText(beyond)}.` +
          regionsText(results),
        finding: shareAbove(unbounded, MOST),
      },
      {
        claim: `The certainty is not limited to one point: at radius ${RADII[last]} networks are certain in more than ${100 * EVERYWHERE}% of the directions, on average.`,
        measured: `Certain directions${exactness}: ${meanText(far, 1, 100, "%")}; at radius ${RADII[0]}: ${shareIn((result) => result.certain[0])}.`,
        finding: meanAbove(far, EVERYWHERE),
      },
      {
        claim: `Among the data the confidence can be trusted: at least three of four networks are wrong at most ${CALIBRATED} times as often as their confidence admits.`,
        measured:
          `In ${shareText(calibrated)}. Wrong answers: ${shareIn(({ inside }) => errorsAndDoubt(inside).wrong)} of the test points; ` +
          `the confidence admits ${shareIn(({ inside }) => errorsAndDoubt(inside).admitted)}. Expected calibration error: ` +
          `${meanText(calibration[0], 3)}; on noisier moons: ${meanText(calibration[1], 3)}.`,
        finding: shareAbove(calibrated, MOST),
      },
      {
        id: "confidence-tells",
        claim: `The confidence gives the void away, as a reader may hope: it is lower out there, with an AUROC above ${TELLS} against the annulus and the cluster.`,
        measured: `AUROC against the annulus: ${meanText(aurocs[0], 3)}; against the cluster: ${meanText(aurocs[1], 3)}. Guessing gives 0.5.`,
        finding: allOf(aurocs.map((auroc) => meanAbove(auroc, TELLS))),
      },
      ...(posterior ? posteriorLines(posterior, where) : []),
      ...(defences && working ? defenceLines(defences, working) : []),
    ],
    summarise: (stamp, rows) =>
      SUMMARIES[stamp](
        `${certain.count} of ${certain.n} networks`,
        rows.map(({ outcome }) => outcome),
      ),
    ...(working && { defence: defenceText(working) }),
    ...(scale && { scale: scaleText(scale) }),
  });
}

const SUMMARIES: Readonly<Record<Outcome, (networks: string, outcomes: readonly Outcome[]) => string>> = {
  holds: (networks, [, knows, , everywhere]) =>
    [
      `At this point ${networks} are certain`,
      knows === "holds"
        ? ", and of the class that lies nearest"
        : knows === "does not hold"
          ? ", though often of a class that does not lie nearest"
          : "",
      everywhere === "holds"
        ? "; far out they are certain in nearly every direction."
        : everywhere === "does not hold"
          ? "; far out they are not certain in every direction."
          : ".",
    ].join(""),
  "holds only if": () =>
    "The networks are certain at this point only on a condition, which the verdict names.",
  "does not hold": (networks) => `With these parameters only ${networks} are certain at this point.`,
  undecided: () => "These seeds do not decide whether three of four networks are certain at this point.",
  "not tested": () => "No network was trained, so nothing was tested.",
};

/**
 * The lines on defences: is there one, also near the data, does training on noise help where there was none, and is one
 * enough that leaves the network as it is?
 */
function defenceLines(
  { summaries: [none, ...tried] }: DefenceFindings,
  working: readonly DefenceSummary[],
): Line[] {
  const near = ({ auroc, cost }: DefenceSummary): Finding =>
    allOf([meanAbove(auroc.near, TELLS), meanBelow(cost, DEFENDS.cost)]);
  const tellingNear = tried.filter((defence) => near(defence).deviate > 0);
  const noise = tried[DEFENCES.indexOf("training on noise") - 1];
  return [
    {
      id: "defence",
      claim:
        `There is a defence: its AUROC is above ${DEFENDS.auroc} on both, it is certain of less than ${100 * DEFENDS.certain}% ` +
        `out there, and it costs less than ${100 * DEFENDS.cost} points of accuracy.`,
      measured: `Of ${tried.length} defences tried, these do all of this on average: ${working.map(({ name }) => name).join(", ") || "none"}.`,
      finding: anyOf(tried.map(defending)),
    },
    {
      claim:
        `It also works close by: a defence has an AUROC above ${TELLS} against points near the moons, ` +
        `${NEAR[0]} to ${NEAR[1]} times the noise away, and costs less than ${100 * DEFENDS.cost} points of accuracy.`,
      measured:
        `On average: ${tellingNear.map(({ name, auroc }) => `${name} (${meanText(auroc.near, 3)})`).join(", ") || "none"}. ` +
        `Without a defence: ${meanText(none.auroc.near, 3)}.`,
      finding: anyOf(tried.map(near)),
    },
    {
      claim: `Training on noise around the data helps on the annulus as well: its AUROC there is above ${TELLS}, and higher than without a defence.`,
      measured:
        `AUROC against the annulus: ${meanText(noise.auroc.annulus, 3)}, gained: ${meanText(noise.gain.annulus, 3)}; near the moons, where noise was drawn: ${meanText(noise.auroc.near, 3)}. ` +
        `Answered with certainty: ${meanText(noise.certain.annulus, 0, 100, "%")}; near the moons: ${meanText(noise.certain.near, 1, 100, "%")}. ` +
        `Accuracy lost: ${meanText(noise.cost, 1, 100, " points")}.`,
      finding: allOf([meanAbove(noise.auroc.annulus, TELLS), meanAbove(noise.gain.annulus, 0)]),
    },
    {
      id: "wrapper",
      claim: `A defence can be put around the finished network: one of those that leave it as it is (${enumerated(WRAPPERS)}) does all that is asked of a defence above.`,
      measured: `On average, these do: ${
        working
          .filter(isWrapper)
          .map(({ name }) => name)
          .join(", ") || "none"
      }.`,
      finding: anyOf(tried.filter(isWrapper).map(defending)),
    },
  ];
}

/** The defences that leave the trained network as it is. */
const WRAPPERS: readonly DefenceName[] = ["temperature", "distance to the data"];

function isWrapper({ name }: DefenceSummary): boolean {
  return WRAPPERS.some((wrapper) => wrapper === name);
}

/** A defence against all that it has to achieve. */
function defending({ auroc, certain, cost }: DefenceSummary): Finding {
  return allOf([
    meanAbove(auroc.annulus, DEFENDS.auroc),
    meanAbove(auroc.cluster, DEFENDS.auroc),
    meanBelow(certain.annulus, DEFENDS.certain),
    meanBelow(certain.cluster, DEFENDS.certain),
    meanBelow(cost, DEFENDS.cost),
  ]);
}

/** Into how many regions the neurons cut the plane; nothing where they were not counted. */
function regionsText(results: readonly VoidResult[]): string {
  const counted = results.map(({ regions }) => regions).filter(({ all }) => !Number.isNaN(all));
  if (counted.length === 0) return "";
  const median = (key: keyof VoidResult["regions"]): number =>
    quantile(
      counted.map((regions) => regions[key]),
      0.5,
    );
  return ` Medians: the plane is cut into ${median("all")} regions, and ${median("learnt")} of them hold training points.`;
}

/** What works on average, and at what cost. */
function defenceText(working: readonly DefenceSummary[]): string {
  if (working.length === 0)
    return "None of the defences tried achieves all that the verdict asks, on average.";
  const texts = working.map(
    ({ name, auroc, cost }) =>
      `${name} (AUROC against the annulus: ${meanText(auroc.annulus, 3)}; accuracy lost: ${meanText(cost, 1, 100, " points")})`,
  );
  return `These achieve, on average, all that the verdict asks: ${texts.join("; ")}.`;
}

/** The certainty of wider and deeper networks. */
function scaleText(scale: readonly Variation<CertaintyResult>[]): string {
  const texts = scale.map(({ name, results }) => {
    const certain = meanInterval(
      results.map((result) => result.certain),
      [0, 1],
    );
    return `${name}: ${meanText(certain, 1, 100, "%")}`;
  });
  return (
    `Share of the directions in which a network is certain at radius ${RADII[FAR]}, by hidden layers: ` +
    `${texts.join("; ")}. Larger networks were not tested here.`
  );
}
