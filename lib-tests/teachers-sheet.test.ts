/** What environment.md tells teachers of the experiments is what the experiments say. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { experiments } from "../src/experiments/index.js";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";

describe("the teacher's sheet", () => {
  const text = readFileSync(join(PACKAGE_ROOT, "environment.md"), "utf8");
  const [, section] = /^## For teachers\n(.*?)^## /ms.exec(text) ?? [];
  const rows = [...(section ?? "").matchAll(/^\| (.*) \|$/gm)].map(([, row]) =>
    row.split("|").map((cell) => cell.trim()),
  );

  it("has level and minutes of every experiment", () => {
    const told = rows
      .filter(([name]) => name in experiments)
      .map(([name, level, minutes]) => [name, level, minutes]);
    assert.deepEqual(
      told,
      Object.values(experiments).map(({ name, level, minutes }) => [name, level, String(minutes)]),
    );
  });

  it("gives exercises that there are", () => {
    const titlesOf = (name: string): string[] =>
      (experiments[name].panel?.exercises ?? []).map(({ title }) => title);
    const given = rows.filter(([name]) => name in experiments);
    assert.equal(given.length, Object.keys(experiments).length);
    for (const [name, , , , title] of given) assert(titlesOf(name).includes(title), `${name}: ${title}`);
    const [plan] = rows.filter(([minutes]) => minutes === "18-33");
    const quoted = [...plan[1].matchAll(/"([^"]+)"/g)].map(([, title]) => title);
    assert(quoted.length >= 2);
    for (const title of quoted) assert(titlesOf("02-out-of-distribution").includes(title), title);
  });

  it("fills 45 minutes, one after the other", () => {
    const spans = rows.flatMap(([cell]) => {
      const found = /^(\d+)-(\d+)$/.exec(cell);
      return found && Number(found[2]) > Number(found[1]) ? [found.slice(1).map(Number)] : [];
    });
    assert.deepEqual(
      spans.map(([, end]) => end),
      [...spans.slice(1).map(([start]) => start), 45],
    );
    assert.equal(spans[0][0], 0);
  });
});
