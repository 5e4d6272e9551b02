/**
 * A recording of functions on matrices, for given shapes and precision, as plain data: a list of primitives that a machine can
 * repeat. Nothing is differentiated here.
 */
import type { BinaryOperation, UnaryOperation } from "../arithmetic/arithmetic.js";
import type { RoundingPhase } from "../arithmetic/counters.js";

/** A matrix that a recording computes or receives. */
export interface Value {
  rows: number;
  columns: number;
}

/** A view of a value as an operand; a single row or column is repeated to the shape of the result. */
export interface ValueView extends Value {
  /** Index among the values. */
  value: number;
  /** Whether the view is transposed. */
  isTransposed: boolean;
  /** The first column of the view in the value, before it is transposed. */
  from: number;
}

/** The name of a primitive's operation; see `Arithmetic`. */
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
  /** Index of the computed value. */
  result: number;
}

/** Primitives that run together. */
export interface Section {
  primitives: readonly Primitive[];
  /** Copies made afterwards, which set inputs for the next run. */
  carries: readonly { from: ValueView; to: number }[];
}

/** A complete recording. */
export interface Recording {
  values: readonly Value[];
  /** Values that are constants. */
  constants: readonly { value: number; number: number }[];
  /** Inputs and outputs, by name. */
  names: Readonly<Record<string, number>>;
  /** Sections, in the order of recording. */
  sections: Readonly<Record<string, Section>>;
}

/** A recording as text, which is equal for recordings that do the same. */
export function textOf(recording: Recording): string {
  const text = known.get(recording) ?? write(recording);
  known.set(recording, text);
  return text;
}

const known = new WeakMap<Recording, string>();

function write({ constants, ...others }: Recording): string {
  // as text, because JSON has no -0, Infinity or NaN
  const texts = constants.map(({ value, number }) => [value, Object.is(number, -0) ? "-0" : String(number)]);
  return JSON.stringify([others, texts]);
}
