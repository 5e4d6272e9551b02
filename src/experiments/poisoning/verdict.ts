/** The verdict of notebook 03. */
import { type Line, meanAbove, NOT_TRIED, shareAbove, verdictOf } from "../grading.js";
import { type MeanInterval, meanInterval, shareOf } from "../statistics.js";
import type { FindingsOf } from "../study.js";
import { MOST, type Outcome, shareText, type Verdict, type VerdictRow } from "../verdict.js";
import { certificateLines } from "./certificate-words.js";
import type { Control } from "./changes.js";
import type { Damage } from "./damage.js";
import { depthLines, instabilityLine } from "./depth-lines.js";
import { influenceLines, worstLines } from "./flip-lines.js";
import type { Kind } from "./memorizing.js";
import { memorizingLines } from "./memorizing-lines.js";
import type { PoisoningParameters, PoisoningResult } from "./poisoning.js";
import { describeDefences, describeScale, type Found, inPercent, pointsText } from "./sentences.js";
import type { PoisoningStudies } from "./studies.js";

/** Loss of accuracy that counts. */
const MISSED = 0.01;

/** The essay's claim, with the number of lies. */
export function claimOf({ flips, trainPoints }: Pick<PoisoningParameters, "flips" | "trainPoints">): string {
  const share = Number(((100 * flips) / trainPoints).toPrecision(2));
  return (
    `Flip ${flips} ${flips === 1 ? "label" : "labels"}, ${share}% of all, and the damage is out of proportion: the smooth boundary juts out to ` +
    "capture the lies, and generalization is sacrificed."
  );
}

/** Judges the claim by the studies at hand. */
export function poisoningVerdict(
  {
    seeds,
    memorizing,
    depth,
    flips: flipped,
    defences,
    certificate,
    scale,
  }: Partial<FindingsOf<PoisoningStudies>>,
  parameters: PoisoningParameters,
): Verdict {
  const { flips } = parameters;
  const poison = [
    ...(seeds ? damageLines(seeds, flips) : []),
    ...(memorizing ? memorizingLines(memorizing, parameters) : []),
    ...(depth ? depthLines(depth) : []),
    ...(flipped ? worstLines(flipped, parameters) : []),
  ];
  return verdictOf({
    claim: claimOf(parameters),
    lines: [
      ...(flips === 0 ? poison.map(untried) : poison),
      ...(depth ? [instabilityLine(depth)] : []),
      ...(flipped ? influenceLines(flipped, parameters) : []),
      ...(certificate ? certificateLines(certificate, parameters) : []),
    ],
    summarise: (stamp, rows) => `${SUMMARIES[stamp]}${seeds && flips > 0 ? partsText(rows) : ""}.`,
    ...(defences && { defence: describeDefences(defences, parameters) }),
    ...(scale && { scale: describeScale(scale) }),
  });
}

const SUMMARIES: Readonly<Record<Outcome, string>> = {
  holds: "Lies change more of the plane than leaving the same points out",
  "holds only if": "Only clustered lies change more of the plane than leaving the same points out",
  "does not hold": "Lies change no more of the plane than leaving the same points out",
  undecided:
    "These seeds do not decide whether lies change more of the plane than leaving the same points out",
  "not tested": "Without a flipped label there is no poison to judge",
};

/** The claim's other parts, where they are decided: whether accuracy is lost, and whether the lies are learnt. */
function partsText([, learnt, lost]: readonly VerdictRow[]): string {
  const parts = [LOST[lost.outcome], LEARNT[learnt.outcome]].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : `; ${parts.join(", and ")}`;
}

const LOST: Readonly<Partial<Record<Outcome, string>>> = {
  holds: "accuracy suffers",
  "holds only if": "accuracy suffers from clustered lies",
  "does not hold": "accuracy hardly suffers",
};

const LEARNT: Readonly<Partial<Record<Outcome, string>>> = {
  holds: "most networks learn every lie",
  "holds only if": "most networks learn every clustered lie",
  "does not hold": "often not every lie is learnt",
};

/** How much of the plane the lies change, and how much of that lies in the void. */
function whereItChanges(results: readonly PoisoningResult[], flips: number): string {
  const share = (of: "plane" | "planeVoid", unit: string): string =>
    inPercent(results, ({ attacks }) => attacks.cluster.flipped[of], [0, 1], unit);
  const lies = flips === 1 ? "The lie changes" : "Clustered lies change";
  return `${lies} ${share("plane", "%")} of the plane, ${share("planeVoid", " points")} of it where there are no data.`;
}

function untried({ unless: _, ...line }: Line): Line {
  return { ...line, measured: "No label was flipped.", finding: NOT_TRIED };
}

/** The damage of the lies, by itself and beside harmless changes. */
function damageLines(results: readonly PoisoningResult[], flips: number): Line[] {
  const line = (claim: string, find: (kind: Kind) => Found, isPrimary = false): Line => {
    const [together, scattered] = [find("cluster"), find("random")];
    const rest = { claim, finding: together.finding, ...(isPrimary && { isPrimary }) };
    if (flips < 2) return { ...rest, measured: `A single lie: ${together.text}.` };
    return {
      ...rest,
      claim: isPrimary ? claim.replace(/\.$/, " (decided by clustered lies).") : claim,
      measured: `Clustered: ${together.text}. Scattered: ${scattered.text}.`,
      unless: { condition: "the lies are clustered", finding: scattered.finding },
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
  const outOfProportion = line(
    "Out of proportion: the lies change more of the plane than leaving the same points out does.",
    more(leftOut),
    true,
  );
  return [
    {
      ...outOfProportion,
      id: "out-of-proportion",
      measured: `${outOfProportion.measured} ${whereItChanges(results, flips)}`,
    },
    {
      id: "captured",
      ...line(
        "The boundary juts out to capture the lies: at least three of four networks learn every lie.",
        learnt,
      ),
    },
    line(
      `Generalization is sacrificed: on fresh points, at least ${100 * MISSED} point of accuracy is lost.`,
      lost,
    ),
    line(
      "Among the data, too: the lies change the answer on more fresh points than leaving the same points out does.",
      more(leftOut, "test"),
    ),
    control("another order"),
    control("a nudge of 1e-14"),
    control("other initial weights"),
    {
      claim: "Clustered lies are learnt more often than scattered ones.",
      ...(flips > 1
        ? { measured: `A larger share, by ${pointsText(learntMore)}.`, finding: meanAbove(learntMore, 0) }
        : { measured: "A single lie cannot be clustered.", finding: NOT_TRIED }),
    },
  ];
}
