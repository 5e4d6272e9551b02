/** What a cell that failed says to its reader: first what went wrong, then where. */
import { format, inspect } from "node:util";
import { withoutKernelFrames } from "./kernel-frames.js";

/** How tslab prints what its compiler finds: `2:5 - Cannot find name 'seed'.` */
const UNDECLARED = /^\d+:\d+ - Cannot find name '([^']+)'\./;
/** What it finds where a cell imports what the package does not have. */
const NOT_EXPORTED = /^\d+:\d+ - (?:Module )?'"glass-house"' has no exported member\b/;

const OTHER_VERSION =
  "If no name is mistyped, this notebook was written for another version of glass-house: take it from notebooks/ again, " +
  "and carry your values over with --set (npm run report -- --help).";

/**
 * The text under a failed cell; empty where there is nothing to say.
 *
 * @param said - the arguments of each call by which tslab would print to stderr: a format and its values, or what
 * the cell threw
 */
export function failureText(said: readonly (readonly unknown[])[]): string {
  const texts = said.map((values) =>
    values[0] instanceof Error ? thrownText(values[0]) : format(...values),
  );
  const names = new Set(texts.flatMap((text) => UNDECLARED.exec(text)?.[1] ?? []));
  const advice = [
    ...(texts.some((text) => NOT_EXPORTED.test(text)) ? [OTHER_VERSION] : []),
    ...(names.size > 0
      ? [`Run the cells above first: no cell that has run declares ${[...names].join(", ")}.`]
      : []),
  ];
  return [...advice, ...texts].join("\n");
}

/** Node puts the line of code that threw, which may be the library's, before the error's own words: `file:3`, the line, `^`. */
const SOURCE = /^\S.*:\d+\n.*\n[\t ^]*\n+/;

function thrownText(error: Error): string {
  const text = inspect(error);
  return withoutKernelFrames(text.startsWith(error.name) ? text : text.replace(SOURCE, "")).trimEnd();
}
