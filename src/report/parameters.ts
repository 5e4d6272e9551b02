/**
 * A notebook's parameters: what the cell tagged `parameters` declares, and the cell after it that declares it again with
 * other values in the place of the literals, as papermill does. The parameters cell itself stays as it is, and is run.
 *
 * papermill's convention: https://papermill.readthedocs.io/en/latest/usage-parameterize.html
 */
import { isDeepStrictEqual } from "node:util";
import { type Declaration, type ParameterValue, readDeclarations, type Statement } from "./declarations.js";
import { type CodeCell, hasTag, type Notebook } from "./notebook.js";
import { unescaped, withDoubleQuotes } from "./shell-text.js";
import { UsageError } from "./usage-error.js";

/** What the parameters cell declares. */
export type Parameter = Declaration;

/** Values that replace those of the parameters cell, by name. */
export type Overrides = Record<string, ParameterValue>;

/** A notebook's name and its parameters. */
export interface Parameterised {
  name: string;
  parameters: readonly Parameter[];
}

/** The tag of the cell that puts other values in place of those of the parameters cell. */
const INJECTED = "injected-parameters";

/** What papermill notes of the values that a run is given. */
export interface GivenValues {
  default_parameters: Record<string, unknown>;
  environment_variables: Record<string, unknown>;
  parameters: Record<string, unknown>;
}

/** The notes of the values, {@link GivenValues}, as a notebook has them; null where it has none. */
export function givenValues({ papermill }: Notebook["metadata"]): GivenValues | null {
  if (typeof papermill !== "object" || papermill === null) return null;
  const {
    default_parameters = {},
    environment_variables = {},
    parameters = {},
  } = papermill as Partial<GivenValues>;
  return { default_parameters, environment_variables, parameters };
}

/** Index of the cell tagged `parameters`, -1 where there is none. */
export function parametersCellIndex(notebook: Notebook): number {
  return notebook.cells.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, "parameters"));
}

/** The parameters of a notebook in their order; none where no cell is tagged `parameters`. */
export function readParameters(notebook: Notebook): Parameter[] {
  return readDeclarations(notebook.cells[parametersCellIndex(notebook)]?.source ?? "");
}

/**
 * The values that a notebook brings along in a cell tagged `injected-parameters`, as a run of papermill, or of ours,
 * leaves it. Those that the parameters cell declares by another variable are not among them: they change nothing.
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
 * Reads the `name=value` of each `--set`. The value is JSON, in which strings may stand in single quotes; what is not is
 * a string.
 *
 * @throws UsageError when there is no name, a name is given twice, or a value cannot be a parameter's
 */
export function parseAssignments(assignments: readonly string[]): Overrides {
  const overrides = new Map<string, ParameterValue>();
  for (const assignment of assignments) {
    const [, shown, text] = /^([^=\s]+)=(.*)$/s.exec(assignment) ?? [];
    if (shown === undefined || text === undefined) {
      throw new UsageError(`--set must be name=value, got "${assignment}"`);
    }
    const name = unescaped(shown);
    if (overrides.has(name)) throw new UsageError(`--set gives ${name} twice`);
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
 * Checks that every override has a parameter to replace, and that it can be replaced.
 *
 * @throws UsageError when none of the notebooks has a name, or one of them declares it in a way that does not allow
 * it; the message lists what exists
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

/** Why no other value can be put in the place of a parameter's; null where one can. */
function obstacle({ name, value, isUsed, statement }: Parameter): string | null {
  if (isUsed) {
    return (
      `--set ${name} would come too late for the parameters cell, which uses ${statement.variable} itself; ` +
      "move what uses it to a cell below"
    );
  }
  if (value !== undefined) return null;
  return (
    `--set can replace literals only (a finite number, a string, true, false, null or a list of these), ` +
    `and the parameters cell gives ${name} none`
  );
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
    if (value === undefined || model === undefined || hasTypeOf(model, value)) continue;
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

/**
 * The values that a notebook runs with in the place of its parameters cell's, in that cell's order. What an injected
 * call only repeats, beside the values that it was injected for, is none of them.
 */
export function changesIn(notebook: Notebook): Change[] {
  const injected = injectedValues(notebook);
  const given = givenValues(notebook.metadata)?.parameters ?? {};
  return readParameters(notebook)
    .filter(({ name }) => Object.hasOwn(injected, name))
    .map(({ name, value }) => ({ name, value: injected[name], original: value }))
    .filter(({ name, value, original }) => Object.hasOwn(given, name) || !isDeepStrictEqual(value, original));
}

/** What a reader may set, a line each: `name = default // comment`, under the name of the notebook. */
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

/** The values used, as far as they are known before the run: the defaults, with the overrides in their place. */
export function parameterValues(parameters: readonly Parameter[], overrides: Overrides): Overrides {
  return { ...knownValues(parameters), ...overrides };
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
    source: ["// Set for this run, in place of the values above.", ...statements].join("\n"),
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

/** The statement with other values, and with the comments of these alone. */
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

/** A value as a literal of TypeScript, as it is usually set: `[10, 5]`, `"full"`. */
export function literalText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(literalText).join(", ")}]` : JSON.stringify(value);
}

function comment({ comment }: Parameter): string {
  return comment === "" ? "" : ` // ${comment}`;
}
