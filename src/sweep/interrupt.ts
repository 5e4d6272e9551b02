/**
 * Listens for the interrupt button of a notebook, which sends SIGINT to the kernel. On a command line it does not
 * listen: there Ctrl-C ends the process, as everybody expects.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Calls `handle` at each SIGINT; resolves to a function that stops listening.
 *
 * Only joins existing listeners, because the first one disables the default, which ends the process. A tslab kernel
 * listens; nothing does on a command line.
 */
export async function onInterrupt(handle: () => void): Promise<() => void> {
  // While the synchronous part of a cell runs, Node removes all listeners and handles SIGINT itself
  // (breakOnSigint); a listener added then would make the next SIGINT kill the kernel.
  await nextTurn();
  if (process.listenerCount("SIGINT") === 0) return () => {};
  process.on("SIGINT", handle);
  return () => {
    process.off("SIGINT", handle);
  };
}
