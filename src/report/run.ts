/**
 * Runs a notebook: executes its code cells in a kernel of its own and collects what they put out. Writes
 * nothing.
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
  /** The notebook's name, which is its report's. */
  name: string;
  /** The notebook, parameters injected; it is not changed. */
  notebook: Notebook;
  /** Folder of the notebook, the kernel's working directory. */
  folder: string;
  /** The values used, for the record. */
  parameters: Record<string, unknown>;
  /** Seconds that each cell may take. */
  timeout: number;
  /** Number of worker threads that the notebook may use; it reads it from GLASS_HOUSE_WORKERS. */
  workers: number;
  provenance: Provenance;
  /** Called before each cell: its position among the code cells, from 1, and their number. */
  onCell?: (number: number, of: number) => void;
}

/**
 * Milliseconds for which tslab aborts, after a cell that failed, whatever it is sent (200), and a margin.
 * https://github.com/yunabe/tslab/issues/19
 */
const ABORT_PERIOD = 300;

/** Characters of an error's text that are told. */
const MOST_ERROR_TEXT = 10_000;

/**
 * Runs a notebook up to its end or its first failing cell. As with nbconvert, a cell tagged
 * `raises-exception` may fail, and one tagged `skip-execution` is left as it is. Whatever goes wrong is told in the result; nothing is thrown.
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

/** The result of a notebook of which there is nothing to show but why it failed. */
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

/** Fills in outputs and times; resolves to what failed, if anything did. */
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
 * The error's own text. tslab's reply to a cell that failed holds neither name, text nor traceback of the
 * error: they are what the cell wrote to stderr.
 */
function errorText(cell: CodeCell): string {
  const texts = cell.outputs.flatMap((output) => {
    if (output.output_type === "error") return [output.traceback.join("\n")];
    return output.output_type === "stream" && output.name === "stderr" ? [output.text] : [];
  });
  const text = withoutKernelFrames(stripVTControlCharacters(texts.join(""))).trim();
  return shortened(text, MOST_ERROR_TEXT) || "the cell failed without a word";
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
