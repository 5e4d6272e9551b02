/** How far a long cell has got: one line under it that is replaced as the work goes on. */
import { onCellEnd } from "./cell-end.js";
import { output } from "./kernel-output.js";

/** Least time between two updates, in milliseconds. */
const INTERVAL = 100;

/** A progress line. */
export interface Progress {
  /** Says how much is done. May be called as often as one likes; the line changes a few times a second. */
  update: (done: number, total: number) => void;
  /** Says that all is done. */
  done: () => void;
}

/**
 * Starts a progress line. Where the cell fails or is interrupted before `done` is called, the line says after how much.
 *
 * @param unit - what is counted, such as `trainings`
 * @throws Error outside a tslab kernel
 */
export function progress(unit: string): Progress {
  const replace = output(line(unit, 0, 0), { role: "progress" });
  let [done, total, shownAt] = [0, 0, 0];
  let state: "running" | "done" | "interrupted" = "running";
  onCellEnd((isDone) => {
    if (isDone || state === "done") return;
    state = "interrupted";
    replace(line(unit, done, total, "interrupted after "));
  });
  return {
    update(nowDone, nowTotal) {
      // what the cell left running may still report
      if (state === "interrupted") return;
      state = "running";
      [done, total] = [nowDone, nowTotal];
      const now = performance.now();
      if (now - shownAt < INTERVAL) return;
      shownAt = now;
      replace(line(unit, done, total));
    },
    done() {
      if (state === "interrupted") return;
      state = "done";
      replace(line(unit, done, total));
    },
  };
}

function line(unit: string, done: number, total: number, prefix = ""): Record<string, string> {
  const count = total === 0 ? `${done} ${unit}` : `${done} of ${total} ${unit}`;
  const text = total === 0 && prefix === "" ? `${unit} …` : `${prefix}${count}`;
  const bar = total === 0 ? "<progress></progress>" : `<progress value="${done}" max="${total}"></progress>`;
  return { "text/html": `<label>${bar} ${text}</label>`, "text/plain": text };
}
