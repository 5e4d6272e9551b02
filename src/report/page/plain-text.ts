/** What a terminal would show in the end, as plain text: no colours, no line that was written over. */
import { stripVTControlCharacters } from "node:util";

/**
 * Text of a stream without escape sequences; of a line rewritten with carriage returns only the last state.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).split("\n").map(lastState).join("\n");
}

/** Returns at a line's end are part of how it ends. No regular expression: on long lines it took quadratic time. */
function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end--;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}
