import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { UsageError } from "../../src/report/usage-error.js";

/** Runs a command whose work is the body of an asynchronous function. */
function run(body: string): { status: number | null; stderr: string } {
  const library = JSON.stringify(require.resolve("../../src/report/command-line.js"));
  const source = `const { runCommand } = require(${library}); runCommand(async () => { ${body} });`;
  return spawnSync(process.execPath, ["-e", source], { encoding: "utf8" });
}

describe("a command's exit code", () => {
  const usageError = JSON.stringify(require.resolve("../../src/report/usage-error.js"));

  it("is its result", () => {
    for (const code of [0, 1]) assert.equal(run(`return ${code}`).status, code);
  });

  it("tells what cannot be met from what went wrong", () => {
    const refused = run(`throw new (require(${usageError}).${UsageError.name})("no such thing")`);
    assert.deepEqual([refused.status, refused.stderr], [2, "no such thing\n"]);
    const failed = run("throw new Error('broken')");
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /^Error: broken\n/);
  });

  it("is 1 when the process ends before the work is done", () => {
    const starved = run("await new Promise(() => {}); return 0");
    assert.deepEqual([starved.status, starved.stderr], [1, "the command ended before it had finished\n"]);
    assert.equal(run("process.exit()").status, 1);
  });
});
