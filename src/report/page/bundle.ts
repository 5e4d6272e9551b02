/** Build step: the pages' styles and script, minified; KaTeX's style with its fonts as data URIs. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import { type Asset, assetPath } from "./assets.js";

const SOURCES = join(__dirname, "..", "..", "..", "..", "src", "report", "page");

function bundle(name: Asset, entry: Pick<BuildOptions, "entryPoints" | "stdin">): void {
  const { outputFiles } = buildSync({
    ...entry,
    bundle: true,
    minify: true,
    charset: "utf8",
    target: "es2022",
    loader: { ".woff2": "dataurl" },
    write: false,
    logLevel: "error",
    // light-dark() is kept: the browsers of the last years know it
    supported: { "color-functions": true, nesting: true },
  });
  writeFileSync(assetPath(name), outputFiles[0].contents);
}

const katex = require.resolve("katex/dist/katex.min.css");
// every browser that knows light-dark() reads woff2
const withWoff2Alone = readFileSync(katex, "utf8").replace(
  /,url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)/g,
  "",
);

// a legal comment, which stays
const licence = readFileSync(join(dirname(require.resolve("katex/package.json")), "LICENSE"), "utf8");
const contents = `/*!\nkatex: ${licence}*/\n${withWoff2Alone}`;

bundle("report.css", { entryPoints: [join(SOURCES, "report.css")] });
bundle("index.css", { entryPoints: [join(SOURCES, "index.css")] });
bundle("client.js", { entryPoints: [join(SOURCES, "client", "main.ts")] });
bundle("katex.css", { stdin: { contents, resolveDir: dirname(katex), loader: "css" } });
