/**
 * Build step: bundles the browser's code beside the compiled modules. Plotly is minified and gzipped (a page or a
 * notebook carries about 2 MB of base64 instead of a library of 10 MB); with it come the code of charts and panels, and
 * a worker for each demonstration.
 */
import { writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildOptions, buildSync } from "esbuild";
import {
  CLIENT_BUNDLE_PATH,
  PANEL_BUNDLE_PATH,
  PLOTLY_BUNDLE_PATH,
  workerBundlePath,
} from "../display/bundles.js";
import { demonstrations } from "../live/demonstrations.js";
import { exportName } from "./experiments.js";
import { notices } from "./notices.js";

const root = join(__dirname, "..", "..", "..");

function build(options: BuildOptions): Uint8Array {
  const { outputFiles, metafile } = buildSync({
    bundle: true,
    minify: true,
    target: "es2022",
    loader: { ".css": "text" },
    legalComments: "inline",
    logLevel: "error",
    ...options,
    absWorkingDir: root,
    metafile: true,
    write: false,
  });
  const inputs = Object.keys(metafile.inputs).map((path) => posix.join(root, path));
  return Buffer.concat([Buffer.from(notices(inputs)), outputFiles[0].contents]);
}

// the library's modules one by one, of which a worker gets those it needs; its one big file would come whole
const alias = { "ml-matrix": join(dirname(require.resolve("ml-matrix")), "src", "index.js") };

const display = join(root, "src", "display");
const packed = (code: Uint8Array): Uint8Array => gzipSync(code, { level: 9 });
const client = (folder: string): Uint8Array => build({ entryPoints: [join(display, folder, "main.ts")] });

writeFileSync(
  PLOTLY_BUNDLE_PATH,
  packed(build({ entryPoints: [require.resolve("plotly.js-dist")], bundle: false })),
);
writeFileSync(CLIENT_BUNDLE_PATH, client("client"));
writeFileSync(PANEL_BUNDLE_PATH, client("panel"));
for (const notebook of Object.keys(demonstrations)) {
  const folder = notebook.replace(/^\d+-/, "");
  const name = exportName(folder);
  const contents = `import { serve } from "./worker.js";
    import { demonstrationOf } from "../../live/demonstration.js";
    import { ${name} } from "../../experiments/${folder}/index.js";
    serve(demonstrationOf(${name}));`;
  const stdin = { contents, resolveDir: join(display, "panel") };
  writeFileSync(workerBundlePath(notebook), packed(build({ stdin, alias })));
}
