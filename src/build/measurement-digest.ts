/** Digests the code that measures, to tell recorded results from those of other code. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname } from "node:path";
import type TypeScript from "@tslab/typescript-for-tslab";
import { build, type OnLoadArgs, type OnLoadResult } from "esbuild";

/**
 * Returns 16 hexadecimal digits (of SHA-256) for a function and everything it imports. Comments, paths and texts of
 * several words are ignored: the wording of an error or of a parameter's help changes no number.
 *
 * @param module - path of the module that exports the function, in TypeScript or JavaScript
 * @param name - name of the export
 */
export async function measurementDigest(module: string, name: string): Promise<string> {
  const { outputFiles } = await build({
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
    // must come first: the bundler chooses short names by how often each letter occurs
    plugins: [
      { name: "without-words", setup: ({ onLoad }) => onLoad({ filter: /\.[cm]?[jt]s$/ }, withoutWords) },
    ],
  });
  return createHash("sha256").update(outputFiles[0].contents).digest("hex").slice(0, 16);
}

/** Loads a file without its literals of several words. */
function withoutWords({ path }: OnLoadArgs): OnLoadResult {
  const code = readFileSync(path, "utf8");
  const ts = createRequire(require.resolve("tslab"))("@tslab/typescript-for-tslab") as typeof TypeScript;
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.ES2022);
  const kept: string[] = [];
  let end = 0;
  const leaveOut = (from: number, to: number): void => {
    kept.push(code.slice(end, from));
    end = to;
  };
  const visit = (node: TypeScript.Node): void => {
    const isText =
      ts.isStringLiteralLike(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isTemplateHead(node);
    if (isText && /\s/.test(node.text)) {
      // keep the delimiters: quotes, backticks, or the braces of a template
      const isHole = ts.isTemplateHead(node) || ts.isTemplateMiddle(node);
      leaveOut(node.getStart(file) + 1, node.end - (isHole ? 2 : 1));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { contents: kept.concat(code.slice(end)).join(""), loader: path.endsWith("ts") ? "ts" : "js" };
}
