/**
 * Reads the parameters that a cell declares, and their values if these are plain literals. Uses the parser of the same
 * TypeScript that executes the cell, and evaluates nothing.
 *
 * A parameter is a variable, `const rate = 0.1;`, or a property of the only object passed to a call,
 * `const parameters = baseline.parameters({ rate: 0.1 });`.
 */
import { createRequire } from "node:module";
import type TypeScript from "@tslab/typescript-for-tslab";

/** A value of a parameter: JSON without objects. */
export type ParameterValue = number | string | boolean | null | ParameterValue[];

/** One parameter that a cell declares at its top level. */
export interface Declaration {
  name: string;
  /** Undefined if only running the cell would tell. */
  value: ParameterValue | undefined;
  /** The comment after it, in one line: meaning, unit and range; empty if there is none. */
  comment: string;
  /** Whether the cell uses the variable again; such results do not change when the value is replaced later. */
  isUsed: boolean;
  /** The statement that declares it, perhaps along with others. */
  statement: Statement;
}

/** The source that declares a variable, split into lines so that each value can be replaced. */
export interface Statement {
  variable: string;
  /** The lines before and after the others; empty if a single line is the whole statement. */
  head: string;
  tail: string;
  lines: Line[];
}

/** A line of a statement: the source before its value, the value, and the source after it without the comment. */
export interface Line {
  /** The parameter whose value it holds; null if unknown. */
  name: string | null;
  before: string;
  literal: string;
  after: string;
}

/**
 * Returns the parameters in the order of declaration. Of duplicates it keeps the last, and prefers a variable to a property.
 * Returns none if the code is nested too deeply for the parser; the kernel will refuse it too.
 */
export function readDeclarations(source: string): Declaration[] {
  return parsed(source, [], (ts, file) => {
    const variables = variablesOf(ts, file);
    const taken = new Set(variables.map(({ name }) => name));
    const all = variables.flatMap((variable) => [
      variableDeclaration(ts, variable),
      ...propertyDeclarations(ts, variable).filter(({ name }) => !taken.has(name)),
    ]);
    return [...new Map(all.map((declaration) => [declaration.name, declaration])).values()];
  });
}

/** Finds `const parameters = owner.parameters(…);` in a cell; returns null if there is none. */
export function findParametersCall(source: string): { owner: string; start: number; end: number } | null {
  return parsed(source, null, (ts, file) => {
    for (const { node, list } of variablesOf(ts, file)) {
      const callee = node.initializer && ts.isCallExpression(node.initializer) && node.initializer.expression;
      if (node.name.getText() !== "parameters" || list.declarations.length > 1) continue;
      if (!callee || !ts.isPropertyAccessExpression(callee) || callee.name.text !== "parameters") continue;
      return { owner: callee.expression.getText(), start: list.parent.getStart(), end: list.parent.end };
    }
    return null;
  });
}

type Compiler = typeof TypeScript;

function parsed<T>(source: string, otherwise: T, read: (ts: Compiler, file: TypeScript.SourceFile) => T): T {
  // loading it takes an eighth of a second, and --help need not wait for it
  const ts = createRequire(require.resolve("tslab"))("@tslab/typescript-for-tslab") as Compiler;
  try {
    return read(ts, ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true));
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}

/** A variable that a cell declares at its top level. */
interface Variable {
  name: string;
  node: TypeScript.VariableDeclaration;
  list: TypeScript.VariableDeclarationList;
  /** Source of the whole cell. */
  source: string;
  /** Source of the declaration up to the name: `const `. */
  keyword: string;
  isUsed: boolean;
}

function variablesOf(ts: Compiler, file: TypeScript.SourceFile): Variable[] {
  const used = new Set<string>();
  file.forEachChild(function visit(node): void {
    if (ts.isIdentifier(node) && !isOnlyNamed(ts, node)) used.add(node.text);
    node.forEachChild(visit);
  });
  return file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList: list }) =>
    list.declarations.flatMap((node) => {
      if (!ts.isIdentifier(node.name)) return [];
      const name = node.name.text;
      const [keyword = ""] = list.getText().split(/\s/, 1);
      return [{ name, node, list, source: file.text, keyword: `${keyword} `, isUsed: used.has(name) }];
    }),
  );
}

function variableDeclaration(
  ts: Compiler,
  { name, node, list, source, keyword, isUsed }: Variable,
): Declaration {
  const literal = withoutTypes(ts, node.initializer);
  const value = literal && literalValue(ts, literal);
  const isConst = (list.flags & ts.NodeFlags.Const) !== 0;
  // a list or a variable that is not constant may be changed where it is used
  const isKnown = !isUsed || (isConst && !Array.isArray(value));
  return {
    name,
    value: isKnown ? value : undefined,
    comment: commentBehind(ts, source, node.end),
    isUsed,
    statement: {
      variable: name,
      head: "",
      lines: [lineOf(name, node, literal, keyword, ";")],
      tail: "",
    },
  };
}

/** The properties of the only object passed to the variable's call; none if there is no such call. */
function propertyDeclarations(
  ts: Compiler,
  { name, node, source, keyword, isUsed }: Variable,
): Declaration[] {
  const call = withoutTypes(ts, node.initializer);
  if (!call || !ts.isCallExpression(call) || call.arguments.length !== 1) return [];
  const given = withoutTypes(ts, call.arguments[0]);
  if (!given || !ts.isObjectLiteralExpression(given)) return [];
  const properties = given.properties.map((property) => {
    const isPlain = ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name);
    const literal = isPlain ? withoutTypes(ts, property.initializer) : undefined;
    return { property, literal, name: propertyName(ts, property) };
  });
  const statement: Statement = {
    variable: name,
    head: `${keyword}${source.slice(node.getStart(), given.getStart())}{`,
    lines: properties.map(({ property, literal, name }) => lineOf(name, property, literal, "  ", ",")),
    tail: `}${source.slice(given.end, node.end)};`,
  };
  // a later property of unknown name may override an earlier value
  const firstKnown = properties.findLastIndex(({ name }) => name === null) + 1;
  return properties.flatMap(({ property, literal, name }, index) => {
    if (name === null) return [];
    const value = literal && !isUsed && index >= firstKnown ? literalValue(ts, literal) : undefined;
    return [{ name, value, comment: commentBehind(ts, source, property.end), isUsed, statement }];
  });
}

/** The name of a property, if the source tells; `...others` and `[key]` have none. */
function propertyName(ts: Compiler, { name }: TypeScript.ObjectLiteralElementLike): string | null {
  const text = name && ts.isComputedPropertyName(name) ? name.expression : name;
  if (text === undefined) return null;
  const isKnown = ts.isStringLiteralLike(text) || ts.isNumericLiteral(text);
  return isKnown || (text === name && ts.isIdentifier(text)) ? text.text : null;
}

function lineOf(
  name: string | null,
  node: TypeScript.Node,
  literal: TypeScript.Node | undefined,
  indent: string,
  end: string,
): Line {
  const source = node.getSourceFile().text;
  const [from, to] = literal ? [literal.getStart(), literal.end] : [node.end, node.end];
  return {
    name,
    before: `${indent}${source.slice(node.getStart(), from)}`,
    literal: source.slice(from, to),
    after: `${source.slice(to, node.end)}${end}`,
  };
}

/** Whether an identifier only names a declaration or a member of something else. */
function isOnlyNamed(ts: Compiler, node: TypeScript.Identifier): boolean {
  const parent = node.parent as TypeScript.Node & { name?: TypeScript.Node };
  return parent.name === node && !ts.isShorthandPropertyAssignment(parent);
}

/** The expression without parentheses, `as` and `satisfies`. */
function withoutTypes(
  ts: Compiler,
  node: TypeScript.Expression | undefined,
): TypeScript.Expression | undefined {
  const isWrapped =
    node && (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node));
  return isWrapped ? withoutTypes(ts, node.expression) : node;
}

function literalValue(ts: Compiler, node: TypeScript.Expression): ParameterValue | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) {
    const value = Number(node.text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = literalValue(ts, node.operand);
    return typeof value === "number" ? -value : undefined;
  }
  if (ts.isArrayLiteralExpression(node)) {
    const values = node.elements.map((element) => literalValue(ts, element));
    return values.every((value) => value !== undefined) ? values : undefined;
  }
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return true;
    case ts.SyntaxKind.FalseKeyword:
      return false;
    case ts.SyntaxKind.NullKeyword:
      return null;
    default:
      return undefined;
  }
}

function commentBehind(ts: Compiler, source: string, end: number): string {
  const separator = /^\s*[;,]/.exec(source.slice(end));
  const [range] =
    ts.getTrailingCommentRanges(source, end) ??
    (separator && ts.getTrailingCommentRanges(source, end + separator[0].length)) ??
    [];
  if (range === undefined) return "";
  return source
    .slice(range.pos, range.end)
    .replace(/^\/[/*]|\*\/$/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
