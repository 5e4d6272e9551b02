/**
 * Cells tagged `not-reproducible` measure time and differ at each run. Their saved outputs are kept as long as everything
 * they depend on stays the same.
 */
import { isDeepStrictEqual } from "node:util";
import { type Cell, isNotReproducible, type Notebook } from "../notebook.js";

/**
 * Returns the notebook `fresh` with saved outputs in cells tagged `not-reproducible`, up to the first cell that was added,
 * removed or edited, or whose outputs changed: later cells may depend on it, so their saved outputs would be stale.
 *
 * @param fresh - in normal form, like `saved`
 */
export function keepNotReproducible(fresh: Notebook, saved: Notebook): Notebook {
  const changed = fresh.cells.findIndex((cell, index) => !isSame(cell, saved.cells[index]));
  const unchanged = changed < 0 ? fresh.cells.length : changed;
  const cells = fresh.cells.map((cell, index) => {
    const earlier = saved.cells[index];
    if (index >= unchanged || cell.cell_type !== "code" || earlier?.cell_type !== "code") return cell;
    return isNotReproducible(cell) ? { ...cell, outputs: earlier.outputs } : cell;
  });
  return { ...fresh, cells };
}

function isSame(cell: Cell, saved: Cell | undefined): boolean {
  if (cell.cell_type !== "code") return cell.cell_type === saved?.cell_type;
  if (saved?.cell_type !== "code" || cell.source !== saved.source) return false;
  // a cell that has never been run has nothing to keep
  if (isNotReproducible(cell)) return saved.outputs.length > 0 || cell.outputs.length === 0;
  return isDeepStrictEqual(cell.outputs, saved.outputs);
}
