/** The evidence that the package brings along: all of it can be read, and some of it, drawn anew each time, is measured again. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { audit, drawnPlaces } from "../../src/evidence/audit.js";
import { EVIDENCE_FOLDER, load } from "../../src/evidence/load.js";
import { studiesOf } from "../../src/experiments/experiment.js";
import { experiments } from "../../src/experiments/index.js";
import { closeWorkers, sweep } from "../../src/sweep/index.js";

/** Points of each study that are measured again. */
const DRAWN = 2;

describe("the evidence as committed", () => {
  after(closeWorkers);

  it("is of studies that there are", () => {
    const known = Object.values(experiments).flatMap((experiment) =>
      studiesOf(experiment).map(([study]) => `${experiment.name}/${study}.jsonl`),
    );
    const files = existsSync(EVIDENCE_FOLDER)
      ? readdirSync(EVIDENCE_FOLDER, { recursive: true, encoding: "utf8" })
      : [];
    const recorded = files
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".jsonl"));
    assert.deepEqual(
      recorded.filter((file) => !known.includes(file)),
      [],
    );
  });

  for (const experiment of Object.values(experiments)) {
    for (const [name, study] of studiesOf(experiment)) {
      const found = load(experiment, name, experiment.defaults, [EVIDENCE_FOLDER]);
      if (found === undefined) continue;
      it(`is what is measured now: ${experiment.name}, ${name}`, async () => {
        assert.ok("rows" in found, "message" in found ? `${found.path}: ${found.message}` : "");
        if (study.isObserved) return;
        const places = drawnPlaces(found.rows, study.isSlow ? 1 : DRAWN, Math.random);
        const { differences } = await audit(study, experiment.defaults, found.rows, places, (grid, measure) =>
          sweep(grid, measure, { onNote: () => {} }),
        );
        assert.deepEqual(differences, []);
      });
    }
  }
});
