import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { type CodeCell, readExecutedNotebook } from "../../../src/report/notebook.js";
import { code, freshFolder, writeNotebook } from "../toys.js";

const CLI = join(__dirname, "../../../src/report/saved/cli.js");

describe("npm run notebooks", () => {
  const folder = freshFolder();
  const command = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [CLI, ...args], { cwd: folder(), encoding: "utf8" });

  it("saves, names what fails, and tells by its exit code", () => {
    writeNotebook(folder(), "bad", "1", "throw new Error('the reason')");
    writeNotebook(folder(), "good", "1");
    const { status, stdout, stderr } = command("bad.ipynb", "good.ipynb");
    assert.equal(status, 1);
    assert.doesNotMatch(readFileSync(join(folder(), "good.ipynb"), "utf8"), /papermill|_time/);
    assert.match(stdout, /^ok {6}good {2}.*\n1 succeeded, 1 failed in .* s; 1 written\n$/);
    assert.match(stderr, /^failed {2}bad, code cell 2 {2}.*\n {8}Error: the reason$/m);
    assert.deepEqual(readdirSync(folder()).sort(), ["bad.ipynb", "good.ipynb"]);
    assert.match(
      command("good.ipynb", "--check").stdout,
      /^ok {6}good .*\n1 succeeded, 0 failed in .*; 0 written\n$/,
    );
  });

  it("saves a run with other values elsewhere, by papermill's conventions", () => {
    const path = writeNotebook(folder(), "toy", code("const a = 1; // whole", "parameters"), "a + 1");
    const before = readFileSync(path, "utf8");
    const { status, stderr } = command("toy.ipynb", "--set", "a=41", "--out", "out");
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(path, "utf8"), before);
    const { cells, metadata } = readExecutedNotebook(join(folder(), "out", "toy.ipynb"));
    assert.deepEqual(
      cells.map((cell) => cell.metadata.tags),
      [["parameters"], ["injected-parameters"], []],
    );
    assert.deepEqual((cells[2] as CodeCell).outputs, [
      { output_type: "stream", name: "stdout", text: "42\n" },
    ]);
    const { parameters, input_path, output_path, duration } = metadata.papermill as Record<string, unknown>;
    assert.deepEqual(parameters, { a: 41 });
    assert.deepEqual(
      [input_path, output_path].map((file) => relative(realpathSync(folder()), String(file))),
      ["toy.ipynb", join("out", "toy.ipynb")],
    );
    const seconds = cells.map((cell) => (cell.metadata.papermill as { duration: number }).duration);
    assert.ok(seconds.every((value) => value > 0) && Number(duration) > Math.max(...seconds));
  });

  const refused: readonly [what: string, args: string[], message: RegExp][] = [
    ["other values in place", ["--set", "a=2"], /^--set needs --out, /],
    [
      "other values in the notebook's own folder",
      ["--set", "a=2", "--out", "."],
      /^--set needs an --out other than /,
    ],
    ["a check that saves", ["--check", "--refresh"], /^--check cannot be combined with --out or --refresh$/],
    ["an unknown option", ["--fast"], /^Unknown option '--fast'/],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what} before any kernel starts`, () => {
      writeNotebook(
        folder(),
        "toy",
        code("const a = 1;", "parameters"),
        "require('fs').writeFileSync('ran', '')",
      );
      const { status, stderr } = command("toy.ipynb", ...args);
      assert.match(stderr.trimEnd(), message);
      assert.equal(status, 2);
      assert.equal(existsSync(join(folder(), "ran")), false);
    });
  }

  it("tells how it is used", () => {
    const { status, stdout } = command("--help");
    assert.equal(status, 0);
    assert.match(stdout, /^npm run notebooks /);
    for (const option of ["check", "refresh", "out", "set", "timeout", "jobs"])
      assert.ok(stdout.includes(`  --${option}`));
  });
});
