/** The package as `npm pack` makes it, in another folder, beside nothing but the packages that it says it needs. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { reproducible } from "../support/readme.js";

const ours = join(PACKAGE_ROOT, "node_modules");

/** Unpacks the package in the folder's node_modules, with links there to its dependencies. */
function install(folder: string): void {
  const packages = join(folder, "node_modules");
  mkdirSync(packages);
  // the build is there; making it again is the business of other tests
  const pack = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
  execFileSync("npm", pack, { cwd: PACKAGE_ROOT, shell: process.platform === "win32" });
  const [archive] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", archive], { cwd: folder });
  const home = join(packages, "glass-house");
  renameSync(join(folder, "package"), home);
  const { dependencies } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(packages, name)), { recursive: true });
    symlinkSync(join(ours, name), join(packages, name), "junction");
  }
}

describe("the package, installed elsewhere", function () {
  this.timeout(180_000);
  let folder: string;
  let home: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "elsewhere-"));
    install(folder);
    home = join(folder, "node_modules", "glass-house");
  });
  after(() => rmSync(folder, { recursive: true }));

  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });

  it("has the code, the notebooks, their evidence and the guide, and asks for no folder of ours", () => {
    assert.deepEqual(readdirSync(home).sort(), [
      "LICENSE",
      "README.md",
      "dist",
      "environment.md",
      "notebooks",
      "package.json",
    ]);
    const committed = (path: string): string[] => readdirSync(join(PACKAGE_ROOT, "notebooks", path));
    const isText = (name: string): boolean => /\.(ipynb|jsonl)$/.test(name);
    assert.deepEqual(readdirSync(join(home, "notebooks")).filter(isText), committed("").filter(isText));
    for (const name of committed("evidence").filter((name) => !name.includes("."))) {
      assert.deepEqual(
        readdirSync(join(home, "notebooks", "evidence", name)),
        committed(join("evidence", name)).filter(isText),
      );
    }
    const { dependencies } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
    for (const range of Object.values(dependencies)) assert.match(String(range), /^\^\d/);
  });

  it("gives a program of either kind the README's result, and opens nothing but what `exports` lists", () => {
    const { program, printed } = reproducible(readFileSync(join(home, "README.md"), "utf8"));
    assert.equal(node("-e", program), printed);
    const modern = program.replace(/const (\{.*\}) = require\((.*)\);/, "import $1 from $2;");
    assert.notEqual(modern, program);
    assert.equal(node("--input-type=module", "-e", modern), printed);
    assert.equal(node("-p", `require("glass-house/package.json").name`), "glass-house\n");
    assert.throws(
      () => node("-e", `require("glass-house/dist/src/core/random.js")`),
      /ERR_PACKAGE_PATH_NOT_EXPORTED/,
    );
  });

  it("has types under each way to look for them, and they find a mistake", () => {
    writeFileSync(
      join(folder, "program.ts"),
      `import { baseline, measureBaseline, train, type Training } from "glass-house";
      const loss: number = measureBaseline(baseline.parameters({ seed: 1 })).testLoss;
      const training = (options: Parameters<typeof train>[0]): Training => train(options);
      // @ts-expect-error a loss is a number
      const text: string = training({} as never).history[0].train.loss;
      console.log(loss, text);`,
    );
    const compile = (compiler: string, options: string): string =>
      node(
        join(ours, compiler),
        ..."--noEmit --strict --ignoreConfig --target es2022".split(" "),
        ...options.split(" "),
        "program.ts",
      );
    for (const options of [
      "--module node20",
      "--module preserve",
      "--module esnext --moduleResolution bundler",
    ]) {
      compile("typescript/bin/tsc", options);
    }
    const older = "--module commonjs --moduleResolution node10 --ignoreDeprecations 6.0";
    compile("@typescript/typescript6/bin/tsc6", older);
  });

  it("runs its notebooks", () => {
    const cli = join(home, "dist", "src", "report", "cli.js");
    const options = "--set epochs=3 --set sweepSeeds=2 --set firstSeed=1 --out reports";
    const out = node(cli, "01", ...options.split(" "));
    assert.match(out, /^ok +01-baseline /m);
    assert.ok(readdirSync(join(folder, "reports")).includes("index.html"));
  });
});
