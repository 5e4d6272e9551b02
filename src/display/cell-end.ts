/** Tells listeners when a cell has ended. tslab has no such event; report/kernel-start.ts adds it. */

type Listener = (isDone: boolean) => void;

const listeners = new Set<Listener>();

/** Calls `listener` once when the running cell ends, with false if it failed or was interrupted. */
export function onCellEnd(listener: Listener): void {
  listeners.add(listener);
}

/** Called by the kernel when the running cell has ended. */
export function endCell(isDone: boolean): void {
  for (const listener of listeners) listener(isDone);
  listeners.clear();
}
