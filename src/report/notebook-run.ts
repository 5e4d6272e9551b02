/** The outcome of running a notebook, from which reports are made. */
import type { Notebook } from "./notebook.js";
import type { Overrides } from "./parameters.js";

/** Why a run failed. */
export interface RunFailure {
  /** Position among the notebook's code cells, from 1; null if it failed before its first cell ran. */
  cell: number | null;
  /** The error's own text, without terminal colours. */
  message: string;
}

/** The request for a run, and the name of its report. */
export interface Commission {
  /** The notebook on the command line: its name if it lies in notebooks/, otherwise its path. */
  source: string;
  /** The values of `--set` that match its parameters. */
  set: Overrides;
  /** The report's file name without its ending. */
  report: string;
}

/** Where a run's numbers come from. */
export interface Provenance {
  /** Git commit of glass-house, followed by "-dirty" if files differ from it; null outside a clone. */
  commit: string | null;
  /** Versions by name: node, glass-house, tslab, plotly.js. */
  versions: Record<string, string>;
}

/** A notebook after its run. */
export interface NotebookRun {
  /** File name without its ending: "01-baseline". */
  name: string;
  /** Folder of the notebook's file, where its pictures lie; null if there is none. */
  folder: string | null;
  /** An executed copy: with outputs and the injected-parameters cell. */
  notebook: Notebook;
  status: "ok" | "failed";
  /** Only with status `failed`. */
  failure?: RunFailure;
  /** Time from the start of the kernel to its end. */
  seconds: number;
  /** ISO 8601 times by index in `notebook.cells`; null for cells that are not code or were not run. */
  cellStarts: (string | null)[];
  /** By index in `notebook.cells`; null for cells that are not code or were not run. */
  cellSeconds: (number | null)[];
  /** The values used, in the order of the parameters cell. */
  parameters: Record<string, unknown>;
  provenance: Provenance;
  /** ISO 8601 time. */
  startedAt: string;
}

/** The request for a run of a notebook in notebooks/ with its own values. */
export function plainCommission({ name }: Pick<NotebookRun, "name">): Commission {
  return { source: name, set: {}, report: name };
}
