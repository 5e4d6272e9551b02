/** Runs notebooks side by side and saves them with their outputs: what `npm run notebooks` does. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inLanes } from "../lanes.js";
import { type Notebook, readExecutedNotebook } from "../notebook.js";
import type { NotebookRun, RunFailure } from "../notebook-run.js";
import { withRunNotes } from "../papermill.js";
import { codeLength, LIBRARY, measuresTime, type PlannedNotebook, type UnfitNotebook } from "../plan.js";
import type { Progress } from "../progress.js";
import { experimentOf, type Registry } from "../registry.js";
import { failedRun, runNotebook } from "../run.js";
import { writeWhole } from "../write.js";
import { differences } from "./compare.js";
import { ipynbText } from "./ipynb-text.js";
import { normalForm } from "./normal-form.js";
import { keepNotReproducible } from "./not-reproducible.js";
import { rewriting, withDefaultParameters } from "./parameters-cell.js";
import { withoutStills, withStills } from "./still-outputs.js";

/** How to run and save. */
export interface SaveOptions {
  /** Folder for the notebooks with their outputs; each is saved in its place when left out. */
  out?: string | undefined;
  /** Whether nothing is saved, and a notebook fails whose outputs are not those of the run. */
  check: boolean;
  /** Whether cells tagged `not-reproducible` get new outputs too. */
  refresh: boolean;
  /**
   * Folder of the project's notebooks. Unless other values are set, these are run and saved with the parameters cells
   * that their experiments write; a notebook elsewhere keeps its own.
   */
  library?: string;
  /** The experiments; those of the project when left out. */
  registry?: Registry;
  /** Seconds that a cell may take. */
  timeout: number;
  /** Number of notebooks to run at a time. */
  jobs: number;
  /** Number of cores, which the notebooks that run at a time share. */
  cores: number;
  progress?: Progress;
}

/** What became of a notebook. */
export interface SaveOutcome {
  name: string;
  status: "ok" | "failed";
  /** With `failed` only; the file is as it was. */
  failure?: RunFailure;
  seconds: number;
  /** Whether the file was written: not when it held the very same already. */
  written: boolean;
}

/** GitHub shows no larger notebooks, and this keeps a clone small. */
const MOST_BYTES = 2_000_000;

/**
 * Runs the notebooks and saves those that succeed, each as a whole: the file of one that fails stays as it
 * was. Notebooks that measure time run alone, after the others.
 *
 * @returns the notebooks' outcomes, in their order
 */
export async function saveNotebooks(
  notebooks: readonly (PlannedNotebook | UnfitNotebook)[],
  options: SaveOptions,
): Promise<SaveOutcome[]> {
  const { jobs, cores, check } = options;
  // what a check compares are not the times
  const isAlone = (notebook: PlannedNotebook | UnfitNotebook): boolean => !check && measuresTime(notebook);
  return inLanes(notebooks, { jobs, cores, isAlone, length: codeLength }, (notebook, share) =>
    saveNotebook(notebook, share, options),
  );
}

async function saveNotebook(
  planned: PlannedNotebook | UnfitNotebook,
  workers: number,
  { out, check, refresh, library = LIBRARY, registry, timeout, progress }: SaveOptions,
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
    const experiment = isOwn ? experimentOf(name, registry) : undefined;
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
      const kept = saved === null || refresh ? fresh : keepNotReproducible(fresh, bare(saved));
      const source = join(planned.folder, `${name}.ipynb`);
      // what is committed holds neither times nor paths
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

/** The text of the file, the still pictures included. */
async function savedText(notebook: Notebook, warn: (warning: string) => void): Promise<string> {
  const text = ipynbText(await withStills(notebook, warn));
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) {
    throw new Error(
      `the notebook would have ${bytes} bytes with its outputs, and may have ${MOST_BYTES}; ` +
        "show coarser grids or fewer frames",
    );
  }
  return text;
}

/** A saved notebook without its pictures, to be compared with one that has none yet. */
function bare(saved: Notebook): Notebook {
  return normalForm(withoutStills(saved));
}

function checkSaved(saved: Notebook | null, text: string | null, fresh: Notebook): void {
  const found = saved === null || text === null ? ["its file is gone"] : differences(saved, text, fresh);
  if (found.length === 0) return;
  throw new Error([...found, "to save what it gives now: npm run notebooks"].join("\n"));
}

/** Somebody may have saved the notebook in the meantime: what they wrote is not to be lost. */
function checkUntouched(path: string, earlier: string | null): void {
  if (textOf(path) !== earlier) throw new Error("its file was changed while it ran, and is left as it is");
}

/** The text of a file; null when it is not there. */
function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
