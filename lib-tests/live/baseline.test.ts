import assert from "node:assert/strict";
import { measureBaseline } from "../../src/experiments/baseline/baseline.js";
import { baseline } from "../../src/experiments/baseline/index.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { doStudy } from "../../src/experiments/study.js";
import { demonstrationOf } from "../../src/live/demonstration.js";
import { smallTask } from "../experiments/small-task.js";

const demonstration = demonstrationOf(baseline);
const parameters = baseline.parameters({ ...smallTask, sweepSeeds: 2, firstSeed: 7 });

describe("the baseline in a page", () => {
  it("gives the verdict that the notebook gives", async () => {
    assert.deepEqual(
      await demonstration.judge(parameters, plainLoop()),
      baseline.verdict({ seeds: await doStudy(baseline.studies.seeds, parameters, plainLoop()) }, parameters),
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
