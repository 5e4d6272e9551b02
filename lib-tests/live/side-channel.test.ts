import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { countDistributionFigure } from "../../src/charts/active-count.js";
import { forward } from "../../src/core/network/forward-backward.js";
import { oneLayerOf } from "../../src/experiments/out-of-distribution/one-layer.js";
import { rectangleAround } from "../../src/experiments/plane.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { measureDesign } from "../../src/experiments/side-channel/designs.js";
import { sideChannel } from "../../src/experiments/side-channel/index.js";
import { largestIn } from "../../src/experiments/side-channel/largest-count.js";
import { activeCounts, activityOf } from "../../src/experiments/side-channel/leakage.js";
import { measureMeeting } from "../../src/experiments/side-channel/meeting.js";
import {
  activityAt,
  differenceOf,
  measureAttack,
  measureLeak,
  powerReadings,
  type SideChannelParameters,
  taskWith,
} from "../../src/experiments/side-channel/side-channel.js";
import { measureSponge } from "../../src/experiments/side-channel/sponge.js";
import { measureTheft } from "../../src/experiments/side-channel/theft.js";
import { runTask } from "../../src/experiments/task.js";
import { demonstrationOf, trainedBy } from "../../src/live/demonstration.js";
import { smallTask } from "../experiments/small-task.js";
import { sessionOf } from "../support/sessions.js";

const demonstration = demonstrationOf(sideChannel);

const published: SideChannelParameters = {
  ...smallTask,
  traceNoise: 1,
  traces: 100,
  attackers: 4,
  measurements: 100,
  sweepSeeds: 2,
  firstSeed: 1,
};

const checked = (change: object = {}) =>
  demonstration.check({ ...published, ...demonstration.extras, ...change });

function readingWith(change: object = {}) {
  const parameters = checked(change);
  const { pictures, quantities } = demonstration.read(trainedBy(demonstration.train(parameters)), parameters);
  return {
    pictures,
    value: (name: string) => quantities.find((quantity) => quantity.name === name)?.value,
  };
}

describe("the demonstration of the side channel", () => {
  for (const [change, message] of [
    [{ testPoints: 3 }, /^RangeError: testPoints must be a whole number from 20 to 100000, got 3/],
    [{ input: [1] }, /^RangeError: input must be two coordinates, each from -1000000 to 1000000, got \[1\]/],
    [{ input: "here" }, /^TypeError: input must be two coordinates, .*, got "here"/],
    [{ input: [0, 1e7] }, /^RangeError: input must be two coordinates, /],
    [{ point: [0, 1] }, /^TypeError: parameters has no option named point/],
  ] as const) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => checked(change), message);
    });
  }

  it("says of the input what the network does there", () => {
    const input = [0.4, -0.3];
    const { network } = runTask(published).training;
    const pass = forward(network, new Matrix([input]));
    const [count] = activeCounts(activityOf(network, pass));
    assert(count > 0 && count < 10, `${count} fire`);
    const { pictures, value } = readingWith({ input });
    assert.equal(value("neurons that fire at the input"), count);
    assert.equal(value("logit at the input"), pass.logits.get(0, 0));
    assert.equal(value("class at the input (Red is 0, Blue is 1)"), pass.logits.get(0, 0) > 0 ? 1 : 0);
    assert.equal(value("multiplications saved at the input (%)"), (100 * (10 - count)) / 30);
    const [{ handle, figure }, { figure: neurons }] = pictures;
    assert(handle?.kind === "drag");
    assert.deepEqual([handle.field, handle.at], ["input", input]);
    const star = figure.data.at(-1) as { x: number[]; y: number[]; name: string };
    assert.deepEqual([star.x, star.y, star.name], [[0.4], [-0.3], `the input: ${count} fire`]);
    const heights = (neurons.data as { y: number[] }[]).flatMap(({ y }) => y);
    assert.equal(heights.length, 10);
    assert.equal(heights.filter((height) => height !== 0).length, count);
  });

  it("says of the network what the notebook measures", () => {
    const { means, bits, guess, saved, accuracy, ...result } = measureAttack(published);
    const { value, pictures } = readingWith();
    assert.deepEqual(
      [
        value("neurons that fire for Red, mean"),
        value("neurons that fire for Blue, mean"),
        value("Blue minus Red (neurons)"),
        value("leak of one reading of the count (bits)"),
        value("right guesses from one count (%)"),
        value("multiplications saved, mean (%)"),
        value("test accuracy (%)"),
      ],
      [...means, differenceOf({ means, ...result }), bits, 100 * guess, 100 * saved, 100 * accuracy],
    );
    const { data, training } = runTask(published);
    assert.deepEqual(
      pictures[2].figure,
      countDistributionFigure(powerReadings(training.network, data).count, "Seed 1"),
    );
  });

  it("does not train again for another input, or for what only the verdict asks", async () => {
    const { session, answers } = sessionOf(demonstration);
    const values = checked();
    const changes = [{}, { input: [1, -0.5] }, { traces: 50, attackers: 3 }, { activation: "tanh" }];
    for (const [id, change] of changes.entries()) {
      await session.handle({ id, kind: "read", values: { ...values, ...change } });
    }
    assert.deepEqual(
      answers.flatMap((answer) => (answer.kind === "reading" ? [answer.hasTrained] : [])),
      [true, false, false, true],
    );
  });

  it("reads networks without a hidden layer, with two, and with neurons that never are silent", () => {
    assert.equal(readingWith({ hiddenLayers: [] }).value("neurons that fire at the input"), 0);
    const two = readingWith({ hiddenLayers: [6, 5] });
    assert.equal((two.pictures[1].figure.data as { y: number[] }[]).flatMap(({ y }) => y).length, 5);
    const tanh = readingWith({ activation: "tanh" });
    assert.equal(tanh.value("neurons that fire at the input"), 10);
    const { range } = tanh.pictures[1].figure.layout.yaxis as { range: number[] };
    assert(range[0] < -0.5, "the axis has room for negative outputs");
  });

  it("has a preset at the sponge point of the published network", () => {
    const preset = demonstration.presets?.find(({ name }) => name === "a sponge point");
    const { input } = checked(preset?.values) as unknown as { input: [number, number] };
    const { data, training } = runTask(taskWith(sideChannel.parameters(), 1));
    const layer = oneLayerOf(training.network) ?? assert.fail("not of one layer");
    const { count } = largestIn(layer, rectangleAround(data.train, 0.5));
    assert.equal(activityAt(training.network, input).count, count);
  });

  it("judges as the notebook does, but for the clock", async () => {
    const seen: [unknown, number][] = [];
    const verdict = await demonstration.judge(checked({ sweepSeeds: 4, epochs: 5 }), (grid, experiment) => {
      seen.push([experiment, grid.length]);
      return plainLoop()(grid, experiment);
    });
    assert.deepEqual(seen, [
      [measureAttack, 4],
      [measureMeeting, 2 * 4],
      [measureLeak, 4],
      [measureDesign, 20 * 4],
      [measureSponge, 3 * 4],
      [measureTheft, 2],
    ]);
    assert(verdict.rows.every(({ claim }) => !claim.includes("clock")));
    const others = verdict.rows.filter(({ id }) => id !== "passing");
    assert.deepEqual(
      others.map(({ n }) => n),
      [...new Array(12).fill(4), 2, 2],
    );
  });
});
