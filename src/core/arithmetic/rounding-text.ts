/**
 * Rounding to nearest as text, for programs that are written while they run and have no time to call a
 * function.
 */
import { powerOfTwo } from "../powers.js";
import { type Format, finfo, formats } from "./formats.js";
import { overflowLimit } from "./rounding.js";

/** Puts the rounding of a format around the text of an expression. */
export type RoundingText = (expression: string) => string;

/**
 * What `roundToNearest` does, as an expression; why it is right stands there. All results that there may be
 * are computed, and one is chosen by conditions that hold no operation: an engine compiles an operation for
 * the numbers that it has seen there, and were a rare branch to hold one, the first rare number at each of a
 * program's hundreds of roundings would have it throw the compiled program away.
 *
 * The variables t, u, c, h and o that it assigns to are the program's, and `fround` in it is Math.fround.
 */
export function nearestText(format: Format): RoundingText {
  if (format.precision === 53) return (expression) => `(${expression})`;
  if (format === formats.binary32) return (expression) => `fround(${expression})`;
  const { smallestNormal, smallestSubnormal } = finfo(format);
  const splitter = powerOfTwo(53 - format.precision) + 1;
  const magic = 1.5 * powerOfTwo(52) * smallestSubnormal;
  const huge =
    format.overflow === "infinity" ? "t * Infinity" : `Math.max(${-format.max}, Math.min(${format.max}, t))`;
  // c - t - c is -t rounded to p bits; where c is the magic number instead, to a subnormal; o gives zeros their sign
  const splitting = format.subnormals
    ? `c = t * ${splitter}, c = u < ${smallestNormal} ? ${magic} : c, c = o - (c - t - c)`
    : `c = t * ${splitter}, c = c - (c - t), h = Math.sign(t) * ${smallestNormal}, c = u < ${smallestNormal} ? (u > ${0.5 * smallestNormal} ? h : o) : c`;
  return (expression) =>
    `(t = ${expression}, u = Math.abs(t), o = t * 0, ${splitting}, h = ${huge}, u < ${overflowLimit(format)} ? c : h)`;
}
