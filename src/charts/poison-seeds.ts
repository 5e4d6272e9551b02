/** How much of the plane lies change, seed by seed, and how much harmless changes do. */
import type { Control } from "../experiments/poisoning/changes.js";
import type { DefenceResult } from "../experiments/poisoning/defences.js";
import type { PoisoningParameters, PoisoningResult } from "../experiments/poisoning/poisoning.js";
import type { Variation } from "../experiments/study.js";
import type { Figure } from "./figure.js";
import { type SeedValues, seedsFigure, seedValues } from "./seeds.js";

/** Two kinds of lies, and their names in the chart. */
const KINDS = [
  ["cluster", "cluster"],
  ["random", "scattered"],
] as const;

/** Lies, the same points left out, and harmless changes. */
export function damageFigure(
  results: readonly PoisoningResult[],
  { flips, trainPoints }: PoisoningParameters,
): Figure {
  const groups = [
    ...KINDS.flatMap(([kind, name]) => [
      group(results, name, ({ attacks }) => attacks[kind].flipped.plane),
      group(results, `${name}, left out`, ({ attacks }) => attacks[kind].leftOut.plane),
    ]),
    ...controlsOf(results).map((name) => group(results, name, ({ controls }) => controls[name].plane)),
  ];
  return seedsFigure(groups, {
    name: "plane that changes class",
    unit: "%",
    bounds: [0, 100],
    reference: { value: (100 * flips) / trainPoints, name: "labels flipped" },
  });
}

/** What the lies change beyond each other change, seed by seed. */
export function excessFigure(results: readonly PoisoningResult[]): Figure {
  const groups = KINDS.flatMap(([kind, name]) => {
    const beyond = (what: string, other: (result: PoisoningResult) => number): SeedValues =>
      group(results, `${name} − ${what}`, (result) => result.attacks[kind].flipped.plane - other(result));
    return [
      beyond("left out", ({ attacks }) => attacks[kind].leftOut.plane),
      ...controlsOf(results).map((control) => beyond(control, ({ controls }) => controls[control].plane)),
    ];
  });
  return seedsFigure(groups, {
    name: "lies change more, by",
    unit: "points of the plane",
    bounds: [-100, 100],
    reference: { value: 0, name: "no more" },
  });
}

/** What clustered lies change in spite of each defence. */
export function defendedFigure(defences: readonly Variation<DefenceResult>[]): Figure {
  const groups = defences.map(({ name, results }) => group(results, name, ({ plane }) => plane));
  return seedsFigure(groups, { name: "plane that clustered lies change", unit: "%", bounds: [0, 100] });
}

/** A share of the plane in percent. */
function group<Result extends { seed: number }>(
  results: readonly Result[],
  name: string,
  measure: (result: Result) => number,
): SeedValues {
  return seedValues(name, results, (result) => 100 * measure(result));
}

function controlsOf([{ controls }]: readonly PoisoningResult[]): Control[] {
  return Object.keys(controls) as Control[];
}
