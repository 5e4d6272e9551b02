/** The rolled-up declarations against those that the compiler wrote, a file a module. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type TypeScript from "@tslab/typescript-for-tslab";
import type * as Plotly from "plotly.js-dist";
import type * as plain from "../../src/build/plain-types.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";

const ts: typeof TypeScript = createRequire(require.resolve("tslab"))("@tslab/typescript-for-tslab");
const dist = (file: string): string => join(PACKAGE_ROOT, "dist", "src", file);

/** What an object has by name; an interface without an index signature is not assignable to one with. */
type Named<T> = { [Name in keyof T as string extends Name ? never : Name]: T[Name] };

function programOf(...files: string[]): TypeScript.Program {
  return ts.createProgram(files.map(dist), {
    moduleResolution: ts.ModuleResolutionKind.Node10,
    target: ts.ScriptTarget.ES2022,
    types: [],
  });
}

/** What can be imported from a file. */
function exportsOf(file: string): string[] {
  const program = programOf(file);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(dist(file)) as TypeScript.SourceFile);
  return checker
    .getExportsOfModule(module as TypeScript.Symbol)
    .map((symbol) => {
      const { name, flags } = ts.SymbolFlags.Alias & symbol.flags ? checker.getAliasedSymbol(symbol) : symbol;
      return `${name}: ${flags & ts.SymbolFlags.Value ? "value" : "type"}`;
    })
    .sort();
}

/** The text of each declaration and its comment, but for what rolling up is to change. */
function declarationsIn(file: TypeScript.SourceFile): string[] {
  return file.statements
    .filter((statement) => !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement))
    .map((statement) => {
      const comment = ts.getLeadingCommentRanges(file.text, statement.pos)?.at(-1);
      const text = statement
        .getText(file)
        .replace(/^(?:export )?(?:declare )?/, "")
        .replaceAll(/\b(?:Plotly|z)\.(?=[A-Z])/g, "")
        .replaceAll(/\$\d/g, "");
      return `${comment ? file.text.slice(comment.pos, comment.end) : ""} ${text}`
        .replaceAll(/\{@link (\w+)\}/g, "`$1`")
        .replaceAll(/\s+/g, " ");
    });
}

describe("the rolled-up declarations", () => {
  it("export what src/index.ts exports", () => {
    assert.deepEqual(exportsOf("glass-house.d.ts"), exportsOf("index.d.ts"));
  });

  it("say the same as those of the files, comments included", () => {
    const files = programOf("index.d.ts", "build/plain-types.d.ts").getSourceFiles();
    const written = new Set(files.flatMap(declarationsIn));
    const rolledUp = programOf("declarations.d.ts").getSourceFile(dist("declarations.d.ts"));
    const declarations = declarationsIn(rolledUp as TypeScript.SourceFile);
    assert.ok(declarations.length > 300);
    assert.deepEqual(
      declarations.filter((declaration) => !written.has(declaration)),
      [],
    );
  });

  it("have the comment of a function that looks at its arguments first", () => {
    const text = readFileSync(dist("declarations.d.ts"), "utf8");
    assert.doesNotMatch(text, /: typeof /);
    assert.match(text, /\*\/\ndeclare function forward\(network: Network,/);
  });

  // the compiler checks it: the figures that we make are of Plotly's types
  it("allow a cell what Plotly allows", () => {
    const trace = (given: Plotly.Data): Named<plain.Data> => given;
    const layout = (given: Partial<Plotly.Layout>): Named<plain.Layout> => given;
    const frame = (given: Partial<Plotly.Frame>): Named<plain.Frame> => given;
    const config = (given: Partial<Plotly.Config>): Named<plain.Config> => given;
    assert.deepEqual([trace({}), layout({}), frame({}), config({})], [{}, {}, {}, {}]);
  });
});
