/**
 * Number formats as data: bits of significand, range of exponents, overflow. rounding.ts rounds to them.
 */

import * as z from "zod/mini";
import { exponentOf, powerOfTwo } from "../powers.js";
import { parse } from "../validate.js";

/** The result of an operation beyond the largest number of a format. */
export type Overflow =
  /** Infinity, as in IEEE 754. */
  | "infinity"
  /** The largest number, with the sign of the result. */
  | "saturate";

/** A binary floating-point format; its numbers are a subset of the doubles. Made by {@link makeFormat}. */
export interface Format {
  readonly name: string;
  /** p, the number of bits of the significand, including the leading one: 53 in binary64, at most 25 in all others. */
  readonly precision: number;
  /** Exponent of the smallest normal number 2^minExponent. */
  readonly minExponent: number;
  /** Exponent of the largest numbers, which are below 2^(maxExponent + 1). */
  readonly maxExponent: number;
  /**
   * Whether there are subnormal numbers, which make underflow gradual. Otherwise there are no numbers between 0 and the
   * smallest normal number.
   */
  readonly subnormals: boolean;
  readonly overflow: Overflow;
  /**
   * The largest number: (2 - 2^(1-p)) 2^maxExponent. A format without infinities also uses the topmost exponent for
   * numbers, keeps its last pattern for NaN, and ends one step below.
   */
  readonly max: number;
}

/** The limits of a format, named as in C's `<float.h>` and NumPy's `finfo`. */
export interface FormatLimits {
  /** Distance from 1 to the next larger number, 2^(1-p). */
  eps: number;
  /** The largest number. */
  max: number;
  /** The smallest positive normal number. */
  smallestNormal: number;
  /** The smallest positive number; without subnormals, the smallest normal number. */
  smallestSubnormal: number;
}

/** The name of a format. */
export type FormatName = "binary64" | "binary32" | "bfloat16" | "binary16" | "e5m2" | "e4m3";

/** The properties that define a format. */
export type FormatOptions = Pick<Format, "name" | "precision" | "maxExponent"> &
  Partial<Pick<Format, "minExponent" | "subnormals" | "overflow">>;

const optionsSchema: z.ZodMiniType<FormatOptions> = z.strictObject({
  name: z.string().check(z.minLength(1)),
  precision: z.int().check(z.gte(2), z.lte(25)),
  maxExponent: z.int().check(z.gte(1), z.lte(511)),
  minExponent: z.exactOptional(z.int().check(z.gte(-510), z.lte(510))),
  subnormals: z.exactOptional(z.boolean()),
  overflow: z.exactOptional(z.enum(["infinity", "saturate"])),
});

/**
 * Makes a format of any precision and range that binary64 can simulate, as CPFloat and chop do (Fasi and Mikaitis 2023;
 * Higham and Pranesh 2019). By default it has subnormals, infinities, and exponents from 1 - maxExponent.
 *
 * With p <= 25, +, -, x, / and the square root of numbers of the format can be computed in binary64 and rounded again:
 * since 53 >= 2p + 2, the two roundings give the same result as one (Figueroa 1995, When is double rounding innocuous?).
 * With exponents from -510 to 511, products of two numbers stay within binary64's range, so this also holds for subnormal
 * results.
 *
 * @throws RangeError or TypeError when an option is not as described, or minExponent is not less than maxExponent
 */
export function makeFormat(options: FormatOptions): Format {
  const { name, precision, maxExponent, ...rest } = parse(optionsSchema, options);
  const { minExponent = 1 - maxExponent, overflow = "infinity", subnormals = true } = rest;
  if (minExponent >= maxExponent) {
    throw new RangeError(`minExponent must be less than maxExponent (${maxExponent}), got ${minExponent}`);
  }
  const stepsBelow = overflow === "saturate" ? 2 : 1;
  const max = (2 - stepsBelow * powerOfTwo(1 - precision)) * powerOfTwo(maxExponent);
  return { name, precision, minExponent, maxExponent, subnormals, overflow, max };
}

/**
 * Formats of IEEE 754-2019, bfloat16, and the two 8-bit formats of the Open Compute Project's OFP8 specification 1.0 (2023).
 * E4M3 has no infinity: overflow gives its largest number, 448, as in the specification's saturating mode.
 */
export const formats: Readonly<Record<FormatName, Format>> = {
  binary64: {
    name: "binary64",
    precision: 53,
    minExponent: -1022,
    maxExponent: 1023,
    subnormals: true,
    overflow: "infinity",
    max: Number.MAX_VALUE,
  },
  binary32: makeFormat({ name: "binary32", precision: 24, maxExponent: 127 }),
  bfloat16: makeFormat({ name: "bfloat16", precision: 8, maxExponent: 127 }),
  binary16: makeFormat({ name: "binary16", precision: 11, maxExponent: 15 }),
  e5m2: makeFormat({ name: "e5m2", precision: 3, maxExponent: 15 }),
  e4m3: makeFormat({ name: "e4m3", precision: 4, maxExponent: 8, minExponent: -6, overflow: "saturate" }),
};

/** The limits of a format. */
export function finfo({ precision, max, minExponent, subnormals }: Format): FormatLimits {
  const smallestNormal = powerOfTwo(minExponent);
  return {
    eps: powerOfTwo(1 - precision),
    max,
    smallestNormal,
    smallestSubnormal: subnormals ? powerOfTwo(minExponent - precision + 1) : smallestNormal,
  };
}

/** Unit in the last place: the distance from |value| to the next larger number of the format; NaN for what is not finite. */
export function ulp(value: number, { precision, minExponent }: Format): number {
  if (!Number.isFinite(value)) return Number.NaN;
  const exponent = value === 0 ? minExponent : Math.max(exponentOf(value), minExponent);
  return powerOfTwo(exponent - precision + 1);
}
