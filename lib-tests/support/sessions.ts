/** Sessions of panels without a page. */
import type { AnyDemonstration } from "../../src/live/demonstration.js";
import { type Answer, type Clock, Session } from "../../src/live/session.js";

/** A clock that stands: a session trains all at once. */
const standing: Clock = { now: () => 0, pause: () => Promise.resolve() };

/** A session, and all that it answers but that it has heard. */
export function sessionOf(
  demonstration: AnyDemonstration,
  clock: Clock = standing,
): { session: Session; answers: Answer[] } {
  const answers: Answer[] = [];
  const session = new Session(
    demonstration,
    (answer) => {
      if (answer.kind !== "heard") answers.push(answer);
    },
    clock,
  );
  return { session, answers };
}
