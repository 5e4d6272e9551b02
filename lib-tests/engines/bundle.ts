/** What engines are asked: program.ts and trainings.ts as one script, and what it should say. */
import { buildSync } from "esbuild";
import { goldenValues } from "./golden.js";

/** The script, which leaves `program`; bundled as for a browser, which fails if the core uses an API of Node. */
export function bundle(): string {
  const contents = `export { isSupported } from "../../src/core/compile/module.js";
    export { results } from "./program.js";
    export { trainings } from "./trainings.js";`;
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: __dirname },
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "program",
    write: false,
  });
  return outputFiles[0].text;
}

/** Asks whether the engine writes WebAssembly, and what it computes. */
export const ANSWER = "({ isSupported: program.isSupported(), results: program.results() })";

/** The right answer. */
export const answer = (isSupported: boolean): object => ({ isSupported, results: goldenValues() });
