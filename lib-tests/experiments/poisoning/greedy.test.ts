import assert from "node:assert/strict";
import { alone, together } from "../../../src/experiments/measurement.js";
import { greedyFlips } from "../../../src/experiments/poisoning/greedy.js";

/** A harm that needs no training, and the sets of which it was asked. */
function harmless(harm: (set: readonly number[]) => number) {
  const asked: (readonly number[])[] = [];
  return {
    asked,
    harmsOf(sets: readonly (readonly number[])[]): number[] {
      asked.push(...sets);
      return sets.map(harm);
    },
  };
}

const all = [0, 1, 2, 3, 4, 5];

/** All sets of `size` of the candidates. */
function setsOf(candidates: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return candidates.flatMap((first, i) =>
    setsOf(candidates.slice(i + 1), size - 1).map((rest) => [first, ...rest]),
  );
}

describe("a greedy search for lies", () => {
  it("finds what trying every set finds where harms add up", () => {
    const harms = [3, 1, 4, 1, 5, 9];
    const total = (set: readonly number[]): number => set.reduce((sum, i) => sum + harms[i], 0);
    const { harmsOf, asked } = harmless(total);
    const found = alone(greedyFlips(all, 3, harmsOf));
    assert.deepEqual(found, [5, 4, 2]);
    assert.equal(total(found), Math.max(...setsOf(all, 3).map(total)));
    assert.equal(asked.length, 6 + 5 + 4);
    const inSteps = greedyFlips(all, 3, function* (sets) {
      yield* together([]);
      return sets.map(total);
    });
    assert.deepEqual(alone(inSteps), found);
  });

  it("falls short of the worst set where two lies help each other", () => {
    const harm = (set: readonly number[]): number =>
      set.length + (set.includes(1) && set.includes(2) ? 10 : 0) + (set.includes(0) ? 0.5 : 0);
    assert.deepEqual(alone(greedyFlips(all, 2, harmless(harm).harmsOf)), [0, 1]);
    assert.equal(Math.max(...setsOf(all, 2).map(harm)), harm([1, 2]));
  });

  it("keeps the first of equals, tries only candidates, and finds none if none is wanted", () => {
    const { harmsOf } = harmless(() => 1);
    assert.deepEqual(alone(greedyFlips([4, 2, 3], 2, harmsOf)), [4, 2]);
    assert.deepEqual(alone(greedyFlips(all, 0, harmsOf)), []);
  });
});
