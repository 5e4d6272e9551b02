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
 * What `roundToNearest` does, as an expression; why it is right stands there. All of it is written out, zero
 * and subnormal numbers too: neurons that do not fire make zeros common, and a program without calls keeps
 * its numbers in registers. The variables t, u and c that it assigns to are the program's, and `fround` in it
 * is Math.fround.
 */
export function nearestText(format: Format): RoundingText {
  if (format.precision === 53) return (expression) => `(${expression})`;
  if (format === formats.binary32) return (expression) => `fround(${expression})`;
  const { smallestNormal, smallestSubnormal } = finfo(format);
  const splitter = powerOfTwo(53 - format.precision) + 1;
  const magic = 1.5 * powerOfTwo(52) * smallestSubnormal;
  const tiny = format.subnormals
    ? `((c = t + ${magic} - ${magic}) === 0 ? t * 0 : c)`
    : `(u > ${0.5 * smallestNormal} ? Math.sign(t) * ${smallestNormal} : t * 0)`;
  const huge =
    format.overflow === "infinity" ? "t * Infinity" : `(t > 0 ? ${format.max} : t < 0 ? -${format.max} : t)`;
  return (expression) =>
    `(t = ${expression}, u = Math.abs(t), u < ${smallestNormal} ? ${tiny} : u < ${overflowLimit(format)} ? (c = t * ${splitter}, c - (c - t)) : ${huge})`;
}
