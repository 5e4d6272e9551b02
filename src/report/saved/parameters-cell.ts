/**
 * Writes the parameters cell of a notebook from its experiment: each default with the description from the schema that
 * checks it, so that the two cannot disagree.
 */
import { isDeepStrictEqual } from "node:util";
import type * as z from "zod/mini";
import { type Field, fieldsOf } from "../../live/fields.js";
import { findParametersCall, readDeclarations } from "../declarations.js";
import type { Notebook } from "../notebook.js";
import { literalText, parametersCellIndex } from "../parameters.js";

/** Maximal number of characters in a line. */
const WIDTH = 120;

/**
 * Writes the source that declares and checks the parameters, one per line, in the order of the defaults:
 * `noise: 0.15, // standard deviation of the noise, in moon radii: a finite number from 0 to 2`. If a line exceeds 120
 * characters, it drops the allowed values, then the unit, then the help after its first colon or semicolon, and finally
 * the whole comment.
 *
 * @param variable - the cell's name for the experiment
 */
export function parametersCell(
  variable: string,
  fields: readonly Field[],
  defaults: Readonly<Record<string, unknown>>,
): string {
  const lines = Object.entries(defaults)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const field = fields.find((candidate) => candidate.name === name);
      const setting = `  ${name}: ${literalText(value)},`;
      const commented =
        field === undefined ? [] : commentsOf(field).map((comment) => `${setting} // ${comment}`);
      return commented.find(({ length }) => length <= WIDTH) ?? setting;
    });
  return [`const parameters = ${variable}.parameters({`, ...lines, "});"].join("\n");
}

/** Comments in order of decreasing length. */
function commentsOf({ help, unit, allowed }: Field): string[] {
  const meaning = lowerFirst(help);
  const withUnit = unit === undefined ? meaning : `${meaning}, in ${unit}`;
  return help === ""
    ? [allowed]
    : [`${withUnit}: ${allowed}`, withUnit, meaning, meaning.split(/[:;] /)[0] as string];
}

/** The text without an initial capital: `Factor` becomes `factor`, but ReLU, L2 and K stay. */
function lowerFirst(text: string): string {
  return text.replace(/^(?:A(?= )|\p{Lu}(?=\p{Ll}+(?![\p{L}\p{N}])))/u, (first) => first.toLowerCase());
}

/**
 * Returns the notebook with its parameters as the experiment writes them; the rest of the cell stays. Returns the same
 * object if nothing changes, or the cell does not call `….parameters(…)`.
 */
export function withDefaultParameters(
  notebook: Notebook,
  { schema, defaults }: { schema: z.ZodMiniType; defaults: object },
): Notebook {
  const index = parametersCellIndex(notebook);
  const cell = notebook.cells[index];
  const call = cell === undefined ? null : findParametersCall(cell.source);
  if (!cell || call === null) return notebook;
  const written = parametersCell(call.owner, fieldsOf({ schemas: [schema] }), { ...defaults });
  const source = `${cell.source.slice(0, call.start)}${written}${cell.source.slice(call.end)}`;
  return source === cell.source
    ? notebook
    : { ...notebook, cells: notebook.cells.with(index, { ...cell, source }) };
}

/**
 * Lists the differences between the parameters cell of a notebook and that of {@link withDefaultParameters}, in words.
 *
 * @param written - the notebook with the cell as its experiment writes it
 */
export function rewriting(notebook: Notebook, written: Notebook): string[] {
  const [before, after] = [notebook, written].map(
    (either) => either.cells[parametersCellIndex(either)]?.source ?? "",
  ) as [string, string];
  if (before === after) return [];
  const changes = valueChanges(before, after).join("; ") || "its text differs";
  return [`the parameters cell differs from what its experiment writes: ${changes}`];
}

function valueChanges(before: string, after: string): string[] {
  const [old, now] = [before, after].map(
    (source) => new Map(readDeclarations(source).map(({ name, value }) => [name, value])),
  ) as [Map<string, unknown>, Map<string, unknown>];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.has(name) !== now.has(name) || !isDeepStrictEqual(old.get(name), now.get(name)))
    .map((name) => `${name} is ${shown(old, name)} but should be ${shown(now, name)}`);
}

function shown(values: ReadonlyMap<string, unknown>, name: string): string {
  if (!values.has(name)) return "absent";
  const value = values.get(name);
  return value === undefined ? "not a literal" : literalText(value);
}
