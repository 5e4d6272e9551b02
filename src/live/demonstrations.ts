/** The demonstrations that a page can run, by notebook. */
import { experiments } from "../experiments/index.js";
import { type AnyDemonstration, demonstrationOf } from "./demonstration.js";

/** The demonstration of every experiment that has a panel. */
export const demonstrations: Readonly<Record<string, AnyDemonstration>> = Object.fromEntries(
  Object.entries(experiments).flatMap(([name, experiment]) =>
    experiment.panel ? [[name, demonstrationOf(experiment)]] : [],
  ),
);

/**
 * Returns the demonstration of a notebook.
 *
 * @throws RangeError when it has none
 */
export function demonstrationNamed(notebook: string): AnyDemonstration {
  const found = demonstrations[notebook];
  if (found === undefined) {
    const names = Object.keys(demonstrations).join(", ");
    throw new RangeError(`notebook must be one of ${names}, got ${JSON.stringify(notebook)}`);
  }
  return found;
}
