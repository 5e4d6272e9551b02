/** How far a long cell has got: one line under it that is replaced as the work goes on. */
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
 * Starts a progress line.
 *
 * @param unit - what is counted, such as `trainings`
 * @throws Error outside a tslab kernel
 */
export function progress(unit: string): Progress {
  const replace = output(line(unit, 0, 0), { role: "progress" });
  let [done, total, shownAt] = [0, 0, 0];
  return {
    update(nowDone, nowTotal) {
      [done, total] = [nowDone, nowTotal];
      const now = performance.now();
      if (now - shownAt < INTERVAL) return;
      shownAt = now;
      replace(line(unit, done, total));
    },
    done: () => replace(line(unit, done, total)),
  };
}

function line(unit: string, done: number, total: number): Record<string, string> {
  const text = total === 0 ? `${unit} …` : `${done} of ${total} ${unit}`;
  const bar = total === 0 ? "<progress></progress>" : `<progress value="${done}" max="${total}"></progress>`;
  return { "text/html": `<label>${bar} ${text}</label>`, "text/plain": text };
}
