import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { defaultWorkers } from "../../src/sweep/worker-count.js";

describe("the number of workers", () => {
  it("is what GLASS_HOUSE_WORKERS says", () => {
    assert.equal(defaultWorkers({ GLASS_HOUSE_WORKERS: "7" }), 7);
  });

  it("is what the machine runs at once, where that is not set", () => {
    assert.equal(defaultWorkers({}), availableParallelism());
    assert.equal(defaultWorkers({ GLASS_HOUSE_WORKERS: "" }), availableParallelism());
  });

  for (const [text, got] of [
    ["0", "0"],
    ["257", "257"],
    ["-1", '"-1"'],
    ["1.5", '"1.5"'],
    ["two", '"two"'],
  ]) {
    it(`cannot be ${text}`, () => {
      assert.throws(() => defaultWorkers({ GLASS_HOUSE_WORKERS: text }), {
        message: `GLASS_HOUSE_WORKERS must be a whole number from 1 to 256, got ${got}`,
      });
    });
  }
});
