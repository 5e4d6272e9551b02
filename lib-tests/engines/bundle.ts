/** What engines are asked: program.ts, trainings.ts and again.ts as one script, and what it should say. */
import { buildSync } from "esbuild";
import { goldenValues } from "./golden.js";
import type { Sample } from "./samples.js";

/** The script, which leaves `program`; bundled as for a browser, which fails if core/ or experiments/ use an API of Node. */
export function bundle(): string {
  const contents = `export { isSupported } from "../../src/core/compile/module.js";
    export { again } from "./again.js";
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

/** Measures again what was recorded. */
export const remeasured = (samples: readonly Sample[]): string =>
  `${JSON.stringify(samples.map(({ measured }) => measured))}.map((measured) => ({ measured, text: program.again(measured) }))`;

/** The right answer. */
export const answer = (isSupported: boolean): object => ({ isSupported, results: goldenValues() });
