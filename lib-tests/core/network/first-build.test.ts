import assert from "node:assert/strict";
import { train } from "../../../src/core/network/train.js";
import { allowedPairs } from "../../support/covering-array.js";
import { apart, coveringTrainings, exclusions, factors, PATHS, trainingOf } from "./covering.js";
import { entries, type Fingerprint, fingerprint, firstBuild } from "./first-build.js";

describe("training gives the bits of the first build", () => {
  const all = entries();
  const kept = firstBuild();
  const known = new Set(apart().map(({ title }) => title));

  for (const path of PATHS) {
    describe(path, () => {
      for (const { title, settings } of all) {
        const own = (): Fingerprint => fingerprint(train(trainingOf(settings, path)));
        if (path === "fast" && known.has(title)) {
          it(`${title}: not so`, () => assert.notDeepEqual(own(), kept[title]));
        } else it(title, () => assert.deepEqual(own(), kept[title]));
      }
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
