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

  function digest(train = TRAIN, measure = MEASURE, place = "here"): Promise<string> {
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

  it("is not changed by comments, documentation, names of files' places, nor by what it does not use", async () => {
    const own = await digest();
    assert.match(own, /^[\da-f]{16}$/);
    assert.equal(await digest(`/** Trains. */\n${TRAIN.replace("return", "// half\n  return")}`), own);
    assert.equal(await digest(TRAIN, MEASURE, "another/place of its own"), own);
    assert.equal(await digest(`${TRAIN}export function other(): number {\n  return 7;\n}\n`), own);
  });

  it("is changed by a line of the training below, and by one of its own", async () => {
    const own = await digest();
    assert.notEqual(await digest(TRAIN.replace("0.5", "0.25")), own);
    assert.notEqual(await digest(TRAIN, MEASURE.replace("+ 1", "- 1")), own);
  });

  it("is not changed by what an error says, and is by a name that is one word", async () => {
    const refusing = (words: string): Promise<string> =>
      digest(TRAIN.replace("return", `if (x < 0) throw new RangeError(${words});\n  return`));
    const own = await refusing('"x must be positive"');
    assert.equal(await refusing('"x has to be positive"'), own);
    assert.equal(
      await refusing(`\`x must not be \${x} here\``),
      await refusing(`\`x may not be \${x} here\``),
    );
    assert.notEqual(
      await refusing(`\`x must not be \${x} here\``),
      await refusing(`\`x must not be \${x + 1} here\``),
    );
    assert.notEqual(await refusing('"positive"'), await refusing('"negative"'));
    assert.notEqual(
      await digest(
        TRAIN.replace("0.5", "0.25").replace("return", 'if (x < 0) throw "x must be positive";\n return'),
      ),
      own,
    );
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
