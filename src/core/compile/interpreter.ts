/**
 * The plain machine: runs a recording primitive by primitive, element by element, with rounding functions that may draw
 * random numbers and count. It is the reference for the fast machine.
 */
import type { BinaryOperation, Round, UnaryOperation } from "../arithmetic/arithmetic.js";
import type { RoundingPhase } from "../arithmetic/counters.js";
import { binary, unary } from "../arithmetic/elementwise.js";
import type { Roundings } from "../arithmetic/rounded.js";
import { sumTerms } from "../arithmetic/summation.js";
import type { Primitive, Recording, ValueView } from "./recording.js";

/** An executable recording. */
export interface Program {
  /** The numbers of named values, row by row: write inputs, read outputs. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Runs sections, one after the other. */
  run(...sections: readonly string[]): void;
  /** Sets the key for stochastic rounding in the steps that follow; see `newDither`. */
  setKey(key: number): void;
  /**
   * Runs the sections on one batch after the other: the rows `order[from]` to `order[to - 1]` of each table, as many at a
   * time as the input of that name has rows.
   *
   * @param tables - tables by the names of inputs, row by row
   * @param to - a whole number of batches above `from`
   * @param keys - a key for each batch; without it the key stays the same
   */
  runBatches(
    sections: readonly string[],
    tables: Readonly<Record<string, Float64Array>>,
    order: Int32Array,
    from: number,
    to: number,
    keys?: Int32Array,
  ): void;
}

/** The roundings of each phase. */
export type PhaseRoundings = Readonly<Record<RoundingPhase, Roundings>>;

/** Makes a recording executable, with its own memory. */
export function interpret(
  recording: Recording,
  roundings: PhaseRoundings,
  setKey: (key: number) => void = () => {},
): Program {
  const memory = recording.values.map(({ rows, columns }) => new Float64Array(rows * columns));
  for (const { value, number } of recording.constants) memory[value][0] = number;
  const reader = (view: ValueView): Reader =>
    readerOf(view, memory[view.value], recording.values[view.value].columns);
  const steps = Object.fromEntries(
    Object.entries(recording.sections).map(([name, { primitives, carries }]) => [
      name,
      [
        ...primitives.map((primitive) => {
          const { rows, columns } = recording.values[primitive.result];
          const element = elementOf(primitive, primitive.operands.map(reader), roundings[primitive.phase]);
          return fill(memory[primitive.result], rows, columns, element);
        }),
        ...carries.map(({ from, to }) => fill(memory[to], from.rows, from.columns, reader(from))),
      ],
    ]),
  );
  const run = (...sections: readonly string[]): void => {
    for (const section of sections) for (const step of steps[section]) step();
  };
  return {
    values: Object.fromEntries(Object.entries(recording.names).map(([name, value]) => [name, memory[value]])),
    run,
    setKey,
    runBatches(sections, tables, order, from, to, keys) {
      const inputs = Object.entries(tables).map(([name, table]) => ({ table, ...inputOf(recording, name) }));
      const [{ rows: size }] = inputs;
      for (let at = from; at < to; at += size) {
        if (keys) setKey(keys[(at - from) / size]);
        for (const { table, value, columns } of inputs) {
          for (let i = 0; i < size; i++) {
            const row = order[at + i] * columns;
            memory[value].set(table.subarray(row, row + columns), i * columns);
          }
        }
        run(...sections);
      }
    },
  };
}

function inputOf(
  { names, values }: Recording,
  name: string,
): { value: number; rows: number; columns: number } {
  const value = names[name];
  return { value, ...values[value] };
}

/** The element in row i and column j. */
type Reader = (i: number, j: number) => number;

function fill(target: Float64Array, rows: number, columns: number, element: Reader): () => void {
  return () => {
    let at = 0;
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) target[at++] = element(i, j);
  };
}

function readerOf(
  { rows, columns, isTransposed, from }: ValueView,
  numbers: Float64Array,
  width: number,
): Reader {
  const [down, right] = isTransposed ? [1, width] : [width, 1];
  const rowStride = rows === 1 ? 0 : down;
  const columnStride = columns === 1 ? 0 : right;
  return (i, j) => numbers[from + i * rowStride + j * columnStride];
}

/** Returns a function that computes an element of the result. */
function elementOf(
  { operation, operands }: Primitive,
  [a, b, c]: readonly Reader[],
  { round, accumulate = round, convert = round, summation = "sequential" }: Roundings,
): Reader {
  const [{ rows, columns }] = operands;
  const sum = (count: number, term: (k: number) => number): number => {
    const total = sumTerms(summation, count, term, accumulate);
    return accumulate === round ? total : round(total);
  };
  switch (operation) {
    case "product":
      return (i, j) => sum(columns, (k) => accumulate(a(i, k) * b(k, j)));
    case "sumRows":
      return (_, j) => sum(rows, (i) => a(i, j));
    case "sumColumns":
      return (i) => sum(columns, (j) => a(i, j));
    case "convert":
      return (i, j) => convert(a(i, j));
    case "select":
      return (i, j) => (a(i, j) !== 0 ? b(i, j) : c(i, j));
    case "count":
      return (_, j) => sumTerms("sequential", rows, (i) => (a(i, j) !== 0 ? 1 : 0), exactly);
    case "rank":
      return (i, j) => {
        const before = (k: number): boolean => a(i, k) > a(i, j) || (a(i, k) === a(i, j) && k < j);
        return sumTerms("sequential", columns, (k) => (before(k) ? 1 : 0), exactly);
      };
    case "abs":
    case "negate":
    case "maximum":
    case "greater":
      return elementwise(operation, exactly, a, b);
    default:
      return elementwise(operation, round, a, b);
  }
}

const exactly: Round = (value) => value;

function elementwise(
  operation: UnaryOperation | BinaryOperation,
  round: Round,
  a: Reader,
  b: Reader,
): Reader {
  if (operation in unary) {
    const f = unary[operation as UnaryOperation];
    return (i, j) => round(f(a(i, j)));
  }
  const f = binary[operation as BinaryOperation];
  return (i, j) => round(f(a(i, j), b(i, j)));
}
