/** Records the operations of functions on matrices, with an arithmetic that computes nothing. */
import { AbstractMatrix, Matrix } from "ml-matrix";
import {
  type Arithmetic,
  type BinaryOperation,
  commonShape,
  type Operand,
  productShape,
  type Round,
  type UnaryOperation,
} from "../arithmetic/arithmetic.js";
import type { RoundingPhase } from "../arithmetic/counters.js";
import type { Primitive, PrimitiveOperation, Recording, Section, Value, ValueView } from "./recording.js";

/** A matrix with a shape and no numbers. */
class RecordedMatrix extends AbstractMatrix {
  override readonly rows: number;
  override readonly columns: number;

  constructor(
    readonly view: ValueView,
    /** The values of its recording, to recognise matrices of other recordings. */
    readonly owner: readonly Value[],
  ) {
    super();
    this.rows = view.rows;
    this.columns = view.columns;
  }

  override get(): never {
    throw new TypeError(
      "This matrix is recorded: it has a shape but no numbers, because the function that received it is called once and its operations are " +
        "repeated at every step. Use the operations of the arithmetic passed with it (add, multiply, maximum, select, …) " +
        'instead of single elements and the matrix\'s own methods; or train with path: "eager", where every matrix has its numbers.',
    );
  }

  override set(): never {
    return this.get();
  }

  override valueOf(): never {
    return this.get();
  }
}

/** Records the operations on its matrices. */
export interface Recorder {
  /** Declares an input. */
  input(name: string, rows: number, columns: number): Matrix;
  /** Returns the recording arithmetic of a phase. */
  arithmetic(phase: RoundingPhase): Arithmetic;
  /** Names a matrix, which can be read after the section. */
  output(name: string, matrix: Matrix): void;
  /** Makes the input of this name equal to a matrix after the section. */
  carry(name: string, matrix: Matrix): void;
  /** Starts a section. */
  section(name: string): void;
  /** Returns the recording, without operations whose results are not used. */
  recording(): Recording;
}

/**
 * Starts a recording.
 *
 * @param convert - returns the function that rounds constants to a phase's format
 * @param nameOf - returns the name of a phase's arithmetic
 * @param numbersOf - returns a text that identifies a phase's arithmetic, to record repeated operations only once; left out if
 * operations are counted
 */
export function newRecorder(
  convert: (phase: RoundingPhase) => Round,
  nameOf: (phase: RoundingPhase) => string = () => "recorded",
  numbersOf?: (phase: RoundingPhase) => string,
): Recorder {
  const values: Value[] = [];
  const constants = new Map<string, { value: number; number: number }>();
  const names: Record<string, number> = {};
  const inputs = new Set<number>();
  const sections: Record<string, { primitives: Primitive[]; carries: { from: ValueView; to: number }[] }> =
    {};
  /** Results by operation. */
  const done = new Map<string, number>();
  let open: (typeof sections)[string];

  const newValue = (rows: number, columns: number): number => values.push({ rows, columns }) - 1;
  const seenAs = (view: ValueView): Matrix => new RecordedMatrix(view, values) as unknown as Matrix;
  const seen = ({ value, rows, columns }: { value: number } & Value): Matrix =>
    seenAs({ value, rows, columns, isTransposed: false, from: 0 });
  const constant = (number: number): Matrix => {
    const key = Object.is(number, -0) ? "-0" : String(number);
    const known = constants.get(key) ?? { value: newValue(1, 1), number };
    constants.set(key, known);
    return seen({ value: known.value, rows: 1, columns: 1 });
  };
  const viewOf = (operand: Operand): ValueView => {
    const matrix = typeof operand === "number" ? constant(operand) : (operand as unknown);
    if (matrix instanceof RecordedMatrix && matrix.owner === values) return matrix.view;
    if (!Matrix.isMatrix(matrix)) {
      throw new TypeError(
        `operands must be numbers or matrices, got ${matrix === null ? "null" : typeof matrix}`,
      );
    }
    throw new TypeError(
      "operands must be numbers or matrices of this recording, got a matrix from outside: keep it in the layer's state, or in " +
        "what the step rule keeps, and take it from there",
    );
  };

  const arithmetic = (phase: RoundingPhase): Arithmetic => {
    const note = (
      operation: PrimitiveOperation,
      rows: number,
      columns: number,
      ...operands: readonly Operand[]
    ): Matrix => {
      const views = operands.map(viewOf);
      const deed = numbersOf && `${operation} ${numbersOf(phase)} ${views.map(textOfView).join(" ")}`;
      const known = deed === undefined ? undefined : done.get(deed);
      const result = known ?? newValue(rows, columns);
      if (known === undefined) open.primitives.push({ operation, phase, operands: views, result });
      if (deed !== undefined) done.set(deed, result);
      return seen({ value: result, rows, columns });
    };
    const one = (operation: UnaryOperation) => (a: Matrix) => note(operation, a.rows, a.columns, a);
    const two = (operation: BinaryOperation) => (a: Operand, b: Operand) => {
      const { rows, columns } = commonShape(a, b);
      return note(operation, rows, columns, a, b);
    };
    return {
      name: nameOf(phase),
      product(a, b) {
        const { rows, columns } = productShape(a, b);
        return note("product", rows, columns, a, b);
      },
      sumRows: (a) => note("sumRows", 1, a.columns, a),
      sumColumns: (a) => note("sumColumns", a.rows, 1, a),
      add: two("add"),
      subtract: two("subtract"),
      multiply: two("multiply"),
      divide: two("divide"),
      sqrt: one("sqrt"),
      exp: one("exp"),
      expm1: one("expm1"),
      log: one("log"),
      log1p: one("log1p"),
      tanh: one("tanh"),
      convert: (a) =>
        typeof a === "number" ? constant(convert(phase)(a)) : note("convert", a.rows, a.columns, a),
      maximum: two("maximum"),
      abs: one("abs"),
      negate: one("negate"),
      greater: two("greater"),
      select(condition, a, b) {
        const { rows, columns } = commonShape(condition, a, b);
        return note("select", rows, columns, condition, a, b);
      },
      rank: (a) => note("rank", a.rows, a.columns, a),
      count: (a) => note("count", 1, a.columns, a),
      transpose(a) {
        const view = viewOf(a);
        const { rows: columns, columns: rows } = view;
        return seenAs({ ...view, rows, columns, isTransposed: !view.isTransposed });
      },
      column(a, j) {
        const view = viewOf(a);
        if (view.isTransposed)
          throw new RangeError("the matrix of column must not be transposed, got a transposed one");
        if (!(j >= 0 && j < view.columns)) throw new RangeError("Column index out of range");
        return seenAs({ ...view, columns: 1, from: view.from + j });
      },
    };
  };

  return {
    arithmetic,
    input(name, rows, columns) {
      names[name] = newValue(rows, columns);
      inputs.add(names[name]);
      return seen({ value: names[name], rows, columns });
    },
    output(name, matrix) {
      const view = viewOf(matrix);
      const { rows, columns } = values[view.value];
      const isWhole = !view.isTransposed && view.rows === rows && view.columns === columns;
      // a part or a transposed matrix needs its own value
      names[name] = isWhole ? view.value : viewOf(select(matrix)).value;
    },
    carry(name, matrix) {
      const view = viewOf(matrix);
      // an input may be replaced before it is carried, so copy it
      open.carries.push({ from: inputs.has(view.value) ? viewOf(select(matrix)) : view, to: names[name] });
    },
    section(name) {
      open = { primitives: [], carries: [] };
      sections[name] = open;
    },
    recording: () => ({
      values,
      constants: [...constants.values()],
      names,
      sections: withoutUnused(sections, names),
    }),
  };

  function select(matrix: Matrix): Matrix {
    return arithmetic("evaluation").select(constant(1), matrix, matrix);
  }
}

function textOfView({ value, rows, columns, isTransposed, from }: ValueView): string {
  return `${value}:${rows}x${columns}${isTransposed ? "T" : ""}+${from}`;
}

/** Leaves out primitives whose results are neither named nor carried, directly or indirectly. */
function withoutUnused(
  sections: Readonly<Record<string, Section>>,
  names: Readonly<Record<string, number>>,
): Record<string, Section> {
  const wanted = new Set(Object.values(names));
  const all = Object.entries(sections);
  for (const [, { carries }] of all) for (const { from } of carries) wanted.add(from.value);
  const kept = all.reverse().map(([name, { primitives, carries }]): [string, Section] => {
    const needed = [...primitives].reverse().filter(({ result, operands }) => {
      if (wanted.has(result)) for (const { value } of operands) wanted.add(value);
      return wanted.has(result);
    });
    return [name, { primitives: needed.reverse(), carries }];
  });
  return Object.fromEntries(kept.reverse());
}
