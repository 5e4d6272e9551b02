/**
 * The elementary functions to some 200 bits, by whole-number arithmetic only: the measure that the
 * project's own functions are held against. Slow, and made in other ways: Taylor's series after halving the
 * argument many times, Halley's iteration for the logarithms, Machin's formula for pi.
 */

import type { DoubleDouble } from "../../src/core/arithmetic/double-double.js";

/** The number value / 2^bits. */
export interface FixedPoint {
  value: bigint;
  bits: number;
}

/** Significant bits kept of every result, at least. */
const PRECISION = 200;

/** Bits that the roundings of an intermediate result may spoil. */
const GUARD = 64;

/** x = mantissa * 2^exponent exactly, for a finite x. */
function decompose(x: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const word = view.getBigUint64(0);
  const field = Number(word >> 52n);
  const fraction = word & 0xfffffffffffffn;
  const size = field === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: x < 0 ? -size : size, exponent: Math.max(field, 1) - 1075 };
}

function shift(value: bigint, left: number): bigint {
  return left >= 0 ? value << BigInt(left) : value >> BigInt(-left);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Number of binary digits of a whole number >= 0. */
function bitLength(value: bigint): number {
  const digits = value.toString(16);
  return 4 * (digits.length - 1) + (32 - Math.clz32(Number.parseInt(digits[0], 16)));
}

/** x * 2^bits; each part is rounded down to a whole number where it is none. */
function scaled(x: number | DoubleDouble, bits: number): bigint {
  if (typeof x !== "number") return scaled(x.high, bits) + scaled(x.low, bits);
  const { mantissa, exponent } = decompose(x);
  return shift(mantissa, exponent + bits);
}

function rounded(x: number | DoubleDouble): number {
  return typeof x === "number" ? x : x.high;
}

/** How many bits after the binary point give a number of the size of x all its PRECISION. */
function bitsFor(x: number | DoubleDouble): number {
  const { mantissa, exponent } = decompose(rounded(x));
  return PRECISION + GUARD + Math.max(0, -exponent - bitLength(abs(mantissa)));
}

function multiply(a: bigint, b: bigint, bits: number): bigint {
  return (a * b) >> BigInt(bits);
}

function divide(a: bigint, b: bigint, bits: number): bigint {
  return (a << BigInt(bits)) / b;
}

/** The nearest whole number to a / b, for b > 0. */
function roundedQuotient(a: bigint, b: bigint): bigint {
  const twice = 2n * a + b;
  const quotient = twice / (2n * b);
  return twice < 0n && quotient * 2n * b !== twice ? quotient - 1n : quotient;
}

/** artanh(1/n) = 1/n + 1/(3 n^3) + …, or with alternating signs arctan(1/n). */
function inverseTangent(n: bigint, bits: number, sign: 1n | -1n): bigint {
  let power = (1n << BigInt(bits + GUARD)) / n;
  let sum = power;
  for (let i = 3n; power !== 0n; i += 2n) {
    power = (sign * power) / (n * n);
    sum += power / i;
  }
  return sum >> BigInt(GUARD);
}

const constants = new Map<string, bigint>();

function remembered(name: string, bits: number, compute: () => bigint): bigint {
  const key = `${name} ${bits}`;
  const value = constants.get(key) ?? compute();
  constants.set(key, value);
  return value;
}

function ln2(bits: number): bigint {
  return remembered("ln 2", bits, () => 2n * inverseTangent(3n, bits, 1n));
}

function pi(bits: number): bigint {
  return remembered(
    "pi",
    bits,
    () => 16n * inverseTangent(5n, bits, -1n) - 4n * inverseTangent(239n, bits, -1n),
  );
}

/** e^x = value * 2^(k - bits), for x given as x * 2^bits. */
function expParts(x: bigint, bits: number): { value: bigint; k: number } {
  const k = roundedQuotient(x, ln2(bits));
  const halvings = 12;
  const inner = bits + 2 * halvings;
  const r = ((x << BigInt(inner - bits)) - k * ln2(inner)) >> BigInt(halvings);
  let term = 1n << BigInt(inner);
  let value = term;
  for (let i = 1n; term !== 0n && term !== -1n; i++) {
    term = multiply(term, r, inner) / i;
    value += term;
  }
  for (let i = 0; i < halvings; i++) value = multiply(value, value, inner);
  return { value: value >> BigInt(inner - bits), k: Number(k) };
}

/** e^x, for x and the result in fixed point. */
function expFixed(x: bigint, bits: number): bigint {
  const { value, k } = expParts(x, bits);
  return shift(value, k);
}

/**
 * log x for x in fixed point, from a first guess: Halley's iteration, each time three times as many digits.
 */
function logFixed(x: bigint, guess: number, bits: number): FixedPoint {
  let y = scaled(guess, bits);
  for (let i = 0; i < 3; i++) {
    const power = expFixed(y, bits);
    y += divide(2n * (x - power), x + power, bits);
  }
  return { value: y, bits };
}

/** sin(x + turns pi/2) by Taylor's series. */
function sineAfterQuarterTurns(x: number, turns: bigint): FixedPoint {
  const bits = bitsFor(x);
  const whole = scaled(x, bits);
  const halfPi = pi(bits) / 2n;
  const n = roundedQuotient(whole, halfPi);
  const r = whole - n * halfPi;
  const quadrant = (n + turns) & 3n;
  const square = multiply(r, r, bits);
  // sin r = r - r^3/3! + …, cos r = 1 - r^2/2! + …
  let term = quadrant % 2n === 0n ? r : 1n << BigInt(bits);
  let value = term;
  for (let i = quadrant % 2n === 0n ? 2n : 1n; term !== 0n && term !== -1n; i += 2n) {
    term = -multiply(term, square, bits) / (i * (i + 1n));
    value += term;
  }
  return { value: quadrant < 2n ? value : -value, bits };
}

function expm1(x: number | DoubleDouble): FixedPoint {
  const bits = bitsFor(x);
  return { value: expFixed(scaled(x, bits), bits) - (1n << BigInt(bits)), bits };
}

/** The square root of a whole number >= 0, rounded down (Newton's iteration from above). */
function rootOf(square: bigint): bigint {
  let root = 1n << BigInt((bitLength(square) + 1) >> 1);
  for (;;) {
    const next = root === 0n ? 0n : (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * The angle of (x, y), for coordinates in fixed point with the same bits, from a first guess that is off by less than 2^-50:
 * turned back by the guess, the direction has a small angle, of which arctan d = d - d^3/3 is all that matters.
 */
function angleOf(y: bigint, x: bigint, guess: number, bits: number): FixedPoint {
  const turn = (turns: bigint): bigint => {
    const { value, bits: own } = sineAfterQuarterTurns(guess, turns);
    return shift(value, bits - own);
  };
  const [sine, cosine] = [turn(0n), turn(1n)];
  const d = divide(y * cosine - x * sine, x * cosine + y * sine, bits);
  return { value: scaled(guess, bits) + d - multiply(multiply(d, d, bits), d, bits) / 3n, bits };
}

/**
 * Each function for a finite double, or but for sin and cos a double-double, in its domain; |x| up to some thousands for those with e^x, 2^30 for
 * sin and cos.
 */
export const highPrecision = {
  exp(x: number | DoubleDouble): FixedPoint {
    const bits = PRECISION + GUARD;
    const { value, k } = expParts(scaled(x, bits), bits);
    return { value, bits: bits - k };
  },
  expm1: (x: number | DoubleDouble): FixedPoint => expm1(x),
  tanh(x: number | DoubleDouble): FixedPoint {
    const { value, bits } = expm1(typeof x === "number" ? 2 * x : { high: 2 * x.high, low: 2 * x.low });
    return { value: divide(value, value + (2n << BigInt(bits)), bits), bits };
  },
  log(x: number | DoubleDouble): FixedPoint {
    const above1 = typeof x === "number" ? x - 1 : x.high - 1 + x.low;
    const bits = Math.max(bitsFor(x), bitsFor(above1));
    return logFixed(scaled(x, bits), Math.log(rounded(x)), bits);
  },
  log1p(x: number | DoubleDouble): FixedPoint {
    const bits = bitsFor(x);
    return logFixed((1n << BigInt(bits)) + scaled(x, bits), Math.log1p(rounded(x)), bits);
  },
  sin: (x: number): FixedPoint => sineAfterQuarterTurns(x, 0n),
  cos: (x: number): FixedPoint => sineAfterQuarterTurns(x, 1n),
} as const;

/** The angles of core/arctangent.ts, for finite doubles: coordinates that are not both 0, and a cosine. */
export const highPrecisionAngles = {
  atan2(y: number, x: number): FixedPoint {
    const guess = Math.atan2(y, x);
    const bits = Math.max(bitsFor(y), bitsFor(x), guess === 0 ? 0 : bitsFor(guess));
    return angleOf(scaled(y, bits), scaled(x, bits), guess, bits);
  },
  acos(x: number): FixedPoint {
    const bits = bitsFor(x) + PRECISION;
    const one = 1n << BigInt(bits);
    const cosine = scaled(x, bits);
    return angleOf(rootOf(one * one - cosine * cosine), cosine, Math.acos(x), bits);
  },
} as const;

/**
 * |computed - exact| in units in the last place of the exact value, 2^(e - 52) for a value in [2^e,
 * 2^(e+1)), and 2^-1074 in the subnormal range. NaN is infinitely far off; Infinity counts as 2^1024, the
 * value it was rounded from.
 */
export function errorInUlps(computed: number, exact: FixedPoint): number {
  if (Number.isNaN(computed)) return Infinity;
  const bits = Math.max(exact.bits, 1074);
  const value = shift(exact.value, bits - exact.bits);
  const infinite = 1n << BigInt(1024 + bits);
  const ours = Number.isFinite(computed) ? scaled(computed, bits) : computed > 0 ? infinite : -infinite;
  const lastPlace = Math.max(bitLength(abs(value)) - 1 - bits - 52, -1074);
  return Number(shift(abs(ours - value), 40 - (lastPlace + bits))) / 2 ** 40;
}

/** A finite number exactly: every double is a whole number times 2^-1074. */
export function exactly(x: number | DoubleDouble): FixedPoint {
  return { value: scaled(x, 1074), bits: 1074 };
}

/** a + b, exactly. */
export function exactSum(a: FixedPoint, b: FixedPoint): FixedPoint {
  const bits = Math.max(a.bits, b.bits);
  return { value: shift(a.value, bits - a.bits) + shift(b.value, bits - b.bits), bits };
}

/** a * b, exactly. */
export function exactProduct(a: FixedPoint, b: FixedPoint): FixedPoint {
  return { value: a.value * b.value, bits: a.bits + b.bits };
}

/** |computed - exact| / |exact|, times 2^106; 0 if both are 0. */
export function relativeError(computed: FixedPoint, exact: FixedPoint): number {
  const { value: difference } = exactSum(computed, { ...exact, value: -exact.value });
  if (difference === 0n) return 0;
  const whole = shift(abs(exact.value), Math.max(computed.bits - exact.bits, 0));
  return Number((abs(difference) << 126n) / whole) / 2 ** 20;
}
