/**
 * Cleans up however this process ends: normally, by an error or by a signal. Everything here is synchronous, because
 * nothing else runs while a process exits.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const undone = new Set<() => void>();

process.on("exit", () => {
  // later things may depend on earlier ones
  for (const undo of [...undone].reverse()) undo();
});

/**
 * Calls `undo` when this process exits.
 *
 * @returns a function that cancels the request
 */
export function onExit(undo: () => void): () => void {
  undone.add(undo);
  return () => undone.delete(undo);
}

/** Creates a folder that only this user can enter; it is removed when this process exits, or earlier. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "glass-house-"));
  const remove = (): void => {
    forget();
    // a process that is being ended may still write a file there
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  };
  const forget = onExit(remove);
  return { path, remove };
}

/** Signals that ask a process to end, and the exit codes that shells use for them: 128 + the signal. */
export const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGABRT: 134, SIGTERM: 143 } as const;

/**
 * Makes signals end this process through `process.exit`, so that {@link onExit} works.
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
