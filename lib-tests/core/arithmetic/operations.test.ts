/** The operations on matrices against plain loops: eagerly, and recorded and run by either machine. */
import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { Arithmetic, Operand } from "../../../src/core/arithmetic/arithmetic.js";
import type { FormatName } from "../../../src/core/arithmetic/formats.js";
import {
  type PhaseArithmetics,
  type PrecisionChoice,
  phaseArithmetics,
  toPrecision,
} from "../../../src/core/arithmetic/precision.js";
import { roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { interpret, type Program } from "../../../src/core/compile/interpreter.js";
import { compile } from "../../../src/core/compile/machine.js";
import { newRecorder } from "../../../src/core/compile/recorder.js";
import type { Recording } from "../../../src/core/compile/recording.js";
import { exp, expm1, log, log1p, tanh } from "../../../src/core/elementary.js";
import { randomStream } from "../../../src/core/random.js";

/** What a function does with the arithmetic that it is given. */
type Run = (f: (arithmetic: Arithmetic, ...matrices: Matrix[]) => Matrix, ...matrices: Matrix[]) => Matrix;

const eagerly =
  (choice: PrecisionChoice): Run =>
  (f, ...matrices) =>
    f(phaseArithmetics(toPrecision(choice)).arithmetics.forward, ...matrices);

const recorded =
  (prepared: (recording: Recording, phases: PhaseArithmetics) => Program) =>
  (choice: PrecisionChoice): Run =>
  (f, ...matrices) => {
    const phases = phaseArithmetics(toPrecision(choice));
    const { input, output, section, arithmetic, recording } = newRecorder(
      (phase) => phases.roundings[phase].convert,
    );
    const inputs = matrices.map(({ rows, columns }, k) => input(`${k}`, rows, columns));
    section("all");
    const result = f(arithmetic("forward"), ...inputs);
    output("result", result);
    const { values, run } = prepared(recording(), phases);
    matrices.forEach((matrix, k) => {
      values[k].set(matrix.to1DArray());
    });
    run("all");
    return Matrix.from1DArray(result.rows, result.columns, values.result);
  };

const ways: readonly [name: string, (choice: PrecisionChoice) => Run][] = [
  ["eager", eagerly],
  ["plain machine", recorded((recording, { roundings }) => interpret(recording, roundings))],
  ["fast machine", recorded((recording, { numbers }) => compile(recording, numbers))],
];

const random = randomStream("test/operations", 1);

/** Small whole numbers, so that some are equal and some 0, and thirds, so that something is rounded. */
function draw(rows: number, columns: number): Matrix {
  const element = (): number => (random.uniform() < 0.5 ? random.below(5) - 2 : random.normal() / 3);
  return Matrix.from1DArray(rows, columns, Array.from({ length: rows * columns }, element));
}

const at = (operand: Operand, i: number, j: number): number =>
  typeof operand === "number" ? operand : operand.get(i % operand.rows, j % operand.columns);

/** A table made by a plain loop. */
function loop(rows: number, columns: number, element: (i: number, j: number) => number): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => element(i, j)));
}

const pairs = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  maximum: Math.max,
  greater: (x, y) => Number(x > y),
} satisfies Partial<Record<keyof Arithmetic, (x: number, y: number) => number>>;

const singles = {
  ...{ sqrt: Math.sqrt, exp, expm1, log, log1p, tanh },
  ...{ abs: Math.abs, negate: (x) => -x },
} satisfies Partial<Record<keyof Arithmetic, (x: number) => number>>;

const names = <K extends string>(table: Record<K, unknown>): K[] => Object.keys(table) as K[];

describe("operations on matrices", () => {
  for (const format of ["binary64", "binary16"] as FormatName[]) {
    const round = roundToNearest(toPrecision(format).format);
    const operand = (rows: number, columns: number): Matrix => {
      const drawn = draw(rows, columns).to2DArray();
      return new Matrix(drawn.map((row) => row.map(round)));
    };
    const whole = operand(3, 4);
    const others: [string, Operand][] = [
      ["a matrix", operand(3, 4)],
      ["a row", operand(1, 4)],
      ["a column", operand(3, 1)],
      ["a single element", operand(1, 1)],
      ["a number", round(1 / 3)],
      ["0", 0],
      ["-0", -0],
    ];
    const shapes: [string, Operand, Operand, rows: number, columns: number][] = [
      ...others.flatMap(([name, other]): typeof shapes => [
        [`a matrix and ${name}`, whole, other, 3, 4],
        [`${name} and a matrix`, other, whole, 3, 4],
      ]),
      ["a column and a row", operand(3, 1), operand(1, 4), 3, 4],
      ["a row and a single element", operand(1, 4), operand(1, 1), 1, 4],
      ["two numbers", 2, round(0.1), 1, 1],
    ];

    for (const [way, run] of ways) {
      it(`${format}, ${way}: those of matrices, rows, columns and numbers are those of each pair`, () => {
        for (const [what, a, b, rows, columns] of shapes) {
          const matrices = [a, b].filter((each) => typeof each !== "number");
          for (const name of names(pairs)) {
            const result = run(format)(
              (arithmetic, ...given) => {
                const [x, y] = [a, b].map((each) =>
                  typeof each === "number" ? each : (given.shift() as Matrix),
                );
                return arithmetic[name](x, y);
              },
              ...matrices,
            );
            const expected = loop(rows, columns, (i, j) => round(pairs[name](at(a, i, j), at(b, i, j))));
            assert.deepEqual(result.to2DArray(), expected, `${name} of ${what}`);
          }
        }
      });

      it(`${format}, ${way}: those of one matrix are those of each element`, () => {
        const signed = new Matrix([
          [0, -0, 1 / 3],
          [-1 / 3, 2, Number.NaN],
        ]);
        for (const name of names(singles)) {
          const exact = name === "abs" || name === "negate";
          const result = run(format)((arithmetic, a) => arithmetic[name](a), signed).to2DArray();
          const expected = loop(2, 3, (i, j) => {
            const value = singles[name](signed.get(i, j));
            return exact ? value : round(value);
          });
          assert.deepEqual(result, expected, name);
        }
        const third = run(format)((arithmetic, a) => arithmetic.convert(a), signed);
        assert.equal(third.get(0, 2), round(1 / 3));
        assert.deepEqual(run(format)(({ convert }) => convert(1 / 3)).to2DArray(), [[round(1 / 3)]]);
      });

      it(`${format}, ${way}: select takes rows, columns and numbers by a condition of any shape`, () => {
        const [row, column] = [operand(1, 4), operand(3, 1)];
        for (const condition of [
          new Matrix([
            [1, 0, -0, Number.NaN],
            [0, 0, 1, 1],
            [2, -1, 0, 0],
          ]),
          new Matrix([[1, 0, 0, 1]]),
          new Matrix([[0], [1], [0]]),
        ]) {
          const result = run(format)(
            (arithmetic, c, a, b) => arithmetic.select(c, a, b),
            condition,
            row,
            column,
          );
          const expected = loop(3, 4, (i, j) =>
            at(condition, i, j) === 0 ? at(column, i, j) : at(row, i, j),
          );
          assert.deepEqual(result.to2DArray(), expected);
          const numbers = run(format)((arithmetic, c) => arithmetic.select(c, 1 / 3, -0), condition);
          assert.deepEqual(
            numbers.to2DArray(),
            loop(condition.rows, condition.columns, (i, j) => (condition.get(i, j) === 0 ? -0 : 1 / 3)),
          );
        }
      });

      it(`${format}, ${way}: rank, count, column and transpose`, () => {
        const a = new Matrix([
          [3, 0, 5, 4],
          [2, 2, 0, 2],
          [-0, 0, -1, Number.NaN],
        ]);
        const of = (f: (arithmetic: Arithmetic, a: Matrix) => Matrix): number[][] =>
          run(format)(f, a).to2DArray();
        assert.deepEqual(of(({ rank }, x) => rank(x)).slice(0, 2), [
          [2, 3, 0, 1],
          [0, 1, 3, 2],
        ]);
        assert.deepEqual(of(({ rank }, x) => rank(x))[2], [0, 1, 2, 0], "-0 equals 0, and NaN no number");
        assert.deepEqual(
          of(({ count }, x) => count(x)),
          [[2, 1, 2, 3]],
        );
        assert.deepEqual(
          of(({ column }, x) => column(x, 2)),
          [[5], [0], [-1]],
        );
        assert.deepEqual(
          of(({ transpose }, x) => transpose(x)),
          loop(4, 3, (i, j) => a.get(j, i)),
        );
        assert.deepEqual(
          of(({ transpose, column }, x) => transpose(column(x, 1))),
          [[0, 2, 0]],
        );
        assert.deepEqual(
          of(({ transpose, product }, x) => product(transpose(x), x))
            .slice(0, 3)
            .map((row) => row.slice(0, 3)),
          loop(
            3,
            3,
            (i, j) => a.get(0, i) * a.get(0, j) + a.get(1, i) * a.get(1, j) + a.get(2, i) * a.get(2, j),
          ),
        );
      });

      it(`${format}, ${way}: refuse shapes that do not go together`, () => {
        const wide = operand(2, 3);
        for (const other of [operand(3, 2), operand(4, 3), operand(2, 4), operand(3, 1), operand(1, 2)]) {
          const message = `operands must have the same shape, or be a row, a column or a single element that fits it, got 2 x 3 and ${other.rows} x ${other.columns}`;
          for (const name of names(pairs)) {
            assert.throws(() => run(format)((arithmetic, a, b) => arithmetic[name](a, b), wide, other), {
              name: "RangeError",
              message,
            });
          }
          const select: Parameters<Run>[0] = (arithmetic, a, b) => arithmetic.select(a, 1, b);
          assert.throws(() => run(format)(select, wide, other), { name: "RangeError", message });
        }
        for (const other of [operand(2, 3), operand(4, 3)]) {
          assert.throws(() => run(format)(({ product }, a, b) => product(a, b), wide, other), {
            name: "RangeError",
            message: `a must have as many columns as b has rows in a product, got 3 and ${other.rows}`,
          });
        }
        for (const j of [-1, 3]) {
          assert.throws(() => run(format)(({ column }, a) => column(a, j), wide), {
            name: "RangeError",
            message: "Column index out of range",
          });
        }
      });
    }
  }

  describe("that add", () => {
    // from 2048 on binary16 has even numbers only, and 2051, half way, goes to 2052
    const terms = new Matrix([[2048, 1, 1, 1]]);
    const sums: [PrecisionChoice, number][] = [
      [{ format: "binary16" }, 2048],
      [{ format: "binary16", summation: "reversed" }, 2052],
      [{ format: "binary16", summation: "pairwise" }, 2050],
      [{ format: "binary16", accumulator: "binary32" }, 2052],
      [{ format: "binary64" }, 2051],
    ];
    for (const [way, run] of ways) {
      for (const [choice, sum] of sums) {
        it(`keep to the order and the accumulator, ${way}: ${JSON.stringify(choice)}`, () => {
          const of = (f: Parameters<Run>[0]): number[][] => run(choice)(f, terms).to2DArray();
          assert.deepEqual(
            of(({ sumColumns }, a) => sumColumns(a)),
            [[sum]],
          );
          assert.deepEqual(
            of(({ sumRows, transpose }, a) => sumRows(transpose(a))),
            [[sum]],
          );
          const ones = Matrix.ones(4, 1);
          assert.deepEqual(run(choice)(({ product }, a, b) => product(a, b), terms, ones).to2DArray(), [
            [sum],
          ]);
        });
      }

      it(`sum rows and columns of a matrix, ${way}`, () => {
        const table = new Matrix([
          [1, 2, 3],
          [10, 20, 30],
        ]);
        for (const [choice] of sums) {
          assert.deepEqual(run(choice)(({ sumRows }, a) => sumRows(a), table).to2DArray(), [[11, 22, 33]]);
          assert.deepEqual(run(choice)(({ sumColumns }, a) => sumColumns(a), table).to2DArray(), [[6], [60]]);
        }
        // a sum starts from 0, so that of -0 alone is 0
        const zero = new Matrix([[-0]]);
        assert.deepEqual(run("binary64")(({ sumRows }, a) => sumRows(a), zero).to2DArray(), [[0]]);
        assert.deepEqual(run("binary16")(({ sumColumns }, a) => sumColumns(a), zero).to2DArray(), [[0]]);
      });
    }
  });
});
