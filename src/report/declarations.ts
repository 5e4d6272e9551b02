/**
 * The variables that a cell declares, and the values of those that are plain literals: read by the parser of the
 * very TypeScript that executes the cell, and never evaluated.
 */
import { createRequire } from "node:module";
import type TypeScript from "@tslab/typescript-for-tslab";

/** A value of a parameter: JSON without objects. */
export type ParameterValue = number | string | boolean | null | ParameterValue[];

/** One variable that a cell declares at its top level. */
export interface Declaration {
  name: string;
  /** Undefined where only running the cell would tell. */
  value: ParameterValue | undefined;
  /** The source before and after the value, to declare the variable anew: `const rate: number = ` and nothing. */
  before: string;
  after: string;
  /** The comment behind it, in one line: meaning, unit and range; empty where there is none. */
  comment: string;
  /** Whether the cell uses the variable again: what it makes of it stays as it is when the value is replaced. */
  isUsed: boolean;
}

/**
 * The variables in the order of their declarations; of one that is declared twice, the last declaration. None where
 * the code is nested so deeply that the parser gives up, as the kernel's will.
 */
export function readDeclarations(source: string): Declaration[] {
  try {
    return parse(source);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function parse(source: string): Declaration[] {
  // it takes an eighth of a second to load: those who ask for help need not wait for it
  const ts = createRequire(require.resolve("tslab"))("@tslab/typescript-for-tslab") as typeof TypeScript;
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  const used = new Set<string>();
  file.forEachChild(function visit(node): void {
    if (ts.isIdentifier(node) && !isOnlyNamed(ts, node)) used.add(node.text);
    node.forEachChild(visit);
  });
  const found = new Map<string, Declaration>();
  for (const { declarationList } of file.statements.filter(ts.isVariableStatement)) {
    for (const declaration of declarationList.declarations) {
      if (!ts.isIdentifier(declaration.name)) continue;
      const name = declaration.name.text;
      const isUsed = used.has(name);
      const isConst = (declarationList.flags & ts.NodeFlags.Const) !== 0;
      const literal = withoutTypes(ts, declaration.initializer);
      const value = literal && literalValue(ts, literal);
      // a list, or what is no constant, may be changed where it is used
      const isKnown = !isUsed || (isConst && !Array.isArray(value));
      const [keyword] = declarationList.getText().split(/\s/, 1);
      found.set(name, {
        name,
        value: isKnown ? value : undefined,
        before: `${keyword} ${source.slice(declaration.getStart(), literal?.getStart() ?? declaration.end)}`,
        after: source.slice(literal?.end ?? declaration.end, declaration.end),
        comment: commentBehind(ts, source, declaration.end),
        isUsed,
      });
    }
  }
  return [...found.values()];
}

/** Whether an identifier only names what is declared, or a member of something else. */
function isOnlyNamed(ts: typeof TypeScript, node: TypeScript.Identifier): boolean {
  const parent = node.parent as TypeScript.Node & { name?: TypeScript.Node };
  return parent.name === node && !ts.isShorthandPropertyAssignment(parent);
}

/** What stands within parentheses, `as` and `satisfies`. */
function withoutTypes(
  ts: typeof TypeScript,
  node: TypeScript.Expression | undefined,
): TypeScript.Expression | undefined {
  const isWrapped =
    node && (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node));
  return isWrapped ? withoutTypes(ts, node.expression) : node;
}

function literalValue(ts: typeof TypeScript, node: TypeScript.Expression): ParameterValue | undefined {
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

function commentBehind(ts: typeof TypeScript, source: string, end: number): string {
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
