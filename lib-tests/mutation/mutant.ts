/** A broken place in a text, as data. */

/** One broken place: the characters from `start` to `end` give way to `replacement`. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** A mutant as a reader sees it: a line as it is and as it becomes, both without what is around them. */
export interface Change {
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** The text with the mutant in it. */
export function mutated(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** The first line that a mutant changes. */
export function changeOf(text: string, mutant: Mutant): Change {
  const line = text.slice(0, mutant.start).split("\n").length;
  const at = (lines: string): string => lines.split("\n")[line - 1].trim();
  return { line, before: at(text), after: at(mutated(text, mutant)) };
}
