import assert from "node:assert/strict";
import {
  type ButterflyParameters,
  runTimelines,
  SETTINGS,
} from "../../src/experiments/butterfly/butterfly.js";
import { partingsOverSeeds } from "../../src/experiments/butterfly/seeds.js";
import { depthMap, twinsOverSeeds } from "../../src/experiments/butterfly/twins.js";
import { butterflyVerdict } from "../../src/experiments/butterfly/verdict.js";
import { disagreement, planePoints, rectangleAround } from "../../src/experiments/plane.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { demonstration } from "../../src/live/demonstrations/butterfly-effect.js";
import { type Answer, publish, Session } from "../../src/live/session.js";
import { smallTask } from "../experiments/small-task.js";

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
  return demonstration.read(demonstration.train(changed), changed);
};
const valuesOf = (change: Partial<ButterflyParameters> = {}) =>
  new Map(readingOf(change).quantities.map(({ name, value }) => [name, value]));

describe("the butterfly effect in a page", () => {
  it("refuses silly values by name", () => {
    const check = (change: Record<string, unknown>) => () =>
      demonstration.check({ ...parameters, ...change });
    assert.throws(check({ nudge: 2000 }), /^RangeError: nudge must be .* from -1000 to 1000, got 2000$/);
    assert.throws(check({ nudgedParameter: 41 }), /^RangeError: nudgedParameter must be .* 0 to 40, got 41$/);
    assert.throws(check({ learningRate: "fast" }), /^TypeError: learningRate must be /);
    assert.throws(check({ step: 1 }), /^TypeError: parameters has no option named step/);
  });

  it("shows the numbers of the experiment", () => {
    const { data, nudge, nudged } = runTimelines(parameters);
    const { summary, networks } = nudged;
    const area = disagreement(...networks, planePoints(rectangleAround(data.train, 0.5), 100));
    const values = valuesOf();
    assert.ok(summary.distance > 0 && area > 0, "the two have something to differ in");
    assert.equal(values.get("really added to the parameter"), nudge.moved);
    assert.equal(values.get("distance of the parameters at the end"), summary.distance);
    assert.equal(values.get("epochs until the parameters are 0.01 apart"), summary.parted);
    assert.equal(values.get("epochs until the losses differ by 1% of the chart"), summary.visible);
    assert.equal(values.get("factor the distance has grown by half-way to there"), summary.grownHalfway);
    assert.equal(values.get("test points answered differently (%)"), 100 * summary.churn);
    assert.equal(values.get("share of the plane answered differently (%)"), 100 * area);
    assert.equal(values.get("test loss without the nudge (nats)"), summary.testLoss[0]);
    assert.equal(values.get("test loss with it (nats)"), summary.testLoss[1]);
    assert.equal(values.get("test accuracy without the nudge (%)"), 100 * summary.accuracy[0]);
    assert.equal(values.get("test accuracy with it (%)"), 100 * summary.accuracy[1]);
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
    assert.equal(valuesOf({ nudge: 1 }).get("control: distance of the same run again, at most"), 0);
  });

  it("does not train again for the number of seeds", async () => {
    const answers: Answer[] = [];
    const session = new Session(demonstration, (answer) => answers.push(answer));
    for (const sweepSeeds of [2, 3]) {
      await session.handle({ id: sweepSeeds, kind: "read", values: { ...parameters, sweepSeeds } });
    }
    const { digest } = publish(demonstration, { ...parameters }).publication;
    assert.deepEqual(
      answers.map((answer) => answer.kind === "reading" && [answer.hasTrained, answer.digest]),
      [
        [true, digest],
        [false, digest],
      ],
    );
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
    const { learningRate } = tiny;
    const run = plainLoop();
    const expected = butterflyVerdict({
      parameters: tiny,
      partings: await partingsOverSeeds(tiny, run),
      calm: await partingsOverSeeds({ ...tiny, ...SETTINGS.calm, sweepSeeds: 4 }, run),
      depths: await depthMap({ ...tiny, sweepSeeds: 3 }, run),
      defences: await twinsOverSeeds(
        { ...tiny, sweepSeeds: 4 },
        {
          "as in the parameters": {},
          "learning rate / 4": { learningRate: learningRate / 4 },
          "batches of 8": { batchSize: 8 },
          "full batch, rate × 5": { batchSize: "full", learningRate: 5 * learningRate },
        },
        run,
      ),
    });
    assert.deepEqual(await demonstration.judge(tiny, run), expected);
  });
});
