import assert from "node:assert/strict";
import { baseline } from "../../src/experiments/baseline/index.js";
import { demonstrationOf } from "../../src/live/demonstration.js";

describe("the parameters of an experiment", () => {
  const all: [value: unknown, shown: string][] = [
    ["abc", '"abc"'],
    [5, "5"],
    [null, "null"],
    [[], "[]"],
    [new Map([["seed", 3]]), "an object of type Map"],
    [() => 1, "a function"],
  ];
  for (const [value, shown] of all) {
    it(`are an object, and not ${shown}`, () => {
      const error = { name: "TypeError", message: `parameters must be an object of options, got ${shown}` };
      assert.throws(() => baseline.parameters(value as never), error);
      assert.throws(() => demonstrationOf(baseline as never).check(value as never), error);
    });
  }

  it("have no name that every object has", () => {
    assert.throws(() => baseline.parameters(JSON.parse('{"__proto__": {"seed": 1}}')), {
      name: "TypeError",
      message: /^parameters has no option named __proto__; its options are seed, /,
    });
    assert.deepEqual(baseline.parameters(Object.assign(Object.create(null), { seed: 3 })), {
      ...baseline.defaults,
      seed: 3,
    });
  });
});
