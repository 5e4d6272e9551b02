/** Gathers what a study found, in a cell: recorded beforehand and measured again in part, or measured here. */
import type { AnyExperiment, Experiment, ExperimentParameters } from "../experiments/experiment.js";
import { doStudy, type FindingsOf, liveSeeds, type Study } from "../experiments/study.js";
import { sweep } from "../sweep/index.js";
import { output } from "./kernel-output.js";
import { progress } from "./progress.js";

/** What a study found, and where it comes from. */
export interface Evidence<Findings> {
  findings: Findings;
  /** Number of seeds. */
  seeds: number;
  /** The first of them. */
  firstSeed: number;
  /** Whether it was recorded beforehand; else it was measured in this notebook. */
  isRecorded: boolean;
  /** How it came about, in words: `measured here`. */
  source: string;
}

/** Evidence of some of an experiment's studies, by their names. */
export type EvidenceOf<Studies> = {
  [Name in keyof Studies]?: Evidence<FindingsOf<Studies>[Name]>;
};

/**
 * Gathers what a study found: as recorded, where it was with these parameters, and then some of it is measured again before the
 * reader; else it is measured now, over `sweepSeeds` seeds or a share of them. A line under the cell says which.
 *
 * @param name - that of the study, as in `experiment.studies`
 * @throws RangeError when the experiment has no such study
 * @throws SweepError or SweepInterruptedError when a measurement fails or is stopped
 * @throws Error outside a tslab kernel
 */
export async function gather<
  Parameters extends ExperimentParameters,
  Studies,
  Name extends keyof Studies & string,
>(
  experiment: Experiment<Parameters, Studies>,
  name: Name,
  parameters: Parameters,
): Promise<Evidence<FindingsOf<Studies>[Name]>> {
  const study = studyOf<Parameters, FindingsOf<Studies>[Name]>(experiment, name);
  const seeds = liveSeeds(study, parameters);
  const told = progress(study.title);
  const findings = await doStudy(
    study,
    parameters,
    // two at a time would disturb a clock
    (grid, measure) =>
      sweep(grid, measure, { onProgress: told.update, ...(study.isObserved && { workers: 1 }) }),
    seeds,
  );
  told.done();
  const evidence = {
    findings,
    seeds: seeds.length,
    firstSeed: seeds[0],
    isRecorded: false,
    source: "measured here",
  };
  showSource(evidence, study.title);
  return evidence;
}

function studyOf<Parameters, Findings>(
  { name: notebook, studies }: Pick<AnyExperiment, "name"> & { studies: unknown },
  name: string,
): Study<Parameters, unknown, unknown, Findings> {
  const known = studies as Record<string, Study<Parameters, unknown, unknown, Findings>>;
  if (!Object.hasOwn(known, name)) {
    throw new RangeError(
      `name must be that of a study of ${notebook}, one of ${Object.keys(known).join(", ")}, got ${JSON.stringify(name)}`,
    );
  }
  return known[name];
}

/** Says at a glance whether it was recorded or measured here, and over which seeds. */
function showSource({ isRecorded, seeds, firstSeed, source }: Evidence<unknown>, title: string): void {
  const text = `${isRecorded ? "◆ **Recorded**" : "◇ **Measured here**"}: ${title}, ${seedsText(seeds, firstSeed)}${isRecorded ? `; ${source}` : ""}.`;
  output({ "text/markdown": text, "text/plain": text });
}

/** Seeds in words: `200 seeds, 1001 to 1200`. */
export function seedsText(seeds: number, first: number): string {
  return seeds === 1 ? `seed ${first}` : `${seeds} seeds, ${first} to ${first + seeds - 1}`;
}
