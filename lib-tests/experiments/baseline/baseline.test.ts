import assert from "node:assert/strict";
import { toParameters } from "../../../src/core/network/network.js";
import {
  type BaselineParameters,
  type CheckedSeedResult,
  confusionMatrix,
  growthEpochs,
  lowestTestLoss,
  measureBaseline,
  measureCheckedBaseline,
  neuronMaps,
} from "../../../src/experiments/baseline/baseline.js";
import { baseline } from "../../../src/experiments/baseline/index.js";
import { trainingText } from "../../../src/experiments/baseline/sentences.js";
import { rectangleAround } from "../../../src/experiments/plane.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
import { runTask } from "../../../src/experiments/task.js";
import type { Verdict } from "../../../src/experiments/verdict.js";
import { assertOneSentence } from "../one-sentence.js";
import { smallTask } from "../small-task.js";

const parameters: BaselineParameters = {
  ...smallTask,
  sweepSeeds: 3,
  firstSeed: 1,
};

describe("baseline: parameters", () => {
  it("are returned as they came", () => {
    assert.deepEqual(baseline.parameters(parameters), parameters);
  });

  const positive = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, "1", null];
  const refused: Record<string, readonly unknown[]> = {
    seed: [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, "1", null],
    noise: [Number.NaN, Number.POSITIVE_INFINITY, -1, "1", null],
    trainPoints: [...positive, 0.5],
    testPoints: [...positive, 0.5],
    learningRate: positive,
    batchSize: [...positive, 0.5],
    epochs: [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, "1", null],
    sweepSeeds: [...positive, 0.5],
  };
  for (const [name, values] of Object.entries(refused)) {
    it(`refuse a wrong ${name}`, () => {
      for (const value of values) {
        const got = typeof value === "string" ? `"${value}"` : String(value);
        // a batch size may be text: only which text is out of range
        const isRange = typeof value === "number" || (name === "batchSize" && typeof value === "string");
        assert.throws(() => baseline.parameters({ ...parameters, [name]: value }), {
          name: isRange ? "RangeError" : "TypeError",
          message: new RegExp(`^${name} must be .*, got ${got.replace(".", "\\.")}$`),
        });
      }
    });
  }

  it("may be at the ends of their ranges", () => {
    const ends = { ...parameters, seed: 0, noise: 0, learningRate: 5e-324, epochs: 0 };
    assert.deepEqual(baseline.parameters(ends), ends);
  });

  it("refuse what they do not know, and take what is published for what is missing", () => {
    assert.throws(() => baseline.parameters({ ...parameters, momentum: 0.9 } as never), {
      name: "TypeError",
      message: /^parameters has no option named momentum; its options are seed, noise, trainPoints/,
    });
    const { noise: _, ...rest } = parameters;
    assert.deepEqual(baseline.parameters(rest), { ...parameters, noise: baseline.defaults.noise });
    assert.deepEqual(baseline.parameters(), baseline.defaults);
  });
});

describe("baseline: one training", () => {
  const run = runTask(parameters, { snapshots: [0, 40] });

  it("uses all points for training and draws the test set apart", () => {
    assert.equal(run.data.train.labels.rows, 60);
    assert.equal(run.data.test.labels.rows, 100);
  });

  it("changes with the seed in data, weights and order", () => {
    const other = runTask({ ...parameters, seed: 2 });
    assert.notDeepEqual(toParameters(other.initial), toParameters(run.initial));
    assert.notDeepEqual(other.data.train.points.to2DArray(), run.data.train.points.to2DArray());
  });

  it("is summed up by what was measured", () => {
    const measured = measureBaseline(parameters);
    const last = run.training.history[40];
    assert.equal(measured.trainLoss, last.train.loss);
    assert.equal(measured.testLoss, last.test?.loss);
    assert.equal(measured.testAccuracy, last.test?.accuracy);
    assert.ok(measured.lowestTestLoss <= measured.testLoss);
  });

  it("ends on the same bits with the text that a reader is shown", () => {
    const eager = runTask(parameters, { path: "eager" });
    assert.deepEqual(toParameters(eager.training.network), toParameters(run.training.network));
  });

  it("is told in words, whatever became of it", () => {
    const { history } = run.training;
    const lowest = history.findIndex(({ test }) => test?.loss === measureBaseline(parameters).lowestTestLoss);
    assert.match(
      trainingText(history),
      new RegExp(`after epoch 40\\. The test loss is lowest after epoch ${lowest}, at`),
    );
    assert.match(trainingText(history.slice(0, 1)), /after epoch 0\. The test loss is lowest after epoch 0,/);
    const lost = runTask({ ...parameters, epochs: 2, learningRate: 1e300 }).training.history;
    assert.match(trainingText(lost), /and not a number after epoch 2\./);
    assert.match(trainingText(lost), /lowest after epoch 0, at 0\./);
    assert.doesNotMatch(trainingText(lost), /NaN/);
    assert.equal(lowestTestLoss(lost), lost[0]);
  });

  it("has a confusion matrix that counts every test point once", () => {
    const [[a, b], [c, d]] = confusionMatrix(run.training.network, run.data);
    assert.deepEqual([a + b, c + d], [50, 50]);
    assert.equal((a + d) / 100, run.training.history[40].test?.accuracy);
  });

  it("shows every neuron of the first hidden layer, and none where there is no such layer", () => {
    const area = rectangleAround(run.data.train, 0.5);
    const maps = neuronMaps(run.training.network, run.data, area, 11);
    assert.equal(maps.length, 10);
    for (const { output, firing } of maps) {
      assert.ok(firing >= 0 && firing <= 1);
      assert.ok(output.values.flat().every((value) => value >= 0));
    }
    const linear = runTask({ ...parameters, hiddenLayers: [] });
    assert.deepEqual(neuronMaps(linear.training.network, linear.data, area, 11), []);
  });
});

describe("baseline: studies", () => {
  const { seeds } = baseline.studies;

  it("measure the seeds in their order, with progress", async () => {
    const progress: string[] = [];
    const results = await doStudy(
      seeds,
      parameters,
      plainLoop((done, total) => progress.push(`${done}/${total}`)),
    );
    assert.deepEqual(
      results.map(({ seed }) => seed),
      [1, 2, 3],
    );
    assert.deepEqual(results[1], measureCheckedBaseline({ ...parameters, seed: 2 }));
    assert.deepEqual(progress, ["1/3", "2/3", "3/3"]);
  });
});

describe("baseline: verdict", () => {
  const good: CheckedSeedResult = {
    seed: 1,
    initialLoss: 0.7,
    trainLoss: 0.01,
    testLoss: 0.05,
    lowestTestLoss: 0.05,
    gradientError: 1e-9,
    trainAccuracy: 1,
    testAccuracy: 0.98,
  };
  const verdictOf = (seeds: CheckedSeedResult[]): Verdict => baseline.verdict({ seeds }, parameters);
  const outcomes = (results: CheckedSeedResult[]): string[] =>
    verdictOf(results).rows.map(({ outcome }) => outcome);
  const many = (result: CheckedSeedResult): CheckedSeedResult[] => new Array(20).fill(result);

  it("holds when every seed shows it", () => {
    assert.deepEqual(outcomes(many(good)), ["holds", "holds", "holds", "holds"]);
    assert.equal(verdictOf(many(good)).stamp, "holds");
  });

  it("falls line by line with what was measured", () => {
    assert.equal(outcomes(many({ ...good, trainLoss: 0.6 }))[0], "does not hold");
    assert.equal(outcomes(many({ ...good, testAccuracy: 0.9 }))[1], "does not hold");
    assert.equal(outcomes(many({ ...good, gradientError: 1e-3 }))[2], "does not hold");
    assert.equal(outcomes(many({ ...good, testLoss: 0.08 }))[3], "does not hold");
  });

  it("is undecided while the seeds are few or disagree", () => {
    const most = [
      ...many(good),
      ...many(good).slice(0, 8),
      ...many({ ...good, testAccuracy: 0.9 }).slice(0, 8),
    ];
    for (const results of [most, many(good).slice(1)]) {
      assert.equal(outcomes(results)[1], "undecided");
      const { stamp, summary } = verdictOf(results);
      assert.equal(stamp, "undecided");
      assert.match(summary, /do not decide whether/);
      assertOneSentence(summary);
      assert.doesNotMatch(summary, /few/); // they may be many, and disagree
    }
  });

  it("keeps the rise of the test loss above 1", () => {
    const results = many(good).map((result, i) => ({ ...result, testLoss: i < 2 ? 0.9 : 0.05 }));
    const [, low, high] =
      /divided by its lowest: \S+ \[(\S+), (\S+)\]/.exec(verdictOf(results).rows[3].measured) ?? [];
    assert.ok(Number(low) >= 1 && Number(high) > Number(low), `${low} to ${high}`);
  });

  it("calls what diverged not a number", () => {
    const lost = many({
      ...good,
      trainLoss: Number.NaN,
      testLoss: Number.NaN,
      testAccuracy: 0.5,
      gradientError: Number.NaN,
    });
    const { rows, stamp } = verdictOf(lost);
    assert.equal(stamp, "does not hold");
    assert.doesNotMatch(rows.map(({ measured }) => measured).join(), /NaN/);
  });

  it("says so when the claim as a whole falls", () => {
    const { summary } = verdictOf(many({ ...good, testAccuracy: 0.9 }));
    assert.match(summary, /only 0 of \d+ networks separate the moons/);
    for (const text of [summary, verdictOf(many(good)).summary]) assertOneSentence(text);
  });
});

describe("growth epochs", () => {
  it("run from 0 to the last, each once", () => {
    assert.deepEqual(growthEpochs(500, 6), [0, 4, 32, 108, 256, 500]);
    assert.deepEqual(growthEpochs(1, 6), [0, 1]);
    assert.deepEqual(growthEpochs(0, 6), [0]);
  });

  it("are at least two", () => {
    assert.throws(() => growthEpochs(500, 1), { message: "count must be a whole number >= 2, got 1" });
    for (const epochs of [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY]) {
      assert.throws(() => growthEpochs(epochs, 5), {
        message: `epochs must be a whole number >= 0, got ${epochs}`,
      });
    }
  });
});
