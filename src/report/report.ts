/** Runs notebooks side by side and writes their reports: what `npm run report` does once all is settled. */
import { join } from "node:path";
import { type EarlierIndex, mergeRuns, writeIndex } from "./index-files.js";
import { inLanes } from "./lanes.js";
import { type RunSummary, renderPage, summarise } from "./page/index.js";
import { changesIn } from "./parameters.js";
import { codeLength, measuresTime, type PlannedNotebook, type UnfitNotebook } from "./plan.js";
import type { Progress } from "./progress.js";
import { provenance } from "./provenance.js";
import { failedRun, runNotebook } from "./run.js";
import { writeWhole } from "./write.js";

/** How to run. */
export interface ReportOptions {
  /** Folder of the reports; it has been prepared. */
  out: string;
  /** What an earlier run left in that folder. */
  earlier: EarlierIndex;
  /** Seconds that a cell may take. */
  timeout: number;
  /** Number of notebooks to run at a time. */
  jobs: number;
  /** Number of cores, which the notebooks that run at a time share. */
  cores: number;
  progress: Progress;
}

/**
 * Runs the notebooks and writes a page for each that succeeds, then the index. The page that an earlier run
 * left of a notebook that now fails stays; the index says that it failed.
 *
 * @returns the notebooks' outcomes, in their order
 */
export async function report(
  notebooks: readonly (PlannedNotebook | UnfitNotebook)[],
  { out, earlier, timeout, jobs, cores, progress }: ReportOptions,
): Promise<RunSummary[]> {
  const origin = provenance();

  async function reportOn(planned: PlannedNotebook | UnfitNotebook, workers: number): Promise<RunSummary> {
    const { name } = planned;
    if ("failure" in planned) return summarise(failedRun(name, planned.failure, origin));
    const { commission } = planned;
    progress.start(name);
    const run = await runNotebook({
      ...planned,
      timeout,
      workers,
      provenance: origin,
      onCell: (number, of) => progress.at(name, `cell ${number} of ${of}`),
    });
    progress.at(name, "writing");
    try {
      const summary = await summarise(run, commission);
      if (run.status === "ok") {
        writeWhole(join(out, `${commission.report}.html`), await renderPage(run, commission));
      }
      return summary;
    } catch (error) {
      const message = `its report could not be written: ${(error as Error).message}`;
      const failed = await summarise(failedRun(name, { cell: null, message }, origin), commission);
      return { ...failed, changes: changesIn(planned.notebook) };
    }
  }

  // what measures time has the machine to itself
  const lanes = { jobs, cores, isAlone: measuresTime, length: codeLength };
  const outcomes = await inLanes(notebooks, lanes, async (notebook, workers) => {
    const summary = await reportOn(notebook, workers);
    progress.end(summary, join(out, `${summary.report}.html`));
    return summary;
  });
  writeIndex(out, mergeRuns(earlier, outcomes));
  return outcomes;
}
