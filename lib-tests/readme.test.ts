/** What README.md promises is what comes, and what it and the files beside it point at is there. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { recordedVerdict } from "../src/display/evidence.js";
import { experiments } from "../src/experiments/index.js";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";
import { reproducible } from "./support/readme.js";

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), "utf8");
const DOCUMENTS = ["README.md", "environment.md", ".github/CONTRIBUTING.md", ".github/CHANGELOG.md"];

describe("README.md", () => {
  it("prints the result that its command gives", () => {
    const { program, printed } = reproducible(read("README.md"));
    assert.equal(
      execFileSync(process.execPath, ["-e", program], { cwd: PACKAGE_ROOT, encoding: "utf8" }),
      printed,
    );
  });

  it("has the stamp that the recorded evidence gives each claim", () => {
    const text = read("README.md");
    const told = [...text.matchAll(/^\| \[(\d\d-[\w-]+)\]\(.*\| ([a-z ]+?) +\|$/gm)].map(
      ([, name, stamp]) => [name, stamp],
    );
    const recorded = Object.values(experiments).map((experiment) => [
      experiment.name,
      recordedVerdict(experiment as never, experiment.defaults)?.verdict.stamp,
    ]);
    assert.deepEqual(told, recorded);
  });

  it("shows the house as it is: every folder of src/, and what it names in them", () => {
    const [, plan] = /^ {4}src\/\n((?: {6}.*\n)+)/m.exec(read("README.md")) ?? assert.fail("no plan");
    const path: string[] = [];
    const named = [...plan.matchAll(/^( +)((?:[\w.-]+\/?(?:, )?)+)(?=\s|$)/gm)].flatMap(
      ([, indent, names]) => {
        const depth = indent.length / 2 - 3;
        path.length = depth;
        path[depth] = names.replace("/", "");
        return names.split(", ").map((name) => join(...path.slice(0, depth), name));
      },
    );
    for (const name of named) assert.ok(existsSync(join(PACKAGE_ROOT, "src", name)), name);
    const folders = readdirSync(join(PACKAGE_ROOT, "src")).map((name) =>
      statSync(join(PACKAGE_ROOT, "src", name)).isDirectory() ? join(name, "/") : name,
    );
    assert.deepEqual(named.filter((name) => /^[^/\\]+[/\\]?$/.test(name)).sort(), folders.sort());
  });

  it("asks for the Node.js that package.json asks for", () => {
    const [, version] = /Node\.js\]\(.*?\) ([\d.]+) or later/.exec(read("README.md")) ?? [];
    assert.equal(JSON.parse(read("package.json")).engines.node, `>=${version}`);
  });

  it("cites the version that package.json has, and the changelog begins with", () => {
    const { version } = JSON.parse(read("package.json"));
    assert.equal(/version = \{(.*)\}/.exec(read("README.md"))?.[1], version);
    assert.equal(
      /^## (\S+) \((unreleased|\d{4}-\d\d-\d\d)\)$/m.exec(read(".github/CHANGELOG.md"))?.[1],
      version,
    );
    assert.equal(JSON.parse(read("package-lock.json")).version, version);
  });
});

describe("the documents", () => {
  for (const document of DOCUMENTS) {
    it(`${document} links to files that are there, and names commands that there are`, () => {
      const text = read(document);
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link]) => link);
      const missing = links.filter((link) => !existsSync(join(PACKAGE_ROOT, dirname(document), link)));
      const { scripts } = JSON.parse(read("package.json"));
      const commands = [...text.matchAll(/npm run ([a-z][\w:]*)/g)].map(([, name]) => name);
      const unknown = commands.filter((name) => !(name in scripts));
      assert.deepEqual([missing, unknown], [[], []]);
      assert.ok(links.length + commands.length > 0);
    });
  }

  it("give their commands options, studies and values that there are", () => {
    const lines = DOCUMENTS.flatMap((document) => [
      ...read(document).matchAll(/npm run (\w+) -- ([^`#\n]+)/g),
    ]);
    assert.ok(lines.length > 15);
    const { scripts } = JSON.parse(read("package.json"));
    const help = new Map<string, string>();
    for (const [line, command, options] of lines) {
      if (!help.has(command)) {
        const script = [...scripts[command].split(" ").slice(1), "--help"];
        help.set(command, execFileSync(process.execPath, script, { cwd: PACKAGE_ROOT, encoding: "utf8" }));
      }
      for (const [option] of options.matchAll(/--[a-z][\w-]*/g)) {
        assert.match(help.get(command) as string, new RegExp(`${option}\\b`), line);
      }
      const [, wanted] = /^([\w-]+) /.exec(options) ?? [];
      const one = Object.values(experiments).find(
        ({ name }) => wanted !== undefined && name.includes(wanted),
      );
      for (const [, study] of options.matchAll(/--study (\w+)/g))
        assert.ok(one && study in one.studies, line);
      const values = [...options.matchAll(/--set "(\w+)=([^"]+)"/g)].map(([, name, value]) => [
        name,
        JSON.parse(value),
      ]);
      if (values.length > 0) assert.ok(one?.parameters(Object.fromEntries(values) as never), line);
    }
  });
});
