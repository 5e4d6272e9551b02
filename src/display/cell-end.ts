/** Tells what a cell has set going that the cell has ended, which tslab tells nobody; the start of the kernel is ours. */

type Listener = (isDone: boolean) => void;

const listeners = new Set<Listener>();

/** Calls `listener` once, when the running cell has ended: whether to its end, or because it failed or was interrupted. */
export function onCellEnd(listener: Listener): void {
  listeners.add(listener);
}

/** For the kernel: the running cell has ended. */
export function endCell(isDone: boolean): void {
  for (const listener of listeners) listener(isDone);
  listeners.clear();
}
