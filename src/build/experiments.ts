/**
 * Build step: writes `src/experiments/index.ts` from the folders beside it, so that a new experiment needs only a folder.
 * Compiles again if the file changed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT: string = join(__dirname, "..", "..", "..");
const FOLDER: string = join(ROOT, "src", "experiments");

/** The name under which a folder exports its experiment: the folder's name in camel case. */
export function exportName(folder: string): string {
  return folder.replace(/-./g, (dash) => dash[1].toUpperCase());
}

/**
 * The text of the file.
 *
 * @param folders - names of the experiments' folders
 */
function indexText(folders: readonly string[]): string {
  const sorted = [...folders].sort();
  const names = sorted.map(exportName);
  const imports = [
    ...sorted.map((folder, i) => [`${folder}/index.js`, `{ ${names[i]} }`]),
    ["experiment.js", "type { AnyExperiment }"],
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    "/** The experiments by their notebooks. The build writes this file from the folders beside it. */",
    ...imports.map(([path, what]) => `import ${what} from "./${path}";`),
    "",
    ...sorted.map((folder) => `export * from "./${folder}/index.js";`),
    "",
    "const all: AnyExperiment[] = [];",
    ...names.map((name) => `all.push(${name});`),
    "",
    "/** Every experiment by the name of its notebook, in their order. */",
    "export const experiments: Readonly<Record<string, AnyExperiment>> = Object.fromEntries(",
    "  all",
    "    .map((experiment): [string, AnyExperiment] => [experiment.name, experiment])",
    "    .sort(([a], [b]) => (a < b ? -1 : 1)),",
    ");",
    "",
  ].join("\n");
}

if (require.main === module) {
  const folders = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, "index.ts")));
  const file = join(FOLDER, "index.ts");
  const text = indexText(folders);
  if (readFileSync(file, "utf8") !== text) {
    writeFileSync(file, text);
    console.log(`src/experiments/index.ts now lists ${folders.length} experiments`);
    execFileSync(process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc")], {
      cwd: ROOT,
      stdio: "inherit",
    });
  }
}
