/** Notebook 03: what came out, in sentences and tables made of the results. */
import { type Bounds, meanInterval } from "../statistics.js";
import { meanText } from "../verdict.js";
import type { Control } from "./changes.js";
import { amplification, type Damage } from "./damage.js";
import type { DefenceOverSeeds } from "./defences.js";
import { lostSeeds, type Match, matchSizes, type SizeResult } from "./depth.js";
import { ATTACKS, type PoisoningResult } from "./poisoning.js";
import { changedByLies, poisonsOwn } from "./sensitivity.js";

/** The head of a table, and its rows. */
export type Table = [head: string[], rows: string[][]];

const SHARE: Bounds = [0, 1];
const DIFFERENCE: Bounds = [-1, 1];

/** What an attack did, in a title. */
export function damageTitle(seed: number, { attacked, plane }: Damage): string {
  return `Seed ${seed}, ${liesText(attacked)}: ${percent(plane)} changes class`;
}

/**
 * What an attack did, in a paragraph.
 *
 * @param leftOut - what the same points do when they are left out
 * @param points - number of training points
 */
export function describeDamage(damage: Damage, leftOut: Damage, points: number): string {
  const { attacked, captured, plane, planeVoid, test, testAccuracy, accuracyDrop } = damage;
  const times = amplification(plane, attacked / points);
  return [
    times === undefined
      ? "No label was flipped, so no amplification is defined."
      : `${percent(attacked / points)} of the labels were flipped, and ${percent(plane)} of the plane changes class: an amplification ` +
        `of **${times.toFixed(1)}**. The same points left out instead change ${percent(leftOut.plane)}. The network believes ` +
        `${captured} of ${liesText(attacked)}.`,
    `${percent(planeVoid)} of the plane changes where no data live, ${percent(plane - planeVoid)} where they do. Of the test points ` +
      `${percent(test)} are guessed otherwise, and the test accuracy is ${percent(testAccuracy)}, against ` +
      `${percent(testAccuracy + accuracyDrop)} without lies.`,
  ].join(" ");
}

/** Every attack and every control over the seeds. */
export function damageTable(results: readonly PoisoningResult[]): Table {
  const row = (name: string, of: (result: PoisoningResult) => Damage): string[] => {
    const all = results.map(of);
    const [{ attacked }] = all;
    const times = all.map(({ plane }, i) => amplification(plane, results[i].poisonRate) ?? Number.NaN);
    return [
      name,
      inPercent(all.map(({ plane }) => plane)),
      inPercent(all.map(({ planeVoid }) => planeVoid)),
      attacked > 0 ? meanText(meanInterval(times, [0, 1 / results[0].poisonRate])) : "not defined",
      inPercent(all.map(({ test }) => test)),
      inPercent(
        all.map(({ accuracyDrop }) => accuracyDrop),
        DIFFERENCE,
      ),
      attacked > 0 ? inPercent(all.map(({ captured }) => captured / attacked)) : "no lies",
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
        row(`${kind}: flipped`, ({ attacks }) => attacks[kind].flipped),
        row(`${kind}: left out`, ({ attacks }) => attacks[kind].leftOut),
      ]),
      ...(Object.keys(results[0].controls) as Control[]).map((name) =>
        row(name, ({ controls }) => controls[name]),
      ),
    ],
  ];
}

/** Every depth, after the same epochs and at the same loss. */
export function depthTable(depth: readonly SizeResult[], epochs: number): Table {
  const rows = (match: Match): string[][] =>
    matchSizes(depth, match, epochs).map(({ name, comparisons, epochs: trained }, i) => {
      const lies = comparisons.map(({ flipped }) => flipped);
      return [
        match === "budget" ? "same epochs" : "same loss",
        name,
        String(comparisons.length),
        Number.isNaN(trained) ? "never there" : trained.toFixed(0),
        inPercent(comparisons.map(changedByLies)),
        inPercent(comparisons.map(poisonsOwn), DIFFERENCE),
        inPercent(comparisons.map(({ controls }) => controls["another order"].plane)),
        inPercent(comparisons.map(({ controls }) => controls["a nudge of 1e-14"].plane)),
        lies.some(({ attacked }) => attacked === 0)
          ? "no lies"
          : inPercent(lies.map(({ attacked, captured }) => captured / attacked)),
        match === "budget" ? String(lostSeeds(depth[i])) : "",
      ];
    });
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
      "seeds that do not learn from true labels",
    ],
    [...rows("budget"), ...rows("loss")],
  ];
}

/** Every defence, with lies and without. */
export function defenceTable(defences: readonly DefenceOverSeeds[]): Table {
  const bare = defences[0].results;
  return [
    [
      `${bare.length} seeds`,
      "cluster: plane changed (%)",
      "lies learnt (%)",
      "accuracy lost (points)",
      "scattered: plane changed (%)",
      "accuracy without lies (%)",
      "what that costs (points)",
    ],
    defences.map(({ name, results }) => {
      const cluster = results.map(({ attacks }) => attacks.cluster);
      return [
        name,
        inPercent(cluster.map(({ plane }) => plane)),
        cluster[0].attacked > 0
          ? inPercent(cluster.map(({ captured, attacked }) => captured / attacked))
          : "no lies",
        inPercent(
          cluster.map(({ accuracyDrop }) => accuracyDrop),
          DIFFERENCE,
        ),
        inPercent(results.map(({ attacks }) => attacks.random.plane)),
        inPercent(results.map(({ cleanAccuracy }) => cleanAccuracy)),
        inPercent(
          results.map(({ cleanAccuracy }, i) => bare[i].cleanAccuracy - cleanAccuracy),
          DIFFERENCE,
        ),
      ];
    }),
  ];
}

function inPercent(shares: readonly number[], bounds = SHARE): string {
  return shares.length === 0 ? "no seed" : meanText(meanInterval(shares, bounds), 1, 100);
}

function liesText(count: number): string {
  return `${count} ${count === 1 ? "lie" : "lies"}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
