/**
 * Shortens a long text to about `most` characters: keeps its beginning and end, with a line in between that says so.
 */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  const head = text.slice(0, splitsPair(text, half) ? half - 1 : half);
  const rest = text.length - half;
  const tail = text.slice(splitsPair(text, rest) ? rest + 1 : rest);
  return `${head}\n[left out: everything between the first and the last ${half} characters]\n${tail}`;
}

/** Whether a cut before an index would split a character. */
function splitsPair(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}
