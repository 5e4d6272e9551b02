import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { phaseArithmetics, toPrecision } from "../../../src/core/arithmetic/precision.js";
import { interpret } from "../../../src/core/compile/interpreter.js";
import { compile } from "../../../src/core/compile/machine.js";
import { newRecorder, type Recorder } from "../../../src/core/compile/recorder.js";

const { roundings, numbers } = phaseArithmetics(
  toPrecision({ format: "binary16", masterWeights: "binary32" }),
);
const record = (): Recorder => newRecorder((phase) => roundings[phase].convert);

describe("a recorded matrix", () => {
  const matrix = record().input("a", 2, 2);
  const uses: Record<string, () => unknown> = {
    get: () => matrix.get(0, 0),
    set: () => matrix.set(0, 0, 1),
    to1DArray: () => matrix.to1DArray(),
    mmul: () => matrix.mmul(matrix),
    "mmul of a matrix with numbers": () => Matrix.ones(2, 2).mmul(matrix),
    clone: () => matrix.clone(),
    add: () => Matrix.add(matrix, 1),
    valueOf: () => matrix.valueOf(),
    "a sum with a number": () => (matrix as unknown as number) + 1,
    "a comparison": () => (matrix as unknown as number) > 0,
    "a template string": () => `${matrix}`,
  };
  for (const [name, use] of Object.entries(uses)) {
    it(`says what to do instead of ${name}`, () => {
      assert.throws(use, {
        name: "TypeError",
        message:
          /^This matrix is recorded: it has a shape but no numbers, .* Use the operations of the arithmetic .* path: "eager"/,
      });
    });
  }

  it("has a shape", () => {
    const { input, section, arithmetic } = record();
    section("all");
    const { transpose, column, product } = arithmetic("forward");
    const a = input("a", 2, 3);
    assert.deepEqual(
      [a, transpose(a), column(a, 1), product(a, transpose(a))].map(({ rows, columns }) => [rows, columns]),
      [
        [2, 3],
        [3, 2],
        [2, 1],
        [2, 2],
      ],
    );
  });
});

describe("a recording", () => {
  /** Of two sections: the second takes what the first computed, and the input becomes what it computes. */
  function twoSections() {
    const { input, output, carry, section, arithmetic, recording } = record();
    const { add, exp, multiply, negate, sqrt } = arithmetic("forward");
    const a = input("a", 2, 3);
    section("first");
    const moved = add(a, 1);
    multiply(exp(a), moved);
    const forSecond = sqrt(moved);
    output("moved", moved);
    section("second");
    exp(forSecond);
    carry("a", negate(forSecond));
    return recording();
  }

  it("leaves out what leads nowhere, and nothing else", () => {
    const operations = Object.entries(twoSections().sections).map(([name, { primitives }]) => [
      name,
      primitives.map(({ operation }) => operation),
    ]);
    assert.deepEqual(operations, [
      ["first", ["add", "sqrt"]],
      ["second", ["negate"]],
    ]);
  });

  it("is plain data, and runs as its copy does", () => {
    const recording = twoSections();
    const copy = structuredClone(recording);
    assert.deepEqual(copy, recording);
    const { values, run } = interpret(copy, roundings);
    values.a.set([0, 3, 8, 15, 24, 35]);
    for (const section of ["first", "second"]) run(section);
    assert.deepEqual([...values.moved], [1, 4, 9, 16, 25, 36]);
    assert.deepEqual([...values.a], [-1, -2, -3, -4, -5, -6]);
  });

  it("holds each constant once, 0 and -0 apart, rounded where it is converted", () => {
    const { input, output, section, arithmetic, recording } = record();
    const { add, multiply, convert } = arithmetic("forward");
    const a = input("a", 1, 1);
    section("all");
    for (const number of [0, -0, 0.1, -0, Number.NaN, 0, Number.NaN, 0.1]) {
      output(`times ${Object.is(number, -0) ? "-0" : number}`, multiply(a, number));
    }
    output("narrow", add(a, convert(0.1)));
    output("wide", add(a, arithmetic("update").convert(0.1)));
    const recorded = recording();
    const half = 0.0999755859375; // the binary16 nearest to 0.1
    assert.deepEqual(
      recorded.constants.map(({ number }) => number),
      [0, -0, 0.1, Number.NaN, half, Math.fround(0.1)],
    );
    const { values, run } = interpret(recorded, roundings);
    values.a[0] = 1;
    run("all");
    assert.deepEqual(
      ["times 0", "times -0", "times NaN"].map((name) => values[name][0]),
      [0, -0, Number.NaN],
    );
  });

  it("carries all at once, also where inputs change places", () => {
    const { input, carry, section, recording } = record();
    const [a, b] = ["a", "b"].map((name) => input(name, 1, 1));
    section("all");
    carry("a", b);
    carry("b", a);
    for (const { values, run } of [interpret(recording(), roundings), compile(recording(), numbers)]) {
      values.a[0] = 1;
      values.b[0] = 2;
      run("all");
      assert.deepEqual([values.a[0], values.b[0]], [2, 1]);
    }
  });

  it("is compiled anew for another constant, whatever number it is", () => {
    for (const constant of [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const { output, section, arithmetic, recording } = record();
      section("all");
      output("y", arithmetic("forward").negate(arithmetic("forward").convert(constant)));
      const { values, run } = compile(recording(), numbers);
      run("all");
      assert.equal(values.y[0], -constant);
    }
  });

  it("gives a part and what is turned a place of their own", () => {
    const { input, output, section, arithmetic, recording } = record();
    const { transpose, column } = arithmetic("forward");
    const a = input("a", 2, 3);
    section("all");
    output("turned", transpose(a));
    output("part", column(a, 1));
    output("turned part", transpose(column(a, 2)));
    const { values, run } = interpret(recording(), roundings);
    values.a.set([1, 2, 3, 4, 5, 6]);
    run("all");
    assert.deepEqual([...values.turned], [1, 4, 2, 5, 3, 6]);
    assert.deepEqual([...values.part], [2, 5]);
    assert.deepEqual([...values["turned part"]], [3, 6]);
  });

  it("refuses matrices that are none of its own", () => {
    const { input, section, arithmetic } = record();
    section("all");
    const { add, product, transpose } = arithmetic("forward");
    const a = input("a", 2, 2);
    const others = [Matrix.ones(2, 2), record().input("a", 2, 2)];
    for (const other of others) {
      for (const use of [() => add(a, other), () => product(other, a), () => transpose(other)]) {
        assert.throws(use, {
          name: "TypeError",
          message:
            "operands must be numbers or matrices of this recording, got a matrix from outside: keep it in the layer's state, or " +
            "in what the step rule keeps, and take it from there",
        });
      }
    }
  });

  it("refuses a column of what is turned, which has no place of its own", () => {
    const { input, section, arithmetic } = record();
    section("all");
    const { column, transpose } = arithmetic("forward");
    assert.throws(() => column(transpose(input("a", 2, 3)), 1), {
      name: "RangeError",
      message: "the matrix of column must not be transposed, got a transposed one",
    });
  });
});
