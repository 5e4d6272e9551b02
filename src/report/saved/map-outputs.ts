import type { Cell, Notebook, Output } from "../notebook.js";

/** A copy of the notebook with other outputs: each gives way to those that `change` makes of it. */
export function mapOutputs(notebook: Notebook, change: (output: Output) => Output[]): Notebook {
  const cells = notebook.cells.map(
    (cell): Cell => (cell.cell_type === "code" ? { ...cell, outputs: cell.outputs.flatMap(change) } : cell),
  );
  return { ...notebook, cells };
}
