/** What became of a notebook that was run: the hand-over from the kernel's side to the page's. */
import type { Notebook } from "./notebook.js";
import type { Overrides } from "./parameters.js";

/** Why a run failed. */
export interface RunFailure {
  /** Position among the notebook's code cells, from 1; null when it failed before its first cell ran. */
  cell: number | null;
  /** The error's own text, without terminal colours. */
  message: string;
}

/** What a run was asked for with, and where its report goes. */
export interface Commission {
  /** What the command line calls the notebook: its name in notebooks/, its path elsewhere. */
  source: string;
  /** The values of `--set` that it has parameters for. */
  set: Overrides;
  /** The report's file name without its ending. */
  report: string;
}

/** Where a run's numbers come from. */
export interface Provenance {
  /** Git commit of glass-house, with "-dirty" behind it when files differ from it; null outside a clone. */
  commit: string | null;
  /** Versions of what ran, by name: node, glass-house, tslab, plotly.js, … */
  versions: Record<string, string>;
}

/** A notebook after its run. */
export interface NotebookRun {
  /** File name without its ending: "01-baseline". */
  name: string;
  /** Folder of the notebook's file, in which the pictures lie that its text names; null where there is none. */
  folder: string | null;
  /** A copy, executed: outputs filled in, injected-parameters cell included. */
  notebook: Notebook;
  status: "ok" | "failed";
  /** With `failed` only. */
  failure?: RunFailure;
  /** From the start of the kernel to its end. */
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

/** A run of a notebook in notebooks/ as it stands. */
export function plainCommission({ name }: Pick<NotebookRun, "name">): Commission {
  return { source: name, set: {}, report: name };
}
