import type { Cell, Notebook, Output } from "../notebook.js";

/** Returns a copy of the notebook in which `change` replaces each output by any number of others. */
export function mapOutputs(notebook: Notebook, change: (output: Output) => Output[]): Notebook {
  const cells = notebook.cells.map(
    (cell): Cell => (cell.cell_type === "code" ? { ...cell, outputs: cell.outputs.flatMap(change) } : cell),
  );
  return { ...notebook, cells };
}
