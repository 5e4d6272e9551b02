/**
 * What functions on matrices do, once for a shape and a precision, as plain data: a list of primitives that a
 * machine can go through as often as it likes. Nothing is differentiated here, and nothing is known of networks.
 */
import type { BinaryOperation, UnaryOperation } from "../arithmetic/arithmetic.js";
import type { RoundingPhase } from "../arithmetic/counters.js";

/** A matrix of numbers that a recording computes or is given. */
export interface Value {
  rows: number;
  columns: number;
}

/** A value as an operand sees it; where it has fewer rows or columns than the result, 1 stands for all. */
export interface ValueView extends Value {
  /** Index among the values. */
  value: number;
  /** Whether rows and columns change places. */
  isTransposed: boolean;
  /** The column of the value, before it is transposed, at which the view begins. */
  from: number;
}

/** What a primitive does; see `Arithmetic`. */
export type PrimitiveOperation =
  | "product"
  | "sumRows"
  | "sumColumns"
  | "convert"
  | "select"
  | "rank"
  | "count"
  | UnaryOperation
  | BinaryOperation;

/** One operation. */
export interface Primitive {
  operation: PrimitiveOperation;
  phase: RoundingPhase;
  operands: readonly ValueView[];
  /** Index of the value that is computed; its shape is that of the result. */
  result: number;
}

/** Primitives that are gone through together. */
export interface Section {
  primitives: readonly Primitive[];
  /** What is done when all are through: a value becomes that of another, for the next time. */
  carries: readonly { from: ValueView; to: number }[];
}

/** What was recorded. */
export interface Recording {
  values: readonly Value[];
  /** Values that are always the same number. */
  constants: readonly { value: number; number: number }[];
  /** Values that are given from outside, or are read after a run, by their names. */
  names: Readonly<Record<string, number>>;
  /** In the order in which they were recorded. */
  sections: Readonly<Record<string, Section>>;
}

/** A recording as text: alike for recordings that do the same. */
export function textOf(recording: Recording): string {
  const text = known.get(recording) ?? write(recording);
  known.set(recording, text);
  return text;
}

const known = new WeakMap<Recording, string>();

function write({ constants, ...others }: Recording): string {
  // not as numbers: JSON has no -0, Infinity or NaN
  const texts = constants.map(({ value, number }) => [value, Object.is(number, -0) ? "-0" : String(number)]);
  return JSON.stringify([others, texts]);
}
