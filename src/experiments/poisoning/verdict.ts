/** What became of the claim of notebook 03, and of the essay's question about depth. */
import {
  allOf,
  type Finding,
  type Line,
  meanAbove,
  meanBelow,
  NOT_TRIED,
  shareAbove,
  verdictOf,
} from "../grading.js";
import { type MeanInterval, meanInterval, shareOf } from "../statistics.js";
import type { FindingsOf } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict, type VerdictRow } from "../verdict.js";
import type { Control } from "./changes.js";
import type { Damage } from "./damage.js";
import { matchSizes, type SizeResult } from "./depth.js";
import type { PoisoningParameters, PoisoningResult } from "./poisoning.js";
import { type Comparison, changedByLies, poisonsOwn } from "./sensitivity.js";
import { describeDefences, describeScale } from "./sentences.js";
import type { PoisoningStudies } from "./studies.js";

/** Loss of accuracy that somebody would miss. */
const MISSED = 0.01;

/** The essay's claim, with the number of lies told. */
export function claimOf({ flips, trainPoints }: Pick<PoisoningParameters, "flips" | "trainPoints">): string {
  const share = Number(((100 * flips) / trainPoints).toPrecision(2));
  return (
    `A handful of flipped labels (${flips}, ${share}% of all) warps the decision boundary out of proportion to their number: it juts out to ` +
    "capture the lies, and generalization is sacrificed."
  );
}

/** What became of the claim, as far as the studies given tell. */
export function poisoningVerdict(
  { seeds, depth, defences, scale }: Partial<FindingsOf<PoisoningStudies>>,
  parameters: PoisoningParameters,
): Verdict {
  const { flips } = parameters;
  const poison = [...(seeds ? damageLines(seeds, flips) : []), ...(depth ? depthLines(depth) : [])];
  return verdictOf({
    claim: claimOf(parameters),
    lines: [...(flips === 0 ? poison.map(untried) : poison), ...(depth ? [instabilityLine(depth)] : [])],
    summarise: (stamp, rows) =>
      [
        SUMMARIES[stamp],
        ...(flips > 0 && seeds ? [describeParts(rows), whereItChanges(seeds, flips)] : []),
      ].join(" "),
    ...(defences && { defence: describeDefences(defences, parameters) }),
    ...(scale && { scale: describeScale(scale) }),
  });
}

const SUMMARIES: Readonly<Record<Outcome, string>> = {
  holds:
    "The damage is out of proportion: lying about points changes more of the plane than leaving them out.",
  "holds only if":
    "The damage is out of proportion on a condition only: lies that stand together change more of the plane than leaving the points out.",
  "does not hold":
    "The damage is not out of proportion: lying about points changes no more of the plane than leaving them out.",
  undecided:
    "Whether the damage is out of proportion, more than leaving the points out would do, is not decided.",
  "not tested": "Without a flipped label there is no poison to judge.",
};

/** What became of the other parts of the claim, by the words before their colons. */
function describeParts([, ...rows]: readonly VerdictRow[]): string {
  const parts = rows.slice(0, 2).map(({ claim, outcome }) => `“${claim.split(":")[0]}” ${outcome}`);
  return `The claim's other parts: ${parts.join("; ")}.`;
}

function whereItChanges(results: readonly PoisoningResult[], flips: number): string {
  const share = (of: "plane" | "planeVoid", unit: string): string => {
    const shares = results.map(({ attacks }) => attacks.cluster.flipped[of]);
    return meanText(meanInterval(shares, [0, 1]), 1, 100, unit);
  };
  const change = flips === 1 ? "A single lie changes" : "Lies that stand together change";
  return `${change} so much of the plane: ${share("plane", "%")}; of it where there are no data: ${share("planeVoid", " points")}.`;
}

function untried({ unless: _, ...line }: Line): Line {
  return { ...line, measured: "No label was flipped.", finding: NOT_TRIED };
}

/** How lies are told: all next to each other, or anywhere. */
type Kind = "cluster" | "random";

/** What was found of one kind of lies. */
interface Found {
  text: string;
  finding: Finding;
}

/** What the lies do, on their own and beside harmless changes. */
function damageLines(results: readonly PoisoningResult[], flips: number): Line[] {
  const line = (claim: string, find: (kind: Kind) => Found, isPrimary = false): Line => {
    const [together, scattered] = [find("cluster"), find("random")];
    const rest = { claim, finding: together.finding, ...(isPrimary && { isPrimary }) };
    if (flips < 2) return { ...rest, measured: `A single lie: ${together.text}.` };
    return {
      ...rest,
      claim: isPrimary ? claim.replace(/\.$/, " (decided by lies that stand together).") : claim,
      measured: `Lies that stand together: ${together.text}. Scattered ones: ${scattered.text}.`,
      unless: { condition: "the lies stand together", finding: scattered.finding },
    };
  };
  const over = (measure: (result: PoisoningResult) => number): MeanInterval =>
    meanInterval(results.map(measure), [-1, 1]);
  const more =
    (than: (result: PoisoningResult, kind: Kind) => Damage, of: "plane" | "test" = "plane") =>
    (kind: Kind): Found => {
      const excess = over((result) => result.attacks[kind].flipped[of] - than(result, kind)[of]);
      return { text: `${pointsText(excess)} more`, finding: meanAbove(excess, 0) };
    };
  const leftOut = ({ attacks }: PoisoningResult, kind: Kind): Damage => attacks[kind].leftOut;
  const control = (name: Control): Line =>
    line(
      `The lies change more of the plane than ${name} alone.`,
      more(({ controls }) => controls[name]),
    );
  const learnt = (kind: Kind): Found => {
    const all = shareOf(results, ({ attacks }) => attacks[kind].flipped.captured === flips);
    return { text: `in ${shareText(all)}`, finding: shareAbove(all, MOST) };
  };
  const lost = (kind: Kind): Found => {
    const drop = over(({ attacks }) => attacks[kind].flipped.accuracyDrop);
    return { text: pointsText(drop), finding: meanAbove(drop, MISSED) };
  };
  const learntMore = over(
    ({ attacks: { cluster, random } }) =>
      (cluster.flipped.captured - random.flipped.captured) / Math.max(1, flips),
  );
  return [
    line(
      "Out of proportion: the lies change more of the plane than leaving the same points out does.",
      more(leftOut),
      true,
    ),
    line(
      "The boundary juts out to capture the lies: every one of them is learnt, in three of four networks or more.",
      learnt,
    ),
    line(
      `Generalization is sacrificed: on fresh points ${100 * MISSED} point of accuracy or more is lost.`,
      lost,
    ),
    line(
      "Where data live, too: more fresh points are guessed otherwise than when the same points are left out.",
      more(leftOut, "test"),
    ),
    control("another order"),
    control("a nudge of 1e-14"),
    control("other initial weights"),
    {
      claim: "Of lies that stand together a larger share is learnt than of scattered ones.",
      ...(flips > 1
        ? { measured: `Larger by ${pointsText(learntMore)}.`, finding: meanAbove(learntMore, 0) }
        : { measured: "A single lie stands with no other.", finding: NOT_TRIED }),
    },
  ];
}

const SMOOTHED =
  "Depth smooths poisoning out (an open question of the essay): what the lies change beyond leaving the points out shrinks, by both comparisons.";
const SURFACE =
  "Depth offers more surface to warp (its other side): all that the lies change grows, by both comparisons.";
const UNSTABLE =
  "Depth makes the network unstable by itself: what a nudge of 1e-14 alone changes grows, by both comparisons.";

/** What depth does to the poison. */
function depthLines(depth: readonly SizeResult[]): Line[] {
  return [
    depthLine(SMOOTHED, depth, poisonsOwn, meanBelow),
    depthLine(SURFACE, depth, changedByLies, meanAbove),
  ];
}

/** What depth does where nobody lies. */
function instabilityLine(depth: readonly SizeResult[]): Line {
  return depthLine(UNSTABLE, depth, ({ nudged }) => nudged, meanAbove);
}

/**
 * The deepest networks against the shallowest, seed by seed, after the same number of epochs and at the epoch at which
 * each first fits the true labels equally well. They tell different stories, so the line holds if it does by both.
 */
function depthLine(
  claim: string,
  depth: readonly SizeResult[],
  measure: (comparison: Comparison) => number,
  side: (difference: MeanInterval, bar: number) => Finding,
): Line {
  const found = (["budget", "loss"] as const).map((match): Found => {
    const sizes = matchSizes(depth, match);
    const [shallow, deep] = [sizes[0].comparisons, sizes[sizes.length - 1].comparisons];
    const when = match === "budget" ? "after the same epochs" : "at the same loss on the true labels";
    if (shallow.length === 0) return { text: `in no seed is every depth ${when}`, finding: NOT_TRIED };
    const difference = meanInterval(
      deep.map((comparison, i) => measure(comparison) - measure(shallow[i])),
      [-1, 1],
    );
    return {
      text: `by ${pointsText(difference)} ${when} (n = ${difference.n})`,
      finding: side(difference, 0),
    };
  });
  const layers = [depth[0], depth[depth.length - 1]].map(({ hiddenLayers }) => hiddenLayers.length);
  return {
    claim,
    measured: `From ${layers[0]} to ${layers[1]} hidden layers it changes ${found.map(({ text }) => text).join(", ")}.`,
    finding: allOf(found.map(({ finding }) => finding)),
  };
}

/** What depth does, as a list of what was claimed and what was measured. */
export function describeDepth(depth: readonly SizeResult[]): string {
  return [...depthLines(depth), instabilityLine(depth)]
    .map(({ claim, measured }) => `- ${claim} ${measured}`)
    .join("\n");
}

/** A difference of shares in points. */
function pointsText(difference: MeanInterval): string {
  return meanText(difference, 1, 100, " points");
}
