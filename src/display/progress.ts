/** Shows the progress of a long cell in one line under it. */
import { onCellEnd } from "./cell-end.js";
import { output } from "./kernel-output.js";

/** Least time between two updates, in milliseconds. */
const INTERVAL = 100;

/** A progress line. */
export interface Progress {
  /** Reports how much is done. Call it as often as you like; the line changes at most ten times a second. */
  update: (done: number, total: number) => void;
  /** Reports that all is done. */
  done: () => void;
}

/**
 * Starts a progress line. If the cell fails or is interrupted before `done` is called, the line says how far it got.
 *
 * @param unit - the things counted, such as `trainings`
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
      // work that outlives the cell may still report
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
