/**
 * Build step: the declarations of the package for a notebook's compiler, which goes through all that it has read twice
 * a cell. One file has them all, and no library's but ml-matrix's; another lists what of them a cell may import.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

/** The libraries in whose place the declarations have types of our own. */
const REPLACED: readonly string[] = ["plotly.js-dist", "zod/mini"];
/** The lists of exported names that end what is rolled up. */
const LIST = /^export (?:type )?\{[^}]*\};\n?/gm;

async function rolledUp(): Promise<string> {
  const plainTypes = join(__dirname, "plain-types.d.ts");
  const bundle = await rollup({
    input: join(__dirname, "..", "index.d.ts"),
    external: ["ml-matrix"],
    plugins: [{ name: "plain-types", resolveId: (id) => (REPLACED.includes(id) ? plainTypes : null) }, dts()],
    onwarn({ code, message }) {
      // modules use more of those types than is declared for cells
      if (code !== "MISSING_EXPORT") throw new Error(`the declarations cannot be rolled up: ${message}`);
    },
  });
  const { output } = await bundle.generate({});
  return output[0].code;
}

async function main(): Promise<void> {
  const code = await rolledUp();
  const lists = code.match(LIST) ?? [];
  // without a list all that a file declares is exported: a cell's variable may have a type that is not listed, and the
  // kernel must be able to name it
  const declarations = code
    .replace(LIST, "")
    // a notebook's help shows comments as they stand
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
