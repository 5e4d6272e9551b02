import assert from "node:assert/strict";
import { demonstrations } from "../../src/live/demonstrations.js";
import { fieldsOf } from "../../src/live/fields.js";

describe("the fields of a demonstration's form", () => {
  const fields = fieldsOf(demonstrations["02-out-of-distribution"]);
  const field = (name: string) => fields.find((candidate) => candidate.name === name);

  it("say what the schema says: a number and its range, a unit, a choice, a list", () => {
    assert.deepEqual(field("noise"), {
      name: "noise",
      help: "Standard deviation of the noise on each coordinate",
      unit: "moon radii",
      allowed: "a finite number from 0 to 2",
      kind: "number",
      isRequired: true,
    });
    assert.equal(field("seed")?.isWhole, true);
    assert.deepEqual(field("activation")?.choices, ["relu", "leaky-relu", "softplus", "tanh"]);
    assert.equal(field("activation")?.isRequired, false);
    assert.deepEqual([field("hiddenLayers")?.kind, field("hiddenLayers")?.isList], ["text", true]);
    assert.equal(field("batchSize")?.kind, "text");
    assert.equal(field("point")?.allowed, "two coordinates, each from -1000000 to 1000000");
  });

  for (const [notebook, demonstration] of Object.entries(demonstrations)) {
    it(`of ${notebook} all have words, and those offered exist`, () => {
      const all = fieldsOf(demonstration);
      assert.deepEqual(
        all.filter(({ help }) => help === "").map(({ name }) => name),
        [],
      );
      const names = all.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length, "each parameter has one field");
      for (const { name } of demonstration.controls) assert(names.includes(name), name);
      for (const name of demonstration.looks) assert(names.includes(name), name);
      for (const name of Object.keys(demonstration.extras)) assert(names.includes(name), name);
    });
  }
});
