/**
 * The package as a cell of a notebook sees it: its declarations read by tslab's own compiler, which is older
 * than the one that wrote them. What that one cannot read becomes `any` in the notebook, silently; here it is
 * found.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import type TypeScript from "@tslab/typescript-for-tslab";
import { type Converter, createConverter } from "tslab/dist/converter";

const tslab = require.resolve("tslab/package.json");
const ts: typeof TypeScript = createRequire(tslab)("@tslab/typescript-for-tslab");
const root = dirname(require.resolve("glass-house/package.json"));
const declarations = join(root, "dist", "src", sep);

/** The options of tslab's converter, except that it looks into declarations as well. */
const options: TypeScript.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2020,
  lib: ["lib.es2020.d.ts"],
  types: ["node"],
  noEmit: true,
  skipLibCheck: false,
};

const cell = join(root, "cell.ts");

/** What the compiler makes of a cell. */
function programOf(source: string): TypeScript.Program {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === cell || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === cell
      ? ts.createSourceFile(cell, source, options.target as number)
      : getSourceFile(path, ...rest);
  return ts.createProgram([cell], options, host);
}

/** What is wrong with the types in a cell, and in those files that it draws in which `counts` picks. */
function typesLost(source: string, counts: (path: string) => boolean = () => false): string[] {
  const program = programOf(source);
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles().filter(({ fileName }) => fileName === cell || counts(fileName));
  return files.flatMap((file) => {
    const at = (position: number, text: string): string =>
      `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(position).line + 1}: ${text}`;
    const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start = 0, messageText }) => at(start, ts.flattenDiagnosticMessageText(messageText, "\n")),
    );
    const visit = (node: TypeScript.Node): void => {
      if (isTyped(node) && checker.getTypeAtLocation(node).flags & ts.TypeFlags.Any) {
        problems.push(at(node.getStart(), `any: ${node.getText()}`));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return problems;
  });
}

/** Whether the node is a type, or a name that is given one. */
function isTyped(node: TypeScript.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isPropertySignature(node) ||
    (ts.isPropertyDeclaration(node) && !ts.isPrivateIdentifier(node.name))
  );
}

describe("the declarations, read by the notebook's compiler", () => {
  it("is the compiler of tslab", () => {
    assert.match(ts.version, /^5\.0\./);
  });

  it("lose no type", () => {
    const isOurs = (path: string): boolean => join(path).startsWith(declarations);
    assert.deepEqual(typesLost(`import * as everything from "glass-house";`, isOurs), []);
  });

  it("are two files, and draw in no library but ml-matrix", () => {
    const filesOf = (source: string): string[] =>
      programOf(source)
        .getSourceFiles()
        .map(({ fileName }) => relative(root, fileName).replaceAll("\\", "/"));
    const without = filesOf("");
    const drawnIn = filesOf(`import * as everything from "glass-house";`).filter(
      (file) => !without.includes(file),
    );
    assert.deepEqual(drawnIn.sort(), [
      "dist/src/declarations.d.ts",
      "dist/src/glass-house.d.ts",
      "node_modules/ml-matrix/matrix.d.ts",
    ]);
  });

  it("let a cell read a figure, change it and make one", () => {
    const source = `import { show, trainingFigure } from "glass-house";
      const figure = trainingFigure([]);
      const first: number | undefined = figure.data[0].x?.length;
      figure.data.push({ type: "scatter", name: "mine", x: [1, 2], y: new Float64Array(2), fill: "toself" });
      show({ ...figure, layout: { ...figure.layout, height: 300, hovermode: "x" } });
      show({ data: [{ y: [1, 4], marker: { size: 9 } }], layout: {}, caption: "Two.", alt: "Two points." });`;
    assert.deepEqual(typesLost(source), []);
  });

  it("would be found to lose one", () => {
    const problems = typesLost(
      `export declare const bits: Float64Array<ArrayBuffer>;
      export declare const anything: any;
      export declare function f(x): string;`,
    );
    assert.deepEqual(problems, [
      "cell.ts:1: Type 'Float64Array' is not generic.",
      "cell.ts:1: any: bits: Float64Array<ArrayBuffer>",
      "cell.ts:1: any: Float64Array<ArrayBuffer>",
      "cell.ts:2: any: anything: any",
      "cell.ts:2: any: any",
      "cell.ts:3: any: x",
    ]);
  });
});

describe("help in a cell", () => {
  let converter: Converter;
  before(() => {
    converter = createConverter({ isJS: false, isBrowser: false });
  });
  after(() => converter.close());

  /** Splits source at the cursor, `|`. */
  function cursor(source: string): [source: string, position: number] {
    return [source.replace("|", ""), source.indexOf("|")];
  }

  it("shows a function's type and documentation", () => {
    const info = converter.inspect("", ...cursor(`import { train } from "glass-house";\ntr|ain`));
    assert.match(
      ts.displayPartsToString(info.displayParts),
      /function train\(options: TrainOptions\): Training$/m,
    );
    assert.match(ts.displayPartsToString(info.documentation), /^Trains a copy of a network/);
    assert.match(JSON.stringify(info.tags), /RangeError/);
  });

  it("shows an option's type and documentation", () => {
    const info = converter.inspect(
      "",
      ...cursor(`import { TrainOptions } from "glass-house";\nlet o: TrainOptions;\no.ep|ochs`),
    );
    assert.match(ts.displayPartsToString(info.displayParts), /TrainOptions\.epochs.*: number$/);
    assert.notEqual(ts.displayPartsToString(info.documentation), "");
  });

  it("knows the type of an earlier cell's variable, where the package does not list it", () => {
    const { diagnostics, declOutput } = converter.convert(
      "",
      `import { formats } from "glass-house";\nconst { overflow } = formats.binary16;`,
    );
    assert.deepEqual(diagnostics, []);
    const info = converter.inspect(declOutput as string, ...cursor("over|flow"));
    assert.equal(ts.displayPartsToString(info.displayParts), "const overflow: Overflow");
  });

  it("completes names of the package, of options and of results", () => {
    const complete = (source: string): string[] => converter.complete("", ...cursor(source)).candidates;
    assert.deepEqual(complete(`import { createN| } from "glass-house";`), ["createNetwork"]);
    assert.deepEqual(complete(`import { train } from "glass-house";\ntrain({ learn| })`), ["learningRate"]);
    assert.deepEqual(
      complete(`import { train } from "glass-house";\nlet t: ReturnType<typeof train>;\nt.sna|`),
      ["snapshots"],
    );
  });
});
