/** What the suites on formats and rounding run over: formats, their numbers, the doubles next to them. */
import { decode, encode, widthOf } from "../../../src/core/arithmetic/encoding.js";
import { type Format, finfo, formats, makeFormat } from "../../../src/core/arithmetic/formats.js";
import { exponentOf } from "../../../src/core/powers.js";
import { type RandomStream, randomStream } from "../../../src/core/random.js";

/** The named formats, and others that differ from them in each respect. */
export const examples: readonly Format[] = [
  ...Object.values(formats),
  makeFormat({ name: "binary32 as a generic format", precision: 24, maxExponent: 127 }),
  makeFormat({ name: "binary16 without subnormals", precision: 11, maxExponent: 15, subnormals: false }),
  makeFormat({ name: "TensorFloat-32", precision: 11, maxExponent: 127 }),
  makeFormat({ name: "the narrowest", precision: 2, maxExponent: 1 }),
  makeFormat({ name: "the widest", precision: 25, maxExponent: 511 }),
  // its infinity needs an exponent bit more than its numbers
  makeFormat({ name: "multiples of 32", precision: 4, minExponent: 8, maxExponent: 14 }),
  makeFormat({
    name: "a saturating one without subnormals",
    precision: 3,
    maxExponent: 3,
    subnormals: false,
    overflow: "saturate",
  }),
];

/**
 * Patterns without a sign, ascending, up to the largest number's: all of a format of up to 16 bits, else a
 * sample.
 */
export function patternsOf(format: Format): bigint[] {
  const last = encode(format.max, format);
  const width = widthOf(format);
  if (width <= 16) return Array.from({ length: Number(last) + 1 }, (_, i) => BigInt(i));
  const normal = encode(finfo(format).smallestNormal, format);
  const around = [0n, normal, encode(1, format), last].flatMap((centre) =>
    Array.from({ length: 65 }, (_, i) => centre + BigInt(i) - 32n),
  );
  const random = randomStream(`patterns of ${format.name}`, 1);
  const sampled = Array.from({ length: 20_000 }, () => BigInt(Math.floor(random.uniform() * Number(last))));
  const inRange = [...around, ...sampled].filter((pattern) => pattern >= 0n && pattern <= last);
  return [...new Set(inRange)].sort((a, b) => (a < b ? -1 : 1));
}

/** The numbers of those patterns, ascending from 0, each once. */
export function numbersOf(format: Format): number[] {
  return [...new Set(patternsOf(format).map((pattern) => decode(pattern, format)))];
}

/** Two neighbouring numbers of a format, and to which of them half way between is rounded. */
export interface Step {
  below: number;
  above: number;
  even: number;
}

/** The steps from those numbers up; the last leads from the largest number to infinity, or nowhere. */
export function stepsOf(format: Format): Step[] {
  return numbersOf(format).map((below) => {
    const above = successor(below, format);
    return { below, above, even: encode(below, format) % 2n === 0n ? below : above };
  });
}

/** The next larger number after one that is not negative; after the largest, what overflow gives. */
export function successor(number: number, format: Format): number {
  if (number === format.max) return format.overflow === "infinity" ? Number.POSITIVE_INFINITY : format.max;
  if (number === 0) return finfo(format).smallestSubnormal;
  return decode(encode(number, format) + 1n, format);
}

/**
 * Half way from a number that is not negative to the next; that after the largest as if the exponents went
 * on.
 */
export function midpoint(below: number, format: Format): number {
  const { smallestNormal, smallestSubnormal } = finfo(format);
  if (below < smallestNormal) return below + smallestSubnormal / 2;
  return below + 2 ** (exponentOf(below) - format.precision);
}

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The next larger double after a positive one; for -1, the next smaller. */
export function nextDouble(x: number, direction: 1 | -1 = 1): number {
  double[0] = x;
  bits[0] += BigInt(direction);
  return double[0];
}

/** Random doubles of either sign, whose exponents go from well below a format's to just above it. */
export function randomDoubles(format: Format, count: number, random: RandomStream): number[] {
  const lowest = format.minExponent - format.precision - 2;
  const exponents = format.maxExponent + 3 - lowest;
  return Array.from({ length: count }, () => {
    const size = (1 + random.uniform()) * 2 ** (lowest + random.below(exponents));
    return random.uniform() < 0.5 ? -size : size;
  });
}

/** Asserts, faster than node:assert for each, that two numbers are the same: NaN is, 0 and -0 are not. */
export function assertSame(actual: number, expected: number, what: () => string): void {
  if (Object.is(actual, expected)) return;
  const print = (x: number) => (Object.is(x, -0) ? "-0" : String(x));
  throw new Error(`${what()}: expected ${print(expected)}, got ${print(actual)}`);
}
