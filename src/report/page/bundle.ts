/**
 * Build step for what goes into every page, written beside the compiled modules: our style, KaTeX's style
 * with its fonts as data URIs, and our scripts for the browser.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { KATEX_STYLE_PATH, PAGE_STYLE_PATH, type ScriptName, scriptPath } from "./assets.js";

/** This folder's sources, seen from where the compiled module lies. */
const SOURCE = join(__dirname, "..", "..", "..", "..", "src", "report", "page");

function bundled(contents: string, resolveDir: string, loader: "css" | "ts"): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir, loader },
    bundle: true,
    minify: true,
    charset: "utf8",
    loader: { ".woff2": "dataurl" },
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** Every browser that can run a page of ours reads woff2. */
function withoutOldFonts(css: string): string {
  return css.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\("\w+"\)/g, "");
}

const katexStyle = require.resolve("katex/dist/katex.min.css");
writeFileSync(PAGE_STYLE_PATH, bundled('@import "./page.css";', SOURCE, "css"));
writeFileSync(
  KATEX_STYLE_PATH,
  bundled(withoutOldFonts(readFileSync(katexStyle, "utf8")), dirname(katexStyle), "css"),
);
for (const name of ["head", "page"] satisfies ScriptName[]) {
  writeFileSync(scriptPath(name), bundled(`import "./${name}.ts";`, join(SOURCE, "client"), "ts"));
}
