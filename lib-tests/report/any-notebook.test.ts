/**
 * Ordinary notebooks of others, through the real kernel: what is run of them and what fails, each within seconds.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import type { Cell } from "../../src/report/notebook.js";
import type { NotebookRun } from "../../src/report/notebook-run.js";
import { renderPage } from "../../src/report/page/index.js";
import { type Overrides, parseAssignments } from "../../src/report/parameters.js";
import { planNotebooks } from "../../src/report/plan.js";
import { runNotebook } from "../../src/report/run.js";
import { code, freshFolder, notebook, writeNotebook } from "./toys.js";

describe("a notebook of somebody else", () => {
  const folder = freshFolder();

  async function run(path: string, overrides: Overrides = {}): Promise<NotebookRun> {
    const [plan] = planNotebooks([path], overrides);
    assert.ok(plan && "notebook" in plan);
    const provenance = { commit: null, versions: {} };
    return runNotebook({ ...plan, timeout: 20, workers: 1, provenance });
  }
  const shown = async (result: NotebookRun): Promise<Document> =>
    new JSDOM(await renderPage(result)).window.document;
  const toy = (...cells: (string | Cell)[]): string => writeNotebook(folder(), "toy", ...cells);
  const printed = ({ notebook: { cells } }: NotebookRun): unknown[] =>
    cells.flatMap((cell) =>
      cell.cell_type === "code" ? cell.outputs.map((output) => "text" in output && output.text.trim()) : [],
    );

  it("may declare its parameters in any way, and takes others in their place", async () => {
    const path = toy(
      code(
        "type Mode = 'fast' | 'slow'; // how\nlet mode: Mode = 'slow', n = 2;\nconst third = 1 / 3;",
        "parameters",
      ),
      "mode = mode === 'fast' ? 'slow' : 'fast';\nconsole.log(mode, n, third < 1);",
    );
    assert.deepEqual(printed(await run(path)), ["fast 2 true"]);
    const other = await run(path, parseAssignments(["mode=fast", "n=5"]));
    assert.deepEqual(printed(other), ["slow 5 true"]);
    assert.deepEqual(other.parameters, { mode: "fast", n: 5 });
  });

  it("may have its parameters checked where it declares them, and takes others in their place", async () => {
    const path = toy(
      "const toy = { parameters: (values: { n: number; mode?: string }) => ({ mode: 'slow', ...values }) };",
      code(
        "const parameters = toy.parameters({\n  n: 2, // count\n  mode: 'fast', // how\n});",
        "parameters",
      ),
      "console.log(parameters.n, parameters.mode);",
    );
    assert.deepEqual(printed(await run(path)), ["2 fast"]);
    const other = await run(path, { n: 5 });
    assert.equal(other.failure, undefined);
    assert.deepEqual(printed(other), ["5 fast"]);
    assert.deepEqual(other.parameters, { n: 5, mode: "fast" });
    const page = await shown(other);
    assert.deepEqual(
      [...page.querySelectorAll(".changes li")].map(({ textContent }) => textContent?.trim()),
      ["n = 5 in the place of 2"],
    );
    assert.match(page.querySelector(".cell.parameters")?.textContent ?? "", /n: 2, \/\/ count/);
    assert.match(
      page.querySelector(".cell.injected")?.textContent ?? "",
      /n: 5, \/\/ count\n {2}mode: 'fast',\n/,
    );
    assert.equal(page.querySelectorAll(".provenance .chip.set").length, 1);
  });

  it("is not run where its tag asks so, and shows there what it has from elsewhere", async () => {
    const elsewhere = { output_type: "stream", name: "stdout", text: "from elsewhere" } as const;
    const path = join(folder(), "toy.ipynb");
    const skipped = { ...code("throw new Error('not here');", "skip-execution"), outputs: [elsewhere] };
    writeFileSync(path, JSON.stringify(notebook(skipped as Cell, "'here'")));
    const result = await run(path);
    assert.equal(result.failure, undefined);
    assert.deepEqual(printed(result), ["from elsewhere", "here"]);
    const page = await shown(result);
    const [first, second] = [...page.querySelectorAll("section.cell")].map(({ textContent }) => textContent);
    assert.match(
      first ?? "",
      /not run, as its tag skip-execution asks; what it shows is from an earlier run/,
    );
    assert.doesNotMatch(second ?? "", /not run/);
  });

  for (const [how, source] of [
    [
      "a question",
      "import * as readline from 'readline';\n" +
        "const lines = readline.createInterface({ input: process.stdin });\n" +
        "await new Promise((answer) => lines.question('Name? ', answer));",
    ],
    [
      "its lines",
      "const lines = async () => { for await (const line of process.stdin) console.log(line); };\nawait lines();",
    ],
    ["an event", "await new Promise((answer) => process.stdin.once('data', answer));"],
  ] as const) {
    it(`fails, and does not wait, where it asks for input: by ${how}`, async () => {
      const { failure } = await run(toy("1", source));
      assert.equal(failure?.cell, 2);
      assert.match(failure?.message ?? "", /a cell cannot ask for input, because nobody can answer it/);
    });
  }

  it("finds the end of its input where it reads it at once", async () => {
    const result = await run(toy("require('fs').readFileSync(process.stdin.fd, 'utf8').length"));
    assert.deepEqual(printed(result), ["0"]);
  });
});
