import assert from "node:assert/strict";
import { type ButterflyParameters, butterflyEffect } from "../../src/experiments/butterfly-effect/index.js";
import { lastDistance, runTimelines } from "../../src/experiments/butterfly-effect/timelines.js";
import { disagreement, planePoints, rectangleAround } from "../../src/experiments/plane.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { doStudy } from "../../src/experiments/study.js";
import { demonstrationOf, trainedBy } from "../../src/live/demonstration.js";
import { smallTask } from "../experiments/small-task.js";

const demonstration = demonstrationOf(butterflyEffect);
const parameters: ButterflyParameters = {
  ...smallTask,
  learningRate: 0.8,
  nudge: 1e-3,
  nudgedParameter: 3,
  sweepSeeds: 2,
  firstSeed: 1,
};

const readingOf = (change: Partial<ButterflyParameters> = {}) => {
  const changed = { ...parameters, ...change };
  return demonstration.read(trainedBy(demonstration.train(changed)), changed);
};
const valuesOf = (change: Partial<ButterflyParameters> = {}) =>
  new Map(readingOf(change).quantities.map(({ name, value }) => [name, value]));

describe("the butterfly effect in a page", () => {
  it("shows the numbers of the experiment", () => {
    const { data, nudge, nudged } = runTimelines(parameters);
    const { networks, evaluations } = nudged;
    const area = disagreement(...networks, planePoints(rectangleAround(data.train, 0.5), 100));
    const values = valuesOf();
    assert.ok(lastDistance(nudged) > 0 && area > 0, "the two have something to differ in");
    assert.equal(values.get("really added to the parameter"), nudge.moved);
    assert.equal(values.get("distance of the parameters at the end"), lastDistance(nudged));
    assert.equal(values.get("epochs until the parameters are 0.01 apart"), nudged.parted);
    assert.equal(values.get("epochs until the losses differ by 1% of the chart"), nudged.visible);
    assert.equal(values.get("growth of the distance until halfway there (factor)"), nudged.grownHalfway);
    assert.equal(values.get("test points answered differently (%)"), 100 * nudged.churn);
    assert.equal(values.get("plane answered differently (%)"), 100 * area);
    assert.equal(values.get("test loss without the nudge (nats)"), evaluations[0].loss);
    assert.equal(values.get("test loss with the nudge (nats)"), evaluations[1].loss);
    assert.equal(values.get("test accuracy without the nudge (%)"), 100 * evaluations[0].accuracy);
    assert.equal(values.get("test accuracy with the nudge (%)"), 100 * evaluations[1].accuracy);
  });

  it("draws the two losses and the two boundaries of these trainings", () => {
    const { losses } = runTimelines(parameters).nudged;
    const [timelines, boundaries] = readingOf().pictures;
    const curve = timelines.figure.data[1] as { y: number[] };
    assert.equal(curve.y.length, losses[1].length);
    assert.equal(curve.y.at(-1), Number(losses[1].at(-1)?.toPrecision(4)));
    assert.match(boundaries.figure.alt, /^Map of the plane .* without the nudge and with it/);
  });

  it("says never, and differs nowhere, without a nudge", () => {
    for (const nudge of [0, 1e-18]) {
      const { quantities } = readingOf({ nudge });
      const never = quantities.filter(({ value }) => value === null).map(({ absent }) => absent);
      assert.deepEqual(never, ["never", "never", "none"]);
      const differences = quantities.filter(({ name }) => /distance of|differently/.test(name));
      assert.deepEqual(
        differences.map(({ value }) => value),
        [0, 0, 0, 0],
      );
    }
  });

  it("keeps the control at no distance, whatever the nudge does", () => {
    assert.equal(valuesOf({ nudge: 1 }).get("control: largest distance of the same run again"), 0);
  });

  it("judges as the notebook does", async () => {
    const tiny = {
      ...parameters,
      trainPoints: 12,
      testPoints: 20,
      epochs: 24,
      hiddenLayers: [3],
      sweepSeeds: 8,
      firstSeed: 1,
    };
    const run = plainLoop();
    const { seeds, late, defences } = butterflyEffect.studies;
    const findings = {
      seeds: await doStudy(seeds, tiny, run),
      late: await doStudy(late, tiny, run),
      defences: await doStudy(defences, tiny, run),
    };
    const expected = butterflyEffect.verdict(findings, tiny);
    assert.ok(expected.defence);
    assert.deepEqual(await demonstration.judge(tiny, run), expected);
  });
});
