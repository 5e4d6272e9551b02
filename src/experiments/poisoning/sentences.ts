/** What notebook 03 says of what it measured, in sentences and tables that are true of any. */
import type { Training } from "../../core/network/train.js";
import { type Bounds, meanInterval } from "../statistics.js";
import type { Variation } from "../study.js";
import { meanText } from "../verdict.js";
import type { Factor, Setting } from "./causes.js";
import type { Control } from "./changes.js";
import { amplification, type Damage } from "./damage.js";
import type { Cleaning, DefenceResult } from "./defences.js";
import { lostSeeds, type Match, matchSizes, type SizeResult } from "./depth.js";
import { ATTACKS, type PoisonedTask, type PoisoningParameters, type PoisoningResult } from "./poisoning.js";
import { changedByLies, poisonsOwn } from "./sensitivity.js";

/** The head of a table, and its rows. */
export type Table = [head: string[], rows: string[][]];

const SHARE: Bounds = [0, 1];
const DIFFERENCE: Bounds = [-1, 1];

/** What an attack did, in a title. */
export function damageTitle(seed: number, lies: number, { plane }: Damage): string {
  return `Seed ${seed}, ${liesText(lies)}: ${percent(plane)} changes class`;
}

/**
 * What an attack did, in a paragraph.
 *
 * @param leftOut - what the same points do when they are left out
 */
export function describeDamage(
  { data, attacked, clean, poisoned }: PoisonedTask,
  { captured, plane, planeVoid, test }: Damage,
  leftOut: Damage,
): string {
  const rate = attacked.length / data.train.labels.rows;
  const times = amplification(plane, rate);
  return [
    times === undefined
      ? "No label was flipped, so no amplification is defined."
      : `${percent(rate)} of the labels were flipped, and ${percent(plane)} of the plane changes class: an amplification ` +
        `of **${times.toFixed(1)}**. The same points left out instead change ${percent(leftOut.plane)}. The network believes ` +
        `${captured} of ${liesText(attacked.length)}.`,
    `${percent(planeVoid)} of the plane changes where no data live, ${percent(plane - planeVoid)} where they do. Of the test points ` +
      `${percent(test)} are guessed otherwise, and the test accuracy is ${percent(testAccuracy(poisoned))}, against ` +
      `${percent(testAccuracy(clean))} without lies.`,
  ].join(" ");
}

/** The accuracy on the test points at the end of a training. */
export function testAccuracy({ history }: Training): number {
  return history[history.length - 1].test?.accuracy ?? Number.NaN;
}

/** Every attack and every control over the seeds. */
export function damageTable(
  results: readonly PoisoningResult[],
  { flips, trainPoints }: PoisoningParameters,
): Table {
  const rate = flips / trainPoints;
  const row = (name: string, of: (result: PoisoningResult) => Damage, isAttack = false): string[] => {
    const all = results.map(of);
    const times = all.map(({ plane }) => amplification(plane, rate) ?? Number.NaN);
    return [
      name,
      inPercent(all, ({ plane }) => plane),
      inPercent(all, ({ planeVoid }) => planeVoid),
      isAttack && flips > 0 ? meanText(meanInterval(times, [0, 1 / rate])) : "not defined",
      inPercent(all, ({ test }) => test),
      inPercent(all, ({ accuracyDrop }) => accuracyDrop, DIFFERENCE),
      isAttack && flips > 0 ? inPercent(all, ({ captured }) => captured / flips) : "no lies",
    ];
  };
  return [
    [
      `${results.length} seeds`,
      "plane changed (%)",
      "of it in the void (points of the plane)",
      "amplification",
      "test points changed (%)",
      "accuracy lost (points)",
      "guessed as the lie says (%)",
    ],
    [
      ...ATTACKS.flatMap((kind) => [
        row(`${kind}: flipped`, ({ attacks }) => attacks[kind].flipped, true),
        row(`${kind}: left out`, ({ attacks }) => attacks[kind].leftOut, true),
      ]),
      ...(Object.keys(results[0].controls) as Control[]).map((name) =>
        row(name, ({ controls }) => controls[name]),
      ),
    ],
  ];
}

/** Which share of a cluster is learnt, for each value of what is varied: a list. */
export function describeLearnt(factors: readonly Factor[], { flips }: PoisoningParameters): string {
  if (flips === 0) return "No label was flipped, and so there is no lie to learn.";
  const text = ({ name, comparisons }: Setting): string =>
    `${name}: ${inPercent(comparisons, ({ captured }) => captured / flips, SHARE, "%")}`;
  return factors
    .map(({ name, settings }) => `- lies learnt, by ${name}: ${settings.map(text).join("; ")}`)
    .join("\n");
}

/** Every depth, after the same epochs and at the same loss. */
export function depthTable(depth: readonly SizeResult[], { flips }: PoisoningParameters): Table {
  const rows = (match: Match): string[][] =>
    matchSizes(depth, match).map(({ name, comparisons, epochs }, i) => [
      match === "budget" ? "same epochs" : "same loss",
      name,
      String(comparisons.length),
      Number.isNaN(epochs) ? "never there" : epochs.toFixed(0),
      inPercent(comparisons, changedByLies),
      inPercent(comparisons, poisonsOwn, DIFFERENCE),
      inPercent(comparisons, ({ reordered }) => reordered),
      inPercent(comparisons, ({ nudged }) => nudged),
      flips === 0 ? "no lies" : inPercent(comparisons, ({ captured }) => captured / flips),
      match === "budget" ? String(lostSeeds(depth[i])) : "",
    ]);
  return [
    [
      "compared at",
      "hidden layers",
      "seeds",
      "mean epochs",
      "lies: plane changed (%)",
      "more than left out (points)",
      "another order (%)",
      "nudge of 1e-14 (%)",
      "lies learnt (%)",
      "seeds lost",
    ],
    [...rows("budget"), ...rows("loss")],
  ];
}

/** What the lies change in networks of other sizes at the same loss, and how much of it is their own, in one sentence. */
export function describeScale(sizes: readonly SizeResult[]): string {
  const matched = matchSizes(sizes, "loss");
  const seeds = matched[0].comparisons.length;
  if (seeds === 0)
    return "In no seed did networks of all sizes come down to the loss at which they are compared.";
  const texts = matched.map(
    ({ name, comparisons }) =>
      `${name}: ${inPercent(comparisons, changedByLies, SHARE, "%")} (${inPercent(comparisons, poisonsOwn, DIFFERENCE)})`,
  );
  return (
    "What a cluster of lies changes of the plane, and in brackets by how many points that is more than the same points left out, " +
    `by hidden layers, ${seeds} ${seeds === 1 ? "seed" : "seeds"}: ${texts.join("; ")}.`
  );
}

/** Every defence, with lies and without. */
export function defenceTable(
  defences: readonly Variation<DefenceResult>[],
  { flips }: PoisoningParameters,
): Table {
  const [bare] = defences;
  return [
    [
      `${bare.results.length} seeds`,
      "cluster: plane changed (%)",
      "lies learnt (%)",
      "accuracy lost (points)",
      "scattered: plane changed (%)",
      "accuracy without lies (%)",
      "what that costs (points)",
    ],
    defences.map(({ name, results }) => [
      name,
      inPercent(results, ({ plane }) => plane),
      flips > 0 ? inPercent(results, ({ captured }) => captured / flips) : "no lies",
      inPercent(results, ({ accuracyDrop }) => accuracyDrop, DIFFERENCE),
      inPercent(results, ({ planeScattered }) => planeScattered),
      inPercent(results, ({ cleanAccuracy }) => cleanAccuracy),
      costText(results, bare.results),
    ]),
  ];
}

/** What each defence leaves of a cluster's damage, and what it costs where nobody lies, in one sentence. */
export function describeDefences(
  defences: readonly Variation<DefenceResult>[],
  { flips }: PoisoningParameters,
): string {
  const [bare] = defences;
  const texts = defences.flatMap(({ name, results }) => {
    const left = flips > 0 ? [`${name} ${inPercent(results, ({ plane }) => plane, SHARE, "%")}`] : [];
    if (results === bare.results) return left;
    const cost = `costs ${costText(results, bare.results)}`;
    return left.length > 0 ? `${left[0]} (${cost})` : `${name} ${cost}`;
  });
  return (
    `${flips > 0 ? "What a cluster of lies changes of the plane, and what" : "What"} the defence costs in points of accuracy where ` +
    `nobody lies, ${bare.results.length} seeds: ${texts.join("; ")}.`
  );
}

/** How many lies a vote of the neighbours restores, and what it does where there are none, in two sentences. */
export function describeCleaning(
  defences: readonly Variation<DefenceResult>[],
  { flips, trainPoints }: PoisoningParameters,
): string {
  const cleaned = defences.flatMap(({ results }) => results.flatMap(({ cleaning = [] }) => cleaning));
  const share = (of: keyof Cleaning, among: number): string =>
    inPercent(cleaned, ({ [of]: count }) => count / among, SHARE, "%");
  const found =
    flips === 0
      ? ""
      : `It restores ${share("scattered", flips)} of the lies where they are scattered and ${share("cluster", flips)} ` +
        "in a cluster. ";
  return `${found}Where nobody lied it turns ${share("harmed", trainPoints)} of the true labels wrong (${cleaned.length} seeds).`;
}

/** What a defence costs in accuracy where nobody lies, seed by seed, in points. */
function costText(results: readonly DefenceResult[], bare: readonly DefenceResult[]): string {
  const costs = results.map(({ cleanAccuracy }, i) => bare[i].cleanAccuracy - cleanAccuracy);
  return inPercent(costs, (cost) => cost, DIFFERENCE);
}

function inPercent<T>(
  items: readonly T[],
  measure: (item: T) => number,
  bounds: Bounds = SHARE,
  unit = "",
): string {
  return items.length === 0 ? "no seed" : meanText(meanInterval(items.map(measure), bounds), 1, 100, unit);
}

function liesText(count: number): string {
  return `${count} ${count === 1 ? "lie" : "lies"}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
