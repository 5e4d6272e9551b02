import assert from "node:assert/strict";
import { scaleFigure, spikesFigure } from "../../../src/charts/spikes.js";
import { decayingDescent } from "../../../src/core/network/schedule.js";
import type { BaselineParameters, CheckedSeedResult } from "../../../src/experiments/baseline/baseline.js";
import { baseline } from "../../../src/experiments/baseline/index.js";
import {
  coursesOf,
  endOf,
  isAtRest,
  measureSpikes,
  riseOf,
  SCHEDULES,
  type SpikesResult,
} from "../../../src/experiments/baseline/spikes.js";
import { middleOf, publishedOf, type Series } from "../../../src/experiments/baseline/studies.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
import { runTask } from "../../../src/experiments/task.js";
import type { Verdict } from "../../../src/experiments/verdict.js";
import { smallTask } from "../small-task.js";

const parameters: BaselineParameters = { ...smallTask, epochs: 10, sweepSeeds: 2, firstSeed: 1 };

describe("the rise of a loss at the end", () => {
  /** The losses of ten epochs, of which the last two are the end. */
  const losses = (...last: number[]): number[] => [9, 8, 7, 6, 5, 4, 3, 2, 8, ...last];

  it("is its largest value there, divided by the lowest up to then", () => {
    const cases: [losses: number[], rise: number][] = [
      [losses(1.5, 1), 1], // falls to the end; a spike before the end does not count
      [losses(3, 1), 1.5], // against 2, the lowest before
      [losses(1, 3), 3], // against what it has just come down to
      [losses(4, 4), 2],
      [[5, 4], 1],
      [[4, 10], 2.5],
      [[5], 1],
      [losses(0, 0), 1],
      [losses(0, 1), Number.POSITIVE_INFINITY],
      [losses(Number.NaN, Number.NaN), Number.NaN],
      [losses(Number.POSITIVE_INFINITY, 2), Number.POSITIVE_INFINITY],
    ];
    for (const [own, rise] of cases) assert.equal(riseOf(own), rise, own.join());
  });

  it("looks at the last fifth of the epochs, and at one at least", () => {
    assert.deepEqual([500, 100, 10, 3, 1].map(endOf), [401, 81, 9, 3, 1]);
  });

  it("is a spike above twice, and where it is not a number", () => {
    const rests = [1, 2, 2.001, Number.POSITIVE_INFINITY, Number.NaN].map((rise) => isAtRest({ rise }));
    assert.deepEqual(rests, [true, true, false, false, false]);
  });
});

describe("trainings with a learning rate that decays", () => {
  it("have it halved after a tenth of the steps, of whatever batch", () => {
    for (const [batchSize, halvedAfter] of [
      [1, 60],
      [7, 9],
      ["full", 1],
    ] as const) {
      const own = { ...parameters, batchSize };
      const { training } = runTask(own, { rule: decayingDescent(halvedAfter) });
      assert.equal(
        measureSpikes({ ...own, schedule: "decaying" }).testLoss,
        training.history[10].test?.loss,
        String(batchSize),
      );
    }
  });

  it("end elsewhere than those with a constant rate, which are the essay's", () => {
    const { training } = runTask(parameters);
    const constant = measureSpikes({ ...parameters, schedule: "constant" });
    assert.deepEqual(constant, measureSpikes(parameters));
    assert.deepEqual(constant, {
      seed: 1,
      rise: riseOf(training.history.map(({ train }) => train.loss)),
      testLoss: training.history[10].test?.loss,
      testAccuracy: training.history[10].test?.accuracy,
    });
    const decaying = measureSpikes({ ...parameters, schedule: "decaying" });
    assert.notEqual(decaying.testLoss, constant.testLoss);
    const courses = coursesOf(parameters);
    assert.deepEqual(
      SCHEDULES.map((schedule) => riseOf(courses[schedule])),
      [constant.rise, decaying.rise],
    );
    assert.notDeepEqual(courses.constant, courses.decaying);
  });

  it("are none without an epoch", () => {
    const { rise, testLoss } = measureSpikes({ ...parameters, epochs: 0, schedule: "decaying" });
    assert.deepEqual([rise, testLoss], [1, measureSpikes({ ...parameters, epochs: 0 }).testLoss]);
  });
});

describe("the studies of spikes", () => {
  it("train the same seeds at seven rates in both ways", async () => {
    const found = await doStudy(baseline.studies.spikes, parameters, plainLoop());
    assert.deepEqual(
      found.map(({ name, variations }) => [name, variations.map((own) => own.name).join(" ")]),
      SCHEDULES.map((schedule) => [schedule, rates.join(" ")]),
    );
    for (const [i, schedule] of SCHEDULES.entries()) {
      const rate = { ...parameters, schedule };
      assert.deepEqual(publishedOf(found)[i][1], measureSpikes({ ...rate, seed: 2 }));
      assert.deepEqual(
        found[i].variations[6].results[0],
        measureSpikes({ ...rate, seed: 1, learningRate: 0.8 }),
      );
    }
  });

  it("train other sizes in three ways, for a fifth of the epochs", async () => {
    const found = await doStudy(baseline.studies.scale, parameters, plainLoop());
    assert.deepEqual(
      found.map(({ name, variations }) => [name, variations.map((own) => own.name).join()]),
      ["constant rate", "a quarter of it", "decaying rate"].map((name) => [
        name,
        "none,2,10,64,64 × 64,64 × 64 × 64",
      ]),
    );
    const own = { ...parameters, epochs: 2, seed: 2 };
    assert.deepEqual(
      found[0].variations[0].results[1],
      measureSpikes({ ...own, hiddenLayers: [], schedule: "constant" }),
    );
    assert.deepEqual(
      found[1].variations[3].results[1],
      measureSpikes({ ...own, hiddenLayers: [64], learningRate: 0.05, schedule: "constant" }),
    );
    assert.deepEqual(
      found[2].variations[4].results[1],
      measureSpikes({ ...own, hiddenLayers: [64, 64], schedule: "decaying" }),
    );
  });
});

/** A network of each rise. */
const results = (rises: readonly number[], other: Partial<SpikesResult> = {}): SpikesResult[] =>
  rises.map((rise, i) => ({
    seed: i + 1,
    rise,
    testLoss: 0.05,
    testAccuracy: 0.98,
    ...other,
  }));

const rates = ["η/16", "η/8", "η/4", "η/2", "η", "2η", "4η"];

/** The study, with these networks at the published rate and calm ones at all others. */
const spikesOf = (constant: SpikesResult[], decaying: SpikesResult[]): Series[] =>
  [constant, decaying].map((own, i) => ({
    name: SCHEDULES[i],
    variations: rates.map((name) => ({ name, results: name === "η" ? own : results(own.map(() => 1)) })),
  }));

const spiking = new Array(40).fill(9);
const calm = new Array(40).fill(1);

describe("the network in the middle", () => {
  it("rises more than half of the others, and what is not a number most", () => {
    const seedOf = (...rises: number[]): number =>
      middleOf(spikesOf(results(rises), results(rises.map(() => 1)))).seed;
    assert.equal(seedOf(5, 1, 3), 3);
    assert.equal(seedOf(Number.NaN, 1, 3), 3);
    assert.equal(seedOf(Number.NaN, 1, Number.POSITIVE_INFINITY, 2), 4);
    assert.equal(seedOf(1, 1, 1, 1), 2);
  });
});

describe("baseline: the verdict on spikes", () => {
  const seed: CheckedSeedResult = {
    seed: 1,
    initialLoss: 0.7,
    trainLoss: 0.01,
    testLoss: 0.05,
    lowestTestLoss: 0.05,
    gradientError: 1e-9,
    trainAccuracy: 1,
    testAccuracy: 0.98,
  };
  const verdictOf = (spikes: Series[], scale?: Series[]): Verdict =>
    baseline.verdict({ seeds: new Array(40).fill(seed), spikes, ...(scale && { scale }) }, parameters);
  const outcomes = (constant: readonly number[], decaying: readonly number[]): string[] =>
    verdictOf(spikesOf(results(constant), results(decaying)))
      .rows.slice(4)
      .map(({ outcome }) => outcome);

  it("goes by the share of networks that come to rest, line by line", () => {
    assert.deepEqual(outcomes(spiking, calm), ["does not hold", "holds"]);
    assert.deepEqual(outcomes(calm, spiking), ["holds", "does not hold"]);
    const threeOfFour = calm.map((rise, i) => (i < 10 ? 9 : rise));
    assert.deepEqual(outcomes(threeOfFour, threeOfFour), ["undecided", "undecided"]);
    assert.deepEqual(outcomes([9, 9], [1, 1]), ["undecided", "undecided"]);
    const lost = new Array(40).fill(Number.NaN);
    assert.deepEqual(outcomes(lost, lost), ["does not hold", "does not hold"]);
  });

  it("tells the shares, the medians, and what the decay changes", () => {
    const { rows, defence = "" } = verdictOf(
      spikesOf(results(spiking), results(calm, { testLoss: 0.04, testAccuracy: 0.99 })),
    );
    assert.match(rows[4].measured, /^In 0 of 40 seeds .*median: 9\.00\.$/);
    assert.match(rows[5].measured, /^In 40 of 40 seeds .*median: 1\.00\.$/);
    assert.match(
      defence,
      /test accuracy by 1\.00 in all 40 points and the test loss by -0\.0100 in all 40 nats/,
    );
    const { rows: lost } = verdictOf(spikesOf(results([Number.NaN, 1]), results([1, 1])));
    assert.match(lost[4].measured, /median: not a number\.$/);
  });

  it("tells of wider and deeper networks at both rates", () => {
    const shapes = ["none", "10", "64", "64 × 64"];
    const series = (name: string, rises: number[]): Series => ({
      name,
      variations: shapes.map((shape) => ({ name: shape, results: results(rises) })),
    });
    const scale = [series("one", spiking), series("two", calm), series("three", calm)];
    assert.equal(
      verdictOf(spikesOf(results(spiking), results(calm)), scale).scale,
      "Test accuracy, and networks whose loss spikes at the end, by hidden layers. " +
        "One: 98.0% in all 40 and 40 of 40 with 10, 98.0% in all 40 and 40 of 40 with 64 × 64. " +
        "Three: 98.0% in all 40 and 0 of 40 with 10, 98.0% in all 40 and 0 of 40 with 64 × 64. Larger networks were not tested here.",
    );
    assert.equal(verdictOf(spikesOf(results(spiking), results(calm))).scale, undefined);
  });
});

describe("the figures of spikes", () => {
  const found = spikesOf(results([9, 9, 9, 9, 9, 1]), results([1, 1, 1, 1, 1, 9]));
  type Trace = { name: string; xaxis?: string; y: number[] };

  it("show a network in both ways, and the shares with their intervals", () => {
    const figure = spikesFigure(
      { seed: 7, learningRate: 0.2, constant: [4, 3, 2, 9, 1], decaying: [4, 3, 2, 1.5, 1] },
      found,
    );
    const [constant, decaying, ...shares] = figure.data as Trace[];
    assert.deepEqual(
      [constant.y, decaying.y],
      [
        [4, 3, 2, 9, 1],
        [4, 3, 2, 1.5, 1],
      ],
    );
    assert.deepEqual(
      shares.map(({ y }) => [y[4], y[0]]),
      [
        [83.33, 0],
        [16.67, 0],
      ],
    );
    assert.deepEqual((figure.layout.xaxis2 as { ticktext: string[] }).ticktext, rates);
    assert.match(String((figure.layout.title as { text: string }).text), /5 of 6 networks, 1 of 6 where/);
    assert.match(figure.caption, /seed 7/);
    assert.match(JSON.stringify(figure.layout.xaxis2), /η = 0\.2/);
    const [end] = figure.layout.shapes as { x0: number; x1: number }[];
    assert.deepEqual([end.x0, end.x1], [4, 4]);
  });

  it("show accuracies beside the shares, for other sizes", () => {
    const traces = scaleFigure([...found, found[0]]).data as Trace[];
    assert.deepEqual(
      traces.map(({ xaxis, y }) => [xaxis, y[4]]),
      [
        ["x", 98],
        ["x", 98],
        ["x", 98],
        ["x2", 83.33],
        ["x2", 16.67],
        ["x2", 83.33],
      ],
    );
  });
});
