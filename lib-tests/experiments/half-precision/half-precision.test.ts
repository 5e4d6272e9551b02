import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { formats } from "../../../src/core/arithmetic/formats.js";
import type { PrecisionChoice } from "../../../src/core/arithmetic/precision.js";
import { usualLossForm } from "../../../src/core/network/loss.js";
import {
  failurePoint,
  failures,
  failuresOverSeeds,
  stallLadder,
} from "../../../src/experiments/half-precision/failures.js";
import {
  gradientLoss,
  gradientMoments,
  spacing,
  type UpdateSizes,
  ulp,
  updateSizes,
} from "../../../src/experiments/half-precision/gradient-sizes.js";
import {
  finalAccuracy,
  finalLoss,
  formatsOverSeeds,
  type HalfPrecisionParameters,
  halfPrecisionParameters,
  inDouble,
  isAsGood,
  isFlat,
  measurePrecision,
  type PrecisionRun,
  precisionPoint,
  watchPrecision,
} from "../../../src/experiments/half-precision/half-precision.js";
import { precisionMaps } from "../../../src/experiments/half-precision/map.js";
import {
  boundaryCloseUp,
  inferenceOverSeeds,
  logitsIn,
  shapesInFormat,
} from "../../../src/experiments/half-precision/quantized-inference.js";
import { checkPredictions, remedyMatrix } from "../../../src/experiments/half-precision/remedies.js";
import {
  lossAnatomy,
  numbersBetween,
  roundedSums,
  summedMeans,
} from "../../../src/experiments/half-precision/rounding-errors.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { drawTask, runTask } from "../../../src/experiments/task.js";

const parameters: HalfPrecisionParameters = {
  seed: 1,
  noise: 0.15,
  trainPoints: 60,
  testPoints: 60,
  hiddenLayers: [10],
  initialisation: "he",
  initialScale: 1,
  learningRate: 0.2,
  batchSize: 1,
  epochs: 20,
  format: "binary16",
  rounding: "nearest",
  accumulator: "same",
  masterWeights: "same",
  lossScale: 1,
  compensated: false,
  lossValue: "logit",
  derivative: "fused",
  epsilon: 0,
  mean: "last",
  stallEpochs: 400,
  sweepSeeds: 2,
  firstSeed: 1,
};

const withoutNaN = (text: unknown): string => JSON.stringify(text, (_, v) => (Number.isNaN(v) ? "NaN" : v));

describe("half precision: parameters", () => {
  it("are returned as they came", () => {
    assert.deepEqual(halfPrecisionParameters(parameters), parameters);
  });

  it("list the known formats when one is unknown", () => {
    const known = '"binary64", "binary32", "bfloat16", "binary16", "e5m2", "e4m3"';
    assert.throws(() => halfPrecisionParameters({ ...parameters, format: "float16" as never }), {
      name: "RangeError",
      message: `format must be one of ${known}, got "float16"`,
    });
    for (const name of ["accumulator", "masterWeights"]) {
      assert.throws(() => halfPrecisionParameters({ ...parameters, [name]: "half" }), {
        name: "RangeError",
        message: `${name} must be one of "same", ${known}, got "half"`,
      });
    }
  });

  const nonsense: Record<string, readonly unknown[]> = {
    rounding: ["up", 1],
    lossScale: [0, -1, "static", Number.NaN],
    compensated: ["yes", 1],
    lossValue: ["p"],
    derivative: ["exact"],
    epsilon: [-1e-9, Number.NaN],
    mean: ["never"],
    initialScale: [0, Number.POSITIVE_INFINITY],
    stallEpochs: [9, 1.5],
    sweepSeeds: [1],
    learningRate: [0],
  };
  for (const [name, values] of Object.entries(nonsense)) {
    it(`refuse a senseless ${name}`, () => {
      for (const value of values) {
        assert.throws(
          () => halfPrecisionParameters({ ...parameters, [name]: value }),
          (error: Error) => error.message.startsWith(`${name} must be `),
          String(value),
        );
      }
    });
  }

  it("become one training, whose twin in binary64 differs in nothing else", () => {
    const point = precisionPoint({
      ...parameters,
      masterWeights: "binary32",
      lossScale: "dynamic",
      mean: "first",
    });
    assert.deepEqual(point.arithmetic, {
      format: "binary16",
      rounding: "nearest",
      masterWeights: "binary32",
      lossScale: "dynamic",
      compensated: false,
      seed: 1,
    });
    assert.equal(point.lossForm.mean, "first");
    assert.deepEqual(inDouble(point), { task: point.task, arithmetic: "binary64", lossForm: usualLossForm });
  });
});

describe("half precision: one training", () => {
  it("is the task's own, looked at", () => {
    const run = measurePrecision(precisionPoint(parameters));
    const { training } = runTask(parameters, { arithmetic: "binary16" });
    assert.equal(finalLoss(run), training.history[20].train.loss);
    assert.equal(finalAccuracy(run), training.history[20].test?.accuracy);
    assert.equal(run.brokenFrom, undefined);
    assert.ok(run.weightsFinite);
  });

  it("has nothing lost in binary64", () => {
    const { views } = watchPrecision(inDouble(precisionPoint(parameters)));
    for (const { counters } of views) {
      assert.deepEqual([counters.flushed, counters.overflow, counters.nan], [0, 0, 0]);
    }
  });

  it("shows from within what arithmetic did", () => {
    const [dead] = failures(400).filter(({ name }) => name === "weights NaN");
    const run = watchPrecision(failurePoint({ ...parameters, trainPoints: 250 }, dead, "binary16"));
    assert.ok(run.brokenFrom !== undefined && run.brokenFrom <= 10);
    assert.ok(!run.weightsFinite);
    assert.equal(run.views[0].counters.nan < 0.5, true);
    assert.ok((run.views.at(-1)?.counters.nan ?? 0) > 0.5);
    assert.equal(run.views.at(-1)?.epoch, 80);
  });

  it("is flat when it ends within a tenth of where it began, and not when it is no number", () => {
    const run = { losses: [1, 0.95], epochs: [0, 1] } as PrecisionRun;
    assert.equal(isFlat(run), true);
    assert.equal(isFlat({ ...run, losses: [1, 0.89] }), false);
    assert.equal(isFlat({ ...run, losses: [1, 1.2] }), false); // it diverges
    assert.equal(isFlat({ ...run, losses: [1, Number.NaN], brokenFrom: 1 }), false);
  });

  it("is as good as another within the margins", () => {
    const reference = { losses: [0.1], accuracies: [0.98], trueLoss: 0.1 } as PrecisionRun;
    assert.equal(isAsGood({ ...reference, trueLoss: 0.14, accuracies: [0.97] }, reference), true);
    assert.equal(isAsGood({ ...reference, trueLoss: 0.16 }, reference), false);
    assert.equal(isAsGood({ ...reference, trueLoss: Number.NaN }, reference), false);
    assert.equal(isAsGood({ ...reference, accuracies: [0.95] }, reference), false);
    assert.equal(isAsGood({ ...reference, brokenFrom: 3 }, reference), false);
  });
});

describe("half precision: formats", () => {
  it("train all formats on the same seeds", async () => {
    const [a, b] = await formatsOverSeeds({ ...parameters, epochs: 3 }, ["binary64", "e4m3"], plainLoop());
    assert.deepEqual(
      a.runs.map(({ seed }) => seed),
      [1, 2],
    );
    assert.deepEqual(
      b.runs.map(({ seed }) => seed),
      [1, 2],
    );
    assert.notDeepEqual(a.runs, b.runs);
  });
});

describe("half precision: sizes", () => {
  it("ulp is the gap above a number", () => {
    const { binary16 } = formats;
    assert.equal(ulp(1, binary16), 2 ** -10);
    assert.equal(ulp(-1.5, binary16), 2 ** -10);
    assert.equal(ulp(0.999, binary16), 2 ** -11);
    assert.equal(ulp(0, binary16), 2 ** -24);
    assert.equal(ulp(2 ** -20, binary16), 2 ** -24);
    assert.equal(ulp(1, formats.binary64), Number.EPSILON);
    assert.ok(Number.isNaN(ulp(Number.NaN, binary16)));
    const { sizes, gaps } = spacing(binary16);
    assert.deepEqual([sizes[0], gaps[0]], [2 ** -24, 2 ** -24]);
    assert.deepEqual([sizes.at(-1), gaps.at(-1)], [2 ** 15, 32]);
  });

  it("of gradients find nothing lost in binary64, and what underflow takes in binary16", () => {
    const underflow = failures(400)[3];
    const lost = (arithmetic: PrecisionChoice): number => {
      const point = failurePoint(parameters, underflow, arithmetic);
      const { data, initial } = drawTask(point.task);
      const found = gradientLoss(initial, data.train, point);
      assert.equal(found.saturated, 0);
      return found.flushed / found.nonzero;
    };
    assert.equal(lost("binary64"), 0);
    assert.ok(lost("binary16") > 0.9);
    assert.ok(lost({ format: "binary16", lossScale: 1024 }) < 0.5, "a loss scale saves what it lifts");
    const scaled = failurePoint(parameters, underflow, { format: "binary64", lossScale: 1024 });
    const { data, initial } = drawTask(scaled.task);
    const { double, reduced } = gradientLoss(initial, data.train, scaled);
    assert.deepEqual(reduced, double, "the scale is taken out again");
  });

  it("of gradients are found at the first weights, early and at the last ones, by their epochs", () => {
    const point = precisionPoint(parameters);
    const task = drawTask(parameters);
    const { views } = watchPrecision(point);
    const moments = gradientMoments(views, task, point);
    assert.deepEqual(Object.keys(moments), [
      "epoch 0",
      `epoch ${views[Math.floor(views.length / 3)].epoch}`,
      "epoch 20",
    ]);
    assert.deepEqual(moments["epoch 0"], gradientLoss(task.initial, task.data.train, point));
    assert.notDeepEqual(moments["epoch 20"], moments["epoch 0"]);
  });

  it("of updates that are not 0 count as swallowed those that leave the weight as it was", () => {
    const sizesAt = (learningRate: number): UpdateSizes => {
      const point = precisionPoint({
        ...parameters,
        initialisation: "normal",
        initialScale: 8,
        learningRate,
      });
      const { data, initial } = drawTask(point.task);
      return updateSizes(initial, data.train, point);
    };
    // 2^-24 is the smallest number: what is below half of it is no update at all
    assert.equal(sizesAt(1e-300).nonzero, 0);
    const [tiny, large] = [sizesAt(1e-5), sizesAt(1e2)];
    assert.ok(
      tiny.swallowed > 0.6 * tiny.nonzero && tiny.nonzero > 0,
      `${tiny.swallowed} of ${tiny.nonzero}`,
    );
    assert.ok(large.swallowed < 0.05 * large.nonzero, `${large.swallowed} of ${large.nonzero}`);
  });

  it("of swallowed updates says the same at the first weights as the counters of one step", () => {
    const point = precisionPoint({
      ...parameters,
      batchSize: "full",
      initialisation: "normal",
      initialScale: 2,
      learningRate: 1e-3,
      epochs: 1,
    });
    const { data, initial } = drawTask(point.task);
    const { nonzero, swallowed } = updateSizes(initial, data.train, point);
    const [view] = watchPrecision({ ...point, views: 1 }).views;
    assert.ok(swallowed > 0 && swallowed < nonzero);
    assert.equal(view.counters.swallowed, swallowed / nonzero);
  });
});

describe("half precision: rounding errors", () => {
  it("near 1", () => {
    const [lost, kept] = roundedSums(formats.binary16, 1, [4e-4, 5e-4]);
    assert.deepEqual([lost.sum, lost.isLost], [1, true]);
    assert.deepEqual([kept.sum, kept.isLost], [1 + 2 ** -10, false]);
    assert.deepEqual(numbersBetween(formats.e4m3, 0.9, 1.2, 9), [0.9375, 1, 1.125]);
    assert.equal(numbersBetween(formats.binary32, 0.9, 1.2, 9), undefined);
  });

  it("make the textbook's loss NaN where 1 - p is 0, and not the other", () => {
    const rows = lossAnatomy("binary16", [2, 9], 1e-12);
    assert.ok(Number.isFinite(rows[0].lossOfProbability) && Number.isFinite(rows[0].chain));
    const { probability, rest, epsilon, lossOfProbability, chain, lossOfLogit, fused } = rows[1];
    assert.deepEqual([probability, rest, epsilon, fused], [1, 0, 0, 0]);
    assert.ok(Number.isNaN(lossOfProbability) && Number.isNaN(chain));
    assert.ok(lossOfLogit > 0);
    assert.ok(lossAnatomy("binary64", [9], 1e-12).every((row) => Number.isFinite(row.chain)));
  });

  it("of a sum of equal losses", () => {
    const { means } = summedMeans("binary16", [1, 250, 10_000]);
    assert.equal(means[0], 0.693359375);
    assert.equal(means[1].toFixed(4), "0.7046");
    // the sum stops at 2048, where the gap is 2 and a loss less than half of it
    assert.equal(means[2].toFixed(4), "0.2048");
    assert.ok(Math.abs(summedMeans("binary64", [10_000]).means[0] - Math.log(2)) < 1e-12);
  });
});

describe("half precision: failures and remedies", () => {
  const ordinary = { ...parameters, trainPoints: 250, testPoints: 500, sweepSeeds: 2 };

  it("fail in binary16 and not in binary64", async () => {
    const all = await failuresOverSeeds({ ...ordinary, stallEpochs: 1000 }, plainLoop());
    for (const { failure, reference, reduced } of all) {
      reference.forEach((run, i) => {
        assert.equal(run.brokenFrom, undefined, failure.name);
        assert.ok(!isAsGood(reduced[i], run), `${failure.name}, seed ${run.seed}`);
      });
    }
    const [lossNaN, weightsNaN, , underflow] = all;
    assert.ok(lossNaN.reduced.every((run) => run.weightsFinite && Number.isNaN(finalLoss(run))));
    assert.ok(weightsNaN.reduced.every((run) => !run.weightsFinite));
    assert.ok(underflow.reduced.every((run) => isFlat(run) && run.gradients.flushed > 0));
  });

  it("yield to the remedies that reach their cause", async () => {
    const cells = await remedyMatrix({ ...ordinary, stallEpochs: 100 }, plainLoop());
    assert.equal(cells.length, 4 * 14);
    const quick = checkPredictions(cells).filter(({ failure }) => failure !== "stall");
    assert.deepEqual(
      quick.filter(({ asPredicted, n }) => asPredicted < n),
      [],
    );
    const already = cells.filter(({ isAlreadySo }) => isAlreadySo);
    assert.ok(already.some(({ failure, remedy }) => failure === "stall" && remedy === "fused p − y"));
    for (const { failure, runs } of already) {
      const nothing = cells.find((cell) => cell.failure === failure && cell.remedy === "nothing");
      assert.equal(withoutNaN(runs), withoutNaN(nothing?.runs));
    }
  });

  it("climb the ladder with the same sum of learning rates", async () => {
    const [double, half] = await stallLadder(ordinary, ["binary64", "binary16"], [10, 100], plainLoop());
    assert.deepEqual(double.epochs, [10, 100]);
    assert.ok(finalLoss(half.runs[1]) > finalLoss(double.runs[1]));
  });
});

describe("half precision: elsewhere", () => {
  it("the map learns, stalls and dies", async () => {
    const [map] = await precisionMaps(
      { ...parameters, trainPoints: 250 },
      {
        formats: [{ format: "binary16", masterWeights: "binary16" }],
        learningRates: [1e-6, 0.2, 1000],
        scales: [1, 64],
        epochs: 25,
      },
      plainLoop(),
    );
    assert.deepEqual(map.cells[0].map(({ fate }) => fate).slice(0, 2), ["stalls", "learns"]);
    assert.equal(map.cells[1][2].fate, "dies");
  });

  it("rounding a trained network to binary64 changes nothing, and to e5m2 something", async () => {
    const all = await inferenceOverSeeds({ ...parameters, epochs: 10 }, plainLoop());
    for (const results of all) {
      const of = (name: string): number => results.find(({ format }) => format === name)?.planeChanged ?? -1;
      assert.equal(of("binary64"), 0);
      assert.ok(of("e5m2") > 0);
      assert.ok(of("binary16") < of("e5m2"));
    }
  });

  it("the close-up lies on the boundary", () => {
    const { training } = runTask({ ...parameters, epochs: 60 });
    const area = { x: [-1.5, 2.5], y: [-1, 1.5] } as const;
    const near = boundaryCloseUp(training.network, area, "binary16", 24);
    const y = (near.y[0] + near.y[1]) / 2;
    const points = new Matrix(near.x.map((x) => [x, y]));
    const [left, right] = logitsIn("binary64", training.network, points);
    assert.ok(left > 0 !== right > 0);
  });

  it("other shapes are trained in the format and in binary64", async () => {
    const options = { learningRate: 0.05, epochs: 3, seeds: 1 };
    const [small, large] = await shapesInFormat(parameters, [[4], [6, 6]], options, plainLoop());
    assert.deepEqual([small.hiddenLayers, large.hiddenLayers], [[4], [6, 6]]);
    assert.ok(Math.abs(small.loss - small.doubleLoss) < 0.1);
  });
});
