import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { baseline } from "../../../src/experiments/index.js";
import { fieldsOf } from "../../../src/live/fields.js";
import { PACKAGE_ROOT } from "../../../src/report/kernel-command.js";
import { type CodeCell, readExecutedNotebook } from "../../../src/report/notebook.js";
import type { Overrides } from "../../../src/report/parameters.js";
import { planNotebooks } from "../../../src/report/plan.js";
import { Progress } from "../../../src/report/progress.js";
import { parametersCell } from "../../../src/report/saved/parameters-cell.js";
import { type SaveOptions, type SaveOutcome, saveNotebooks } from "../../../src/report/saved/save.js";
import { points } from "../page/sample.js";
import { code, freshFolder, writeNotebook } from "../toys.js";

/** What a cell needs to show a chart, where the package cannot be imported by its name. */
const SHOW = `const { progress, setUpCharts, show } = require(${JSON.stringify(PACKAGE_ROOT)});\n`;

describe("saving notebooks with their outputs", () => {
  const folder = freshFolder();
  const pathOf = (name: string): string => join(folder(), `${name}.ipynb`);
  const file = (name: string): string => readFileSync(pathOf(name), "utf8");
  const save = (
    names: string[],
    options: Partial<SaveOptions> = {},
    overrides: Overrides = {},
  ): Promise<SaveOutcome[]> =>
    saveNotebooks(planNotebooks(names.map(pathOf), overrides), {
      check: false,
      refresh: false,
      timeout: 60,
      jobs: 2,
      cores: 2,
      ...options,
    });
  /** Of each cell's outputs, the text or the MIME types. */
  const outputs = (name: string): unknown[][] =>
    readExecutedNotebook(pathOf(name)).cells.map((cell) =>
      (cell as CodeCell).outputs.map((output) =>
        "text" in output ? output.text : "data" in output && Object.keys(output.data),
      ),
    );

  it("gives what a second run leaves as it is, to the byte, and what a check then compares", async () => {
    writeNotebook(
      folder(),
      "toy",
      code("const a = 1; // whole", "parameters"),
      `${SHOW}setUpCharts();\nprogress("steps").update(1, 2);\nshow(${JSON.stringify(points())});`,
      "[process.cwd(), a]",
      code("console.log('at ' + process.hrtime.bigint())", "not-reproducible"),
    );
    const [first] = await save(["toy"]);
    assert.deepEqual([first?.failure, first?.written], [undefined, true]);
    const [, charts, here, [time]] = outputs("toy");
    assert.deepEqual(charts, [
      ["application/vnd.plotly.v1+json", "image/png", "text/plain"],
      ["text/markdown", "text/plain"],
    ]);
    assert.match(String(here), /^\[ '[^']*', 1 \]\n$/);
    assert.equal(String(here).includes(folder()), false);

    const saved = file("toy");
    assert.equal((await save(["toy"]))[0]?.written, false);
    assert.equal(file("toy"), saved);
    assert.equal((await save(["toy"], { check: true }))[0]?.status, "ok");

    await save(["toy"], { refresh: true });
    assert.notEqual(outputs("toy")[3]?.[0], time);
    assert.deepEqual(outputs("toy").slice(0, 3), [[], charts, here]);

    const stale = file("toy").replace("', 1 ]", "', 2 ]");
    assert.notEqual(stale, file("toy"));
    writeFileSync(pathOf("toy"), stale);
    const [checked] = await save(["toy"], { check: true });
    assert.match(checked?.failure?.message ?? "", /^code cell 3 \(cell-3\): output 1: text is .*2 \]/);
    assert.equal(file("toy"), stale);
  });

  it("leaves the file as it is where it fails, and names the cell and the error", async () => {
    writeNotebook(folder(), "throws", "1", "throw new Error('the reason')");
    writeNotebook(folder(), "large", ...new Array(3).fill("console.log('x'.repeat(900000))"));
    writeFileSync(pathOf("broken"), "{");
    const names = ["throws", "large", "broken"];
    const before = names.map(file);
    const outcomes = await save(names);
    const expected: [cell: number | null, message: RegExp][] = [
      [2, /Error: the reason/],
      [null, /^the notebook with its outputs must have at most 2000000 bytes, got \d+; /],
      [null, /broken\.ipynb is not JSON/],
    ];
    for (const [index, [cell, message]] of expected.entries()) {
      const { failure, written } = outcomes[index] as SaveOutcome;
      assert.deepEqual([failure?.cell, written], [cell, false], names[index]);
      assert.match(failure?.message ?? "", message);
    }
    assert.deepEqual(names.map(file), before);
    assert.deepEqual(readdirSync(folder()).sort(), names.map((name) => `${name}.ipynb`).sort());
  });

  it("does not overwrite what was saved while the notebook ran", async () => {
    writeNotebook(folder(), "toy", `require("fs").writeFileSync("toy.ipynb", "{}")`);
    const [outcome] = await save(["toy"]);
    assert.equal(outcome?.failure?.message, "its file changed during the run and was not overwritten");
    assert.equal(file("toy"), "{}");
  });

  it("saves the project's own with the parameters cell of its experiment, and tells what goes", async () => {
    const { name, schema, defaults } = baseline;
    const written = parametersCell("baseline", fieldsOf({ schemas: [schema] }), { ...defaults });
    const source = written.replace("seed: 1,", "seed: 3,");
    writeNotebook(
      folder(),
      name,
      "const baseline = { parameters: (values: any) => values };",
      code(source, "parameters"),
      "parameters.seed",
    );
    const warnings: string[] = [];
    const progress = Object.assign(new Progress(process.stdout, process.stderr), {
      start() {},
      end() {},
      warn: (name: string, warning: string) => warnings.push(`${name}: ${warning}`),
    });
    const own = { library: folder(), progress };
    const sourceSaved = (): string | undefined => readExecutedNotebook(pathOf(name)).cells[1]?.source;
    const change = "the parameters cell differs from what its experiment writes: seed is 3 but should be 1";

    // somebody's copy
    await save([name], { progress });
    assert.deepEqual([sourceSaved(), outputs(name)[2]], [source, ["3\n"]]);

    const before = file(name);
    const [checked] = await save([name], { ...own, check: true });
    assert.equal(checked?.failure?.message.split("\n")[0], change);

    // a run with values of its own
    const elsewhere = join(folder(), "out");
    mkdirSync(elsewhere);
    await save([name], { ...own, out: elsewhere }, { seed: 5 });
    const { cells } = readExecutedNotebook(join(elsewhere, `${name}.ipynb`));
    assert.equal(cells[1]?.source, source);
    assert.match(cells[2]?.source ?? "", /^ {2}seed: 5,/m);
    assert.deepEqual([file(name), warnings], [before, []]);

    await save([name], own);
    assert.deepEqual([sourceSaved(), outputs(name)[2]], [written, ["1\n"]]);
    assert.deepEqual(warnings, [`${name}: ${change}`]);
    assert.equal((await save([name], { ...own, check: true }))[0]?.status, "ok");
  });

  it("runs notebooks that measure time alone, after the others, with all cores", async () => {
    const log = (name: string): string =>
      `const line = (what) => require("fs").appendFileSync("log", "${name} " + what + " " + process.env.GLASS_HOUSE_WORKERS + "\\n");
       line("starts"); await new Promise((done) => setTimeout(done, 300)); line("ends");`;
    writeNotebook(folder(), "clock", code(log("clock"), "not-reproducible"));
    for (const name of ["one", "two"]) writeNotebook(folder(), name, log(name));
    const outcomes = await save(["clock", "one", "two"]);
    assert.deepEqual(
      outcomes.map(({ name, failure }) => [name, failure]),
      [
        ["clock", undefined],
        ["one", undefined],
        ["two", undefined],
      ],
    );
    const lines = readFileSync(join(folder(), "log"), "utf8").trim().split("\n");
    assert.deepEqual(lines.slice(-2), ["clock starts 2", "clock ends 2"]);
    assert.deepEqual(lines.slice(0, 4).sort(), ["one ends 1", "one starts 1", "two ends 1", "two starts 1"]);
  });
});
