/**
 * Listens for the interrupt button of a notebook, which is a SIGINT to the kernel. On a plain command line it
 * refuses to: there Ctrl-C ends the process, as anybody expects.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Calls `handle` at each SIGINT until the function that it resolves to is called.
 *
 * Only joins those who listen already, since whoever is the first to listen takes the default, the end of the
 * process, away. A tslab kernel listens; nobody does on a command line.
 */
export async function onInterrupt(handle: () => void): Promise<() => void> {
  // While the synchronous part of a cell runs, Node has taken all listeners off and handles SIGINT itself
  // (breakOnSigint); one that was added then would make the next SIGINT kill the kernel.
  await nextTurn();
  if (process.listenerCount("SIGINT") === 0) return () => {};
  process.on("SIGINT", handle);
  return () => {
    process.off("SIGINT", handle);
  };
}
