/**
 * Tests that need more than Node and npm (a browser, NumPy, another Node) skip where that is absent, in one
 * line that says why. With GLASS_HOUSE_NO_SKIP=1, which .ci/run sets, every skip is a failure instead.
 */

import type { Context, Runnable } from "mocha";

/**
 * Skips the current test, or all tests of the suite when called in its `before` hook, unless the condition
 * holds. The reason is added to the titles, so that the reporter's own line tells it.
 *
 * @param context the `this` of the test or hook (so not an arrow function)
 * @param condition what the test needs; afterwards TypeScript knows that it is truthy
 * @param why what is missing, such as "no Chromium on this machine"
 * @throws Error with the reason where GLASS_HOUSE_NO_SKIP is set (and neither empty nor 0)
 */
export function skipUnless(context: Context, condition: unknown, why: string): asserts condition {
  if (condition) return;
  const noSkip = process.env.GLASS_HOUSE_NO_SKIP ?? "";
  if (noSkip !== "" && noSkip !== "0") {
    throw new Error(`${why} (GLASS_HOUSE_NO_SKIP is set, so this may not be skipped)`);
  }
  for (const test of concernedBy(context)) test.title += ` (skipped: ${why})`;
  context.skip();
}

/** The running test; within a `before` hook, every test of its suite. */
function concernedBy(context: Context): Runnable[] {
  const running = context.runnable();
  const suite = running.parent;
  const concerned: Runnable[] = [];
  suite?.eachTest((test) => concerned.push(test));
  return suite?.tests.some((test) => test === running) ? [running] : concerned;
}
