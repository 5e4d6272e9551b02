/** The worker's side of a panel: the build puts a demonstration before it. */
import type { AnyDemonstration } from "../../live/demonstration.js";
import { type Request, Session } from "../../live/session.js";

/** Answers the page's requests, in their order. */
export function serve(demonstration: AnyDemonstration): void {
  const session = new Session(demonstration, (answer) => postMessage(answer));
  let turn = Promise.resolve();
  addEventListener("message", ({ data }: MessageEvent<Request>) => {
    turn = turn.then(() => session.handle(data));
  });
}
