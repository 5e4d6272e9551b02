/** A digest of a text, to tell whether two texts are equal. */

/**
 * A 64-bit digest of the text's UTF-16 code units as 16 hexadecimal digits: FNV-1a (Fowler, Noll, Vo; RFC 9923) of 32 bits
 * from two different start values. It detects accidental differences, but does not resist deliberate collisions.
 */
export function digestOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + i), 0x01000193);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
