/**
 * The beginning and the end of a long text, about `most` characters, and in between a line that says that
 * there was more.
 */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  const head = text.slice(0, splitsPair(text, half) ? half - 1 : half);
  const rest = text.length - half;
  const tail = text.slice(splitsPair(text, rest) ? rest + 1 : rest);
  return `${head}\n[left out: what lies between the first and the last ${half} characters]\n${tail}`;
}

/** Whether a cut before an index would leave half a character on either side. */
function splitsPair(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}
