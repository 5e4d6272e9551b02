/**
 * Writes a notebook's file nearly as Jupyter does (nbformat's `writes`): keys in alphabetical order, an indent of one
 * space, text as a list of lines, a line break at the end. Two things differ: a list of numbers takes one line, where
 * Jupyter uses one per number, which halves the size and keeps a change within its row; and numbers are written in
 * JavaScript's way (1e-7, not 1e-07).
 */
import type { MimeBundle, Notebook, Output } from "../notebook.js";

/** Types that are lists of lines in the file although they are not `text/…`. */
const TEXT_TYPES = ["application/javascript", "image/svg+xml"];

/** The text of the notebook's file. */
export function ipynbText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: lines(cell.source),
    ...(cell.cell_type === "code" && { outputs: cell.outputs.map(splitOutput) }),
    ...(cell.cell_type === "markdown" &&
      cell.attachments && {
        attachments: mapValues(cell.attachments, splitBundle),
      }),
  }));
  return `${jsonText({ ...notebook, cells })}\n`;
}

function splitOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  return output.output_type === "error" ? output : { ...output, data: splitBundle(output.data) };
}

function splitBundle(data: MimeBundle): MimeBundle {
  return mapValues(data, (value, type) =>
    typeof value === "string" && (type.startsWith("text/") || TEXT_TYPES.includes(type))
      ? lines(value)
      : value,
  );
}

/** The characters that end a line in Python. */
const LINE_END = String.raw`\n\r\v\f\x1c-\x1e\x85\u2028\u2029`;
const LINE = new RegExp(`[^${LINE_END}]*(?:\\r\\n|[${LINE_END}])|[^${LINE_END}]+$`, "g");

/** Splits text into lines with their ends, as Python's `splitlines` does. */
function lines(text: string): string[] {
  return text.match(LINE) ?? [];
}

function mapValues<T, R>(record: Record<string, T>, change: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

/** JSON with sorted keys. */
function jsonText(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === "number" || item === null)) return JSON.stringify(value);
    return `[\n${value.map((item) => inner + jsonText(item, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${inner}${JSON.stringify(key)}: ${jsonText(item, inner)}`);
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n${indent}}`;
}
