/** A digest of the code that measures, by which recorded results are told from those of other code. */
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { buildSync } from "esbuild";

/**
 * 16 hexadecimal digits (of SHA-256) for a function and all that it imports. Neither comments nor where the files lie have
 * a part in it.
 *
 * @param module - path of the module that exports it, in TypeScript or JavaScript
 * @param name - of the export
 */
export function measurementDigest(module: string, name: string): string {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export { ${name} } from ${JSON.stringify(`./${basename(module)}`)};`,
      resolveDir: dirname(module),
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  return createHash("sha256").update(outputFiles[0].contents).digest("hex").slice(0, 16);
}
