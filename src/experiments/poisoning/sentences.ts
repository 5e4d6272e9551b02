/** What notebook 03 says about its results, in sentences and tables that are true of any results. */
import type { Training } from "../../core/network/train.js";
import type { Finding } from "../grading.js";
import { type Bounds, type MeanInterval, meanInterval } from "../statistics.js";
import type { Variation } from "../study.js";
import { meanText, percent } from "../verdict.js";
import type { Control } from "./changes.js";
import { amplification, type Damage } from "./damage.js";
import type { DefenceResult } from "./defences.js";
import { matchSizes, type SizeResult } from "./depth.js";
import { ATTACKS, type PoisoningParameters, type PoisoningResult } from "./poisoning.js";
import { changedByLies, poisonsOwn } from "./sensitivity.js";

/** The head of a table, and its rows. */
export type Table = [head: string[], rows: string[][]];

const SHARE: Bounds = [0, 1];
export const DIFFERENCE: Bounds = [-1, 1];

/** The damage of an attack, as a title. */
export function damageTitle(seed: number, lies: number, { plane }: Damage): string {
  return `Seed ${seed}, ${liesText(lies)}: ${percent(plane)} of the plane changes class`;
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
      "of this in the void (points)",
      "amplification",
      "test points changed (%)",
      "accuracy lost (points)",
      "answered as the lie says (%)",
    ],
    [
      ...ATTACKS.flatMap((kind) => [
        row(`${kind}, flipped`, ({ attacks }) => attacks[kind].flipped, true),
        row(`${kind}, left out`, ({ attacks }) => attacks[kind].leftOut, true),
      ]),
      ...(Object.keys(results[0].controls) as Control[]).map((name) =>
        row(name, ({ controls }) => controls[name]),
      ),
    ],
  ];
}

/** The lies' effect in networks of other sizes at the same loss, in all and on their own, in a sentence. */
export function describeScale(sizes: readonly SizeResult[]): string {
  const matched = matchSizes(sizes, "loss");
  const seeds = matched[0].comparisons.length;
  if (seeds === 0) return "In no seed did networks of all sizes reach the loss at which they are compared.";
  const texts = matched.map(
    ({ name, comparisons }) =>
      `${name}: ${inPercent(comparisons, changedByLies, SHARE, "%")} (${inPercent(comparisons, poisonsOwn, DIFFERENCE)})`,
  );
  return (
    "Share of the plane that clustered lies change, and in brackets how many points more than leaving the same points out, " +
    `by hidden layers (${seeds} ${seeds === 1 ? "seed" : "seeds"}): ${texts.join("; ")}.`
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
      "cost of the defence (points)",
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

/** The damage that each defence leaves of a cluster, and its cost without lies. */
export function describeDefences(
  defences: readonly Variation<DefenceResult>[],
  parameters: PoisoningParameters,
): string {
  const { flips } = parameters;
  const [bare] = defences;
  const texts = defences.flatMap(({ name, results }) => {
    const left = `${name} ${inPercent(results, ({ plane }) => plane, SHARE, "%")}`;
    if (results === bare.results) return flips > 0 ? [left] : [];
    const cost = `costs ${costText(results, bare.results)}`;
    return flips > 0 ? `${left} (${cost})` : `${name} ${cost}`;
  });
  return (
    `${flips > 0 ? "Share of the plane that clustered lies change, and what" : "What"} the defence costs in points of accuracy ` +
    `without lies (${bare.results.length} ${bare.results.length === 1 ? "seed" : "seeds"}): ${texts.join("; ")}.` +
    cleanedText(defences, parameters)
  );
}

/** How many lies of the cluster the vote of the neighbours finds, and how many true labels it harms without lies. */
function cleanedText(defences: readonly Variation<DefenceResult>[], { flips }: PoisoningParameters): string {
  const cleaned = defences.flatMap(({ results }) => results.flatMap((own) => own.cleaned ?? []));
  if (cleaned.length === 0) return "";
  const over = (counts: readonly number[]): string => meanText(meanInterval(counts));
  const found =
    flips > 0 ? `restore ${over(cleaned.map((own) => own.restored))} of ${liesText(flips)} and ` : "";
  return ` The neighbours' labels ${found}turn ${over(cleaned.map((own) => own.harmed))} true labels wrong where none is a lie.`;
}

/** What a defence costs in accuracy without lies, seed by seed, in points. */
function costText(results: readonly DefenceResult[], bare: readonly DefenceResult[]): string {
  const costs = results.map(({ cleanAccuracy }, i) => bare[i].cleanAccuracy - cleanAccuracy);
  return inPercent(costs, (cost) => cost, DIFFERENCE);
}

/** A mean share, or difference of shares, with its interval in percent. */
export function inPercent<T>(
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

/** What was found of one kind of lies, or in one comparison. */
export interface Found {
  text: string;
  finding: Finding;
}

/** A mean share in percent. */
export function percentText(share: MeanInterval): string {
  return meanText(share, 1, 100, "%");
}

/** A mean difference of shares, in percentage points. */
export function pointsText(difference: MeanInterval): string {
  return meanText(difference, 1, 100, " points");
}
