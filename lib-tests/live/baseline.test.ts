import assert from "node:assert/strict";
import { baselineOverSeeds, baselineVerdict, measureBaseline } from "../../src/experiments/baseline.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { demonstration } from "../../src/live/demonstrations/baseline.js";
import { smallTask } from "../experiments/small-task.js";

const parameters = demonstration.check({ ...smallTask, sweepSeeds: 2, firstSeed: 7 });

describe("the baseline in a page", () => {
  it("gives the verdict that the notebook gives", async () => {
    assert.deepEqual(
      await demonstration.judge(parameters, plainLoop()),
      baselineVerdict(await baselineOverSeeds(parameters, plainLoop())),
    );
  });

  it("measures what the sweep measures, also where the training diverges", () => {
    for (const learningRate of [0.2, 1e300]) {
      const changed = { ...parameters, learningRate };
      const { quantities } = demonstration.read(demonstration.train(changed), changed);
      const lowest = quantities.find(({ name }) => name === "lowest test loss (nats)");
      assert.equal(lowest?.value, measureBaseline(changed).lowestTestLoss);
    }
  });
});
