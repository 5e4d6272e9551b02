/** An experiment of one's own, as environment.md walks through it: a folder, a notebook, and nothing else. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";

/** A copy of the project; its packages are links, but for the one that is the project itself. */
function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), "newcomer-"));
  for (const name of ["package.json", "tsconfig.json", "src", "lib-tests", "notebooks"]) {
    cpSync(join(PACKAGE_ROOT, name), join(copy, name), { recursive: true });
  }
  const packages = join(copy, "node_modules");
  mkdirSync(packages);
  for (const name of readdirSync(join(PACKAGE_ROOT, "node_modules"))) {
    if (name !== "glass-house") symlinkSync(join(PACKAGE_ROOT, "node_modules", name), join(packages, name));
  }
  symlinkSync(copy, join(packages, "glass-house"));
  return copy;
}

describe("an experiment of one's own", function () {
  this.timeout(300_000);
  const text = readFileSync(join(PACKAGE_ROOT, "environment.md"), "utf8");
  const [, section] = text.split(/^## (?=An experiment of your own|Your own layer)/m);
  const [experiment, ...cells] = [...section.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  let copy: string;

  before(() => {
    copy = copyOfProject();
  });
  after(() => rmSync(copy, { recursive: true }));

  const run = (...command: string[]): string =>
    execFileSync("npm", ["run", "--silent", ...command], { cwd: copy, encoding: "utf8" });

  it("is a folder and a notebook: the report, the list of parameters and the evidence find it", () => {
    mkdirSync(join(copy, "src", "experiments", "one-neuron"));
    writeFileSync(join(copy, "src", "experiments", "one-neuron", "index.ts"), experiment);
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } },
      cells: cells.map((source, i) => ({
        cell_type: "code",
        id: `cell-${i}`,
        metadata: i === 1 ? { tags: ["parameters"] } : {},
        execution_count: null,
        outputs: [],
        source,
      })),
    };
    writeFileSync(join(copy, "notebooks", "07-one-neuron.ipynb"), JSON.stringify(notebook));

    assert.match(run("build"), /now lists 7 experiments/);
    run("report", "--", "07", "--set", "epochs=3");
    const [report] = readdirSync(join(copy, "reports")).filter((name) => name.startsWith("07-one-neuron"));
    const page = readFileSync(join(copy, "reports", report), "utf8");
    assert.match(page, /Measured here/);
    assert.match(page, /That one neuron is enough: does not hold\./);

    assert.throws(() => run("report", "--", "07", "--set", "epochs=-1"), /epochs must be a whole number/);
    run("evidence", "--", "07", "--seeds", "30", "--set", "epochs=3");
    assert.equal(readdirSync(join(copy, "notebooks", "evidence", "07-one-neuron")).length, 1);
    run("report", "--", "07", "--set", "epochs=3");
    const again = readFileSync(join(copy, "reports", report), "utf8");
    assert.match(again, /Recorded.*30 seeds, 700001 to 700030/s);
  });
});
