/** Runs notebooks side by side and writes their reports, for `npm run report`. */
import { join } from "node:path";
import { type Closing, closingOf } from "../closing/grade.js";
import { publishedVerdicts } from "../display/evidence.js";
import { experiments } from "../experiments/index.js";
import { addToIndex, linkReports, readEarlierIndex, writeReport } from "./index-files.js";
import { inLanes } from "./lanes.js";
import { madeFrom } from "./made-from.js";
import { type RunSummary, renderPage, summarise } from "./page/index.js";
import { changesIn } from "./parameters.js";
import { codeLength, measuresTime, type PlannedNotebook, type UnfitNotebook } from "./plan.js";
import type { Progress } from "./progress.js";
import { provenance } from "./provenance.js";
import { failedRun, runNotebook } from "./run.js";

/** How to run. */
export interface ReportOptions {
  /** Folder of the reports, prepared by `prepareFolder`. */
  out: string;
  /** Time limit for each cell, in seconds. */
  timeout: number;
  /** Number of notebooks to run at a time. */
  jobs: number;
  /** Number of cores, shared by the notebooks that run at a time. */
  cores: number;
  progress: Progress;
}

/**
 * Runs notebooks and writes a page for each that succeeds; the index is updated whenever one ends. If a notebook fails, its
 * earlier page stays, and the index says that it failed.
 *
 * @returns the outcomes, in the order of the notebooks
 */
export async function report(
  notebooks: readonly (PlannedNotebook | UnfitNotebook)[],
  { out, timeout, jobs, cores, progress }: ReportOptions,
): Promise<RunSummary[]> {
  const origin = provenance();

  async function reportOn(planned: PlannedNotebook | UnfitNotebook, workers: number): Promise<RunSummary> {
    const { name } = planned;
    if ("failure" in planned) return summarise(failedRun(name, planned.failure, origin));
    const { commission } = planned;
    progress.start(name);
    const sources = madeFrom(planned, origin);
    const run = await runNotebook({
      ...planned,
      timeout,
      workers,
      provenance: origin,
      onCell: (number, of) => progress.at(name, `cell ${number} of ${of}`),
    });
    progress.at(name, "writing");
    try {
      const summary = { ...(await summarise(run, commission)), madeFrom: sources };
      if (run.status === "failed") return summary;
      const page = await renderPage(run, commission, (warning) => progress.warn(name, warning), out);
      return { ...summary, sha256: writeReport(out, commission.report, page) };
    } catch (error) {
      const message = `its report could not be written: ${(error as Error).message}`;
      const failed = await summarise(failedRun(name, { cell: null, message }, origin), commission);
      return { ...failed, changes: changesIn(planned.notebook) };
    }
  }

  // notebooks that measure time run alone
  const lanes = { jobs, cores, isAlone: measuresTime, length: codeLength };
  const ended: RunSummary[] = [];
  const isEssays = [...notebooks, ...readEarlierIndex(out)].some(({ name }) => name in experiments);
  let closing: Closing | undefined;
  let indexError: unknown;
  const outcomes = await inLanes(notebooks, lanes, async (notebook, workers) => {
    const summary = await reportOn(notebook, workers);
    try {
      if (isEssays) closing ??= closingOf(publishedVerdicts());
      addToIndex(out, summary, ended, closing);
    } catch (error) {
      indexError ??= error; // the other notebooks still get their reports
    }
    ended.push(summary);
    progress.end(summary, join(out, `${summary.report}.html`));
    return summary;
  });
  if (indexError !== undefined) throw indexError;
  linkReports(out, closing);
  return outcomes;
}
