import assert from "node:assert/strict";

/** Fails unless two numbers differ by at most the tolerance. */
export function close(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}
