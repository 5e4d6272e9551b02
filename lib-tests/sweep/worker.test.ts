import assert from "node:assert/strict";
import { runChunk } from "../../src/sweep/worker.js";

describe("a chunk of points", () => {
  const chunk = {
    experiment: { module: require.resolve("./toys.js"), name: "refusing" },
    points: [{ x: 1 }, { x: 2 }, { x: 3 }],
  };

  it("is done whole when there is time", () => {
    assert.deepEqual(runChunk({ ...chunk, budget: Number.POSITIVE_INFINITY }), [
      { result: 1 },
      { result: 2 },
      { result: 3 },
    ]);
  });

  it("is given back from the second point on when there is none", () => {
    assert.deepEqual(runChunk({ ...chunk, budget: 0 }), [{ result: 1 }]);
  });
});
