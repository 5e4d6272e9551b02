import assert from "node:assert/strict";
import { withoutKernelFrames } from "../../src/report/kernel-frames.js";

describe("what went wrong in a cell", () => {
  it("is told without the lines of the kernel and of Node.js", () => {
    const trace = [
      "Error: the reason",
      "",
      "    at mine (/mine/a.js:1:2)",
      "    at execute (/p/node_modules/tslab/dist/executor.js:1:2)",
      "    at node:internal/process:3:4",
      "said at node: nothing",
    ];
    assert.equal(
      withoutKernelFrames(trace.join("\n")),
      [...trace.slice(0, 3), "said at node: nothing"].join("\n"),
    );
  });

  for (const piece of ["\n", "\r", "\r\n", " ", " at ", "    at node:a"]) {
    it(`is told soon when it is a million times ${JSON.stringify(piece)}`, function () {
      this.timeout(10_000);
      withoutKernelFrames(piece.repeat(1_000_000));
    });
  }
});
