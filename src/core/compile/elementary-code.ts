/**
 * Writes the functions of elementary.ts as instructions on two doubles at once: the same operations in the same order, so the
 * same bits; all cases are computed and one is chosen. See elementary.ts for the mathematics; a test compares the two.
 */
import { powerOfTwo } from "../powers.js";
import type { Code, Instruction } from "./code.js";
import { bitsOf, type Memory } from "./memory.js";

/** Pushes a vector onto the stack. */
type Vector = () => void;

const ROUNDER = 1.5 * powerOfTwo(52);
const LN2_UPPER = 2977044471 * powerOfTwo(-32);
const LN2_LOWER = 1.9082149292705877e-10;

/** The operations, which write into a function. */
function operations(code: Code, memory: Memory) {
  const number =
    (value: number): Vector =>
    () =>
      code.constant(memory.double(value));
  const words =
    (value: bigint): Vector =>
    () =>
      code.constant(memory.words(value));
  const operation =
    (name: Instruction) =>
    (...operands: readonly Vector[]): Vector =>
    () => {
      for (const operand of operands) operand();
      code.op(name);
    };
  const shift =
    (name: Instruction) =>
    (a: Vector, bits: number): Vector =>
    () => {
      a();
      code.i32(bits);
      code.op(name);
    };
  /** Computes a vector now and keeps it in a local, to use it more than once. */
  const keep = (vector: Vector): Vector => {
    const local = code.local();
    vector();
    code.set(local);
    return () => code.get(local);
  };
  const [add, sub, mul, div] = (["add", "sub", "mul", "div"] as const).map((name) =>
    operation(`f64x2.${name}`),
  );
  const single =
    (a: Vector): Vector =>
    () => {
      a();
      code.op("f32x4.demote_f64x2_zero", "f64x2.promote_low_f32x4");
    };
  return {
    number,
    words,
    keep,
    add,
    sub,
    mul,
    div,
    single,
    half: (a: Vector): Vector => mul(a, number(0.5)),
    abs: operation("f64x2.abs"),
    lt: operation("f64x2.lt"),
    gt: operation("f64x2.gt"),
    eq: operation("f64x2.eq"),
    min: operation("f64x2.pmin"),
    max: operation("f64x2.pmax"),
    and: operation("v128.and"),
    or: operation("v128.or"),
    addWords: operation("i64x2.add"),
    subWords: operation("i64x2.sub"),
    left: shift("i64x2.shl"),
    right: shift("i64x2.shr_u"),
    rightSigned32: shift("i32x4.shr_s"),
    /** `a` where the condition holds, `b` elsewhere. */
    choose: (condition: Vector, a: Vector, b: Vector): Vector => operation("v128.bitselect")(a, b, condition),
    /** c0 + x (c1 + x (c2 + …)). */
    series(x: Vector, [first, ...others]: readonly number[]): Vector {
      return others.length === 0 ? number(first) : add(number(first), mul(x, this.series(x, others)));
    },
  };
}

type Operations = ReturnType<typeof operations>;

/** The names of the functions. */
const ELEMENTARY = ["exp", "expm1", "log", "log1p", "tanh"] as const;

/** The name of a function. */
export type ElementaryName = (typeof ELEMENTARY)[number];

/** Writes code that replaces the two doubles on the stack by the function's values. */
export function writeElementary(name: ElementaryName, code: Code, memory: Memory): void {
  const argument = code.local();
  code.set(argument);
  const o = operations(code, memory);
  const x: Vector = () => code.get(argument);
  ({ exp, expm1, log, log1p, tanh })[name](o, x)();
}

// ---- exp, expm1, tanh ----

/** x = k ln 2 + upper - lower; `whole` has k in its lowest bits. */
function reduced({ keep, number, add, sub, mul }: Operations, x: Vector) {
  const whole = keep(add(mul(x, number(Math.LOG2E)), number(ROUNDER)));
  const k = keep(sub(whole, number(ROUNDER)));
  const upper = keep(sub(x, mul(k, number(LN2_UPPER))));
  return { whole, upper, lower: keep(mul(k, number(LN2_LOWER))) };
}

const FACTORIALS = [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600, 6227020800];

function beyondLinear(o: Operations, upper: Vector, lower: Vector): Vector {
  const { keep, add, sub, mul, half } = o;
  const r = keep(sub(upper, lower));
  const z = keep(mul(r, r));
  const every = (first: number): number[] =>
    FACTORIALS.filter((_, i) => i >= first && (i - first) % 2 === 0).map((factorial) => 1 / factorial);
  const odd = o.series(z, every(3));
  const even = o.series(z, every(4));
  const rLow = sub(sub(upper, r), lower);
  return add(half(z), add(add(mul(mul(r, z), odd), mul(mul(z, z), even)), sub(mul(r, rLow), lower)));
}

/** 2^k for a k in the lowest bits; the result must be a normal number. */
function power({ addWords, left, words }: Operations, k: Vector): Vector {
  return addWords(left(k, 52), words(bitsOf(1)));
}

function exp(o: Operations, argument: Vector): Vector {
  const { keep, number, add, sub, mul } = o;
  // beyond these bounds the result does not change
  const x = keep(o.min(o.max(argument, number(-746)), number(710)));
  const { whole, upper, lower } = reduced(o, x);
  const sum = keep(add(number(1), upper));
  const y = add(sum, add(sub(upper, sub(sum, number(1))), beyondLinear(o, upper, lower)));
  // two factors, of which only the second can overflow or round
  const half = keep(o.rightSigned32(whole, 1));
  return mul(mul(y, power(o, half)), power(o, o.subWords(whole, half)));
}

function expm1(o: Operations, x: Vector): Vector {
  const { keep, number, add, sub, mul, choose } = o;
  const { whole: k, upper, lower } = reduced(o, x);
  const factor = keep(power(o, k));
  const whole = keep(sub(factor, number(1)));
  const linear = keep(mul(factor, upper));
  const sum = keep(add(whole, linear));
  const errors = add(sub(linear, sub(sum, whole)), sub(sub(factor, whole), number(1)));
  const result = add(sum, add(errors, mul(factor, beyondLinear(o, upper, lower))));
  const below40 = choose(o.gt(x, number(-40)), result, number(-1));
  return choose(o.eq(x, number(0)), x, choose(o.lt(x, number(40)), keep(below40), keep(exp(o, x))));
}

function sumError({ keep, add, sub }: Operations, a: Vector, b: Vector, sum: Vector): Vector {
  const bInSum = keep(sub(sum, a));
  const aInSum = sub(sum, bInSum);
  return add(sub(a, aInSum), sub(b, bInSum));
}

function tanh(o: Operations, x: Vector): Vector {
  const { keep, number, add, sub, mul, div, choose } = o;
  const size = keep(o.abs(x));
  const twice = keep(mul(number(2), size));
  const beyond2 = keep(sub(number(1), div(number(2), add(exp(o, twice), number(1)))));
  const y = choose(o.lt(size, number(2)), keep(tanhBelow2(o, twice)), beyond2);
  const signed = o.or(y, o.and(x, o.words(bitsOf(-0))));
  return choose(o.lt(size, number(1e-9)), x, signed);
}

function tanhBelow2(o: Operations, twice: Vector): Vector {
  const { keep, number, add, sub, mul, div } = o;
  const { whole: k, upper, lower } = reduced(o, twice);
  const factor = keep(power(o, k));
  const linear = keep(mul(factor, upper));
  const whole = keep(sub(factor, number(1)));
  const sum = keep(add(whole, linear));
  const rest = keep(add(sumError(o, whole, linear, sum), mul(factor, beyondLinear(o, upper, lower))));
  const numerator = keep(add(sum, rest));
  const numeratorRest = keep(sumError(o, sum, rest, numerator));
  const denominator = keep(add(numerator, number(2)));
  const denominatorRest = keep(add(sumError(o, numerator, number(2), denominator), numeratorRest));
  const quotient = keep(o.single(div(numerator, denominator)));
  const head = keep(o.single(denominator));
  const remainder = add(
    sub(sub(numerator, mul(quotient, head)), mul(quotient, add(sub(denominator, head), denominatorRest))),
    numeratorRest,
  );
  return add(quotient, div(remainder, denominator));
}

// ---- log, log1p ----

/** The k with sqrt(1/2) <= x 2^-k < sqrt(2), as a double; `field` is k + 1023 as a whole number. */
function nearestExponent({ keep, number, sub, mul, or, right, words }: Operations, x: Vector) {
  const field = keep(right(mul(x, number(Math.SQRT2)), 52));
  const k = keep(sub(or(field, words(bitsOf(powerOfTwo(52)))), number(powerOfTwo(52) + 1023)));
  return { field, k };
}

/** x 2^-k - 1. */
function beyondPower(
  { addWords, subWords, left, words, sub, number }: Operations,
  x: Vector,
  field: Vector,
): Vector {
  return sub(subWords(addWords(x, words(bitsOf(1))), left(field, 52)), number(1));
}

function logOfProduct(o: Operations, k: Vector, f: Vector, extra: Vector): Vector {
  const { keep, number, add, sub, mul, div, half } = o;
  const s = keep(div(f, add(number(2), f)));
  const z = keep(mul(s, s));
  const w = keep(mul(z, z));
  const odd = mul(z, o.series(w, [2 / 3, 2 / 7, 2 / 11, 2 / 15, 2 / 19]));
  const even = mul(w, o.series(w, [2 / 5, 2 / 9, 2 / 13, 2 / 17, 2 / 21]));
  const whole = keep(mul(k, number(LN2_UPPER)));
  const sum = keep(add(whole, f));
  const head = keep(o.single(f));
  const halfSquare = keep(half(mul(head, head)));
  const y = keep(sub(sum, halfSquare));
  const errors = sub(
    add(sub(f, sub(sum, whole)), sub(sub(sum, y), halfSquare)),
    half(mul(sub(f, head), add(f, head))),
  );
  const rest = add(mul(s, add(half(mul(f, f)), add(odd, even))), add(mul(k, number(LN2_LOWER)), extra));
  return add(y, add(errors, rest));
}

/** `result` above `lowest`, -Infinity at `lowest`, NaN below; Infinity and NaN stay the same. */
function within(o: Operations, x: Vector, lowest: number, result: Vector): Vector {
  const { number, choose, lt, gt, eq } = o;
  const beyond = choose(eq(x, number(lowest)), number(Number.NEGATIVE_INFINITY), number(Number.NaN));
  const inside = choose(lt(x, number(Number.POSITIVE_INFINITY)), result, x);
  return choose(gt(x, number(lowest)), inside, beyond);
}

function log(o: Operations, argument: Vector): Vector {
  const { keep, number, add, mul } = o;
  const isSubnormal = keep(o.lt(argument, number(powerOfTwo(-1022))));
  const x = keep(o.choose(isSubnormal, mul(argument, number(powerOfTwo(54))), argument));
  const { field, k } = nearestExponent(o, x);
  const scaled = keep(add(k, o.and(isSubnormal, number(-54))));
  const f = keep(beyondPower(o, x, field));
  return within(o, argument, 0, keep(logOfProduct(o, scaled, f, number(0))));
}

function log1p(o: Operations, x: Vector): Vector {
  const { keep, number, add, sub, div, choose } = o;
  const sum = keep(add(number(1), x));
  const { field, k } = nearestExponent(o, sum);
  const isNear = keep(o.eq(k, number(0)));
  const lost = sub(x, sub(sum, number(1)));
  const extra = keep(choose(isNear, number(0), keep(div(lost, sum))));
  const f = keep(choose(isNear, x, keep(beyondPower(o, sum, field))));
  const result = keep(choose(o.eq(sum, number(1)), x, logOfProduct(o, k, f, extra)));
  return within(o, x, -1, result);
}
