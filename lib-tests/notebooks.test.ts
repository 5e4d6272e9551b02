/** The project's notebooks as they are committed: run through the kernel, two at a time, and compared. */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";
import { notebookName } from "../src/report/notebook.js";
import { findNotebooks, planNotebooks } from "../src/report/plan.js";
import { type SaveOutcome, saveNotebooks } from "../src/report/saved/save.js";

describe("the notebooks as committed", () => {
  const paths = findNotebooks([], join(PACKAGE_ROOT, "notebooks"), PACKAGE_ROOT);
  let outcomes: SaveOutcome[];

  before(async function () {
    this.timeout(600_000);
    outcomes = await saveNotebooks(planNotebooks(paths, {}), {
      check: true,
      refresh: false,
      timeout: 300,
      jobs: 2,
      cores: availableParallelism(),
    });
  });

  for (const [index, path] of paths.entries()) {
    it(`${notebookName(path)} holds what its cells compute, and a still picture of every chart`, () => {
      assert.equal(outcomes[index]?.failure?.message, undefined);
    });
  }
});
