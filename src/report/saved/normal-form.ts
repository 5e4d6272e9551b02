/**
 * The normal form of committed notebooks: what the cells compute, without traces of the run, so that a second run gives
 * the same. Pictures are not drawn here.
 */
import { EXERCISES_MIME, PLOTLY_MIME, TRY_IT_MIME } from "../../display/mime.js";
import { withoutKernelFrames } from "../kernel-frames.js";
import type { Cell, CellMetadata, Notebook, Output } from "../notebook.js";
import { isReported } from "../page/charts.js";
import { givenValues } from "../parameters.js";
import { type Place, placesHere, scrubber } from "./scrub.js";

/** Front ends' notes of a run in a cell's metadata. */
const RUN_KEYS = ["execution", "ExecuteTime", "papermill", "trusted"];

/** Front ends' notes of a run in a notebook's metadata. */
const NOTEBOOK_RUN_KEYS = ["orig_nbformat", "orig_nbformat_minor", "signature", "widgets"];

/**
 * Brings an executed notebook into the form in which it is committed: charts as data, without the scripts that draw them
 * live; without chart library and progress; without paths, times or other traces of this machine; execution counts 1, 2,
 * 3 …; an id for every cell. Applying it twice changes nothing more.
 */
export function normalForm(notebook: Notebook, places: readonly Place[] = placesHere()): Notebook {
  const scrub = scrubber(places);
  const ids = new Set<string>();
  let count = 0;
  return {
    nbformat: 4,
    nbformat_minor: Math.max(5, notebook.nbformat_minor),
    metadata: notebookMetadata(notebook.metadata),
    cells: notebook.cells.map((cell): Cell => {
      const own = { ...cell, id: freeId(cell.id, ids), metadata: without(cell.metadata, RUN_KEYS) };
      if (own.cell_type !== "code") return own;
      count++;
      return { ...own, execution_count: count, outputs: normalOutputs(own.outputs, count).map(scrub) };
    }),
  };
}

/** Keeps only the given values of papermill's notes. */
function notebookMetadata(metadata: Notebook["metadata"]): Notebook["metadata"] {
  const { papermill: _run, ...others } = without(metadata, NOTEBOOK_RUN_KEYS);
  const papermill = givenValues(metadata);
  return papermill === null ? others : { ...others, papermill };
}

function without(metadata: CellMetadata, keys: readonly string[]): CellMetadata {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !keys.includes(key)));
}

/** The cell's own id, or one with the first free number if it has none or a duplicate. */
function freeId(own: string | undefined, taken: Set<string>): string {
  let id = own ?? "cell-1";
  for (let number = 1; taken.has(id); number++) id = `cell-${number}`;
  taken.add(id);
  return id;
}

function normalOutputs(outputs: readonly Output[], count: number): Output[] {
  const normal: Output[] = [];
  for (const output of outputs.filter(isReported).map(normalOutput)) {
    const last = normal.at(-1);
    // with the outputs in between removed, texts may be adjacent
    if (output.output_type === "stream" && last?.output_type === "stream" && output.name === last.name) {
      last.text += output.text;
    } else if (output.output_type === "execute_result") {
      normal.push({ ...output, execution_count: count });
    } else normal.push(output);
  }
  return normal;
}

/** Whether an output's HTML is only the script that draws its data. */
function isLive(data: object): boolean {
  return [PLOTLY_MIME, TRY_IT_MIME, EXERCISES_MIME].some((type) => type in data);
}

function normalOutput(output: Output): Output {
  if (output.output_type === "stream") {
    return { ...output, text: output.name === "stderr" ? withoutKernelFrames(output.text) : output.text };
  }
  if (output.output_type === "error" || !isLive(output.data)) return { ...output };
  const { "text/html": _live, ...data } = output.data;
  return { ...output, data };
}
