/** What notebook 03 says about depth: graded lines, and the answer in a paragraph. */
import { enumerated } from "../enumerated.js";
import { allOf, type Finding, type Line, meanAbove, meanBelow, NOT_TRIED } from "../grading.js";
import { type MeanInterval, meanInterval } from "../statistics.js";
import { type Match, matchSizes, type SizeResult } from "./depth.js";
import type { PoisoningParameters } from "./poisoning.js";
import { type Comparison, changedByLies, poisonsOwn } from "./sensitivity.js";
import { pointsText } from "./sentences.js";

/** Both comparisons, and how they are called. */
const MATCHES: Readonly<Record<Match, string>> = {
  budget: "after the same epochs",
  loss: "at the same loss on the true labels",
};

const matches = Object.keys(MATCHES) as Match[];

const SMOOTHED =
  "Depth smooths poisoning out (the essay's open question): the lies' own effect, beyond leaving the points out, shrinks in both comparisons.";
const SURFACE =
  "Depth offers more surface to warp (the question's other side): the whole effect of the lies grows in both comparisons.";
const UNSTABLE =
  "Depth makes the network unstable by itself: the effect of a nudge of 1e-14 alone grows in both comparisons.";

/** What depth does to the damage of the lies. */
export function depthLines(depth: readonly SizeResult[]): Line[] {
  return [
    depthLine("depth-smooths", SMOOTHED, depth, poisonsOwn, meanBelow),
    depthLine("depth-surface", SURFACE, depth, changedByLies, meanAbove),
  ];
}

/** What depth does without lies. */
export function instabilityLine(depth: readonly SizeResult[]): Line {
  return depthLine("depth-unstable", UNSTABLE, depth, (at) => at["a nudge of 1e-14"], meanAbove);
}

/**
 * The deepest networks against the shallowest, seed by seed: after the same number of epochs, and at the epoch at which
 * each first fits the true labels equally well. The two may disagree, so the line holds only if it does by both.
 */
function depthLine(
  id: string,
  claim: string,
  depth: readonly SizeResult[],
  measure: (comparison: Comparison) => number,
  side: (difference: MeanInterval, bar: number) => Finding,
): Line {
  const found = matches.map((match) => {
    const when = MATCHES[match];
    const change = deepened(depth, match);
    if (!change) return { text: `no seed to compare ${when}`, finding: NOT_TRIED };
    const difference = change(measure);
    return {
      text: `${pointsText(difference)} ${when} (n = ${difference.n})`,
      finding: side(difference, 0),
    };
  });
  const [shallow, deep] = layersOf(depth);
  return {
    id,
    claim,
    measured: `Change from ${shallow} to ${deep} hidden layers: ${found.map(({ text }) => text).join(", ")}.`,
    finding: allOf(found.map(({ finding }) => finding)),
  };
}

/** Harmless changes, and how they are called. */
const CHANGES: Readonly<Record<Exclude<keyof Comparison, "flipped">, string>> = {
  leftOut: "leaving the same points out",
  "another order": "another order",
  "other initial weights": "other initial weights",
  "a nudge of 1e-14": "a nudge of 1e-14",
};

/** What an interval says by itself; the verdict corrects for all its lines. */
const TRENDS = ["seems to grow", "seems to shrink", "is not seen to change"] as const;

function trendOf({ low, high }: MeanInterval): (typeof TRENDS)[number] {
  return low > 0 ? "seems to grow" : high < 0 ? "seems to shrink" : "is not seen to change";
}

/** The answer on depth in a paragraph: the poison, and beside it what harmless changes do. */
export function describeDepth(
  depth: readonly SizeResult[],
  { flips }: Pick<PoisoningParameters, "flips">,
): string {
  if (flips === 0) return "No label was flipped, so there is no poison that depth could smooth out.";
  const [shallow, deep] = layersOf(depth);
  const found = matches.map((match) => {
    const change = deepened(depth, match);
    if (!change) return { answer: "cannot be compared", text: `No seed can be compared ${MATCHES[match]}.` };
    const [all, poison] = [change(changedByLies), change(poisonsOwn)];
    const others = Object.keys(CHANGES) as (keyof typeof CHANGES)[];
    const groups = TRENDS.flatMap((trend) => {
      const own = others.filter((name) => trendOf(change((at) => at[name])) === trend);
      return own.length === 0 ? [] : [`of ${enumerated(own.map((name) => CHANGES[name]))} ${trend}`];
    });
    return {
      answer: trendOf(poison),
      text:
        `Compared ${MATCHES[match]} (n = ${all.n}), what the lies change ${trendOf(all)} (${pointsText(all)}). The poison in it, beyond ` +
        `leaving the same points out, ${trendOf(poison)} (${pointsText(poison)}). The rest is what leaving them out does. Of the harmless changes, the effect ` +
        `${groups.join("; that ")}.`,
    };
  });
  const [epochs, loss] = found.map(({ answer }) => answer);
  const answer =
    epochs === loss
      ? `${epochs}, by both comparisons`
      : `${epochs} ${MATCHES.budget} and ${loss} ${MATCHES.loss}`;
  return `From ${shallow} to ${deep} hidden layers, the poison itself ${answer}. ${found.map(({ text }) => text).join(" ")}`;
}

/** How much more the deepest has than the shallowest, seed by seed; undefined where no seed can be compared. */
function deepened(
  depth: readonly SizeResult[],
  match: Match,
): ((measure: (comparison: Comparison) => number) => MeanInterval) | undefined {
  const sizes = matchSizes(depth, match);
  const [shallow, deep] = [sizes[0].comparisons, sizes[sizes.length - 1].comparisons];
  if (shallow.length === 0) return undefined;
  return (measure) =>
    meanInterval(
      deep.map((own, i) => measure(own) - measure(shallow[i])),
      [-1, 1],
    );
}

function layersOf(depth: readonly SizeResult[]): number[] {
  return [depth[0], depth[depth.length - 1]].map(({ hiddenLayers }) => hiddenLayers.length);
}
