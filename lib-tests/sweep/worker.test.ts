import assert from "node:assert/strict";
import { runChunk } from "../../src/sweep/worker.js";

describe("a chunk of points", () => {
  const chunk = {
    experiment: { module: require.resolve("./toys.js"), name: "refusing" },
    points: [{ x: 1 }, { x: 2 }, { x: 3 }],
  };

  it("is done whole when there is time", () => {
    const { outcomes, milliseconds } = runChunk({ ...chunk, budget: Number.POSITIVE_INFINITY });
    assert.deepEqual(outcomes, [{ result: 1 }, { result: 2 }, { result: 3 }]);
    assert.ok(milliseconds > 0);
  });

  it("is given back from the second point on when there is none", () => {
    assert.deepEqual(runChunk({ ...chunk, budget: 0 }).outcomes, [{ result: 1 }]);
  });

  it("of a measurement in steps is done whole whatever the time, failures included", () => {
    const { outcomes } = runChunk({
      experiment: { ...chunk.experiment, name: "refusingInSteps" },
      points: [{ x: 1 }, { x: -1 }, { x: 3 }],
      budget: 0,
    });
    assert.deepEqual([outcomes[0], outcomes[2]], [{ result: 1 }, { result: 3 }]);
    assert.ok("error" in outcomes[1]);
    assert.equal(outcomes[1].error.message, "x must be >= 0, got -1");
  });
});
