/**
 * What has to be undone however this process ends: by itself, by an error or by a signal. Everything here
 * is synchronous, because nothing else runs while a process exits.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const undone = new Set<() => void>();

process.on("exit", () => {
  // what came last may need what came first
  for (const undo of [...undone].reverse()) undo();
});

/**
 * Has `undo` called when this process exits.
 *
 * @returns a function that takes the request back
 */
export function onExit(undo: () => void): () => void {
  undone.add(undo);
  return () => undone.delete(undo);
}

/** A new folder that only this user can enter, and that is removed at the latest when this process exits. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "glass-house-"));
  const remove = (): void => {
    forget();
    // a process that is just being ended may still put a file there
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  };
  const forget = onExit(remove);
  return { path, remove };
}

/** The signals that ask a process to end, with the exit codes that shells give them: 128 + the signal. */
export const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGABRT: 134, SIGTERM: 143 } as const;

/**
 * Makes signals that ask this process to end do so through `process.exit`, so that {@link onExit} holds.
 *
 * @param before - called first, with the signal
 */
export function exitOnSignals(before: (signal: NodeJS.Signals) => void): void {
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal as NodeJS.Signals, () => {
      before(signal as NodeJS.Signals);
      process.exit(code);
    });
  }
}
