/** What a terminal would show in the end, as plain text: no colours, no line that was written over. */
import { stripVTControlCharacters } from "node:util";

/**
 * Text of a stream without escape sequences; of a line rewritten with carriage returns only the last state.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r+\n/g, "\n")
    .replace(/[^\n]*\r(?=[^\n])/g, "")
    .replace(/\r/g, "");
}
