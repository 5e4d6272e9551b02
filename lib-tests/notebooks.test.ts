/** The project's notebooks as they are committed: run through the kernel, two at a time, and compared. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";
import { notebookName, readNotebook } from "../src/report/notebook.js";
import { findNotebooks, planNotebooks } from "../src/report/plan.js";
import { type SaveOutcome, saveNotebooks } from "../src/report/saved/save.js";

const paths = findNotebooks([], join(PACKAGE_ROOT, "notebooks"), PACKAGE_ROOT);

describe("the notebooks as committed", () => {
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

describe("paths to the source in the notebooks' text", () => {
  for (const path of paths) {
    it(`are links to what is there: ${notebookName(path)}`, () => {
      const prose = readNotebook(path).cells.filter(({ cell_type }) => cell_type === "markdown");
      for (const { source } of prose) {
        const named = [...source.matchAll(/`((?:src|lib-tests)\/[^`]+)`/g)].map(([, name]) => name);
        const linked = [...source.matchAll(/\[`((?:src|lib-tests)\/[^`]+)`\]\(\.\.\/([^)]+)\)/g)];
        assert.deepEqual(
          linked.map(([, name]) => name),
          named,
        );
        for (const [, name, target] of linked) {
          assert.equal(target, name);
          assert.ok(existsSync(join(PACKAGE_ROOT, target)), target);
        }
      }
    });
  }
});

describe("the notebooks' text", () => {
  // what came out is said by code; a verdict's words, or a count of seeds, in a markdown cell were typed by hand
  const OUTCOME =
    /\b(?:does not hold|holds only if|(?:it|which|that|claim|this) holds\b|undecided|\d+ of (?:the )?\d+ seeds|turns? out|hardly (?:ever|moves)|learns as well|nearly all|practically (?:all|never))/i;

  for (const path of paths) {
    const { cells } = readNotebook(path);
    const text = cells
      .flatMap(({ cell_type, source }) => (cell_type === "markdown" ? [source] : []))
      .join("\n");

    it(`${notebookName(path)} states no outcome`, () => {
      assert.equal(OUTCOME.exec(text)?.[0], undefined);
    });

    it(`${notebookName(path)} says once which colour is which class`, () => {
      assert.equal(text.match(/Red is class 0, the upper moon; Blue is class 1, the lower/g)?.length, 1);
    });
  }
});
