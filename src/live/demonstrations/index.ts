/**
 * The demonstrations by the name of their notebook. Each is a module named as its notebook without the number: the
 * build makes a worker of it.
 */
import { experiments } from "../../experiments/index.js";
import { type AnyDemonstration, demonstrationOf as fromExperiment } from "../demonstration.js";
import { demonstration as butterflyEffect } from "./butterfly-effect.js";
import { demonstration as halfPrecision } from "./half-precision.js";
import { demonstration as poisoning } from "./poisoning.js";

/** Every demonstration, in the order of the notebooks. */
export const demonstrations: Readonly<Record<string, AnyDemonstration>> = Object.fromEntries(
  [
    ...Object.values(experiments)
      .filter(({ panel }) => panel !== undefined)
      .map(fromExperiment),
    poisoning,
    butterflyEffect,
    halfPrecision,
  ].map((demonstration) => [demonstration.notebook, demonstration]),
);

/**
 * The demonstration of a notebook.
 *
 * @throws RangeError when it has none
 */
export function demonstrationOf(notebook: string): AnyDemonstration {
  const found = demonstrations[notebook];
  if (found === undefined) {
    const names = Object.keys(demonstrations).join(", ");
    throw new RangeError(`notebook must be one of ${names}, got ${JSON.stringify(notebook)}`);
  }
  return found;
}
