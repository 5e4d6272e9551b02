/**
 * Papermill's notes of a run, on the notebook and on each cell, under papermill's keys: values, paths, times and outcome.
 * Tools that read papermill's notebooks can then read ours.
 *
 * https://papermill.readthedocs.io/en/latest/usage-workflow.html
 */
import type { Cell, Notebook } from "./notebook.js";
import type { NotebookRun } from "./notebook-run.js";
import { givenValues } from "./parameters.js";
import { packageVersion } from "./provenance.js";

/**
 * Returns a copy of the notebook with the notes of a successful run.
 *
 * @param notebook - the executed notebook, with the same cells
 * @param paths - paths of the notebook that was run and of the file to write
 */
export function withRunNotes(
  notebook: Notebook,
  { startedAt, seconds, cellStarts, cellSeconds }: NotebookRun,
  paths: { input: string; output: string },
): Notebook {
  const papermill = {
    ...(givenValues(notebook.metadata) ?? {
      default_parameters: {},
      environment_variables: {},
      parameters: {},
    }),
    version: `glass-house ${packageVersion()}`,
    input_path: paths.input,
    output_path: paths.output,
    ...timeNotes(startedAt, seconds),
    exception: null,
  };
  const cells = notebook.cells.map((cell, index): Cell => {
    const start = cellStarts[index] ?? null;
    const duration = cellSeconds[index] ?? null;
    const wasRun = start !== null && duration !== null;
    const notes = {
      ...(wasRun ? timeNotes(start, duration) : { start_time: null, end_time: null, duration: null }),
      exception: wasRun ? false : null,
      status: "completed",
    };
    return { ...cell, metadata: { ...cell.metadata, papermill: notes } };
  });
  return { ...notebook, cells, metadata: { ...notebook.metadata, papermill } };
}

/** Start, end and duration in seconds (to the microsecond); times in Python's format. */
function timeNotes(start: string, seconds: number): Record<"start_time" | "end_time" | "duration", unknown> {
  const end = new Date(Date.parse(start) + 1000 * seconds).toISOString();
  return { start_time: pythonTime(start), end_time: pythonTime(end), duration: Number(seconds.toFixed(6)) };
}

function pythonTime(iso: string): string {
  return iso.replace(/Z$/, "+00:00");
}
