/**
 * The parameters cell of a notebook as its experiment writes it: each default with the words of the schema that checks
 * it, so that a notebook cannot say something else than what is checked.
 */
import { isDeepStrictEqual } from "node:util";
import { type Field, fieldsOf } from "../../live/fields.js";
import { findParametersCall, readDeclarations } from "../declarations.js";
import type { Notebook } from "../notebook.js";
import { literalText, parametersCellIndex } from "../parameters.js";
import type { Registered } from "../registry.js";

/** Most characters in a line. */
const WIDTH = 120;

/**
 * The source that declares the parameters and has them checked, a line each, in the order of the defaults:
 * `noise: 0.15, // standard deviation of the noise, in moon radii: a finite number from 0 to 2`. Where that is more than
 * 120 characters, the allowed values are left out, then the unit, then what the help says behind its first colon or
 * semicolon, and at last the comment.
 *
 * @param variable - what the cell calls the experiment
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

/** From the most to the fewest words. */
function commentsOf({ help, unit, allowed }: Field): string[] {
  const meaning = lowerFirst(help);
  const withUnit = unit === undefined ? meaning : `${meaning}, in ${unit}`;
  return help === ""
    ? [allowed]
    : [`${withUnit}: ${allowed}`, withUnit, meaning, meaning.split(/[:;] /)[0] as string];
}

/** The text as it goes on in a line: `Factor` becomes `factor`, but ReLU, L2 and K stay. */
function lowerFirst(text: string): string {
  return text.replace(/^(?:A(?= )|\p{Lu}(?=\p{Ll}+(?![\p{L}\p{N}])))/u, (first) => first.toLowerCase());
}

/**
 * The notebook with its parameters as the experiment writes them; what else the cell holds stays. The very same notebook
 * where they read so already, its cell does not call `….parameters(…)`, or the experiment does not say how.
 */
export function withDefaultParameters(notebook: Notebook, { schema, defaults }: Registered): Notebook {
  const index = parametersCellIndex(notebook);
  const cell = notebook.cells[index];
  const call = cell === undefined ? null : findParametersCall(cell.source);
  if (!cell || call === null || schema === undefined || defaults === undefined) return notebook;
  const written = parametersCell(call.owner, fieldsOf({ schemas: [schema] }), { ...defaults });
  const source = `${cell.source.slice(0, call.start)}${written}${cell.source.slice(call.end)}`;
  return source === cell.source
    ? notebook
    : { ...notebook, cells: notebook.cells.with(index, { ...cell, source }) };
}

/**
 * In what the parameters cell of a notebook is not that of {@link withDefaultParameters}, in words; none where it is.
 *
 * @param written - the notebook with the cell as its experiment writes it
 */
export function rewriting(notebook: Notebook, written: Notebook): string[] {
  const [before, after] = [notebook, written].map(
    (either) => either.cells[parametersCellIndex(either)]?.source ?? "",
  ) as [string, string];
  if (before === after) return [];
  const changes = valueChanges(before, after).join("; ") || "its text differs";
  return [`the parameters cell is not as its experiment writes it: ${changes}`];
}

function valueChanges(before: string, after: string): string[] {
  const [old, now] = [before, after].map(
    (source) => new Map(readDeclarations(source).map(({ name, value }) => [name, value])),
  ) as [Map<string, unknown>, Map<string, unknown>];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.has(name) !== now.has(name) || !isDeepStrictEqual(old.get(name), now.get(name)))
    .map((name) => `${name} is ${shown(old, name)}, and becomes ${shown(now, name)}`);
}

function shown(values: ReadonlyMap<string, unknown>, name: string): string {
  if (!values.has(name)) return "absent";
  const value = values.get(name);
  return value === undefined ? "no literal" : literalText(value);
}
