/** Runs notebooks side by side and writes their reports: what `npm run report` does once all is settled. */
import { join } from "node:path";
import { addToIndex } from "./index-files.js";
import { inLanes } from "./lanes.js";
import { type RunSummary, renderPage, summarise } from "./page/index.js";
import { codeLength, measuresTime, type PlannedNotebook, type UnfitNotebook } from "./plan.js";
import type { Progress } from "./progress.js";
import { provenance } from "./provenance.js";
import { failedRun, runNotebook } from "./run.js";
import { writeWhole } from "./write.js";

/** How to run. */
export interface ReportOptions {
  /** Folder of the reports; it has been prepared. */
  out: string;
  /** Seconds that a cell may take. */
  timeout: number;
  /** Number of notebooks to run at a time. */
  jobs: number;
  /** Number of cores, which the notebooks that run at a time share. */
  cores: number;
  progress: Progress;
}

/**
 * Runs the notebooks and writes a page for each that succeeds; the index tells of each as soon as it has
 * ended. The page that an earlier run left of a notebook that now fails stays; the index says that it failed.
 *
 * @returns the notebooks' outcomes, in their order
 */
export async function report(
  notebooks: readonly (PlannedNotebook | UnfitNotebook)[],
  { out, timeout, jobs, cores, progress }: ReportOptions,
): Promise<RunSummary[]> {
  const origin = provenance();

  async function reportOn(notebook: PlannedNotebook | UnfitNotebook, workers: number): Promise<RunSummary> {
    const { name } = notebook;
    if ("failure" in notebook) return summarise(failedRun(name, notebook.failure, origin));
    progress.start(name);
    const run = await runNotebook({
      ...notebook,
      timeout,
      workers,
      provenance: origin,
      onCell: (number, of) => progress.at(name, `cell ${number} of ${of}`),
    });
    progress.at(name, "writing");
    try {
      const summary = await summarise(run);
      if (run.status === "ok") {
        const page = await renderPage(run, (warning) => progress.warn(name, warning));
        writeWhole(join(out, `${name}.html`), page);
      }
      return summary;
    } catch (error) {
      const message = `its report could not be written: ${(error as Error).message}`;
      return summarise(failedRun(name, { cell: null, message }, origin));
    }
  }

  // what measures time has the machine to itself
  const lanes = { jobs, cores, isAlone: measuresTime, length: codeLength };
  const ended: RunSummary[] = [];
  let indexError: unknown;
  const outcomes = await inLanes(notebooks, lanes, async (notebook, workers) => {
    const summary = await reportOn(notebook, workers);
    try {
      addToIndex(out, summary, ended);
    } catch (error) {
      indexError ??= error; // the other notebooks are to have their reports all the same
    }
    ended.push(summary);
    progress.end(summary, join(out, `${notebook.name}.html`));
    return summary;
  });
  if (indexError !== undefined) throw indexError;
  return outcomes;
}
