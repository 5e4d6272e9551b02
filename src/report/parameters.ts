/**
 * A notebook's parameters: the flat `const name = value; // unit, range` lines of the cell tagged
 * `parameters`, and the cell after it that puts other values in their place, as papermill does. Values are
 * JSON literals, so they are read and not evaluated; this is no parser of TypeScript.
 *
 * papermill's convention: https://papermill.readthedocs.io/en/latest/usage-parameterize.html
 */
import { type CodeCell, hasTag, type Notebook } from "./notebook.js";
import { unescaped, withDoubleQuotes } from "./shell-text.js";
import { UsageError } from "./usage-error.js";

/** A value of a parameter: JSON without objects. */
export type ParameterValue = number | string | boolean | null | ParameterValue[];

/** One line of the parameters cell. */
export interface Parameter {
  name: string;
  value: ParameterValue;
  /** What stands behind `//`: meaning, unit and range; empty where there is no comment. */
  comment: string;
}

/** A parameters cell with a line that is not of the expected form; the message quotes the line. */
export class ParametersCellError extends Error {
  override name = "ParametersCellError";
}

/** Values that replace those of the parameters cell, by name. */
export type Overrides = Record<string, ParameterValue>;

/** A notebook's name and its parameters. */
export interface Parameterised {
  name: string;
  parameters: readonly Parameter[];
}

/** The tag of the cell that puts other values in place of those of the parameters cell. */
const INJECTED = "injected-parameters";

/** Index of the cell tagged `parameters`, -1 where there is none. */
export function parametersCellIndex(notebook: Notebook): number {
  return notebook.cells.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, "parameters"));
}

/**
 * The parameters of a notebook in their order; none where no cell is tagged `parameters`.
 *
 * @throws ParametersCellError when a line is neither empty, nor a comment, nor `const name = value; //
 * comment`
 */
export function readParameters(notebook: Notebook): Parameter[] {
  const lines = notebook.cells[parametersCellIndex(notebook)]?.source.split("\n") ?? [];
  const parameters: Parameter[] = [];
  for (const [index, text] of lines.entries()) {
    const line = text.trim();
    if (line === "" || line.startsWith("//")) continue;
    const parameter = parseLine(line, /^const\s/);
    if (!parameter) {
      throw new ParametersCellError(
        `line ${index + 1} of the parameters cell must be "const name = value; // comment", ` +
          `the value a number, a string in double quotes, true, false, null or a list of these, got: ${line}`,
      );
    }
    if (parameters.some(({ name }) => name === parameter.name)) {
      throw new ParametersCellError(
        `line ${index + 1} of the parameters cell declares ${parameter.name} again`,
      );
    }
    parameters.push(parameter);
  }
  return parameters;
}

/**
 * The values that a notebook brings along in a cell tagged `injected-parameters`, as a run of papermill, or
 * of ours, leaves it. Papermill leaves the language to a translator, which may write `let` or `var`, too; lines
 * that are not of the form of the parameters cell otherwise are passed over.
 */
export function injectedValues(notebook: Notebook): Overrides {
  const sources = notebook.cells.filter((cell) => hasTag(cell, INJECTED)).map(({ source }) => source);
  const read = sources
    .flatMap((source) => source.split("\n"))
    .map((line) => parseLine(line.trim(), /^(?:const|let|var)\s/));
  return Object.fromEntries(
    read.flatMap((parameter) => (parameter ? [[parameter.name, parameter.value]] : [])),
  );
}

function parseLine(line: string, keyword: RegExp): Parameter | null {
  const [, name, rest] = /^\w+\s+([A-Za-z_$][\w$]*)\s*=\s*(.*)$/.exec(line) ?? [];
  if (!keyword.test(line) || name === undefined || rest === undefined) return null;
  // A string may hold ";" and "//" itself: the value is the first piece before one of them that is JSON.
  for (const { index } of [...rest.matchAll(/;|\/\/|$/g)]) {
    const value = parseValue(rest.slice(0, index));
    if (value === undefined) continue;
    const end = /^;?\s*(?:\/\/\s*(.*))?$/.exec(rest.slice(index));
    return end && { name, value, comment: end[1] ?? "" };
  }
  return null;
}

/**
 * Reads a JSON literal; undefined when it is none, or when it is or holds an object or an infinite number.
 */
function parseValue(text: string): ParameterValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isParameterValue(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isParameterValue(value: unknown): value is ParameterValue {
  if (Array.isArray(value)) return value.every(isParameterValue);
  // JSON.parse("1e999") is Infinity, which JSON itself cannot write
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

/**
 * Reads the `name=value` of each `--set`. The value is JSON, in which strings may stand in single quotes; what is not is
 * a string.
 *
 * @throws UsageError when there is no name, a name is given twice, or a value cannot be a parameter's
 */
export function parseAssignments(assignments: readonly string[]): Overrides {
  const overrides: Overrides = {};
  for (const assignment of assignments) {
    const [, shown, text] = /^([^=\s]+)=(.*)$/s.exec(assignment) ?? [];
    if (shown === undefined || text === undefined) {
      throw new UsageError(`--set must be name=value, got "${assignment}"`);
    }
    const name = unescaped(shown);
    if (Object.hasOwn(overrides, name)) throw new UsageError(`--set gives ${name} twice`);
    overrides[name] = parseAssigned(name, text);
  }
  return overrides;
}

function parseAssigned(name: string, text: string): ParameterValue {
  let value: unknown;
  try {
    value = JSON.parse(withDoubleQuotes(text));
  } catch {
    return text;
  }
  if (isParameterValue(value)) return value;
  throw new UsageError(
    `--set ${name} must be a finite number, a string, true, false, null or a list of these, got ${text}`,
  );
}

/**
 * Checks that every override has a parameter to replace.
 *
 * @throws UsageError when none of the notebooks has a name; the message lists what exists
 */
export function checkNames(notebooks: readonly Parameterised[], overrides: Overrides): void {
  const known = new Set(notebooks.flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  const unknown = Object.keys(overrides).find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new UsageError(`no chosen notebook has a parameter named ${unknown}\n${listParameters(notebooks)}`);
}

/** Those of the overrides that replace one of these parameters. */
export function overridesOf(parameters: readonly Parameter[], overrides: Overrides): Overrides {
  const names = new Set(parameters.map(({ name }) => name));
  return Object.fromEntries(Object.entries(overrides).filter(([name]) => names.has(name)));
}

/**
 * Checks that overrides are of the types of their defaults, for notebooks of which nothing else is known.
 *
 * @throws TypeError that names the parameter, its type and the value that came
 */
export function checkTypes(parameters: readonly Parameter[], overrides: Overrides): void {
  for (const { name, value: model } of parameters) {
    const value = overrides[name];
    if (value === undefined || hasTypeOf(model, value)) continue;
    throw new TypeError(`${name} must be ${typeName(model)}, got ${JSON.stringify(value)}`);
  }
}

/** Whether a value can stand where `model` stands. Null tells nothing of its type, and so takes any. */
function hasTypeOf(model: ParameterValue, value: ParameterValue): boolean {
  if (model === null) return true;
  if (!Array.isArray(model)) return typeof value === typeof model && value !== null;
  if (!Array.isArray(value)) return false;
  return model.length === 0 || value.every((item) => model.some((known) => hasTypeOf(known, item)));
}

function typeName(value: ParameterValue): string {
  if (value === null) return "null";
  if (!Array.isArray(value)) return `a ${typeof value}`;
  return value.length === 0 ? "a list" : `a list, each ${[...new Set(value.map(typeName))].join(" or ")}`;
}

/** A value that stands in the place of the parameters cell's. */
export interface Change {
  name: string;
  value: unknown;
  /** What the parameters cell says. */
  original: unknown;
}

/** The values that a notebook runs with in the place of its parameters cell's, in that cell's order. */
export function changesIn(notebook: Notebook): Change[] {
  const injected = injectedValues(notebook);
  return readParameters(notebook).flatMap(({ name, value }) =>
    Object.hasOwn(injected, name) ? [{ name, value: injected[name], original: value }] : [],
  );
}

/** What a reader may set, a line each: `name = default  // comment`, under the name of the notebook. */
export function listParameters(notebooks: readonly Parameterised[]): string {
  return notebooks
    .map(({ name, parameters }) => {
      if (parameters.length === 0) return `${name} has no parameters`;
      const lines = parameters.map(
        (parameter) => `  ${declaration(parameter.name, parameter.value, parameter.comment, "")}`,
      );
      return `${name} has:\n${lines.join("\n")}`;
    })
    .join("\n");
}

/** The values used: the defaults, with the overrides in their place. */
export function parameterValues(parameters: readonly Parameter[], overrides: Overrides): Overrides {
  return { ...Object.fromEntries(parameters.map(({ name, value }) => [name, value])), ...overrides };
}

/**
 * A copy of the notebook with the overrides in a cell tagged `injected-parameters` right after the
 * parameters cell, in place of an earlier one, and noted in the notebook's metadata under papermill's keys.
 * Without overrides the notebook comes back as it is.
 */
export function injectParameters(
  notebook: Notebook,
  parameters: readonly Parameter[],
  overrides: Overrides,
): Notebook {
  const injected = parameters.filter(({ name }) => Object.hasOwn(overrides, name));
  if (injected.length === 0) return notebook;
  const lines = injected.map(({ name, comment }) =>
    declaration(name, overrides[name] as ParameterValue, comment, "const "),
  );
  const cell: CodeCell = {
    cell_type: "code",
    ...(notebook.nbformat_minor >= 5 ? { id: INJECTED } : {}),
    metadata: { tags: [INJECTED] },
    execution_count: null,
    outputs: [],
    source: ["// Set for this run, in place of the values above.", ...lines].join("\n"),
  };
  const cells = notebook.cells.filter((other) => !hasTag(other, INJECTED));
  cells.splice(parametersCellIndex({ ...notebook, cells }) + 1, 0, cell);
  return {
    ...notebook,
    cells,
    metadata: {
      ...notebook.metadata,
      papermill: { default_parameters: {}, environment_variables: {}, parameters: { ...overrides } },
    },
  };
}

function declaration(name: string, value: ParameterValue, comment: string, keyword: "const " | ""): string {
  const end = keyword === "" ? "" : ";";
  return `${keyword}${name} = ${JSON.stringify(value)}${end}${comment === "" ? "" : ` // ${comment}`}`;
}
