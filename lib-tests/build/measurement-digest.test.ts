import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measurementDigest } from "../../src/build/measurement-digest.js";
import { DIGESTS_PATH, digestOfStudy } from "../../src/evidence/digests.js";
import { studiesOf } from "../../src/experiments/experiment.js";
import { experiments } from "../../src/experiments/index.js";
import { freshFolder } from "../report/toys.js";

const TRAIN = "export function train(x: number): number {\n  return x * 0.5;\n}\n";
const MEASURE =
  'import { train } from "../core/train.js";\nexport const measureToy = (x: number): number => train(x) + 1;\n';

describe("the digest of a measurement", () => {
  const folder = freshFolder();

  function digest(train = TRAIN, measure = MEASURE, place = "here"): string {
    for (const [path, text] of [
      ["core/train.ts", train],
      ["experiments/toy.ts", measure],
    ]) {
      const file = join(folder(), place, path);
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, text);
    }
    return measurementDigest(join(folder(), place, "experiments/toy.ts"), "measureToy");
  }

  it("is not changed by comments, documentation, names of files' places, nor by what it does not use", () => {
    const own = digest();
    assert.match(own, /^[\da-f]{16}$/);
    assert.equal(digest(`/** Trains. */\n${TRAIN.replace("return", "// half\n  return")}`), own);
    assert.equal(digest(TRAIN, MEASURE, "another/place of its own"), own);
    assert.equal(digest(`${TRAIN}export function other(): number {\n  return 7;\n}\n`), own);
  });

  it("is changed by a line of the training below, and by one of its own", () => {
    const own = digest();
    assert.notEqual(digest(TRAIN.replace("0.5", "0.25")), own);
    assert.notEqual(digest(TRAIN, MEASURE.replace("+ 1", "- 1")), own);
  });

  it("was written down for every study that can be measured again, and for no other", () => {
    for (const experiment of Object.values(experiments)) {
      for (const [study, { isObserved }] of studiesOf(experiment)) {
        const known = digestOfStudy({ experiment: experiment.name, study });
        assert.equal(
          known === undefined,
          isObserved === true,
          `${experiment.name} ${study} in ${DIGESTS_PATH}`,
        );
      }
    }
  });
});
