/**
 * Cells tagged `not-reproducible` (they measure time) give something else at each run. Their outputs stay as
 * they were saved, as long as all that they rest on does.
 */
import { isDeepStrictEqual } from "node:util";
import { type Cell, isNotReproducible, type Notebook } from "../notebook.js";

/**
 * The notebook `fresh`, with the saved outputs in place of its own in cells tagged `not-reproducible`, up to
 * the first cell that was added, taken away or edited, or whose outputs are others: what comes after it may
 * rest on it, and what was saved of that would be stale.
 *
 * @param fresh in normal form, as `saved`
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
  // one that has never been run has nothing to keep
  if (isNotReproducible(cell)) return saved.outputs.length > 0 || cell.outputs.length === 0;
  return isDeepStrictEqual(cell.outputs, saved.outputs);
}
