import assert from "node:assert/strict";
import { measureDefences, summariseDefences } from "../../../src/experiments/out-of-distribution/defences.js";
import { outOfDistribution } from "../../../src/experiments/out-of-distribution/index.js";
import {
  measureCertainty,
  measureVoid,
} from "../../../src/experiments/out-of-distribution/out-of-distribution.js";
import type { OutOfDistributionParameters } from "../../../src/experiments/out-of-distribution/parameters.js";
import {
  certaintyAtScale,
  detectorTable,
  detectorText,
  farDoubtText,
  kinksText,
  pointText,
  voidMeans,
} from "../../../src/experiments/out-of-distribution/sentences.js";
import { runTask } from "../../../src/experiments/task.js";
import { smallTask } from "../small-task.js";

const parameters: OutOfDistributionParameters = {
  ...outOfDistribution.defaults,
  ...smallTask,
  epochs: 5,
  members: 2,
};

describe("out of distribution: sentences", () => {
  const textsOf = (change: Partial<OutOfDistributionParameters>): string[] => {
    const { data, training } = runTask({ ...parameters, ...change });
    const { network } = training;
    return [
      kinksText(network, [4, 4], data.train),
      farDoubtText(network, [4, 4]),
      pointText(training, [4, 4]),
    ];
  };

  it("fit what the network is made of", () => {
    assert.match(
      textsOf({}).join(" "),
      /10 lines .* 56 regions, the most .* the last kink lies at .* Beyond the last kink, each .* all directions/,
    );
    assert.match(
      textsOf({ activation: "tanh" }).join(" "),
      /not made of straight pieces.* Between radius 8 and 16, each/,
    );
    assert.match(textsOf({ hiddenLayers: [] })[0], /No neuron switches on any ray/);
  });

  it("say so where the training diverged, and never print what is no number", () => {
    for (const change of [{}, { activation: "tanh" as const }, { hiddenLayers: [] }]) {
      const lost = textsOf({ learningRate: 1e300, ...change }).join(" ");
      assert.doesNotMatch(lost, /NaN|Infinity/);
    }
    assert.match(textsOf({ learningRate: 1e300 })[0], /diverged/);
  });

  it("fill tables that are as wide as their heads, also where a training diverged", () => {
    for (const learningRate of [0.2, 1e300]) {
      const changed = { ...parameters, learningRate };
      const defences = summariseDefences([measureDefences(changed)]);
      const [seed] = [measureVoid(changed)];
      const tables = [
        detectorTable(defences.summaries),
        certaintyAtScale([{ name: "10", results: [measureCertainty(changed)] }], [4, 4]),
      ];
      for (const [heads, rows] of tables) for (const row of rows) assert.equal(row.length, heads.length);
      const texts = [...tables.flat(3), detectorText(defences, [4, 4])].join(" ");
      assert.doesNotMatch(texts, /NaN|Infinity/);
      const means = voidMeans([seed]);
      assert.equal(means["test accuracy (%)"].mean, 100 * seed.testAccuracy);
      assert.equal(means["AUROC, test points against far cluster"].mean, seed.auroc.cluster);
    }
  });
});
