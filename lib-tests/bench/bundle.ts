/** What a training needs of this project, in one file: for a fresh process, and to keep the first build as it was. */
import { resolve } from "node:path";
import { buildSync } from "esbuild";

/** The root of the project. */
export const ROOT: string = resolve(__dirname, "../../..");

/** Minified CommonJS of `train`, `createNetwork` and `moonsSplit` as they stand in a checkout's src/core. */
export function bundle(checkout: string, banner = ""): string {
  const contents = `export { moonsSplit } from "./src/core/moons";
    export { createNetwork } from "./src/core/network/initialisation";
    export { train } from "./src/core/network/train";`;
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: checkout, loader: "ts" },
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    nodePaths: [resolve(ROOT, "node_modules")],
    // its modules one by one: of its one large file nothing could be left out
    alias: { "ml-matrix": resolve(ROOT, "node_modules/ml-matrix/src/index.js") },
    banner: { js: banner },
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}
