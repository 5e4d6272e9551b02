import assert from "node:assert/strict";
import { newPhaseCounters } from "../../../src/core/arithmetic/counters.js";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { formats, makeFormat } from "../../../src/core/arithmetic/formats.js";
import {
  type PrecisionChoice,
  phaseArithmetics,
  toPrecision,
} from "../../../src/core/arithmetic/precision.js";

describe("the arithmetic of a training", () => {
  it("is filled in from a format's name", () => {
    assert.deepEqual(toPrecision("binary16"), {
      format: formats.binary16,
      accumulator: formats.binary16,
      master: formats.binary16,
      rounding: "nearest",
      lossScale: 1,
      compensated: false,
      summation: "sequential",
      seed: 0,
    });
  });

  it("knows a format by its copy, and takes one that was made", () => {
    assert.equal(toPrecision({ format: structuredClone(formats.binary64) }).format, formats.binary64);
    const made = makeFormat({ name: "p5", precision: 5, maxExponent: 6 });
    assert.deepEqual(toPrecision({ format: made, masterWeights: "binary32" }).format, made);
  });

  it("is the engine's own in binary64, unless its operations are counted or paired", () => {
    const inBinary64 = toPrecision("binary64");
    for (const arithmetic of Object.values(phaseArithmetics(inBinary64).arithmetics))
      assert.equal(arithmetic, float64);
    const counters = newPhaseCounters();
    const counting = phaseArithmetics(inBinary64, counters).arithmetics;
    counting.forward.add(1, 2);
    assert.equal(counters.forward.operations, 1);
    assert.equal(counting.evaluation, float64);
    const { arithmetics } = phaseArithmetics(toPrecision({ format: "binary64", summation: "pairwise" }));
    assert.notEqual(arithmetics.forward, float64);
    // what is looked at is summed in order
    assert.equal(arithmetics.loss, float64);
    for (const format of ["binary32", { format: "binary64", masterWeights: "binary32" }] as const)
      assert.notEqual(phaseArithmetics(toPrecision(format)).arithmetics.forward, float64);
  });

  it("rounds up and down at random by the key of a step, drawn or set", () => {
    const choice = toPrecision({ format: "binary16", rounding: "stochastic", seed: 1 });
    const [drawing, told] = [phaseArithmetics(choice), phaseArithmetics(choice)];
    // 200 values between two numbers of binary16
    const rounded = ({ roundings }: typeof told): number[] =>
      Array.from({ length: 200 }, (_, i) => roundings.forward.round(1 + (i + 0.5) * 2 ** -18));
    const first = rounded(drawing);
    assert.deepEqual(rounded(told), first);
    const key = drawing.nextStep();
    const second = rounded(drawing);
    assert.notDeepEqual(second, first);
    told.setKey(key);
    assert.deepEqual(rounded(told), second);
  });

  const known = '"binary64", "binary32", "bfloat16", "binary16", "e5m2", "e4m3"';
  const bad: [unknown, string, RegExp][] = [
    ["float16", "RangeError", new RegExp(`^format must be one of ${known}, .*got "float16"$`)],
    [
      { format: "binary16", rounding: "up" },
      "RangeError",
      /^rounding must be one of "nearest", "stochastic", got "up"$/,
    ],
    [
      { format: "binary16", lossScale: 0 },
      "RangeError",
      /^lossScale must be a finite number > 0, or "dynamic", got 0$/,
    ],
    [{ format: "binary16", lossScale: "big" }, "RangeError", /^lossScale must be .*, got "big"$/],
    [{ format: "binary16", compensated: 1 }, "TypeError", /^compensated must be true or false, got 1$/],
    [{ format: "binary16", seed: -1 }, "RangeError", /^seed must be a whole number >= 0, got -1$/],
    [
      { format: "binary16", master: "binary32" },
      "TypeError",
      /no option named master; its options are format, rounding/,
    ],
    [
      { format: { ...formats.binary16, precision: 40 } },
      "RangeError",
      /^precision must be a whole number from 2 to 25/,
    ],
    [{ format: { precision: 3 } }, "TypeError", /^name must be/],
    [7, "TypeError", /^arithmetic must be an object of options, got 7$/],
  ];
  for (const [choice, name, message] of bad) {
    it(`refuses ${JSON.stringify(choice)}`, () => {
      assert.throws(() => toPrecision(choice as PrecisionChoice), { name, message });
    });
  }
});
