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
    assert.match(pictures[0].figure.alt, /the network is .*(Red|Blue)/);
  });

  it("counts regions and directions where they are exact, and says why it does not", () => {
    const quantity = (
      name: string,
      change: object,
    ): { value: number | null; absent?: string; words?: string } => {
      const own = { ...parameters, epochs: 2, ...change };
      const { quantities } = demonstration.read(trainedBy(demonstration.train(own)), own);
      return quantities.find((one) => one.name === name) ?? assert.fail(name);
    };
    const regions = quantity("regions of the plane", { hiddenLayers: [12] });
    assert.equal(regions.value, 1 + 12 + 66);
    assert.match(regions.words ?? "", /^\d+ of them hold training points$/);
    assert.match(quantity("regions of the plane", { hiddenLayers: [65] }).absent ?? "", /up to 64 neurons/);
    const certain = "directions certain at that distance (%)";
    const share = quantity(certain, { hiddenLayers: [12] }).value ?? Number.NaN;
    assert.ok(share >= 0 && share <= 100);
    for (const change of [{ hiddenLayers: [4, 4] }, { activation: "tanh" }]) {
      const { value, absent } = quantity(certain, change);
      assert.deepEqual([value, absent], [null, "exact for one layer of ReLUs only"]);
    }
  });
});
