/**
 * The house has storeys: who may import whom, types included, read from the import statements of src/. That the
 * lower ones use no global of Node or of a browser either is what `tsconfig.core.json` checks.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import type TypeScript from "@tslab/typescript-for-tslab";
import { PACKAGE_ROOT } from "../src/report/kernel-command.js";

const ts: typeof TypeScript = createRequire(require.resolve("tslab/package.json"))(
  "@tslab/typescript-for-tslab",
);

/** What each part may import beside its own files; "*" is any package. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ["ml-matrix", "seedrandom", "zod/mini"],
  experiments: ["core/", "ml-matrix", "zod/mini"],
  charts: ["core/", "experiments/", "plotly.js-dist"],
  // what ties an experiment's measurements to its figures; nothing of experiments/ or charts/ sees it
  "experiments/index.ts": ["core/", "experiments/", "charts/", "timing/", "ml-matrix", "zod/mini"],
  // the essay's conclusions, by the lines of all verdicts
  closing: ["experiments/"],
  live: ["core/", "experiments/", "experiments/index.ts/", "evidence/", "charts/", "ml-matrix", "zod/mini"],
  display: [
    "experiments/",
    "experiments/index.ts/",
    "evidence/",
    "evidence/load.ts/",
    "sweep/",
    "charts/",
    "live/",
    "closing/",
    "*",
  ],
  // what is recorded, for pages, too; above it what finds it on a disk, and the command that records it
  evidence: ["core/", "experiments/", "zod/mini"],
  "evidence/load.ts": ["evidence/", "*"],
  "evidence/command": [
    "core/",
    "experiments/",
    "experiments/index.ts/",
    "evidence/",
    "evidence/load.ts/",
    "report/",
    "sweep/",
    "*",
  ],
  build: ["experiments/", "experiments/index.ts/", "evidence/load.ts/", "live/", "display/", "sweep/", "*"],
  report: ["experiments/", "experiments/index.ts/", "charts/", "live/", "closing/", "display/", "*"],
  sweep: ["core/", "experiments/", "*"],
  timing: ["core/", "experiments/", "zod/mini"],
  // what looks at what a cell hands over
  "checked.ts": ["core/", "experiments/", "ml-matrix", "zod/mini"],
  "index.ts": [
    "checked.ts/",
    "core/",
    "experiments/",
    "experiments/index.ts/",
    "charts/",
    "display/",
    "sweep/",
  ],
};

/** What each file of src/ imports: files of src/, and packages by their name. */
type Imports = ReadonlyMap<string, readonly string[]>;

function importsOf(source: string): Imports {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts"));
  return new Map(files.map((file) => [file, namesIn(file, readFileSync(join(source, file), "utf8"))]));
}

/** What the text of a file imports, by import, export … from, import() or require. */
function namesIn(file: string, text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => resolved(file, fileName));
}

/** An imported name as a path in src/, beginning with ./, or as that of a package. */
function resolved(from: string, name: string): string {
  if (!name.startsWith(".")) return name;
  return `./${posix.join(posix.dirname(from), name).replace(/\.js$/, ".ts")}`;
}

/** Files that are a storey of their own, above the rest of their folder. */
const STOREYS: readonly [files: RegExp, part: string][] = [
  // what ties an experiment's measurements to its figures
  [/^experiments\/(?:(?:[^/]+\/)?index|experiment|panel)\.ts$/, "experiments/index.ts"],
  [/^evidence\/(?:load|digests)\.ts$/, "evidence/load.ts"],
  [/^evidence\/command\//, "evidence/command"],
];

const partOf = (file: string): string =>
  STOREYS.find(([files]) => files.test(file))?.[1] ?? file.split("/")[0];

/** The imports that no arrow allows. */
function wrongArrows(imports: Imports): string[] {
  return [...imports].flatMap(([file, names]) => {
    const allowed = MAY_IMPORT[partOf(file)] ?? [];
    const isAllowed = (name: string): boolean => {
      if (!name.startsWith("./")) return allowed.includes(name) || allowed.includes("*");
      const part = partOf(name.slice(2));
      return part === partOf(file) || allowed.includes(`${part}/`);
    };
    return names.filter((name) => !isAllowed(name)).map((name) => `${file} -> ${name}`);
  });
}

/** The files that import themselves, by way of others. */
function filesInCircles(imports: Imports): string[] {
  const reaches = (goal: string): boolean => {
    const seen = new Set<string>();
    const visit = (file: string): boolean =>
      (imports.get(file) ?? []).some((name) => {
        const next = name.slice(2);
        if (next === goal) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return visit(next);
      });
    return visit(goal);
  };
  return [...imports.keys()].filter(reaches).sort();
}

describe("the files of src/", () => {
  const imports = importsOf(join(PACKAGE_ROOT, "src"));

  it("import only what the arrows allow", () => {
    assert.deepEqual(wrongArrows(imports), []);
  });

  it("import themselves by no way round", () => {
    assert.deepEqual(filesInCircles(imports), []);
  });

  for (const [file, text, wrong] of [
    ["core/random.ts", `import "../charts/figure.js"`, "./charts/figure.ts"],
    ["core/random.ts", `export type { Figure } from "../charts/figure.js"`, "./charts/figure.ts"],
    ["core/random.ts", `const { join } = require("node:path")`, "node:path"],
    ["core/moons.ts", `const zod = await import("zod")`, "zod"],
    ["experiments/task.ts", `import { plot } from "../charts/figure.js"`, "./charts/figure.ts"],
    ["charts/tiles.ts", `import type { Progress } from "../display/progress.js"`, "./display/progress.ts"],
    ["display/show.ts", `import { run } from "../report/run.js"`, "./report/run.ts"],
    ["display/show.ts", `import { train } from "../core/network/train.js"`, "./core/network/train.ts"],
    ["evidence/file.ts", `import { load } from "./load.js"`, "./evidence/load.ts"],
    ["evidence/load.ts", `import { merge } from "./command/merge.js"`, "./evidence/command/merge.ts"],
    ["new/file.ts", `import { train } from "../core/network/train.js"`, "./core/network/train.ts"],
  ]) {
    it(`would be found where ${file} has ${text}`, () => {
      assert.deepEqual(wrongArrows(new Map([[file, namesIn(file, text)]])), [`${file} -> ${wrong}`]);
    });
  }

  it("would be found in a circle", () => {
    const toy = new Map([
      ["a.ts", ["./b.ts"]],
      ["b.ts", ["./c.ts", "./d.ts"]],
      ["c.ts", ["./b.ts"]],
      ["d.ts", ["zod"]],
    ]);
    assert.deepEqual(filesInCircles(toy), ["b.ts", "c.ts"]);
  });
});
