import assert from "node:assert/strict";
import fc from "fast-check";
import type { Matrix } from "ml-matrix";
import type { Arithmetic, BinaryOperation, UnaryOperation } from "../../../src/core/arithmetic/arithmetic.js";
import type { RoundingPhase } from "../../../src/core/arithmetic/counters.js";
import { newDither } from "../../../src/core/arithmetic/dither.js";
import { type Format, formats, makeFormat } from "../../../src/core/arithmetic/formats.js";
import type { PhaseNumbers } from "../../../src/core/arithmetic/precision.js";
import { roundStochastically, roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { SUMMATIONS } from "../../../src/core/arithmetic/summation.js";
import { interpret, type Program } from "../../../src/core/compile/interpreter.js";
import { compile, compileLanes } from "../../../src/core/compile/machine.js";
import { newRecorder } from "../../../src/core/compile/recorder.js";
import type { Recording, ValueView } from "../../../src/core/compile/recording.js";
import { forAllPhases, trainingStep } from "./recordings.js";

const FORMATS: readonly Format[] = [
  ...Object.values(formats),
  makeFormat({ name: "binary16 without subnormals", precision: 11, maxExponent: 15, subnormals: false }),
  makeFormat({
    name: "saturating, without subnormals",
    precision: 3,
    maxExponent: 4,
    subnormals: false,
    overflow: "saturate",
  }),
  makeFormat({ name: "wide", precision: 25, maxExponent: 511, minExponent: -510 }),
  makeFormat({ name: "p = 2", precision: 2, maxExponent: 511, minExponent: 510 }),
  makeFormat({ name: "binary32 that saturates", precision: 24, maxExponent: 127, overflow: "saturate" }),
];

const { binary16, binary32, e4m3, e5m2 } = formats;
const SINGLES: readonly Format[] = [binary32, binary16, e4m3, e5m2];

/** Both machines in the same numbers. `nextStep` draws anew for both. */
function machines(
  recording: Recording,
  numbers: Record<RoundingPhase, PhaseNumbers>,
  inputs: Record<string, Format> = {},
  seed = 1,
) {
  const dither = newDither(seed);
  const rounding = ({ isStochastic }: PhaseNumbers, format: Format) =>
    isStochastic ? roundStochastically(format, dither) : roundToNearest(format);
  const roundings = Object.fromEntries(
    Object.entries(numbers).map(([phase, one]) => [
      phase,
      {
        round: rounding(one, one.format),
        ...(one.accumulator !== one.format && { accumulate: rounding(one, one.accumulator) }),
        convert: roundToNearest(one.format),
        summation: one.summation,
      },
    ]),
  ) as Parameters<typeof interpret>[1];
  return { plain: interpret(recording, roundings), fast: compile(recording, numbers, { inputs }), dither };
}

/** Numbers from -1 to 1, the same each time. */
function newRandom(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}

/** Compares all named values, NaN as NaN whatever its payload. */
function assertSame(read: (name: string) => Float64Array, { values }: Pick<Program, "values">): void {
  for (const [name, expected] of Object.entries(values)) {
    const got = read(name);
    const differing = [...expected.keys()].find((i) => !Object.is(got[i], expected[i]));
    if (differing !== undefined) {
      assert.fail(`${name}[${differing}]: ${got[differing]}, expected ${expected[differing]}`);
    }
  }
}

/** Numbers that arithmetic finds hard, and ordinary ones. */
const hardNumber = fc.oneof(
  // half way between numbers of binary16, and what makes a little more or less of that
  { weight: 2, arbitrary: fc.integer({ min: 1024, max: 2047 }).map((n) => (n + 0.5) / 1024) },
  { weight: 2, arbitrary: fc.constantFrom(2 ** -30, -(2 ** -30), 1 + 2 ** -23, 1 - 2 ** -24) },
  { weight: 4, arbitrary: fc.double({ min: -4, max: 4, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -64, max: 64 }).map((n) => n / 16) },
  { weight: 2, arbitrary: fc.double() },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: -32, max: 32 }), fc.integer({ min: -1070, max: 1018 }))
      .map(([n, e]) => n * 2 ** e),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0,
      -0,
      Infinity,
      -Infinity,
      Number.NaN,
      65504,
      65520,
      448,
      464,
      2 ** -24,
      2 ** -25,
      5e-324,
    ),
  },
);

type Instruction = {
  operation: string;
  picks: [number, number, number];
  turn: boolean;
  phase: "forward" | "backward";
  column: number;
};

const UNARY: readonly UnaryOperation[] = ["sqrt", "exp", "expm1", "log", "log1p", "tanh", "abs", "negate"];
const BINARY: readonly BinaryOperation[] = ["add", "subtract", "multiply", "divide", "maximum", "greater"];

const instruction: fc.Arbitrary<Instruction> = fc.record({
  operation: fc.constantFrom(
    ...UNARY,
    ...BINARY,
    ...BINARY,
    "product",
    "product",
    "product",
    "sumRows",
    "sumColumns",
    "select",
    "rank",
    "count",
    "convert",
    "column",
  ),
  picks: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
  turn: fc.boolean(),
  phase: fc.constantFrom("forward", "backward"),
  column: fc.nat(),
});

/** Records instructions as far as there are operands that fit. */
function record(
  shapes: readonly { rows: number; columns: number }[],
  scalar: number,
  instructions: readonly Instruction[],
): Recording {
  const recorder = newRecorder(() => (x: number) => x);
  const known: Matrix[] = shapes.map(({ rows, columns }, i) => recorder.input(`in${i}`, rows, columns));
  const unturned = [...known];
  const inputs = [...known];
  recorder.section("all");
  const fits = (a: Matrix, b: Matrix): boolean =>
    (a.rows === b.rows || a.rows === 1 || b.rows === 1) &&
    (a.columns === b.columns || a.columns === 1 || b.columns === 1);
  const operandsOf = (arithmetic: Arithmetic): Matrix[] => [
    ...known,
    ...known.map((a) => arithmetic.transpose(a)),
  ];
  const perform = (arithmetic: Arithmetic, { operation, picks, column }: Instruction): Matrix | undefined => {
    const all = operandsOf(arithmetic);
    const pick = (which: number, isPossible: (a: Matrix) => boolean = () => true): Matrix | undefined => {
      const possible = all.filter(isPossible);
      return possible[picks[which] % possible.length];
    };
    const a = pick(0) as Matrix;
    if ((UNARY as readonly string[]).includes(operation)) return arithmetic[operation as UnaryOperation](a);
    if ((BINARY as readonly string[]).includes(operation)) {
      const operand =
        picks[2] % 4 === 0 ? scalar : picks[2] % 4 === 1 ? 0 : (pick(1, (b) => fits(a, b)) as Matrix);
      const isTurned = picks[2] % 3 === 0;
      return isTurned
        ? arithmetic[operation as BinaryOperation](operand, a)
        : arithmetic[operation as BinaryOperation](a, operand);
    }
    switch (operation) {
      case "product": {
        const b = pick(1, ({ rows }) => rows === a.columns);
        return b && arithmetic.product(a, b);
      }
      case "select": {
        const b = pick(1, (other) => fits(a, other)) as Matrix;
        return arithmetic.select(a, b, picks[2] % 2 === 0 ? scalar : b);
      }
      case "column": {
        const b = unturned[picks[0] % unturned.length];
        return arithmetic.column(b, column % b.columns);
      }
      case "sumRows":
      case "sumColumns":
      case "rank":
      case "count":
      case "convert":
        return arithmetic[operation](a);
    }
    return undefined;
  };
  instructions.forEach((one, i) => {
    const arithmetic = recorder.arithmetic(one.phase);
    const result = perform(arithmetic, one);
    if (!result || result.rows * result.columns > 5000) return;
    known.push(one.turn ? arithmetic.transpose(result) : result);
    unturned.push(result);
    if (i % 2 === 0 || i === instructions.length - 1) recorder.output(`out${i}`, result);
  });
  // one after the other: what is carried may have been carried to
  for (const { picks } of instructions) {
    const input = picks[0] % inputs.length;
    const to = inputs[input];
    const fitting = [...known, ...known.map((a) => recorder.arithmetic("forward").transpose(a))].filter(
      (a) => a.rows === to.rows && a.columns === to.columns && !isOf(a, to),
    );
    if (picks[1] % 3 === 0 && fitting.length > 0) {
      recorder.carry(`in${input}`, fitting[picks[2] % fitting.length]);
    }
  }
  return recorder.recording();
}

/** Whether both are views of one value. */
function isOf(a: Matrix, b: Matrix): boolean {
  const [one, other] = [a, b].map((matrix) => (matrix as unknown as { view: ValueView }).view.value);
  return one === other;
}

const phaseNumbers = (choice: readonly Format[], isStochastic: fc.Arbitrary<boolean>) =>
  fc
    .record({
      format: fc.constantFrom(...choice),
      accumulator: fc.option(fc.constantFrom(...choice)),
      summation: fc.constantFrom(...SUMMATIONS),
      isStochastic,
    })
    .map(({ accumulator, ...rest }): PhaseNumbers => ({ ...rest, accumulator: accumulator ?? rest.format }));

/** Numbers of two phases, and formats of four inputs: any; all the same; or such as may be computed in singles. */
const numbersOfAll = fc.oneof(
  fc.record({
    forward: phaseNumbers(FORMATS, fc.boolean()),
    backward: phaseNumbers(FORMATS, fc.boolean()),
    inputs: fc.array(fc.option(fc.constantFrom(...FORMATS)), { minLength: 4, maxLength: 4 }),
    ofScalars: fc.constant(formats.binary64),
  }),
  phaseNumbers(FORMATS, fc.boolean()).map((forward) => {
    const { format } = forward;
    return { forward, backward: forward, inputs: [format, format, format, format], ofScalars: format };
  }),
  fc.record({
    forward: phaseNumbers(SINGLES, fc.constant(false)),
    backward: phaseNumbers(SINGLES, fc.constant(false)),
    inputs: fc.array(fc.constantFrom(...SINGLES), { minLength: 4, maxLength: 4 }),
    ofScalars: fc.constantFrom(...SINGLES),
  }),
);

describe("the fast machine", () => {
  const agrees = (mostRows: number, mostColumns: number, steps: number) =>
    fc.property(
      fc.array(
        fc.record({
          rows: fc.integer({ min: 1, max: mostRows }),
          columns: fc.integer({ min: 1, max: mostColumns }),
        }),
        { minLength: 2, maxLength: 4 },
      ),
      fc.array(hardNumber, { minLength: 40, maxLength: 40 }),
      fc.array(instruction, { minLength: 1, maxLength: steps }),
      numbersOfAll,
      (shapes, numbers, instructions, { forward, backward, inputs: ofInputs, ofScalars }) => {
        const recording = record(shapes, roundToNearest(ofScalars)(numbers[0]), instructions);
        const inputs: Record<string, Format> = {};
        shapes.forEach((_, i) => {
          const format = ofInputs[i];
          if (format) inputs[`in${i}`] = format;
        });
        const phases = { ...forAllPhases(forward), backward };
        const { plain, fast, dither } = machines(recording, phases, inputs);
        // the same beside others, in the middle of three lanes
        const lanes = compileLanes(recording, phases, 3, { inputs });
        shapes.forEach((_, i) => {
          plain.values[`in${i}`].forEach((_, k, values) => {
            const number = numbers[(7 * i + k + (k >> 3)) % numbers.length];
            values[k] = roundToNearest(inputs[`in${i}`] ?? formats.binary64)(number);
          });
          fast.values[`in${i}`].set(plain.values[`in${i}`]);
          lanes.write(0, `in${i}`, plain.values[`in${i}`].toReversed());
          lanes.write(1, `in${i}`, plain.values[`in${i}`]);
        });
        const order = Int32Array.from({ length: shapes[0].rows }, (_, i) => i);
        for (let step = 0; step < 2; step++) {
          fast.setKey(dither.key);
          const batch = { tables: { in0: plain.values.in0.slice() }, order, keys: Int32Array.of(dither.key) };
          plain.run("all");
          fast.run("all");
          assertSame((name) => fast.values[name], plain);
          const other = { ...batch, keys: Int32Array.of(dither.key ^ 1) };
          lanes.runBatches(["all"], [other, batch, other], 0, order.length);
          assertSame((name) => lanes.read(1, name), plain);
          dither.next();
        }
      },
    );

  it("has the bits of the plain machine where all is straight-line code", () => {
    fc.assert(agrees(4, 4, 10), { numRuns: 2000 });
  });

  it("has them where there are loops", () => {
    fc.assert(agrees(70, 40, 8), { numRuns: 300 });
  });

  it("does not round by way of singles what that would round twice", () => {
    // half way between two numbers of binary16, and a little more: in singles the little is lost
    const halfWay = 1 + 2 ** -11;
    const little = 2 ** -30;
    const results = {
      sum: ({ sumColumns }: Arithmetic, a: Matrix) => sumColumns(a),
      add: ({ add }: Arithmetic, a: Matrix, b: Matrix) => add(a, b),
    };
    for (const [name, result] of Object.entries(results)) {
      const recorder = newRecorder(() => (x: number) => x);
      const a = recorder.input("a", 1, 2);
      const b = recorder.input("b", 1, 1);
      recorder.section("all");
      recorder.output(name, result(recorder.arithmetic("forward"), a, b));
      const numbers = {
        format: binary16,
        accumulator: binary16,
        summation: "reversed",
        isStochastic: false,
      } as const;
      const { plain, fast } = machines(recorder.recording(), forAllPhases(numbers), {
        a: binary32,
        b: binary32,
      });
      for (const { values } of [plain, fast]) {
        values.a.set([halfWay, 2 ** -24]);
        values.b.set([little]);
      }
      plain.run("all");
      fast.run("all");
      assert.equal(plain.values[name][0], 1 + 2 ** -10);
      assertSame((name) => fast.values[name], plain);
    }
  });

  const alike = { accumulator: undefined, summation: "sequential", isStochastic: false } as const;
  const cases: {
    name: string;
    sizes: number[];
    batch: number;
    numbers: Omit<PhaseNumbers, "accumulator"> & { accumulator?: Format | undefined };
  }[] = [];
  for (const format of FORMATS.slice(0, 7)) {
    for (const [sizes, batch] of [
      [[2, 10, 1], 1],
      [[2, 10, 1], 50],
      [[2, 7, 5, 1], 1],
      [[2, 33, 20, 1], 9],
      [[2, 64, 1], 1],
    ] as const) {
      cases.push({
        name: `${format.name}, ${sizes.join("-")}, batch ${batch}`,
        sizes: [...sizes],
        batch,
        numbers: { format, ...alike },
      });
    }
  }
  for (const batch of [1, 10]) {
    for (const numbers of [
      { ...alike, format: binary16, summation: "reversed" as const },
      { ...alike, format: binary16, summation: "pairwise" as const },
      { ...alike, format: e4m3, accumulator: binary32 },
      { ...alike, format: binary16, isStochastic: true },
      { ...alike, format: binary16, accumulator: binary32, isStochastic: true },
    ]) {
      const name = `${numbers.format.name}, ${JSON.stringify({ ...numbers, format: undefined, accumulator: numbers.accumulator?.name })}, batch ${batch}`;
      cases.push({ name, sizes: [2, 10, 1], batch, numbers });
    }
  }
  for (const { name, sizes, batch, numbers } of cases) {
    it(`trains as the plain machine does: ${name}`, () => {
      const convert = roundToNearest(numbers.format);
      const recording = trainingStep(sizes, batch, convert, 0.5);
      const inputs = Object.fromEntries(Object.keys(recording.names).map((name) => [name, numbers.format]));
      const { plain, fast, dither } = machines(
        recording,
        forAllPhases({ ...numbers, accumulator: numbers.accumulator ?? numbers.format }),
        inputs,
      );
      const random = newRandom();
      for (const [key, values] of Object.entries(plain.values)) {
        if (/^[wb]/.test(key)) fast.values[key].set(values.map((_, i, all) => (all[i] = convert(random()))));
      }
      const points = 5 * batch;
      const tables = {
        x: Float64Array.from({ length: 2 * points }, () => convert(2 * random())),
        y: Float64Array.from({ length: points }, (_, i) => i % 2),
      };
      const order = Int32Array.from({ length: points }, (_, i) => (7 * i) % points);
      const keys = new Int32Array(5);
      for (let epoch = 0; epoch < 3; epoch++) {
        for (let step = 0; step < 5; step++) {
          keys[step] = dither.key;
          plain.runBatches(["gradient", "update"], tables, order, step * batch, (step + 1) * batch);
          dither.next();
        }
        fast.runBatches(["gradient", "update"], tables, order, 0, points, keys);
        assertSame((name) => fast.values[name], plain);
      }
    });
  }

  for (const { name, sizes, batch, numbers } of cases) {
    it(`trains in lanes as it does alone: ${name}`, () => {
      const lanes = 5;
      const convert = roundToNearest(numbers.format);
      const recording = trainingStep(sizes, batch, convert, 0.5);
      const phases = forAllPhases({ ...numbers, accumulator: numbers.accumulator ?? numbers.format });
      const inputs = Object.fromEntries(Object.keys(recording.names).map((one) => [one, numbers.format]));
      const together = compileLanes(recording, phases, lanes, { inputs });
      const random = newRandom();
      const points = 3 * batch;
      const trainings = Array.from({ length: lanes }, (_, lane) => {
        const alone = compile(recording, phases, { inputs });
        for (const [key, values] of Object.entries(alone.values)) {
          if (!/^[wb]/.test(key)) continue;
          for (let i = 0; i < values.length; i++) values[i] = convert(random());
          // what stands in one lane is nothing to the others
          if (lane === 2) values.fill(Number.NaN);
          together.write(lane, key, values);
        }
        const tables = {
          x: Float64Array.from({ length: 2 * points }, () => convert(2 * random())),
          y: Float64Array.from({ length: points }, (_, i) => i % 2),
        };
        const order = Int32Array.from({ length: points }, (_, i) => (i + lane) % points);
        const keys = Int32Array.from({ length: 3 }, (_, i) => 1000 * lane + i);
        return { alone, batches: { tables, order, keys } };
      });
      const steps = ["gradient", "update"];
      for (let epoch = 0; epoch < 2; epoch++) {
        together.runBatches(
          steps,
          trainings.map(({ batches }) => batches),
          0,
          points,
        );
        trainings.forEach(({ alone, batches: { tables, order, keys } }, lane) => {
          alone.runBatches(steps, tables, order, 0, points, keys);
          assertSame((key) => together.read(lane, key), alone);
        });
      }
    });
  }
});
