/** How long a verdict's summary may be: it stands beside the stamp, on the first screen. */
import assert from "node:assert/strict";

/** Asserts that a text is one sentence of at most 27 words. */
export function assertOneSentence(text: string): void {
  assert.match(text, /^[A-Z]/);
  assert.match(text, /\.$/);
  assert.doesNotMatch(text.slice(0, -1), /\. /, text);
  assert.ok(text.split(" ").length <= 27, text);
}
