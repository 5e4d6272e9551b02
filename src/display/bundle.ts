/**
 * Build step for the browser's code, written beside the compiled modules: Plotly minified and gzipped (a
 * page or a notebook carries about 2 MB of base64 instead of the 10 MB library), and our runtime.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { CLIENT_BUNDLE_PATH, PLOTLY_BUNDLE_PATH } from "./bundles.js";

function build(entry: string, bundle: boolean): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle,
    minify: true,
    target: "es2022",
    write: false,
    legalComments: "inline",
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

const root = join(__dirname, "..", "..", "..");
writeFileSync(PLOTLY_BUNDLE_PATH, gzipSync(build(require.resolve("plotly.js-dist"), false), { level: 9 }));
writeFileSync(CLIENT_BUNDLE_PATH, build(join(root, "src", "display", "client", "main.ts"), true));
