/** Notebook 03: what became of the claim, and the answer to the essay's question about depth. */
import { type MeanInterval, meanInterval, wilsonInterval } from "../../statistics.js";
import { gradeShare, type Outcome, shareText, type Verdict, type VerdictRow } from "../verdict.js";
import { amplification } from "./damage.js";
import { type DefenceOverSeeds, describeDefences } from "./defences.js";
import { describeScale, type Match, type Matched, matchSizes, type SizeResult } from "./depth.js";
import type { AttackName, PoisoningParameters, PoisoningResult } from "./poisoning.js";
import type { Comparison } from "./sensitivity.js";

/** Accuracy that nobody would miss. */
const UNNOTICED = 0.01;

/** An outcome, with the condition of a `holds only if`. */
interface Grade {
  outcome: Outcome;
  condition?: string;
}

/**
 * Whether a mean lies above a bound: it does, or does not, if all of its interval does, or does not; in
 * between the seeds are too few to tell.
 */
function gradeAbove({ mean, low, high }: MeanInterval, bound: number): Grade {
  if (low > bound) return { outcome: "holds" };
  if (high < bound || mean === bound) return { outcome: "does not hold" };
  return { outcome: "holds only if", condition: "more seeds show it: so far the interval allows both" };
}

/** {@link gradeAbove} the other way round. */
function gradeBelow({ mean, low, high, ...rest }: MeanInterval, bound: number): Grade {
  return gradeAbove({ ...rest, mean: -mean, low: -high, high: -low }, -bound);
}

/**
 * The verdict of notebook 03.
 *
 * @param results - the sweep over the seeds
 * @param depth - the sweep over the depths
 * @param defences - the defences over the seeds
 * @param sizes - networks of other sizes, compared
 */
export function poisoningVerdict(
  parameters: PoisoningParameters,
  results: readonly PoisoningResult[],
  depth: readonly SizeResult[],
  defences: readonly DefenceOverSeeds[] = [],
  sizes: readonly Matched[] = [],
): Verdict {
  const claim =
    "A handful of flipped labels (five of 250, 2%) warps the decision boundary out of proportion to their number.";
  const { flips, trainPoints } = parameters;
  if (flips === 0) {
    return {
      claim,
      stamp: "undecided", // TRANSITIONAL
      rows: [
        {
          claim: "Flipped labels move the boundary out of proportion.",
          measured: "No label was flipped: there is nothing to amplify, and 0/0 is not a number.",
          n: results.length,
          outcome: "does not hold",
        },
      ],
      summary: "Without a flipped label there is no poison to judge.",
    };
  }

  const n = results.length;
  const rate = flips / trainPoints;
  const over = (measure: (result: PoisoningResult) => number): MeanInterval =>
    meanInterval(results.map(measure));
  const amplified = (attack: AttackName, share: "plane" | "test"): MeanInterval =>
    over((result) => amplification(result.attacks[attack].flipped[share], rate) as number);
  const overDeletion = (attack: AttackName): MeanInterval =>
    over(({ attacks }) => attacks[attack].flipped.plane - attacks[attack].deleted.plane);
  const overWeights = (attack: AttackName): MeanInterval =>
    over(({ attacks, otherWeights }) => attacks[attack].flipped.plane - otherWeights.plane);
  const drop = over(({ attacks }) => attacks.cluster.flipped.accuracyDrop);
  const learnt = (attack: AttackName): ReturnType<typeof wilsonInterval> =>
    wilsonInterval(results.filter(({ attacks }) => attacks[attack].flipped.captured === flips).length, n);
  const lies = flips === 1 ? "lie" : "lies";
  const row = (text: string, measured: string, grade: Grade): VerdictRow => ({
    claim: text,
    measured,
    n,
    ...grade,
  });
  const kinds = [
    ["random", `${flips} scattered ${lies}`],
    ["cluster", `${flips} neighbouring ${lies}`],
  ] as const;

  const moves = kinds.map(([attack, name]) => {
    const times = amplified(attack, "plane");
    return row(
      `${sentence(name)} move the boundary out of proportion.`,
      `The share of the plane that changes class is ${timesText(times)} the share of labels flipped.`,
      gradeAbove(times, 1),
    );
  });
  const atData = amplified("cluster", "test");
  const whereDataLive = row(
    "They do so where the data live, too.",
    `The share of test points guessed otherwise is ${timesText(atData)} the share of labels flipped.`,
    gradeAbove(atData, 1),
  );
  const controls = kinds.flatMap(([attack, name]) => {
    const [deletion, weights] = [overDeletion(attack), overWeights(attack)];
    return [
      row(
        `${sentence(name)} do more than deleting the same points would.`,
        `The plane changes by ${pointsText(deletion)} more.`,
        gradeAbove(deletion, 0),
      ),
      row(
        `${sentence(name)} do more than other initial weights would.`,
        `The plane changes by ${pointsText(weights)} more.`,
        gradeAbove(weights, 0),
      ),
    ];
  });
  const unnoticed = row(
    "The accuracy on clean test points does not show it (less than 1 point, neighbouring lies).",
    `It drops by ${pointsText(drop)}.`,
    gradeBelow(drop, UNNOTICED),
  );
  const seedsGrade = (attack: AttackName): Grade => {
    const outcome = gradeShare(learnt(attack));
    return outcome === "holds only if"
      ? { outcome, condition: "the cluster, or the seed, is one of these" }
      : { outcome };
  };
  const capture = [
    row("Lies that stand together are learnt, every one.", `In ${shareText(learnt("cluster"))}.`, {
      ...seedsGrade("cluster"),
    }),
    row("Scattered lies are learnt, every one.", `In ${shareText(learnt("random"))}.`, {
      ...seedsGrade("random"),
    }),
  ];
  const learntMore = over(
    ({ attacks }) => (attacks.cluster.flipped.captured - attacks.random.flipped.captured) / flips,
  );
  capture.push(
    row(
      "Lies that stand together are learnt more often than scattered ones.",
      `The share of the lies that is learnt is higher by ${pointsText(learntMore)}.`,
      gradeAbove(learntMore, 0),
    ),
  );
  const answer = answerDepth(parameters, depth);
  const rows = [...moves, whereDataLive, ...controls, unnoticed, ...capture, answer.row];
  const total = over(({ attacks }) => attacks.cluster.flipped.plane).mean;
  const voidShare = total === 0 ? 0 : over(({ attacks }) => attacks.cluster.flipped.planeVoid).mean / total;
  const essential = [...moves, ...controls].map(({ outcome }) => outcome);
  return {
    claim,
    stamp: "undecided", // TRANSITIONAL
    rows,
    summary: summarise(essential, whereDataLive.outcome, voidShare),
    ...(defences.length > 0 && { defence: describeDefences(defences) }),
    ...(sizes.length > 0 && { scale: describeScale(sizes) }),
  };
}

function summarise(essential: readonly Outcome[], atData: Outcome, voidShare: number): string {
  if (essential.every((outcome) => outcome === "holds")) {
    const where = `${(100 * voidShare).toFixed(0)}% of what changes lies where there are no data`;
    const felt =
      atData === "holds"
        ? "fresh data are guessed otherwise out of proportion, too"
        : "that fresh data are guessed otherwise out of proportion is not shown";
    return `The claim holds, and beyond both controls: it is the lies that move the boundary. But ${where}; ${felt}.`;
  }
  return essential.includes("does not hold")
    ? "With these hyperparameters the claim does not hold in all its parts."
    : "The boundary moves; not every part of the claim is beyond doubt with so many seeds.";
}

/** The answer to: does depth smooth a poison out, or worsen it? */
export interface DepthAnswer {
  /** The answer in one plain paragraph. */
  paragraph: string;
  row: VerdictRow;
}

/** How the deepest networks differ from the shallowest, seed by seed, as shares of the plane. */
interface Trend {
  n: number;
  change: Step;
  excess: Step;
  deleted: Step;
  otherWeights: Step;
}

/** A mean at either end, and the mean of the paired differences. */
interface Step {
  from: number;
  to: number;
  difference: MeanInterval;
}

/**
 * Compares the deepest networks with the shallowest, seed by seed, after the same number of epochs and when
 * both have first learnt the true labels equally well.
 */
export function answerDepth(parameters: PoisoningParameters, depth: readonly SizeResult[]): DepthAnswer {
  const claim = "Depth smooths poisoning out (the essay's open question).";
  const { flips, targetLoss } = parameters;
  const ends = [depth[0], depth[depth.length - 1]];
  const names = ends.map(({ hiddenLayers }) => hiddenLayers.length);
  if (flips === 0) {
    const measured = "No label was flipped, so there is nothing to smooth out.";
    return { paragraph: measured, row: { claim, measured, n: 0, outcome: "does not hold" } };
  }
  const trends = (["budget", "loss"] as const).map((match) => trendOf(depth, match));
  const told = trends.map((trend, i) => {
    const when =
      i === 0
        ? "After the same number of epochs"
        : `When the loss on the true labels has first come down to ${targetLoss} nats`;
    if (!trend) return `${when}, there are too few seeds in which every depth got there, and so no answer.`;
    return (
      `${when} (n = ${trend.n}), the lies change ${insteadOf(trend.change)}, deleting the same points changes ` +
      `${insteadOf(trend.deleted)}, and other initial weights change ${insteadOf(trend.otherWeights)}. ` +
      `The poison's own part, what the lies change beyond the deletion, is ${insteadOf(trend.excess)}: ` +
      `${directionText(trend.excess.difference)}.`
    );
  });
  const grade = gradeDepth(trends);
  const n = Math.max(0, ...trends.map((trend) => trend?.n ?? 0));
  const measured = trends
    .map((trend, i) => {
      const when = i === 0 ? "at the same epochs" : "at the same loss";
      return trend
        ? `${when} all that the lies change differs by ${pointsText(trend.change.difference)}, the excess over deletion by ${pointsText(trend.excess.difference)} (n = ${trend.n})`
        : `${when} too few seeds`;
    })
    .join("; ");
  return {
    paragraph:
      `**${conclude(grade, trends)}** The numbers, for ${names[1]} hidden layers instead of ${names[0]}. ` +
      told.join(" "),
    row: { claim, measured: `${sentence(measured)}.`, n, ...grade },
  };
}

function trendOf(depth: readonly SizeResult[], match: Match): Trend | undefined {
  const matched = matchSizes(depth, match, 0);
  const [shallow, deep] = [matched[0].comparisons, matched[matched.length - 1].comparisons];
  if (shallow.length < 2) return undefined;
  const step = (measure: (comparison: Comparison) => number): Step => ({
    from: meanInterval(shallow.map(measure)).mean,
    to: meanInterval(deep.map(measure)).mean,
    difference: meanInterval(deep.map((comparison, i) => measure(comparison) - measure(shallow[i]))),
  });
  return {
    n: shallow.length,
    change: step(({ flipped }) => flipped.plane),
    excess: step(({ flipped, deleted }) => flipped.plane - deleted.plane),
    deleted: step(({ deleted }) => deleted.plane),
    otherWeights: step(({ otherWeights }) => otherWeights.plane),
  };
}

/**
 * Depth smooths the poison out if the poison's own part shrinks by both comparisons, and what the lies change all
 * in all does not grow by either.
 */
function gradeDepth(trends: readonly (Trend | undefined)[]): Grade {
  const [falls, grows] = [-1, 1].map((sign) =>
    trends.map((trend) => {
      if (trend === undefined) return false;
      const { low, high } = trend.excess.difference;
      return sign < 0 ? high < 0 : low > 0;
    }),
  );
  if (falls.every((is) => is)) {
    const movesMore = trends.some((trend) => trend !== undefined && trend.change.difference.low > 0);
    if (!movesMore) return { outcome: "holds" };
    return {
      outcome: "holds only if",
      condition:
        "nothing counts but what the lies do beyond a harmless deletion: all in all they move more of the plane",
    };
  }
  if (grows.some((is) => is) && !falls.some((is) => is)) return { outcome: "does not hold" };
  if (falls[0] !== falls[1]) {
    return {
      outcome: "holds only if",
      condition: falls[0]
        ? "networks are compared after the same number of epochs"
        : "networks are compared when they fit the true labels equally well",
    };
  }
  return { outcome: "holds only if", condition: "more seeds show it: so far the intervals allow both" };
}

function conclude({ outcome, condition }: Grade, trends: readonly (Trend | undefined)[]): string {
  const sensitive = trends.every((trend) => trend !== undefined && trend.deleted.difference.low > 0);
  const poison =
    outcome === "holds" || condition?.startsWith("nothing counts")
      ? "Depth smooths out the poison's own part, by either comparison."
      : outcome === "does not hold"
        ? "Depth does not smooth the poison out; it worsens it."
        : condition?.startsWith("networks")
          ? `Depth smooths out the poison's own part only if ${condition}.`
          : "Neither comparison shows beyond doubt that depth smooths the poison out, or worsens it.";
  const more = trends.every((trend) => trend !== undefined && trend.change.difference.low > 0);
  return [
    poison,
    ...(sensitive
      ? [
          "What does grow with depth is the sensitivity to any change of the data, a harmless deletion included.",
        ]
      : []),
    ...(more ? ["All in all the lies move more of the plane in the deeper networks."] : []),
  ].join(" ");
}

function directionText({ low, high }: MeanInterval): string {
  if (low > 0) return "it grows";
  return high < 0 ? "it shrinks" : "no trend beyond doubt";
}

/** Shares of the plane at both ends, and by how many points they differ. */
function insteadOf({ from, to, difference: { mean, low, high } }: Step): string {
  return (
    `${(100 * to).toFixed(1)}% of the plane instead of ${(100 * from).toFixed(1)}% ` +
    `(${signed(100 * mean)} points [${signed(100 * low)}, ${signed(100 * high)}])`
  );
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}

function pointsText({ mean, low, high }: MeanInterval): string {
  return `${(100 * mean).toFixed(1)} points [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
}

function timesText({ mean, low, high }: MeanInterval): string {
  return `${mean.toFixed(1)} times [${low.toFixed(1)}, ${high.toFixed(1)}]`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
