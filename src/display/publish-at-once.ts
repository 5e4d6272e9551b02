/**
 * Keeps a tslab kernel from losing what it publishes.
 *
 * zeromq.js sends a socket's first 512 messages at once. The next one it sends when the event loop comes round, and
 * until then refuses every other (EBUSY). tslab waits for none of them, so that in this moment outputs get lost, a cell
 * fails without a word, and JupyterLab waits for ever for the end of cells that have long ended.
 * https://github.com/zeromq/zeromq.js/blob/master/src/socket.cc (max_sync_operations)
 */
import { createRequire } from "node:module";
import type { Publisher } from "zeromq";

let done = false;

/**
 * Makes the publishers of this process send every message at once: one that has no time to wait (send time-out 0) does
 * not put off, and a publisher never has to wait for its readers. A second call does nothing.
 */
export function publishAtOnce(): void {
  if (done) return;
  done = true;
  // tslab's own, should there be another
  const zeromq: typeof import("zeromq") = createRequire(require.resolve("tslab/package.json"))("zeromq");
  const { prototype } = zeromq.Publisher;
  const { send } = prototype;
  // an assignment fails: the method that it inherits is read-only
  Object.defineProperty(prototype, "send", {
    value(this: Publisher, ...message: Parameters<Publisher["send"]>) {
      this.sendTimeout = 0;
      return send.apply(this, message);
    },
  });
}
