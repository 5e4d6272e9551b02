/**
 * What has to be undone however this process ends: by itself, by an error or by a signal. Everything here
 * is synchronous, because nothing else runs while a process exits.
 */

const undone = new Set<() => void>();

process.on("exit", () => {
  for (const undo of undone) undo();
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

/** Exit codes by signal, as shells number them: 128 + the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

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
