import assert from "node:assert/strict";
import { textOf } from "../../src/evidence/codec.js";
import { pointsOf, studyKey } from "../../src/evidence/key.js";
import { baseline } from "../../src/experiments/baseline/index.js";
import { studiesOf } from "../../src/experiments/experiment.js";
import { experiments } from "../../src/experiments/index.js";

describe("the key of a study", () => {
  const name = { experiment: "01-baseline", study: "scale" };
  const { studies, defaults } = baseline;
  const own = studyKey(name, studies.scale, defaults);

  it("does not go by the seeds, neither those that are swept nor that which is shown", () => {
    assert.match(own, /^[\da-f]{16}$/);
    for (const other of [{ seed: 77 }, { sweepSeeds: 500 }, { firstSeed: 5 }]) {
      assert.equal(studyKey(name, studies.scale, { ...defaults, ...other }), own);
    }
  });

  it("does not go by the seed that is shown, even if the points do", () => {
    const points = { points: (parameters: typeof defaults) => [parameters] };
    assert.equal(studyKey(name, points, { ...defaults, seed: 77 }), studyKey(name, points, defaults));
  });

  it("does not go by the order in which parameters are given, nor by those that have no value", () => {
    const turned = Object.fromEntries(Object.entries(defaults).reverse()) as unknown as typeof defaults;
    assert.equal(studyKey(name, studies.scale, { ...turned, topK: undefined }), own);
  });

  it("goes by what is measured, and by the names", () => {
    const keys = [
      own,
      studyKey(name, studies.seeds, defaults),
      studyKey({ ...name, study: "other" }, studies.scale, defaults),
      studyKey({ ...name, experiment: "other" }, studies.scale, defaults),
      studyKey(name, studies.scale, { ...defaults, noise: 0.16 }),
      studyKey(name, studies.scale, { ...defaults, noise: -0 }),
      studyKey(name, studies.scale, { ...defaults, noise: 0 }),
      studyKey(
        name,
        { points: (parameters, seed) => studies.scale.points(parameters, seed).slice(1) },
        defaults,
      ),
      studyKey(name, { points: (parameters, seed) => studies.scale.points(parameters, seed + 1) }, defaults),
      studyKey(
        name,
        { points: (parameters, seed) => studies.scale.points(parameters, 2 * seed - 1) },
        defaults,
      ),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });

  it("is that of points that are plain data", () => {
    assert.throws(() => studyKey(name, { points: () => [Float64Array.of(1)] }, defaults), /plain data/);
  });
});

describe("the points of every study", () => {
  for (const experiment of Object.values(experiments)) {
    for (const [name, study] of studiesOf(experiment)) {
      it(`do not go by the seeds that are shown or swept: ${experiment.name}, ${name}`, () => {
        const { defaults } = experiment;
        const key = studyKey({ experiment: experiment.name, study: name }, study, defaults);
        const others = { ...defaults, seed: defaults.seed + 7, firstSeed: 5, sweepSeeds: 99 };
        assert.equal(studyKey({ experiment: experiment.name, study: name }, study, others), key);
        const bare = (points: readonly unknown[]): string =>
          textOf(points).replace(/"(?:firstSeed|sweepSeeds)":\d+,?/g, "");
        assert.equal(bare(study.points(others, 3)), bare(pointsOf(study, defaults, 3)));
      });
    }
  }
});
