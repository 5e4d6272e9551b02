import assert from "node:assert/strict";
import { timeText } from "../../src/evidence/command/progress.js";

describe("what is left of a recording", () => {
  for (const [seconds, text] of [
    [0.2, "about 1 s"],
    [89.1, "about 90 s"],
    [90, "about 2 min"],
    [89.4 * 60, "about 89 min"],
    [90 * 60, "about 1 h 30 min"],
    [130 * 60, "about 2 h 10 min"],
    [180 * 60, "about 3 h 0 min"],
  ] as const) {
    it(`of ${seconds} s is told as ${text}`, () => assert.equal(timeText(seconds), text));
  }
});
