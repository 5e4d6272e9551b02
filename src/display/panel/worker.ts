/** The worker's side of a panel: the build puts a demonstration before it. */
import type { AnyDemonstration } from "../../live/demonstration.js";
import { type ExerciseRequest, replyTo } from "../../live/exercises.js";
import { type Clock, type Message, Session } from "../../live/session.js";

/** Answers the page's messages as they come. */
export function serve(demonstration: AnyDemonstration): void {
  const session = new Session(demonstration, (answer) => postMessage(answer), clock());
  addEventListener("message", ({ data }: MessageEvent<Message | ExerciseRequest>) => {
    if (data.kind === "check" || data.kind === "solve") postMessage(replyTo(demonstration, data));
    else void session.handle(data);
  });
}

function clock(): Clock {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    now: () => performance.now(),
    pause: (ms) =>
      new Promise((resolve) => {
        if (ms > 0) {
          setTimeout(resolve, ms);
        } else {
          // a timer of 0 ms would take 4
          waiting.push(resolve);
          port2.postMessage(undefined);
        }
      }),
  };
}
