/**
 * Build step: writes the package's declarations for a notebook's compiler, which checks everything it has read twice per
 * cell. One file has all of them, without those of libraries except ml-matrix; another lists what a cell may import.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

/** The libraries whose types are replaced by short ones. */
const REPLACED: readonly string[] = ["plotly.js-dist", "zod/mini"];
/** The lists of exported names at the end of the bundle. */
const LIST = /^export (?:type )?\{[^}]*\};\n?/gm;
/** A function that looks at its arguments, then calls the one of its name, which has the comment. */
const CHECKED = /^declare const (\w+): typeof \1\$1;\n/gm;

async function rolledUp(): Promise<string> {
  const plainTypes = join(__dirname, "plain-types.d.ts");
  const bundle = await rollup({
    input: join(__dirname, "..", "index.d.ts"),
    external: ["ml-matrix"],
    plugins: [{ name: "plain-types", resolveId: (id) => (REPLACED.includes(id) ? plainTypes : null) }, dts()],
    onwarn({ code, message }) {
      // modules use more of those libraries' types than plain-types.ts declares
      if (code !== "MISSING_EXPORT") throw new Error(`cannot bundle the declarations: ${message}`);
    },
  });
  const { output } = await bundle.generate({});
  return output[0].code;
}

async function main(): Promise<void> {
  const code = await rolledUp();
  const lists = code.match(LIST) ?? [];
  const checked = new Set([...code.matchAll(CHECKED)].map(([, name]) => name));
  // without such a list, everything the file declares is exported: a cell's variable may have a type that is not
  // listed, and the kernel must be able to name it
  const declarations = code
    .replace(LIST, "")
    .replace(CHECKED, "")
    .replaceAll(/\b(\w+)\$1\b/g, (text, name) => (checked.has(name) ? name : text))
    // a notebook's help shows comments verbatim
    .replaceAll(/\{@link (\w+)\}/g, "`$1`");
  writeFileSync(join(__dirname, "..", "declarations.d.ts"), declarations);
  writeFileSync(
    join(__dirname, "..", "glass-house.d.ts"),
    lists.map((list) => list.replace(/;\n?$/, ' from "./declarations";\n')).join(""),
  );
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
