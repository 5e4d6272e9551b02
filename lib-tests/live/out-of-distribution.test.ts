import assert from "node:assert/strict";
import {
  defencesOverSeeds,
  voidAtScale,
  voidOverSeeds,
} from "../../src/experiments/out-of-distribution/out-of-distribution.js";
import { outOfDistributionVerdict } from "../../src/experiments/out-of-distribution/verdict.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { demonstration } from "../../src/live/demonstrations/out-of-distribution.js";
import { smallTask } from "../experiments/small-task.js";

const parameters = demonstration.check({
  ...smallTask,
  epochs: 20,
  point: [4, 4],
  annulus: [4, 8],
  members: 2,
  neighbours: 5,
  sweepSeeds: 4,
  firstSeed: 7,
});

describe("out of distribution in a page", () => {
  it("gives the verdict that the notebook gives, with half of the seeds for the defences", async () => {
    const verdict = await demonstration.judge(parameters, plainLoop());
    const half = { ...parameters, sweepSeeds: 2 };
    assert.deepEqual(
      verdict,
      outOfDistributionVerdict(
        await voidOverSeeds(parameters, plainLoop()),
        await defencesOverSeeds(half, plainLoop()),
        await voidAtScale(parameters, plainLoop()),
      ),
    );
    assert.deepEqual([verdict.rows[0].n, verdict.rows[6].n], [4, 2]);
  });

  it("names the class at the point by its colour", () => {
    const { pictures } = demonstration.read(demonstration.train(parameters), parameters);
    assert.match(pictures[0].figure.alt, /the network is .*(Red \(class 0\)|Blue \(class 1\))/);
  });
});
