/**
 * A notebook's parameters, declared by the cell tagged `parameters`. As in papermill, other values come from a cell after
 * it that declares them again; the parameters cell itself stays unchanged and is run.
 *
 * papermill's convention: https://papermill.readthedocs.io/en/latest/usage-parameterize.html
 */
import { isDeepStrictEqual } from "node:util";
import { type Declaration, type ParameterValue, readDeclarations, type Statement } from "./declarations.js";
import { type CodeCell, hasTag, type Notebook } from "./notebook.js";
import { unescaped, withDoubleQuotes } from "./shell-text.js";
import { UsageError } from "./usage-error.js";

/** A parameter of a notebook. */
export type Parameter = Declaration;

/** Values by name that replace those of the parameters cell. */
export type Overrides = Record<string, ParameterValue>;

/** A notebook's name and its parameters. */
export interface Parameterised {
  name: string;
  parameters: readonly Parameter[];
}

/** The tag of the cell that overrides the parameters cell. */
const INJECTED = "injected-parameters";

/** Papermill's notes of the values given to a run. */
export interface GivenValues {
  default_parameters: Record<string, unknown>;
  environment_variables: Record<string, unknown>;
  parameters: Record<string, unknown>;
}

/** Reads {@link GivenValues} from a notebook's metadata; returns null if there are none. */
export function givenValues({ papermill }: Notebook["metadata"]): GivenValues | null {
  if (typeof papermill !== "object" || papermill === null) return null;
  const {
    default_parameters = {},
    environment_variables = {},
    parameters = {},
  } = papermill as Partial<GivenValues>;
  return { default_parameters, environment_variables, parameters };
}

/** Index of the cell tagged `parameters`; -1 if there is none. */
export function parametersCellIndex(notebook: Notebook): number {
  return notebook.cells.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, "parameters"));
}

/** Reads the parameters of a notebook in order; none if no cell is tagged `parameters`. */
export function readParameters(notebook: Notebook): Parameter[] {
  return readDeclarations(notebook.cells[parametersCellIndex(notebook)]?.source ?? "");
}

/**
 * Reads the values in cells tagged `injected-parameters`, as papermill or our runs leave them. Values of another variable
 * than in the parameters cell are left out, because they have no effect.
 */
export function injectedValues(notebook: Notebook): Overrides {
  const variables = new Map(
    readParameters(notebook).map(({ name, statement }) => [name, statement.variable]),
  );
  const injected = notebook.cells
    .filter((cell) => hasTag(cell, INJECTED))
    .flatMap(({ source }) => readDeclarations(source))
    .filter(({ name, statement: { variable } }) => (variables.get(name) ?? variable) === variable);
  return knownValues(injected);
}

function knownValues(parameters: readonly Parameter[]): Overrides {
  return Object.fromEntries(
    parameters.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}

function isParameterValue(value: unknown): value is ParameterValue {
  if (Array.isArray(value)) return value.every(isParameterValue);
  // JSON.parse("1e999") is Infinity, which JSON itself cannot write
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

/**
 * Reads the `name=value` of each `--set`. The value is JSON, with strings in single or double quotes; anything else is a
 * string.
 *
 * @throws UsageError when a name is missing or given twice, or a value cannot be that of a parameter
 */
export function parseAssignments(assignments: readonly string[]): Overrides {
  const overrides = new Map<string, ParameterValue>();
  for (const assignment of assignments) {
    const [, shown, text] = /^([^=\s]+)=(.*)$/s.exec(assignment) ?? [];
    if (shown === undefined || text === undefined) {
      throw new UsageError(`--set must be name=value, got "${assignment}"`);
    }
    const name = unescaped(shown);
    if (overrides.has(name))
      throw new UsageError(`--set must be given once for each name, got ${name} twice`);
    overrides.set(name, parseAssigned(name, text));
  }
  return Object.fromEntries(overrides);
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
 * Checks that every override matches a parameter that can be replaced.
 *
 * @throws UsageError when no notebook has the name, or one declares it in a way that does not allow it; the message lists
 * the parameters
 */
export function checkNames(notebooks: readonly Parameterised[], overrides: Overrides): void {
  for (const name of Object.keys(overrides)) {
    const found = notebooks.flatMap((notebook) =>
      notebook.parameters
        .filter((parameter) => parameter.name === name)
        .map((parameter) => ({ notebook, problem: obstacle(parameter) })),
    );
    if (found.length === 0) {
      throw new UsageError(
        `none of the chosen notebooks has a parameter named ${name}\n${listParameters(notebooks)}`,
      );
    }
    const fixed = found.find(({ problem }) => problem !== null);
    if (fixed) throw new UsageError(`${fixed.notebook.name}: ${fixed.problem}\n${listParameters(notebooks)}`);
  }
}

/** Why a parameter's value cannot be replaced; null if it can. */
function obstacle({ name, value, isUsed, statement }: Parameter): string | null {
  if (isUsed) {
    return (
      `--set ${name} would come too late, because the parameters cell itself uses ${statement.variable}; ` +
      "move that code to a cell below"
    );
  }
  if (value !== undefined) return null;
  return (
    `--set can only replace literals (a finite number, a string, true, false, null or a list of these), ` +
    `but the parameters cell computes ${name}`
  );
}

/** The overrides that match one of these parameters. */
export function overridesOf(parameters: readonly Parameter[], overrides: Overrides): Overrides {
  const names = new Set(parameters.map(({ name }) => name));
  return Object.fromEntries(Object.entries(overrides).filter(([name]) => names.has(name)));
}

/**
 * Checks that overrides have the types of their defaults, for notebooks without an experiment.
 *
 * @throws TypeError naming the parameter, its type and the value given
 */
export function checkTypes(parameters: readonly Parameter[], overrides: Overrides): void {
  for (const { name, value: model } of parameters) {
    const value = overrides[name];
    if (value === undefined || model === undefined || hasTypeOf(model, value)) continue;
    throw new TypeError(`${name} must be ${typeName(model)}, got ${JSON.stringify(value)}`);
  }
}

/** Whether a value can replace `model`. Null does not tell the type, so it allows any value. */
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

/** A value that replaces one of the parameters cell. */
export interface Change {
  name: string;
  value: unknown;
  /** The value in the parameters cell. */
  original: unknown;
}

/**
 * The values that replace those of the parameters cell, in that cell's order. Leaves out values that an injected call only
 * repeats.
 */
export function changesIn(notebook: Notebook): Change[] {
  const injected = injectedValues(notebook);
  const given = givenValues(notebook.metadata)?.parameters ?? {};
  return readParameters(notebook)
    .filter(({ name }) => Object.hasOwn(injected, name))
    .map(({ name, value }) => ({ name, value: injected[name], original: value }))
    .filter(({ name, value, original }) => Object.hasOwn(given, name) || !isDeepStrictEqual(value, original));
}

/** Lists what a reader may set, under the name of each notebook, one per line: `name = default // comment`. */
export function listParameters(notebooks: readonly Parameterised[]): string {
  return notebooks
    .map(({ name, parameters }) => {
      const lines = parameters
        .filter((parameter) => obstacle(parameter) === null)
        .map((parameter) => `  ${parameter.name} = ${JSON.stringify(parameter.value)}${comment(parameter)}`);
      return lines.length === 0 ? `${name} has no parameters` : `${name} has:\n${lines.join("\n")}`;
    })
    .join("\n");
}

/** The values used, as far as they are known before the run: defaults and overrides. */
export function parameterValues(parameters: readonly Parameter[], overrides: Overrides): Overrides {
  return { ...knownValues(parameters), ...overrides };
}

/**
 * Returns a copy of the notebook with the overrides in a cell tagged `injected-parameters` right after the parameters cell,
 * replacing an earlier one, and in the notebook's metadata under papermill's keys. Without overrides returns the notebook
 * itself.
 */
export function injectParameters(
  notebook: Notebook,
  parameters: readonly Parameter[],
  overrides: Overrides,
): Notebook {
  const injected = parameters.filter(({ name }) => Object.hasOwn(overrides, name));
  if (injected.length === 0) return notebook;
  const statements = [...new Set(injected.map(({ statement }) => statement))].map((statement) =>
    declaredAnew(
      statement,
      injected.filter((parameter) => parameter.statement === statement),
      overrides,
    ),
  );
  const cell: CodeCell = {
    cell_type: "code",
    ...(notebook.nbformat_minor >= 5 ? { id: INJECTED } : {}),
    metadata: { tags: [INJECTED] },
    execution_count: null,
    outputs: [],
    source: ["// Set for this run, instead of the values above.", ...statements].join("\n"),
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

/** The statement with other values; keeps only their comments. */
function declaredAnew(
  { head, lines, tail }: Statement,
  replaced: readonly Parameter[],
  overrides: Overrides,
): string {
  const declared = lines.map(({ name, before, literal, after }) => {
    const parameter = replaced.find((other) => other.name === name);
    if (parameter === undefined) return `${before}${literal}${after}`;
    return `${before}${literalText(overrides[parameter.name])}${after}${comment(parameter)}`;
  });
  return [head, ...declared, tail].filter((line) => line !== "").join("\n");
}

/** A value as a TypeScript literal: `[10, 5]`, `"full"`. */
export function literalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literalText).join(", ")}]`;
  // two ends of a line that JSON allows within a string, and the kernel's TypeScript does not
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
}

function comment({ comment }: Parameter): string {
  return comment === "" ? "" : ` // ${comment}`;
}
