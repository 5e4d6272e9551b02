/** What environment.md says of each dependency is what package.json and its lock file have. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";

/** An entry of the lock file. */
interface Locked {
  license?: string;
  dev?: boolean;
  link?: boolean;
}

const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), "utf8");
const manifest: Record<"dependencies" | "devDependencies", Record<string, string>> = JSON.parse(
  read("package.json"),
);
const locked: Record<string, Locked> = JSON.parse(read("package-lock.json")).packages;

/** A package's licence, as the lock file has it; one is a text of its own, another is ours. */
function licenceOf(name: string): string {
  if (name === "glass-house") return "MIT";
  if (name === "dejavu-fonts-ttf") return "Bitstream Vera";
  return locked[`node_modules/${name}`].license?.replace(/^\((.*)\)$/, "$1") ?? "";
}

describe("the dependencies", () => {
  const section = /^## Dependencies and their purposes\n(.*?)^## /ms.exec(read("environment.md"))?.[1] ?? "";
  const [run, development] = section.split("For development only:");

  /** Each package that a table lists, with its licence; `@types/…` stands for all of these. */
  const listed = (tables: string): [name: string, licence: string][] =>
    [...tables.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)]
      .slice(2)
      .flatMap(([, names, why, licences]) => {
        assert.match(why, /\w/);
        const licence = licences.trim().split(", ");
        return names.split(",").map((name, i): [string, string] => [name.trim().split(" ")[0], licence[i]]);
      });

  it("have a line each, with the purpose and the licence, and there are no others", () => {
    for (const [tables, kind] of [
      [run, "dependencies"],
      [development, "devDependencies"],
    ] as const) {
      const names = Object.keys(manifest[kind]);
      const told = listed(tables).flatMap(([name, licence]) =>
        name === "@types/…"
          ? names.filter((one) => one.startsWith("@types/")).map((one) => [one, licence])
          : [[name, licence]],
      );
      const expected = names.map((name) => [name, licenceOf(name)]);
      assert.deepEqual(told.sort(), expected.sort());
    }
  });

  it("need in turn packages under the licences that are listed", () => {
    const [, text] = /^What these need in turn is licensed under ([\s\S]*?)\.$/m.exec(run) ?? [];
    const licences = Object.entries(locked).flatMap(([path, { license, dev, link }]) => {
      const name = path.replace(/^node_modules\//, "");
      return name === "" || dev || link || name in manifest.dependencies ? [] : [license];
    });
    assert.deepEqual(text.split(/,\s+|\s+or\s+/).sort(), [...new Set(licences)].sort());
  });

  it("have install scripts only where package.json denies them", () => {
    const { allowScripts } = JSON.parse(read("package.json"));
    const withScript = Object.entries(locked)
      .filter(([, entry]) => "hasInstallScript" in entry)
      .map(([path]) => path.replace(/^.*node_modules\//, ""));
    assert.deepEqual(allowScripts, Object.fromEntries(withScript.map((name) => [name, false])));
  });
});
