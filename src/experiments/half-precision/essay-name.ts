/** A text with the essay's names of formats: `float16` for `binary16`, as IEEE 754 calls it and the code with it. */
export function essayName(text: string): string {
  return text.replace(/\bbinary(?=\d)/g, "float");
}
