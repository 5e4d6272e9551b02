/** What README.md promises to be reproduced is what comes. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { recordedVerdict } from "../src/display/evidence.js";
import { experiments } from "../src/experiments/index.js";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";

describe("README.md", () => {
  it("prints the result that its command gives", () => {
    const text = readFileSync(join(PACKAGE_ROOT, "README.md"), "utf8");
    const [, program] = /^ {4}node -e "\n([^"]+)"$/m.exec(text) ?? assert.fail("no command");
    const [, promised] = /^It prints.*\n\n((?: {4}.*\n)+)/m.exec(text) ?? assert.fail("no result");
    const printed = execFileSync(process.execPath, ["-e", program], { cwd: PACKAGE_ROOT, encoding: "utf8" });
    assert.equal(printed, promised.replace(/^ {4}/gm, ""));
  });

  it("has the stamp that the recorded evidence gives each claim", () => {
    const text = readFileSync(join(PACKAGE_ROOT, "README.md"), "utf8");
    const told = [...text.matchAll(/^\| \[(\d\d-[\w-]+)\]\(.*\| ([a-z ]+?) +\|$/gm)].map(
      ([, name, stamp]) => [name, stamp],
    );
    const recorded = Object.values(experiments).map((experiment) => [
      experiment.name,
      recordedVerdict(experiment as never, experiment.defaults)?.verdict.stamp,
    ]);
    assert.deepEqual(told, recorded);
  });
});
