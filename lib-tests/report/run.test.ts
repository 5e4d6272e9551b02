import assert from "node:assert/strict";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { CodeCell, Notebook } from "../../src/report/notebook.js";
import type { NotebookRun } from "../../src/report/notebook-run.js";
import { type RunRequest, runNotebook } from "../../src/report/run.js";
import { code, freshFolder, notebook } from "./toys.js";

describe("running a notebook", () => {
  const folder = freshFolder();
  const run = (toy: Notebook, more: Partial<RunRequest> = {}): Promise<NotebookRun> =>
    runNotebook({
      name: "toy",
      notebook: toy,
      folder: folder(),
      parameters: {},
      timeout: 20,
      workers: 3,
      provenance: { commit: null, versions: {} },
      ...more,
    });
  const outputs = ({ notebook: { cells } }: NotebookRun): unknown[] =>
    cells.map((cell) => (cell.cell_type === "code" ? cell.outputs : null));

  it("fills in the outputs and tells how it went", async () => {
    const toy = notebook(
      { cell_type: "markdown", metadata: {}, source: "# Toy" },
      "import { newDisplay } from 'tslab';\nconst shown = newDisplay();\nshown.text('first');",
      "shown.text('updated from the next cell'); 6 * 7",
      code("throw new Error('expected');", "raises-exception"),
      "[process.env.GLASS_HOUSE_WORKERS, process.cwd()]",
    );
    const before = structuredClone(toy);
    const seen: string[] = [];
    const result = await run(toy, {
      parameters: { a: 1 },
      onCell: (number, of) => seen.push(`${number}/${of}`),
    });
    assert.deepEqual(toy, before);
    assert.equal(result.failure, undefined);
    assert.equal(result.status, "ok");
    assert.deepEqual(seen, ["1/4", "2/4", "3/4", "4/4"]);
    const [, first, second, third, fourth] = outputs(result) as CodeCell["outputs"][];
    assert.deepEqual(first, [
      { output_type: "display_data", data: { "text/plain": "updated from the next cell" }, metadata: {} },
    ]);
    assert.deepEqual(second, [{ output_type: "stream", name: "stdout", text: "42\n" }]);
    assert.match(JSON.stringify(third), /Error: expected/);
    assert.deepEqual(fourth, [
      { output_type: "stream", name: "stdout", text: `[ '3', '${realpathSync(folder())}' ]\n` },
    ]);
    assert.deepEqual(
      result.notebook.cells.map((cell) => (cell.cell_type === "code" ? cell.execution_count : null)),
      [null, 1, 2, 3, 4],
    );
    assert.deepEqual(
      result.cellSeconds.map((seconds) => seconds !== null && seconds > 0),
      [false, true, true, true, true],
    );
    assert.deepEqual(result.parameters, { a: 1 });
    assert.ok(Math.abs(Date.parse(result.startedAt) - Date.now()) < 60_000);
  });

  it("stops at the first cell that throws, with the error's own text", async () => {
    const result = await run(
      notebook(
        { cell_type: "markdown", metadata: {}, source: "# Toy" },
        "console.log('before')",
        "console.log('seen');\nconst red = '\\u001b[31m';\nthrow new Error(red + 'the <b>reason</b>');",
        "require('fs').writeFileSync('after', '')",
      ),
    );
    assert.equal(result.status, "failed");
    assert.equal(result.failure?.cell, 2);
    assert.match(result.failure?.message ?? "", /Error: the <b>reason<\/b>\n/);
    assert.doesNotMatch(result.failure?.message ?? "", /tslab/);
    assert.equal(existsSync(join(folder(), "after")), false);
    assert.deepEqual(
      result.cellSeconds.map((seconds) => seconds === null),
      [true, false, false, true],
    );
    assert.match(JSON.stringify(outputs(result)[2]), /seen/);
  });

  it("stops at a cell that takes too long, even where it may fail", async () => {
    const { failure } = await run(notebook("1", code("while (true) {}", "raises-exception")), {
      timeout: 0.5,
    });
    assert.deepEqual(failure, { cell: 2, message: "stopped: the cell ran for more than 0.5 s" });
  });

  it("fails when the kernel ends", async () => {
    const { failure } = await run(notebook("process.exit(0)"));
    assert.deepEqual(failure, { cell: 1, message: "the kernel ended with exit code 0" });
  });

  it("fails before its first cell when the kernel cannot start", async () => {
    const { failure, cellSeconds } = await run(notebook("1"), { folder: join(folder(), "missing") });
    assert.equal(failure?.cell, null);
    assert.match(failure?.message ?? "", /ENOENT/);
    assert.deepEqual(cellSeconds, [null]);
  });
});
