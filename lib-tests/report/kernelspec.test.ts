import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { kernelCommand } from "../../src/report/kernel-command.js";
import { freshFolder } from "./toys.js";

const KERNELSPEC = join(__dirname, "../../src/report/kernelspec.js");

describe("npm run kernelspec", () => {
  const folder = freshFolder();
  const file = (): string => join(folder(), "kernels", "tslab", "kernel.json");

  function run(...args: string[]): { code: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [KERNELSPEC, ...args], {
      encoding: "utf8",
      env: { ...process.env, JUPYTER_DATA_DIR: folder() },
    });
    return { code: status, stdout, stderr };
  }

  function foreign(program = "tslab"): string {
    const theirs = JSON.stringify({
      argv: [program, "kernel"],
      display_name: "TypeScript",
      language: "typescript",
    });
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(file(), theirs);
    writeFileSync(join(dirname(file()), "logo-64x64.png"), "");
    return theirs;
  }

  it("registers the kernel, again without harm, and takes it back", () => {
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(run("install"), { code: 0, stdout: `registered ${file()}\n`, stderr: "" });
    }
    const { argv, language } = JSON.parse(readFileSync(file(), "utf8"));
    assert.deepEqual(argv, kernelCommand("{connection_file}"));
    assert.ok(argv.slice(0, 2).every(isAbsolute));
    assert.equal(language, "typescript");
    assert.equal(run("remove").code, 0);
    assert.deepEqual(readdirSync(join(folder(), "kernels")), []);
    assert.match(run("remove").stdout, /^nothing to remove: /);
  });

  it("leaves the kernel of others alone", () => {
    const theirs = foreign();
    for (const action of ["install", "remove"]) {
      const { code, stderr } = run(action);
      assert.equal(code, 2);
      assert.match(stderr, /kernel\.json was registered by another program/);
      assert.equal(readFileSync(file(), "utf8"), theirs);
    }
  });

  it("replaces the kernel of others when forced to, and puts it back", () => {
    const theirs = foreign();
    assert.equal(run("install", "--force").code, 0);
    assert.notEqual(readFileSync(file(), "utf8"), theirs);
    assert.equal(run("install", "--force").code, 0);
    assert.equal(run("remove").code, 0);
    assert.equal(readFileSync(file(), "utf8"), theirs);
    assert.deepEqual(readdirSync(dirname(file())).sort(), ["kernel.json", "logo-64x64.png"]);
  });

  it("loses none of several kernels of others", () => {
    const theirs = ["first", "second"].map((name) => {
      const text = foreign(name);
      assert.equal(run("install", "--force").code, 0);
      return text;
    });
    assert.equal(run("remove").code, 0);
    assert.equal(readFileSync(file(), "utf8"), theirs[1]);
    assert.equal(run("remove").code, 2);
    // nothing stands in the way of the one before but the one after it
    rmSync(file());
    assert.equal(run("install").code, 0);
    assert.equal(run("remove").code, 0);
    assert.equal(readFileSync(file(), "utf8"), theirs[0]);
  });

  it("tells how it is used", () => {
    for (const args of [[], ["reinstall"], ["install", "twice"], ["remove", "--force"]]) {
      const { code, stderr } = run(...args);
      assert.equal(code, 2);
      assert.match(stderr, /^npm run kernelspec /);
    }
    assert.equal(run("--nonsense").code, 2);
    assert.equal(existsSync(file()), false);
  });
});
