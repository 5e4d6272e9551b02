import assert from "node:assert/strict";
import * as z from "zod/mini";
import { parse } from "../../src/core/validate.js";

describe("messages about wrong options", () => {
  const cases: [z.ZodMiniType, unknown, string, string][] = [
    [z.number().check(z.gt(0)), -1, "RangeError", "rate must be a finite number > 0, got -1"],
    [
      z.number().check(z.gte(0), z.lte(2)),
      3,
      "RangeError",
      "rate must be a finite number from 0 to 2, got 3",
    ],
    [z.number().check(z.gt(0), z.lt(1)), 1, "RangeError", "rate must be a finite number > 0 and < 1, got 1"],
    [z.number(), Number.NaN, "RangeError", "rate must be a finite number, got NaN"],
    [z.number(), "1", "TypeError", 'rate must be a finite number, got "1"'],
    [z.int(), 1.5, "RangeError", "rate must be a whole number, got 1.5"],
    [z.boolean(), 1, "TypeError", "rate must be true or false, got 1"],
    [z.enum(["a", "b"]), "c", "RangeError", 'rate must be one of "a", "b", got "c"'],
    [z.enum(["a", "b"]), 1, "TypeError", 'rate must be one of "a", "b", got 1'],
    [
      z.array(z.int()).check(z.minLength(1)),
      [],
      "RangeError",
      "rate must be a list of at least 1 value, each a whole number, got []",
    ],
    [
      z.array(z.int()),
      { a: 1 },
      "TypeError",
      "rate must be a list, each a whole number, got an object of type Object",
    ],
    [z.number(), undefined, "TypeError", "rate must be a finite number, got undefined"],
    [z.number(), () => 1, "TypeError", "rate must be a finite number, got a function"],
    [z.number(), "x".repeat(99), "TypeError", `rate must be a finite number, got "${"x".repeat(56)}...`],
  ];
  const round: unknown[] = [1];
  round.push(round);
  cases.push(
    [z.number(), 5n, "TypeError", "rate must be a finite number, got 5n"],
    [z.number(), [5n, Number.NaN], "TypeError", "rate must be a finite number, got [5n,NaN]"],
    [z.number(), round, "TypeError", "rate must be a finite number, got [1,[1,[1,[...]]]]"],
    // biome-ignore lint/suspicious/noSparseArray: what a reader may type
    [z.number(), [1, , 3], "TypeError", "rate must be a finite number, got [1,undefined,3]"],
    // biome-ignore lint/suspicious/noSparseArray: as before
    [z.array(z.number()), [1, , 3], "TypeError", "rate[1] must be a finite number, got undefined"],
    [z.array(z.number()), [[2n]], "TypeError", "rate[0] must be a finite number, got [2n]"],
  );
  for (const [schema, value, name, message] of cases) {
    it(message, () => {
      assert.throws(() => parse(z.strictObject({ rate: schema }), { rate: value }), { name, message });
    });
  }

  it("name the place in a list", () => {
    const schema = z.strictObject({ a: z.strictObject({ list: z.array(z.int().check(z.gte(0))) }) });
    assert.throws(() => parse(schema, { a: { list: [1, -2] } }), {
      message: "a.list[1] must be a whole number >= 0, got -2",
    });
  });

  it("name the subject when it is wrong as a whole", () => {
    assert.throws(() => parse(z.strictObject({}), 7, "parameters"), {
      name: "TypeError",
      message: "parameters must be an object of options, got 7",
    });
  });

  it("name what is not known", () => {
    const schema = z.strictObject({ rate: z.number(), steps: z.int() });
    assert.throws(() => parse(schema, { rate: 1, steps: 1, speed: 2 }), {
      name: "TypeError",
      message: "options has no option named speed; its options are rate, steps",
    });
  });

  it("do not stand in the way of what is right", () => {
    const schema = z.strictObject({ rate: z._default(z.number(), 3) });
    assert.deepEqual(parse(schema, {}), { rate: 3 });
  });
});
