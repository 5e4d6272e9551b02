/**
 * Runs a notebook: executes its code cells in a new kernel and collects their outputs. Writes nothing.
 */
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { type ExecuteReply, Kernel } from "./kernel.js";
import { withoutKernelFrames } from "./kernel-frames.js";
import { type CodeCell, hasTag, isSkipped, type Notebook } from "./notebook.js";
import type { NotebookRun, Provenance, RunFailure } from "./notebook-run.js";
import { OutputCollector } from "./outputs.js";
import { shortened } from "./shortened.js";

/** What to run, and how. */
export interface RunRequest {
  /** Name of the notebook and its report. */
  name: string;
  /** The notebook with injected parameters; not changed. */
  notebook: Notebook;
  /** Folder of the notebook, the kernel's working directory. */
  folder: string;
  /** The values used, for the record. */
  parameters: Record<string, unknown>;
  /** Time limit for each cell, in seconds. */
  timeout: number;
  /** Number of worker threads the notebook may use, passed in GLASS_HOUSE_WORKERS. */
  workers: number;
  provenance: Provenance;
  /** Called before each cell: its position among the code cells, from 1, and their number. */
  onCell?: (number: number, of: number) => void;
}

/**
 * Milliseconds during which tslab aborts everything after a failed cell (200), with a margin.
 * https://github.com/yunabe/tslab/issues/19
 */
const ABORT_PERIOD = 300;

/** Number of characters shown of an error. */
const MOST_ERROR_TEXT = 10_000;

/**
 * Runs a notebook to its end or its first failing cell. As in nbconvert, a cell tagged `raises-exception` may fail, and one
 * tagged `skip-execution` is not run. Failures are part of the result; nothing is thrown.
 */
export async function runNotebook(request: RunRequest): Promise<NotebookRun> {
  const notebook = structuredClone(request.notebook);
  const times: CellTimes = {
    cellStarts: notebook.cells.map(() => null),
    cellSeconds: notebook.cells.map(() => null),
  };
  const startedAt = new Date();
  const start = performance.now();
  const failure = await execute(notebook, times, request);
  return {
    name: request.name,
    folder: request.folder,
    notebook,
    status: failure ? "failed" : "ok",
    ...(failure && { failure }),
    seconds: secondsSince(start),
    ...times,
    parameters: request.parameters,
    provenance: request.provenance,
    startedAt: startedAt.toISOString(),
  };
}

/** The result for a notebook with nothing to show but the reason for its failure. */
export function failedRun(name: string, failure: RunFailure, provenance: Provenance): NotebookRun {
  return {
    name,
    folder: null,
    notebook: { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] },
    status: "failed",
    failure,
    seconds: 0,
    cellStarts: [],
    cellSeconds: [],
    parameters: {},
    provenance,
    startedAt: new Date().toISOString(),
  };
}

type CellTimes = Pick<NotebookRun, "cellStarts" | "cellSeconds">;

/** Fills in outputs and times; resolves to the failure, if there is one. */
async function execute(
  notebook: Notebook,
  { cellStarts, cellSeconds }: CellTimes,
  { folder, workers, timeout, onCell }: RunRequest,
): Promise<RunFailure | undefined> {
  const codeCells = [...notebook.cells.entries()].filter(
    (entry): entry is [number, CodeCell] => entry[1].cell_type === "code",
  );
  let number: number | null = null;
  let kernel: Kernel | undefined;
  try {
    kernel = await Kernel.start({
      cwd: folder,
      env: { ...process.env, GLASS_HOUSE_WORKERS: String(workers) },
    });
    const collector = new OutputCollector();
    for (const [position, [index, cell]] of codeCells.entries()) {
      if (isSkipped(cell)) continue;
      number = position + 1;
      onCell?.(number, codeCells.length);
      cellStarts[index] = new Date().toISOString();
      const start = performance.now();
      let reply: ExecuteReply;
      try {
        reply = await kernel.execute(cell.source, {
          timeout,
          onOutput: (message) => collector.handle(cell.outputs, message),
        });
      } finally {
        cellSeconds[index] = secondsSince(start);
      }
      cell.execution_count = reply.execution_count ?? null;
      if (reply.status === "ok") continue;
      if (!hasTag(cell, "raises-exception")) return { cell: number, message: errorText(cell) };
      await delay(ABORT_PERIOD);
    }
    return undefined;
  } catch (error) {
    return { cell: number, message: stripVTControlCharacters((error as Error).message) };
  } finally {
    await kernel?.shutdown();
  }
}

/**
 * The text of an error. tslab's reply to a failed cell has neither name, text nor traceback; they are in the cell's output
 * on stderr.
 */
function errorText(cell: CodeCell): string {
  const texts = cell.outputs.flatMap((output) => {
    if (output.output_type === "error") return [output.traceback.join("\n")];
    return output.output_type === "stream" && output.name === "stderr" ? [output.text] : [];
  });
  const text = withoutKernelFrames(stripVTControlCharacters(texts.join(""))).trim();
  return shortened(text, MOST_ERROR_TEXT) || "the cell failed without a message";
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
