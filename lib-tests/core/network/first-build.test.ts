import assert from "node:assert/strict";
import { train } from "../../../src/core/network/train.js";
import { allowedPairs } from "../../support/covering-array.js";
import { coveringTrainings, exclusions, factors, movedIn, PATHS, trainingOf } from "./covering.js";
import { entries, fingerprint } from "./fingerprint.js";
import { firstBuild } from "./first-build.js";

describe("training gives the bits of the first build", () => {
  const all = entries();
  const kept = firstBuild();

  for (const { title, settings } of all) {
    const moved = movedIn(settings);
    it(`${title}${moved.bits ? ", in bits of its own" : moved.counters ? ", with counts of its own" : ""}`, () => {
      const [machine, eager] = PATHS.map((path) => fingerprint(train(trainingOf(settings, path))));
      assert.deepEqual(machine, eager);
      const { bits, counters } = kept[title];
      if (!moved.bits) assert.equal(machine.bits, bits);
      if (!moved.counters) assert.equal(machine.counters, counters);
    });
  }

  it("in trainings of which each has a fingerprint, and no fingerprint is left over", () => {
    assert.deepEqual(
      all.map(({ title }) => title),
      Object.keys(kept),
    );
  });

  it("of which no two of the covering array come to the same", () => {
    const bits = coveringTrainings().map(({ title }) => kept[title].bits);
    assert.equal(new Set(bits).size, bits.length);
  });

  it("in which every two settings meet that can, and the loss stays a number", () => {
    const names = Object.keys(factors) as (keyof typeof factors)[];
    const finite = coveringTrainings().filter(({ title }) => Number.isFinite(Number(kept[title].loss)));
    const missing = allowedPairs(factors, exclusions).filter(
      (pair) =>
        !finite.some(({ settings }) => pair.every(([k, i]) => settings[names[k]] === factors[names[k]][i])),
    );
    assert.deepEqual(missing, []);
  });
});
