import assert from "node:assert/strict";
import { resultOf, settle } from "../../src/core/settled.js";

describe("what may fail", () => {
  it("keeps its result, or what it threw, and gives it back", () => {
    assert.deepEqual(
      settle(() => 7),
      { result: 7 },
    );
    assert.equal(resultOf(settle(() => 7)), 7);
    assert.equal(resultOf(settle(() => undefined)), undefined);
    const failed = settle(() => {
      throw new RangeError("too large");
    });
    assert.throws(() => resultOf(failed), { name: "RangeError", message: "too large" });
  });
});
