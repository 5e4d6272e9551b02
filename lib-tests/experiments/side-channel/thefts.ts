/** A theft as a study finds it, to be changed by tests. */
import type { TheftResult } from "../../../src/experiments/side-channel/theft.js";

const all = { readings: 1400, found: 10, wrong: 0 };
const same = { box: 1, square: 1, test: 1 };

/** A network that is stolen whole, and two defences: one that stops the thief and saves more, and one that does neither. */
export const theft: TheftResult = {
  seed: 1,
  saved: 0.2,
  accuracy: 0.98,
  lines: 10,
  outside: 0,
  count: { ...all, angle: 1e-12, offset: 2e-11 },
  noise1: { ...all, readings: 40_000 },
  noise4: { ...all, readings: 600_000 },
  weight: { readings: 200_000, found: 8, wrong: 1, lines: 9 },
  defences: [
    { name: "a wall", readings: 400, found: 0, wrong: 0, lines: 10, saved: 0.25, accuracy: 0.98 },
    { name: "a fence", readings: 9000, found: 9, wrong: 0, lines: 10, saved: 0.15, accuracy: 0.98 },
  ],
  copy: { labels: 1300, open: 1, agreement: same, loss: 0.05 },
  labelsOnly: { labels: 2700, agreement: { box: 0.97, square: 0.98, test: 0.99 } },
  loss: 0.05,
};

/** So many thefts, a seed each. */
export function theftsOf(one: TheftResult, n: number): TheftResult[] {
  return Array.from({ length: n }, (_, i) => ({ ...one, seed: i + 1 }));
}
