/**
 * Writes the rounding of vectors to a format as instructions: the same as arithmetic/rounding.ts, which says why it is right,
 * but without branches. Comments here explain the differences.
 */
import { type Format, finfo, formats } from "../arithmetic/formats.js";
import { overflowLimit } from "../arithmetic/rounding.js";
import { powerOfTwo } from "../powers.js";
import { Code, type Instruction } from "./code.js";
import { numbersOf } from "./known-numbers.js";
import { bitsOf, type Memory, type Shape, singleBitsOf } from "./memory.js";

/** Whether every number in such lanes already is a number of the format. */
export function isExact(format: Format, shape: Shape): boolean {
  return format.precision === 53 || (shape === "f32x4" && isBinary32(format));
}

function isBinary32(format: Format): boolean {
  return numbersOf(format) === numbersOf(formats.binary32);
}

/** What is known about values to round to nearest. */
export interface Circumstances {
  /** Whether the sign of zeros does not matter. */
  anyZero?: boolean;
  /** Whether no value is far beyond the largest number. */
  isBounded?: boolean;
}

/** Constants for a vector's lanes, and the operation that adds them as whole numbers. */
function laneConstants(memory: Memory, shape: Shape) {
  const isDouble = shape === "f64x2";
  const fractionBits = isDouble ? 52 : 23;
  const word = (double: bigint, single: number): number =>
    isDouble ? memory.words(double) : memory.word(single);
  return {
    precision: fractionBits + 1,
    maxExponent: isDouble ? 1023 : 127,
    number: (value: number): number => memory.number(value, shape),
    exponent: word(0x7ff0000000000000n, 0x7f800000),
    sign: word(bitsOf(-0), singleBitsOf(-0)),
    /** Adds `count` to an exponent, and half a unit to the significand. */
    shift: (count: number): number => word((BigInt(count) << 52n) | (1n << 51n), (count << 23) | (1 << 22)),
    addWords: (isDouble ? "i64x2.add" : "i32x4.add") as Instruction,
  };
}

/** Writes code that replaces the numbers on the stack by the nearest numbers of the format. */
export function roundToNearest(
  code: Code,
  memory: Memory,
  format: Format,
  shape: Shape,
  { anyZero = false, isBounded = false }: Circumstances = {},
): void {
  if (isExact(format, shape)) return;
  if (isBinary32(format)) {
    code.op("f32x4.demote_f64x2_zero", "f64x2.promote_low_f32x4");
    return;
  }
  const { precision, maxExponent, subnormals, overflow, max } = format;
  const { smallestNormal } = finfo(format);
  const lanes = laneConstants(memory, shape);
  const op = (name: string): void => code.op(`${shape}.${name}` as Instruction);
  const number = (value: number): void => code.constant(lanes.number(value));
  const value = code.local();
  const shift = code.local();
  // x + m - m with m = 1.5 * 2^(52 + e - p + 1), whose last place has the same value as the format's at x's exponent e;
  // exponents are compared as whole numbers, which is fast, and kept within the format's range, so that m cannot overflow
  code.tee(value);
  code.get(value);
  code.constant(lanes.exponent);
  code.op("v128.and");
  number(smallestNormal);
  code.op("i32x4.max_s");
  if (!isBounded) {
    number(powerOfTwo(maxExponent + 1));
    code.op("i32x4.min_s");
  }
  code.constant(lanes.shift(lanes.precision - precision));
  code.op(lanes.addWords);
  if (!subnormals) {
    // below the smallest normal number, the step is that number
    code.set(shift);
    number(1.5 * powerOfTwo(lanes.precision - 1) * smallestNormal);
    code.get(shift);
    code.get(value);
    op("abs");
    number(smallestNormal);
    op("lt");
    code.op("v128.bitselect");
  }
  code.tee(shift);
  op("add");
  code.get(shift);
  op("sub");
  if (overflow === "infinity") {
    // scaled so that the lanes overflow where the format does
    number(powerOfTwo(lanes.maxExponent - maxExponent));
    op("mul");
    number(powerOfTwo(maxExponent - lanes.maxExponent));
    op("mul");
  } else {
    number(max);
    op("pmin");
    number(-max);
    op("pmax");
  }
  if (!anyZero) keepSign(code, lanes.sign, value);
}

/** Gives the numbers on the stack, which are never negative unless `value` is, the signs of `value`. */
function keepSign(code: Code, sign: number, value: number): void {
  code.get(value);
  code.constant(sign);
  code.op("v128.and", "v128.or");
}

/**
 * Writes a function that rounds two doubles stochastically. Numbers of the format need no separate case: their distance from
 * the number below is 0, so that no dither rounds them up.
 *
 * @param key - address of the step's key; for several trainings the function's second parameter is added to it
 */
export function stochasticRounding(memory: Memory, format: Format, key: number, trainings: number): Code {
  const code = new Code(trainings === 1 ? ["v128"] : ["v128", "i32"], ["v128"]);
  const { precision, subnormals, overflow, max } = format;
  const { smallestNormal } = finfo(format);
  const lanes = laneConstants(memory, "f64x2");
  const value = 0;
  const [size, step, scaled, below, dither, word] = Array.from({ length: 6 }, () => code.local());
  const number = (one: number): void => code.constant(lanes.number(one));
  /** MurmurHash3's finaliser, see arithmetic/dither.ts. */
  const mix = (): void => {
    const fold = (bits: number): void => {
      code.tee(word);
      code.get(word);
      code.i32(bits);
      code.op("i32x4.shr_u", "v128.xor");
    };
    fold(16);
    code.constant(memory.word(0x85ebca6b));
    code.op("i32x4.mul");
    fold(13);
    code.constant(memory.word(0xc2b2ae35));
    code.op("i32x4.mul");
    fold(16);
  };
  // the dither: hash the lower word of each double, then the upper one, and use 32 bits after the binary point
  code.get(value);
  if (trainings === 1) {
    code.i32(0);
    code.access("v128.load32_splat", key);
  } else {
    code.get(1);
    code.access("v128.load", key);
  }
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
  number(1);
  code.op("v128.or");
  number(1);
  code.op("f64x2.sub");
  code.set(dither);

  code.get(value);
  code.op("f64x2.abs");
  code.set(size);
  // the power of two at the size's exponent, and from it the format's step
  code.get(value);
  code.constant(lanes.exponent);
  code.op("v128.and");
  number(smallestNormal);
  code.op("i32x4.max_s");
  number(powerOfTwo(format.maxExponent));
  code.op("i32x4.min_s");
  code.constant(memory.words(BigInt(precision - 1) << 52n));
  code.op("i64x2.sub");
  code.set(step);
  if (!subnormals) {
    number(smallestNormal);
    code.get(step);
    code.get(size);
    number(smallestNormal);
    code.op("f64x2.lt", "v128.bitselect");
    code.set(step);
  }
  // size / step is exact: the exponent field of 1 / 2^e is 2046 minus that of 2^e
  code.get(size);
  code.constant(memory.words(2046n << 52n));
  code.get(step);
  code.op("i64x2.sub", "f64x2.mul");
  code.tee(scaled);
  code.op("f64x2.floor");
  code.tee(below);
  code.get(dither);
  code.get(scaled);
  code.get(below);
  code.op("f64x2.sub", "f64x2.lt");
  number(1);
  code.op("v128.and", "f64x2.add");
  code.get(step);
  code.op("f64x2.mul");
  // beyond the largest number, round to nearest
  number(max);
  code.op("f64x2.pmin");
  code.get(size);
  number(overflow === "infinity" ? Number.POSITIVE_INFINITY : max);
  code.op(overflow === "infinity" ? "f64x2.mul" : "f64x2.pmin");
  code.get(size);
  number(overflowLimit(format));
  code.op("f64x2.lt", "v128.bitselect");
  keepSign(code, lanes.sign, value);
  return code;
}
