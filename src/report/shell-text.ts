/**
 * Writes arguments so that bash, zsh, PowerShell and cmd read them alike: in double quotes, without any character that one
 * of the four treats specially. Such characters become \uXXXX, which no shell changes, and are decoded here.
 */
import type { ParameterValue } from "./declarations.js";

/** Includes ! (history in interactive shells) and % (cmd replaces %NAME% even in quotes). */
const UNSAFE = /[^\p{L}\p{M}\p{N} '()+,\-./:=@[\]_~#]/gu;

/** A path or name. */
export function shellPath(path: string): string {
  // a leading dash would make it an option
  if (path.startsWith("-")) return shellPath(`./${path}`);
  return /^[\w./-]+$/.test(path) ? path : `"${escaped(path)}"`;
}

/** The `name=value` for an option `--set`. */
export function shellAssignment(name: string, value: ParameterValue): string {
  const isWord = typeof value === "string" && /^[A-Za-z][\w.-]*$/.test(value);
  // these words would be read as JSON
  const isPlain = isWord && !["true", "false", "null"].includes(value);
  return `"${escaped(name)}=${isPlain ? value : literal(value)}"`;
}

/** Decodes every \uXXXX in a text. */
export function unescaped(text: string): string {
  return text.replace(/\\u([\da-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Converts JSON with strings in single quotes, which survive inside a shell's double quotes, to plain JSON. */
export function withDoubleQuotes(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'/gs, (whole, inner: string | undefined) => {
    if (inner === undefined) return whole;
    return `"${inner.replace(/\\.|"/gs, (part) => (part === "\\'" ? "'" : part === '"' ? '\\"' : part))}"`;
  });
}

function literal(value: ParameterValue): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(",")}]`;
  if (typeof value !== "string") return JSON.stringify(value);
  return `'${escaped(value).replaceAll("'", "\\u0027")}'`;
}

function escaped(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
