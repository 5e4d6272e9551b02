import assert from "node:assert/strict";
import { inTime } from "../../../src/report/page/time-limit.js";

describe("a bound on synchronous work", () => {
  it("lets work give what it gives, and fail as it fails", () => {
    assert.deepEqual(
      inTime(10, () => [inTime(5, () => 1), 2]),
      [1, 2],
    );
    const failure = new TypeError("no");
    assert.throws(
      () =>
        inTime(10, () => {
          throw failure;
        }),
      failure,
    );
  });

  it("stops what does not end, and what comes after goes on", () => {
    const endless = (): never => {
      for (;;);
    };
    assert.throws(() => inTime(0.1, endless), { name: "RangeError", message: "it takes longer than 0.1 s" });
    assert.throws(() => inTime(10, () => inTime(0.1, endless)), /longer than 0\.1 s/);
    assert.equal(
      inTime(10, () => "goes on"),
      "goes on",
    );
  });
});
