/** Samples of the evidence that the package brings along. */
import { textOf } from "../../src/evidence/codec.js";
import { EVIDENCE_FOLDER, load } from "../../src/evidence/load.js";
import { studiesOf } from "../../src/experiments/experiment.js";
import { experiments } from "../../src/experiments/index.js";
import type { Measured } from "./again.js";

/** What was recorded at a place. */
export interface Sample {
  measured: Measured;
  /** See {@link again}. */
  text: string;
}

/**
 * The same samples every time, of every study that a clock takes no part in and that is measured in moments.
 *
 * @param perStudy - how many of each, evenly spaced over its seeds and their points
 */
export function recordedSamples(perStudy: number): Sample[] {
  return Object.values(experiments).flatMap((experiment) =>
    studiesOf(experiment).flatMap(([study, { isObserved, isSlow }]) => {
      const found = load(experiment, study, experiment.defaults, [EVIDENCE_FOLDER]);
      if (found === undefined || isObserved || isSlow) return [];
      if ("problem" in found) throw new Error(`${found.path}: ${found.message}`);
      const all = found.rows.flatMap(({ seed, results }) =>
        results.map((result, point) => ({ seed, point, result })),
      );
      return Array.from({ length: Math.min(perStudy, all.length) }, (_, i): Sample => {
        const { seed, point, result } = all[Math.floor(((i + 0.5) * all.length) / perStudy)];
        return { measured: { experiment: experiment.name, study, seed, point }, text: textOf(result) };
      });
    }),
  );
}
