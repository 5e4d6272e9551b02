/**
 * Rounding of two doubles to a format, as instructions: what arithmetic/rounding.ts does, without a branch. Why it is
 * right stands there; where it differs is said here.
 */
import { type Format, finfo } from "../arithmetic/formats.js";
import { overflowLimit } from "../arithmetic/rounding.js";
import { powerOfTwo } from "../powers.js";
import { Code } from "./code.js";
import type { Memory } from "./memory.js";

const EXPONENT = 0x7ff0000000000000n;
const SIGN = 0x8000000000000000n;
/** What adds to the exponent of a double, and the upper half of its significand. */
const exponents = (count: number): bigint => BigInt(count) << 52n;
const HALF = 1n << 51n;

/** Whether rounding leaves every double as it is. */
export function isExact({ precision }: Format): boolean {
  return precision === 53;
}

/** What is known of values that are rounded to nearest. */
export interface Circumstances {
  /** Whether a zero's sign is of no account. */
  anyZero?: boolean;
  /** Whether no value is beyond twice the largest number. */
  isBounded?: boolean;
}

/** Replaces the two doubles on the stack by the nearest numbers of the format. */
export function roundToNearest(
  code: Code,
  memory: Memory,
  format: Format,
  { anyZero = false, isBounded = false }: Circumstances = {},
): void {
  if (isExact(format)) return;
  const { precision, minExponent, maxExponent, subnormals, overflow, max } = format;
  const constant = (address: number): void => code.constant(address);
  if (
    precision === 24 &&
    maxExponent === 127 &&
    minExponent === -126 &&
    subnormals &&
    overflow === "infinity"
  ) {
    code.op("f32x4.demote_f64x2_zero", "f64x2.promote_low_f32x4"); // binary32
    return;
  }
  const { smallestNormal } = finfo(format);
  const value = code.local();
  const shift = code.local();
  // x + m - m with m = 1.5 * 2^(52 + e - p + 1), whose last place is worth as much as that of the format at x's
  // exponent e; exponents are compared as whole numbers, which is quick, and kept within the format's, lest m overflow
  code.tee(value);
  code.get(value);
  constant(memory.words(EXPONENT));
  code.op("v128.and");
  constant(memory.double(smallestNormal));
  code.op("i32x4.max_s");
  if (!isBounded) {
    constant(memory.double(powerOfTwo(maxExponent + 1)));
    code.op("i32x4.min_s");
  }
  constant(memory.words(exponents(53 - precision) | HALF));
  code.op("i64x2.add");
  if (!subnormals) {
    // below the smallest normal number its own size is the step
    code.set(shift);
    constant(memory.double(1.5 * powerOfTwo(52) * smallestNormal));
    code.get(shift);
    code.get(value);
    code.op("f64x2.abs");
    constant(memory.double(smallestNormal));
    code.op("f64x2.lt", "v128.bitselect");
  }
  code.tee(shift);
  code.op("f64x2.add");
  code.get(shift);
  code.op("f64x2.sub");
  if (overflow === "infinity") {
    // scaled up so far that doubles end where the format does
    constant(memory.double(powerOfTwo(1023 - maxExponent)));
    code.op("f64x2.mul");
    constant(memory.double(powerOfTwo(maxExponent - 1023)));
    code.op("f64x2.mul");
  } else {
    constant(memory.double(max));
    code.op("f64x2.pmin");
    constant(memory.double(-max));
    code.op("f64x2.pmax");
  }
  if (!anyZero) keepSign(code, memory, value);
}

/** Gives the two doubles on the stack, which are positive or 0 or have the right sign, the signs of `value`. */
function keepSign(code: Code, memory: Memory, value: number): void {
  code.get(value);
  code.constant(memory.words(SIGN));
  code.op("v128.and", "v128.or");
}

/**
 * A function that rounds two doubles stochastically. A value that is a number of the format has nothing beyond the
 * number below it, so that no dither takes it up, and needs no case of its own.
 *
 * @param key - the address of the step's key
 */
export function stochasticRounding(memory: Memory, format: Format, key: number): Code {
  const code = new Code(["v128"], ["v128"]);
  const { precision, subnormals, overflow, max } = format;
  const { smallestNormal } = finfo(format);
  const value = 0;
  const [size, power, scaled, below, dither] = Array.from({ length: 5 }, () => code.local());
  const constant = (address: number): void => code.constant(address);
  /** MurmurHash3's finaliser, see arithmetic/dither.ts. */
  const mix = (): void => {
    const word = code.local();
    const fold = (bits: number): void => {
      code.tee(word);
      code.get(word);
      code.i32(bits);
      code.op("i32x4.shr_u", "v128.xor");
    };
    fold(16);
    constant(memory.words(0x85ebca6b85ebca6bn));
    code.op("i32x4.mul");
    fold(13);
    constant(memory.words(0xc2b2ae35c2b2ae35n));
    code.op("i32x4.mul");
    fold(16);
  };
  // the dither: the lower word of each double, then the upper one; and 32 bits after the point
  code.get(value);
  code.i32(0);
  code.access("v128.load32_splat", key);
  code.op("v128.xor");
  mix();
  code.get(value);
  code.i32(32);
  code.op("i64x2.shr_u", "v128.xor");
  mix();
  code.i32(32);
  code.op("i64x2.shl");
  code.i32(12);
  code.op("i64x2.shr_u");
  constant(memory.double(1));
  code.op("v128.or");
  constant(memory.double(1));
  code.op("f64x2.sub");
  code.set(dither);

  code.get(value);
  code.op("f64x2.abs");
  code.set(size);
  // the power of two at the size's exponent, and the step of the format there
  code.get(value);
  constant(memory.words(EXPONENT));
  code.op("v128.and");
  constant(memory.double(smallestNormal));
  code.op("i32x4.max_s");
  constant(memory.double(powerOfTwo(format.maxExponent)));
  code.op("i32x4.min_s");
  constant(memory.words(exponents(precision - 1)));
  code.op("i64x2.sub");
  code.set(power);
  if (!subnormals) {
    constant(memory.double(smallestNormal));
    code.get(power);
    code.get(size);
    constant(memory.double(smallestNormal));
    code.op("f64x2.lt", "v128.bitselect");
    code.set(power);
  }
  // size / step, exactly: 1 / 2^e has the exponent field 2046 - that of 2^e
  code.get(size);
  constant(memory.words(exponents(2046)));
  code.get(power);
  code.op("i64x2.sub", "f64x2.mul");
  code.tee(scaled);
  code.op("f64x2.floor");
  code.tee(below);
  code.get(dither);
  code.get(scaled);
  code.get(below);
  code.op("f64x2.sub", "f64x2.lt");
  constant(memory.double(1));
  code.op("v128.and", "f64x2.add");
  code.get(power);
  code.op("f64x2.mul");
  // beyond the largest number, to the nearest
  constant(memory.double(max));
  code.op("f64x2.pmin");
  code.get(size);
  constant(memory.double(overflow === "infinity" ? Number.POSITIVE_INFINITY : max));
  code.op(overflow === "infinity" ? "f64x2.mul" : "f64x2.pmin");
  code.get(size);
  constant(memory.double(overflowLimit(format)));
  code.op("f64x2.lt", "v128.bitselect");
  keepSign(code, memory, value);
  return code;
}
