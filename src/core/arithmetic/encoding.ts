/** Converts numbers of a format to bit patterns and back. */

import * as z from "zod/mini";
import { exponentOf, powerOfTwo } from "../powers.js";
import { requireArgument } from "../require.js";
import type { Format } from "./formats.js";

const exponent = z.int().check(z.gte(-1022), z.lte(1023));
const formatSchema: z.ZodMiniType<Format> = z.strictObject({
  name: z.string(),
  precision: z.int().check(z.gte(2), z.lte(53)),
  minExponent: exponent,
  maxExponent: exponent,
  subnormals: z.boolean(),
  overflow: z.enum(["infinity", "saturate"]),
  max: z.number().check(z.gt(0)),
});

const patternSchema = z.bigint().check(z.meta({ title: "a whole number, as a bigint" }));

/** Formats that were found right: checking takes longer than encoding a number. */
const known = new WeakSet<Format>();

/** @throws RangeError or TypeError when it is no format */
export function requireFormat(format: Format): void {
  if (known.has(format)) return;
  requireArgument("format", formatSchema, format);
  const { minExponent, maxExponent } = format;
  if (minExponent >= maxExponent) {
    throw new RangeError(
      `format.minExponent must be less than maxExponent (${maxExponent}), got ${minExponent}`,
    );
  }
  known.add(format);
}

/** The number of bits of the exponent field, and the bias added to an exponent to store it. */
function exponentField({ minExponent, maxExponent, overflow }: Format): { bits: number; bias: number } {
  const bias = 1 - minExponent;
  // with infinities, the topmost stored exponent is reserved for them and NaN
  const largest = maxExponent + bias + (overflow === "infinity" ? 1 : 0);
  return { bits: exponentOf(largest) + 1, bias };
}

/**
 * The number of bits in a format: sign, exponent, and significand without its leading bit.
 *
 * @throws RangeError or TypeError when it is no format
 */
export function widthOf(format: Format): number {
  requireFormat(format);
  return 1 + exponentField(format).bits + format.precision - 1;
}

/**
 * Returns the bit pattern of a number; for NaN, the quiet one without payload.
 *
 * @throws RangeError when the value is not a number of the format, TypeError when it is no number at all
 */
export function encode(value: number, format: Format): bigint {
  requireFormat(format);
  if (typeof value !== "number") requireArgument("value", z.number(), value);
  const { bits, bias } = exponentField(format);
  const fractionBits = BigInt(format.precision - 1);
  const sign = value < 0 || Object.is(value, -0) ? 1n << (fractionBits + BigInt(bits)) : 0n;
  const top = ((1n << BigInt(bits)) - 1n) << fractionBits;
  const size = Math.abs(value);
  if (format.overflow === "infinity") {
    if (Number.isNaN(value)) return top | (1n << (fractionBits - 1n));
    if (size === Number.POSITIVE_INFINITY) return sign | top;
  } else if (Number.isNaN(value)) return top | ((1n << fractionBits) - 1n);

  const exponent = size === 0 ? format.minExponent : Math.max(exponentOf(size), format.minExponent);
  const step = powerOfTwo(exponent - format.precision + 1);
  const significand = Math.floor(size / step);
  const isNormal = significand >= powerOfTwo(format.precision - 1);
  const isNumber = significand * step === size && size <= format.max;
  if (!isNumber || (!isNormal && size !== 0 && !format.subnormals)) {
    throw new RangeError(`value must be a number of ${format.name}, got ${value}`);
  }
  const field = isNormal ? BigInt(exponent + bias) : 0n;
  const fraction = isNormal ? BigInt(significand) - (1n << fractionBits) : BigInt(significand);
  return sign | (field << fractionBits) | fraction;
}

/**
 * Returns the number for a bit pattern. In a format without subnormals, their patterns give zero; patterns above that of
 * the largest number give NaN, except for infinity's.
 *
 * @throws RangeError when the pattern has more bits than the format, TypeError when it is no bigint
 */
export function decode(pattern: bigint, format: Format): number {
  requireFormat(format);
  if (typeof pattern !== "bigint") requireArgument("pattern", patternSchema, pattern);
  const { bits, bias } = exponentField(format);
  const fractionBits = format.precision - 1;
  const width = widthOf(format);
  if (pattern >> BigInt(width) !== 0n) {
    throw new RangeError(`pattern must be a whole number below 2^${width}, got ${pattern}`);
  }
  const sign = pattern >> BigInt(width - 1) === 1n ? -1 : 1;
  const field = Number((pattern >> BigInt(fractionBits)) & ((1n << BigInt(bits)) - 1n));
  const fraction = Number(pattern & ((1n << BigInt(fractionBits)) - 1n));
  const isTop = field === powerOfTwo(bits) - 1;
  if (isTop && format.overflow === "infinity") {
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  const step = 1 - format.precision; // of the significand
  if (field === 0) {
    return sign * (format.subnormals ? fraction * powerOfTwo(format.minExponent + step) : 0);
  }
  const size = (1 + fraction * powerOfTwo(step)) * powerOfTwo(field - bias);
  return size > format.max ? Number.NaN : sign * size;
}
