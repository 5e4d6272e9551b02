/** What a cell can import is what environment.md lists; what is listed for a notebook, that notebook uses. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";
import { readNotebook } from "../src/report/notebook.js";

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), "utf8");

describe("what a cell can import", () => {
  const values = Object.keys(require("glass-house"));
  const types = [...read("src/index.ts").matchAll(/\btype (?:(\w+)|\{([^}]+)\})/g)].flatMap(
    ([, one, several]) => (one ? [one] : several.match(/\w+/g)),
  );
  const [, section] = /^## The package, whole\n(.*?)^## /ms.exec(read("environment.md")) ?? [];
  assert.ok(section, "environment.md has the section");

  it("is what environment.md lists, once each", () => {
    const listed = [...section.matchAll(/`(\w+)[^`]*`/g)].map(([, name]) => name);
    assert.deepEqual(listed.sort(), [...values, ...types].sort());
  });

  for (const [, name, list] of section.matchAll(/^- \*\*(\S+)\*\*: (.*?)\.$/gms)) {
    it(`for ${name} is what its cells use`, () => {
      const code = readNotebook(join(PACKAGE_ROOT, "notebooks", `${name}.ipynb`)).cells.flatMap((cell) =>
        cell.cell_type === "code" ? cell.source.match(/\w+/g) : [],
      );
      const listed = list.match(/\w+(?=`)/g)?.filter((word) => values.includes(word)) ?? [];
      assert.notEqual(listed.length, 0);
      assert.deepEqual(
        listed.filter((word) => code.filter((used) => used === word).length < 2),
        [],
      );
    });
  }
});
