/**
 * Arguments as bash, zsh, PowerShell and cmd all read them: in double quotes, and in these nothing that any of the four
 * takes for more than itself. Whatever else a text holds is written \uXXXX, which no shell touches, and is read back here.
 */
import type { ParameterValue } from "./declarations.js";

/** Also in an interactive shell, where ! stands for what was typed before; cmd replaces %NAME% in quotes, too. */
const UNSAFE = /[^\p{L}\p{M}\p{N} '()+,\-./:=@[\]_~#]/gu;

/** A path or name. */
export function shellPath(path: string): string {
  // what begins with a dash would be an option
  if (path.startsWith("-")) return shellPath(`./${path}`);
  return /^[\w./-]+$/.test(path) ? path : `"${escaped(path)}"`;
}

/** The `name=value` of an option `--set`. */
export function shellAssignment(name: string, value: ParameterValue): string {
  const isWord = typeof value === "string" && /^[A-Za-z][\w.-]*$/.test(value);
  // these words would be read as JSON
  const isPlain = isWord && !["true", "false", "null"].includes(value);
  return `"${escaped(name)}=${isPlain ? value : literal(value)}"`;
}

/** The text with every \uXXXX replaced by what it stands for. */
export function unescaped(text: string): string {
  return text.replace(/\\u([\da-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** JSON whose strings may stand in single quotes, which pass through a shell's double quotes; written as plain JSON. */
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
