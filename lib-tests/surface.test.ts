/** What a cell can import: environment.md lists what is of general use, and the rest is used by a notebook. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exportName } from "../src/build/experiments.js";
import { experiments } from "../src/experiments/index.js";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";
import { readNotebook } from "../src/report/notebook.js";

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), "utf8");
const codeOf = (file: string): string[] =>
  readNotebook(join(PACKAGE_ROOT, "notebooks", file)).cells.flatMap((cell) =>
    cell.cell_type === "code" ? (cell.source.match(/\w+/g) ?? []) : [],
  );

describe("what a cell can import", () => {
  const all = Object.keys(require("glass-house"));
  const types = [...read("src/index.ts").matchAll(/\btype (?:(\w+)|\{([^}]+)\})/g)].flatMap(
    ([, one, several]) => (one ? [one] : (several.match(/\w+/g) ?? [])),
  );
  const section = /^## The package, whole\n(.*?)^## /ms.exec(read("environment.md"))?.[1] ?? "";
  const tables = section.slice(0, section.indexOf("You can also import"));
  const listed = [...tables.matchAll(/`(\w+)[^`]*`/g)].map(([, name]) => name);
  const notebooks = readdirSync(join(PACKAGE_ROOT, "notebooks")).filter((file) => file.endsWith(".ipynb"));
  const words = notebooks.map(codeOf);
  // once where it is imported, once where it is used
  const isUsed = (name: string): boolean =>
    words.some((own) => own.filter((word) => word === name).length > 1);

  it("is listed in environment.md at most once, and nothing else is", () => {
    const known = [...all, ...types];
    assert.deepEqual(
      listed.filter((name, i) => !known.includes(name) || listed.indexOf(name) !== i),
      [],
    );
  });

  it("is listed there or used by a notebook, whatever it is", () => {
    assert.deepEqual(
      all.filter((name) => !listed.includes(name) && !isUsed(name)),
      [],
    );
    assert.deepEqual(
      types.filter((name) => !listed.includes(name)),
      [],
    );
  });

  it("has every experiment by its folder's name, and the section names them", () => {
    for (const name of Object.keys(experiments)) {
      const camel = exportName(name.replace(/^\d+-/, ""));
      assert.equal(require("glass-house")[camel].name, name);
      assert.ok(section.includes(`\`${camel}\``), camel);
    }
  });
});
