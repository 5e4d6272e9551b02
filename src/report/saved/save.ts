/** Runs notebooks side by side and saves them with their outputs, for `npm run notebooks`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inLanes } from "../lanes.js";
import { type Notebook, readExecutedNotebook } from "../notebook.js";
import type { NotebookRun, RunFailure } from "../notebook-run.js";
import { withRunNotes } from "../papermill.js";
import {
  codeLength,
  experimentOf,
  LIBRARY,
  measuresTime,
  type PlannedNotebook,
  type UnfitNotebook,
} from "../plan.js";
import type { Progress } from "../progress.js";
import { failedRun, runNotebook } from "../run.js";
import { writeWhole } from "../write.js";
import { bareForm, differences } from "./compare.js";
import { ipynbText } from "./ipynb-text.js";
import { normalForm } from "./normal-form.js";
import { keepNotReproducible } from "./not-reproducible.js";
import { rewriting, withDefaultParameters } from "./parameters-cell.js";
import { withStills } from "./still-outputs.js";

/** How to run and save. */
export interface SaveOptions {
  /** Folder for the notebooks with their outputs; by default each is saved in place. */
  out?: string | undefined;
  /** Whether to save nothing, and fail notebooks whose outputs differ from those of the run. */
  check: boolean;
  /** Whether cells tagged `not-reproducible` get new outputs as well. */
  refresh: boolean;
  /**
   * Folder of the project's notebooks. Unless other values are set, these get the parameters cells that their experiments
   * write; notebooks elsewhere keep their own.
   */
  library?: string;
  /** Time limit for each cell, in seconds. */
  timeout: number;
  /** Number of notebooks to run at a time. */
  jobs: number;
  /** Number of cores, shared by the notebooks that run at a time. */
  cores: number;
  progress?: Progress;
}

/** The outcome for a notebook. */
export interface SaveOutcome {
  name: string;
  status: "ok" | "failed";
  /** Only with status `failed`; the file is unchanged. */
  failure?: RunFailure;
  seconds: number;
  /** Whether the file was written; false if it already had the same content. */
  written: boolean;
}

/** GitHub does not show larger notebooks, and this keeps a clone small. */
const MOST_BYTES = 2_000_000;

/**
 * Runs notebooks and saves those that succeed; the file of one that fails stays unchanged. Notebooks that measure time run
 * alone, after the others.
 *
 * @returns the outcomes, in the order of the notebooks
 */
export async function saveNotebooks(
  notebooks: readonly (PlannedNotebook | UnfitNotebook)[],
  options: SaveOptions,
): Promise<SaveOutcome[]> {
  const { jobs, cores, check } = options;
  // a check does not compare times
  const isAlone = (notebook: PlannedNotebook | UnfitNotebook): boolean => !check && measuresTime(notebook);
  return inLanes(notebooks, { jobs, cores, isAlone, length: codeLength }, (notebook, share) =>
    saveNotebook(notebook, share, options),
  );
}

async function saveNotebook(
  planned: PlannedNotebook | UnfitNotebook,
  workers: number,
  { out, check, refresh, library = LIBRARY, timeout, progress }: SaveOptions,
): Promise<SaveOutcome> {
  const { name } = planned;
  const end = (run: Omit<SaveOutcome, "written">, path: string, written = false): SaveOutcome => {
    progress?.end(run, path);
    const { status, failure, seconds } = run;
    return { name, status, ...(failure && { failure }), seconds, written };
  };
  if ("failure" in planned) return end(failed(name, planned.failure), "");
  const target = join(out ?? planned.folder, `${name}.ipynb`);
  let seconds = 0;
  try {
    const earlier = textOf(target);
    const saved = earlier === null ? null : readExecutedNotebook(target);
    progress?.start(name);
    const isOwn = planned.folder === library && Object.keys(planned.commission.set).length === 0;
    const experiment = isOwn ? experimentOf(name) : undefined;
    const notebook = experiment ? withDefaultParameters(planned.notebook, experiment) : planned.notebook;
    const run = await runNotebook({
      ...planned,
      notebook,
      timeout,
      workers,
      provenance: { commit: null, versions: {} },
      onCell: (number, of) => progress?.at(name, `cell ${number} of ${of}`),
    });
    seconds = run.seconds;
    if (run.failure) return end(run, target);
    const fresh = normalForm(run.notebook);
    if (check) checkSaved(saved, earlier, fresh);
    else {
      progress?.at(name, "drawing");
      const kept = saved === null || refresh ? fresh : keepNotReproducible(fresh, bareForm(saved));
      const source = join(planned.folder, `${name}.ipynb`);
      // committed notebooks hold neither times nor paths
      const noted = target === source ? kept : withRunNotes(kept, run, { input: source, output: target });
      const text = await savedText(noted, (warning) => progress?.warn(name, warning));
      if (text === earlier) return end(run, target);
      checkUntouched(target, earlier);
      writeWhole(target, text);
      for (const change of rewriting(planned.notebook, notebook)) progress?.warn(name, change);
    }
    return end(run, target, !check);
  } catch (error) {
    return end({ ...failed(name, { cell: null, message: (error as Error).message }), seconds }, target);
  }
}

function failed(name: string, failure: RunFailure): NotebookRun {
  return failedRun(name, failure, { commit: null, versions: {} });
}

/** The text of the file, including still pictures. */
async function savedText(notebook: Notebook, warn: (warning: string) => void): Promise<string> {
  const text = ipynbText(await withStills(notebook, warn));
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) {
    throw new Error(
      `the notebook with its outputs must have at most ${MOST_BYTES} bytes, got ${bytes}; ` +
        "use coarser grids or fewer frames",
    );
  }
  return text;
}

function checkSaved(saved: Notebook | null, text: string | null, fresh: Notebook): void {
  const found = saved === null || text === null ? ["its file is missing"] : differences(saved, text, fresh);
  if (found.length === 0) return;
  throw new Error([...found, "to save the new outputs, run npm run notebooks"].join("\n"));
}

/** Somebody may have saved the notebook in the meantime; their work must not be lost. */
function checkUntouched(path: string, earlier: string | null): void {
  if (textOf(path) !== earlier) throw new Error("its file changed during the run and was not overwritten");
}

/** The text of a file; null if it does not exist. */
function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
