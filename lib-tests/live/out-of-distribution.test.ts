import assert from "node:assert/strict";
import { outOfDistribution } from "../../src/experiments/out-of-distribution/index.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { doStudy } from "../../src/experiments/study.js";
import { demonstrationOf, trainedBy } from "../../src/live/demonstration.js";
import { smallTask } from "../experiments/small-task.js";

const demonstration = demonstrationOf(outOfDistribution);
const parameters = outOfDistribution.parameters({
  ...smallTask,
  epochs: 20,
  members: 2,
  neighbours: 5,
  sweepSeeds: 4,
  firstSeed: 7,
});

describe("out of distribution in a page", () => {
  it("gives the verdict that the notebook gives", async () => {
    const { seeds, defences, scale } = outOfDistribution.studies;
    const findings = {
      seeds: await doStudy(seeds, parameters, plainLoop()),
      defences: await doStudy(defences, parameters, plainLoop()),
      scale: await doStudy(scale, parameters, plainLoop()),
    };
    const verdict = await demonstration.judge(parameters, plainLoop());
    assert.deepEqual(verdict, outOfDistribution.verdict(findings, parameters));
    assert.deepEqual([verdict.rows[0].n, verdict.rows[6].n], [4, 4]);
  });

  it("names the class at the point by its colour", () => {
    const { pictures } = demonstration.read(trainedBy(demonstration.train(parameters)), parameters);
    assert.match(pictures[0].figure.alt, /the network is .*(Red \(class 0\)|Blue \(class 1\))/);
  });
});
