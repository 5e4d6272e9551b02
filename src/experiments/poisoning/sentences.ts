/** What notebook 03 says of what it measured, in sentences and tables that are true of any. */
import type { Training } from "../../core/network/train.js";
import { type Bounds, meanInterval } from "../statistics.js";
import type { Variation } from "../study.js";
import { meanText } from "../verdict.js";
import type { Factor, Setting } from "./causes.js";
import type { Control } from "./changes.js";
import { amplification, type Damage } from "./damage.js";
import type { DefenceResult } from "./defences.js";
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
      inPercent(all.map(({ plane }) => plane)),
      inPercent(all.map(({ planeVoid }) => planeVoid)),
      isAttack && flips > 0 ? meanText(meanInterval(times, [0, 1 / rate])) : "not defined",
      inPercent(all.map(({ test }) => test)),
      inPercent(
        all.map(({ accuracyDrop }) => accuracyDrop),
        DIFFERENCE,
      ),
      isAttack && flips > 0 ? inPercent(all.map(({ captured }) => captured / flips)) : "no lies",
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
  const text = ({ name, comparisons }: Setting): string => {
    const shares = comparisons.map(({ captured }) => captured / flips);
    return `${name}: ${meanText(meanInterval(shares, SHARE), 1, 100, "%")}`;
  };
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
      inPercent(comparisons.map(changedByLies)),
      inPercent(comparisons.map(poisonsOwn), DIFFERENCE),
      inPercent(comparisons.map(({ reordered }) => reordered)),
      inPercent(comparisons.map(({ nudged }) => nudged)),
      flips === 0 ? "no lies" : inPercent(comparisons.map(({ captured }) => captured / flips)),
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
  const texts = matched.map(({ name, comparisons }) => {
    const all = meanInterval(comparisons.map(changedByLies), SHARE);
    const own = meanInterval(comparisons.map(poisonsOwn), DIFFERENCE);
    return `${name}: ${meanText(all, 1, 100, "%")} (${meanText(own, 1, 100)})`;
  });
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
      inPercent(results.map(({ plane }) => plane)),
      flips > 0 ? inPercent(results.map(({ captured }) => captured / flips)) : "no lies",
      inPercent(
        results.map(({ accuracyDrop }) => accuracyDrop),
        DIFFERENCE,
      ),
      inPercent(results.map(({ planeScattered }) => planeScattered)),
      inPercent(results.map(({ cleanAccuracy }) => cleanAccuracy)),
      inPercent(costs(results, bare.results), DIFFERENCE),
    ]),
  ];
}

/** What each defence leaves of a cluster's damage, and what it costs where nobody lies, in one sentence. */
export function describeDefences(
  defences: readonly Variation<DefenceResult>[],
  { flips }: PoisoningParameters,
): string {
  const [bare] = defences;
  const texts = defences.map(({ name, results }) => {
    const left =
      flips > 0
        ? [
            inPercent(
              results.map(({ plane }) => plane),
              SHARE,
              "%",
            ),
          ]
        : [];
    if (results === bare.results) return left.map((text) => `${name} ${text}`);
    const cost = `costs ${inPercent(costs(results, bare.results), DIFFERENCE)}`;
    return [[name, ...left, flips > 0 ? `(${cost})` : cost].join(" ")];
  });
  return (
    `${flips > 0 ? "What a cluster of lies changes of the plane, and what" : "What"} the defence costs in points of accuracy where ` +
    `nobody lies, ${bare.results.length} seeds: ${texts.flat().join("; ")}.`
  );
}

/** How many lies a vote of the neighbours restores, and what it does where there are none, in two sentences. */
export function describeCleaning(
  defences: readonly Variation<DefenceResult>[],
  { flips, trainPoints }: PoisoningParameters,
): string {
  const cleaned = defences.flatMap(({ results }) => results.flatMap(({ cleaning = [] }) => cleaning));
  const share = (of: "cluster" | "scattered" | "harmed", among: number): string =>
    inPercent(
      cleaned.map(({ [of]: count }) => count / among),
      SHARE,
      "%",
    );
  const found =
    flips === 0
      ? ""
      : `It restores ${share("scattered", flips)} of the lies where they are scattered and ${share("cluster", flips)} ` +
        "in a cluster. ";
  return `${found}Where nobody lied it turns ${share("harmed", trainPoints)} of the true labels wrong (${cleaned.length} seeds).`;
}

/** What a defence costs in accuracy where nobody lies, seed by seed. */
function costs(results: readonly DefenceResult[], bare: readonly DefenceResult[]): number[] {
  return results.map(({ cleanAccuracy }, i) => bare[i].cleanAccuracy - cleanAccuracy);
}

function inPercent(shares: readonly number[], bounds = SHARE, unit = ""): string {
  return shares.length === 0 ? "no seed" : meanText(meanInterval(shares, bounds), 1, 100, unit);
}

function liesText(count: number): string {
  return `${count} ${count === 1 ? "lie" : "lies"}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
