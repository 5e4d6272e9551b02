/**
 * What can be broken in a compiled file, one place at a time: operators, comparisons, constants, conditions, the order of
 * arguments, statements. Compiled, since there the types, which no test can tell, are gone.
 */
import * as ts from "@typescript/typescript6";
import type { Mutant } from "./mutant.js";

const OPERATORS: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "**": "*",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "&": "|",
  "|": "&",
  "^": "&",
  "<<": ">>",
  ">>": "<<",
  ">>>": "<<",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
  "^=": "&=",
};

const METHODS: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  some: "every",
  every: "some",
};

/** Whose arguments change places without consequence. */
const COMMUTE = /(?:^|\.)(?:add|mul|multiply|imul|min|max|hypot)\)?$/;

/** What the compiler adds to a file, and imports: no test is about these. */
const PLUMBING =
  /^(?:"use strict"|var __|Object\.defineProperty\(exports|__exportStar|exports\.\w+ = (?:void 0|exports\.|[A-Za-z_]\w*;)|const \w+ = (?:__\w+\()?require\()/;

/** Every mutant of a compiled file, in the order of the text. What an error says is left alone; that it is thrown is not. */
export function mutantsOf(text: string): Mutant[] {
  const file = ts.createSourceFile("file.js", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const found: Mutant[] = [];
  for (const statement of file.statements) {
    if (!PLUMBING.test(statement.getText())) visit(statement);
  }
  return found.sort((a, b) => a.start - b.start);

  function replace(node: ts.Node, replacement: string): void {
    found.push({ start: node.getStart(), end: node.getEnd(), replacement });
  }

  function negate(condition: ts.Expression): void {
    // a comparison has its own opposite already
    if (ts.isBinaryExpression(condition) && /^[!=]==$/.test(condition.operatorToken.getText())) return;
    if (ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken)
      return;
    replace(condition, `!(${condition.getText()})`);
  }

  function swapNeighbours(list: readonly ts.Expression[]): void {
    for (const [i, right] of list.slice(1).entries()) {
      const left = list[i];
      if (left.getText() === right.getText()) continue;
      const replacement = `${right.getText()}, ${left.getText()}`;
      found.push({ start: left.getStart(), end: right.getEnd(), replacement });
    }
  }

  function visit(node: ts.Node): void {
    if (ts.isThrowStatement(node)) {
      replace(node, ";");
      return;
    }
    if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) return;
    if (ts.isExpressionStatement(node)) {
      if (!node.getText().startsWith("super(")) replace(node, ";");
    } else if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) replace(node, ";");
    else if (ts.isIfStatement(node)) negate(node.expression);
    else if (ts.isWhileStatement(node)) replace(node.expression, "false");
    else if (ts.isConditionalExpression(node)) negate(node.condition);
    else if (ts.isBinaryExpression(node)) {
      const other = OPERATORS[node.operatorToken.getText()];
      if (other !== undefined) replace(node.operatorToken, other);
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === ts.SyntaxKind.PlusPlusToken) replace(node, node.getText().replace("++", "--"));
      else if (node.operator === ts.SyntaxKind.MinusMinusToken)
        replace(node, node.getText().replace("--", "++"));
      else replace(node, node.operand.getText());
    } else if (ts.isNumericLiteral(node)) {
      if (!isOfImport(node)) replace(node, otherNumber(node.getText()));
    } else if (ts.isBigIntLiteral(node)) replace(node, node.getText() === "0n" ? "1n" : "0n");
    else if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, "false");
    else if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, "true");
    else if (ts.isPropertyAccessExpression(node)) {
      const other = METHODS[node.name.text];
      if (other !== undefined && ts.isCallExpression(node.parent)) replace(node.name, other);
    }
    if (ts.isNewExpression(node) || (ts.isCallExpression(node) && !COMMUTE.test(node.expression.getText())))
      swapNeighbours(node.arguments ?? []);
    ts.forEachChild(node, visit);
  }
}

/** The 0 of (0, module_1.f)(x), which is how the compiler calls what was imported. */
function isOfImport({ parent }: ts.NumericLiteral): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.CommaToken;
}

function otherNumber(text: string): string {
  const value = Number(text);
  if (value === 0) return "1";
  if (value === 1) return "0";
  return Number.isSafeInteger(value) ? String(value + 1) : `(${text} * 1.5)`;
}
