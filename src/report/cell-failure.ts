/** Explains a failed cell to its reader: first what to do, then what went wrong. */
import { format, inspect } from "node:util";
import { withoutKernelFrames } from "./kernel-frames.js";

/** An error of tslab's compiler: `2:5 - Cannot find name 'seed'.` */
const UNDECLARED = /^\d+:\d+ - Cannot find name '([^']+)'\./;
/** Its error when a cell imports a name that the package lacks. */
const NOT_EXPORTED = /^\d+:\d+ - (?:Module )?'"glass-house"' has no exported member\b/;

const OTHER_VERSION =
  "If every name is spelled correctly, this notebook was written for another version of glass-house: copy it from notebooks/ again " +
  "and set your values with --set (npm run report -- --help).";

/**
 * The text to show under a cell; empty if nothing was printed to stderr.
 *
 * @param said - the arguments of each of tslab's calls that print to stderr: a format and its values, or what the cell
 * threw
 */
export function failureText(said: readonly (readonly unknown[])[]): string {
  const texts = said.map((values) =>
    values[0] instanceof Error ? thrownText(values[0]) : format(...values),
  );
  const names = new Set(texts.flatMap((text) => UNDECLARED.exec(text)?.[1] ?? []));
  const advice = [
    ...(texts.some((text) => NOT_EXPORTED.test(text)) ? [OTHER_VERSION] : []),
    ...(names.size > 0
      ? [`Run the cells above first: no cell run so far declares ${[...names].join(", ")}.`]
      : []),
  ];
  return [...advice, ...texts].join("\n");
}

/** Node prints the line of code that threw, which may be a library's, before the error: `file:3`, the line, `^`. */
const SOURCE = /^\S.*:\d+\n.*\n[\t ^]*\n+/;

function thrownText(error: Error): string {
  const text = inspect(error);
  return withoutKernelFrames(text.startsWith(error.name) ? text : text.replace(SOURCE, "")).trimEnd();
}
