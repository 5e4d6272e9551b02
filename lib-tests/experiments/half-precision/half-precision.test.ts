import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { formats, ulp } from "../../../src/core/arithmetic/formats.js";
import type { PrecisionChoice } from "../../../src/core/arithmetic/precision.js";
import { usualLossForm } from "../../../src/core/network/loss.js";
import {
  failureNames,
  failurePairs,
  failurePoint,
  failures,
  keptEpochs,
  measureFailure,
  measureOrdinary,
} from "../../../src/experiments/half-precision/failures.js";
import {
  gradientLoss,
  gradientMoments,
  spacing,
  type UpdateSizes,
  updateMoments,
  updateSizes,
} from "../../../src/experiments/half-precision/gradient-sizes.js";
import {
  brief,
  finalLoss,
  formatNames,
  type HalfPrecisionParameters,
  inDouble,
  isAsGood,
  isFlat,
  lastNetwork,
  measureFinal,
  type PrecisionResult,
  precisionPoint,
  trainPrecision,
  watchPrecision,
} from "../../../src/experiments/half-precision/half-precision.js";
import { halfPrecision } from "../../../src/experiments/half-precision/index.js";
import {
  boundaryCloseUp,
  boundaryViews,
  logitsIn,
} from "../../../src/experiments/half-precision/quantized-inference.js";
import {
  checkPredictions,
  measureTrial,
  remedyCells,
  type Trial,
  trialPoints,
} from "../../../src/experiments/half-precision/remedies.js";
import {
  lossAnatomy,
  numbersBetween,
  summedMeans,
} from "../../../src/experiments/half-precision/rounding-errors.js";
import { rectangleAround } from "../../../src/experiments/plane.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
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

describe("half precision: parameters", () => {
  it("are returned as they came", () => {
    assert.deepEqual(halfPrecision.parameters(parameters), parameters);
  });

  it("list the known formats when one is unknown", () => {
    const known = '"binary64", "binary32", "bfloat16", "binary16", "e5m2", "e4m3"';
    assert.throws(() => halfPrecision.parameters({ ...parameters, format: "float16" as never }), {
      name: "RangeError",
      message: `format must be one of ${known}, got "float16"`,
    });
    for (const name of ["accumulator", "masterWeights"]) {
      assert.throws(() => halfPrecision.parameters({ ...parameters, [name]: "half" }), {
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
          () => halfPrecision.parameters({ ...parameters, [name]: value }),
          (error: Error) => error.message.startsWith(`${name} must be `),
          String(value),
        );
      }
    });
  }

  it("are the published ones for what is missing", () => {
    assert.deepEqual(halfPrecision.parameters(), halfPrecision.defaults);
  });

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
    const point = precisionPoint(parameters);
    const { run } = trainPrecision(point);
    const { training } = runTask(parameters, { arithmetic: "binary16" });
    assert.equal(finalLoss(run), training.history[20].train.loss);
    assert.equal(run.accuracy, training.history[20].test?.accuracy);
    assert.deepEqual(measureFinal(point), { seed: 1, testAccuracy: brief(run.accuracy) });
    assert.equal(run.brokenFrom, undefined);
    assert.ok(run.weightsFinite);
  });

  it("is kept beside the same in binary64, with a few of its losses", () => {
    const point = precisionPoint(parameters);
    const { own, double, flushed, swallowed, underflown, atEnd } = measureOrdinary(point);
    const [run, reference] = [point, inDouble(point)].map((one) => trainPrecision(one).run);
    const at = keptEpochs(parameters.epochs);
    assert.deepEqual(at, [0, 1, 2, 4, 8, 16, 20]);
    assert.deepEqual(
      [own.losses, double.losses],
      [run, reference].map(({ losses }) => at.map((epoch) => brief(losses[epoch]))),
    );
    assert.equal(own.trueLoss, brief(run.trueLoss));
    assert.equal(double.accuracy, brief(reference.accuracy));
    for (const share of [flushed, swallowed, underflown, ...Object.values(atEnd)]) {
      assert.ok(share >= 0 && share <= 1, String(share));
    }
    assert.deepEqual(keptEpochs(500), [0, 12, 24, 48, 96, 192, 384, 500]);
    assert.deepEqual(keptEpochs(0), [0]);
  });

  it("ends on the weights of its last look", () => {
    const point = precisionPoint(parameters);
    const { network } = trainPrecision(point);
    assert.deepEqual(lastNetwork(watchPrecision(point), point), network);
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
    const run = { losses: [1, 0.95] } as PrecisionResult;
    assert.equal(isFlat(run), true);
    assert.equal(isFlat({ ...run, losses: [1, 0.89] }), false);
    assert.equal(isFlat({ ...run, losses: [1, 1.2] }), false); // it diverges
    assert.equal(isFlat({ ...run, losses: [1, Number.NaN], brokenFrom: 1 }), false);
  });

  it("is as good as another within the margins", () => {
    const reference = { losses: [0.1], accuracy: 0.98, trueLoss: 0.1 } as PrecisionResult;
    assert.equal(isAsGood({ ...reference, trueLoss: 0.14, accuracy: 0.97 }, reference), true);
    assert.equal(isAsGood({ ...reference, trueLoss: 0.16 }, reference), false);
    assert.equal(isAsGood({ ...reference, trueLoss: Number.NaN }, reference), false);
    assert.equal(isAsGood({ ...reference, accuracy: 0.95 }, reference), false);
    assert.equal(isAsGood({ ...reference, brokenFrom: 3 }, reference), false);
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
    for (const small of [0, 1e-310]) assert.equal(ulp(small, formats.binary64), Number.MIN_VALUE);
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

  it("of updates are found at the first weights and at the last ones", () => {
    const point = precisionPoint(parameters);
    const task = drawTask(parameters);
    const moments = updateMoments(watchPrecision(point).views, task, point);
    assert.deepEqual(Object.keys(moments), ["epoch 0", "epoch 20"]);
    assert.deepEqual(moments["epoch 0"], updateSizes(task.initial, task.data.train, point));
    assert.deepEqual(moments["epoch 20"], updateSizes(trainPrecision(point).network, task.data.train, point));
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
  const ordinary = { ...parameters, trainPoints: 250, testPoints: 500 };

  it("fail in binary16 and not in binary64", () => {
    const runsOf = (seed: number) =>
      failurePairs({ ...ordinary, seed, stallEpochs: 1000 }).map(measureFailure);
    for (const [lossNaN, weightsNaN, stall, underflow] of [1, 2].map(runsOf)) {
      for (const { own, double } of [lossNaN, weightsNaN, stall, underflow]) {
        assert.equal(double.brokenFrom, undefined);
        assert.ok(!isAsGood(own, double));
        assert.equal(own.losses.length, 2);
      }
      assert.ok(lossNaN.own.weightsFinite && Number.isNaN(finalLoss(lossNaN.own)));
      assert.ok(!weightsNaN.own.weightsFinite);
      assert.ok(stall.swallowed > 0.1);
      assert.ok(isFlat(underflow.own) && underflow.flushed > 0);
    }
  });

  it("yield to the remedies that reach their cause", () => {
    const own = { ...ordinary, stallEpochs: 100 };
    const rows = [1, 2].map((seed) => trialPoints({ ...own, seed }).map(measureTrial));
    const cells = remedyCells(rows, own);
    assert.equal(cells.length, 4 * 14);
    const quick = checkPredictions(cells).filter(({ failure }) => failure !== "stall");
    assert.equal(quick.length, 18);
    assert.deepEqual(
      quick.filter(({ asPredicted, n }) => asPredicted < n),
      [],
    );
    const already = cells.filter(({ isAlreadySo }) => isAlreadySo);
    assert.ok(already.some(({ failure, remedy }) => failure === "stall" && remedy === "fused p − y"));
    for (const { failure, n, cured, accuracy } of already) {
      const nothing = cells.find((cell) => cell.failure === failure && cell.remedy === "nothing");
      assert.deepEqual([n, cured, accuracy], [nothing?.n, nothing?.cured, nothing?.accuracy]);
    }
    const found = cells.find(({ failure, remedy }) => failure === "loss NaN" && remedy === "representable ε");
    assert.deepEqual([found?.n, found?.cured], [2, 2]);
  });

  it("count as cured what is as good as binary64, and never what was no number on the way", () => {
    const points = trialPoints(parameters);
    const ofBinary64 = (accuracy: number): Trial => [0.1, accuracy];
    const trial = (one: Trial): Trial[] =>
      points.map(({ arithmetic }) =>
        typeof arithmetic === "object" && arithmetic.format === "binary64" ? ofBinary64(0.9) : one,
      );
    const curedOf = (...trials: Trial[]) =>
      remedyCells(trials.map(trial), parameters).find(({ remedy }) => remedy === "bfloat16");
    assert.equal(curedOf([0.14, 0.89])?.cured, 1);
    assert.equal(curedOf([0.16, 0.89], [0.14, 0.87], [Number.NaN, 0.9])?.cured, 0);
    assert.ok(Math.abs((curedOf([0.16, 0.5], [0.14, 1])?.accuracy ?? 0) - 0.75) < 1e-12);
    const broken = trialPoints({ ...ordinary, epochs: 1 })[0];
    const { run } = trainPrecision(broken, 3);
    assert.ok(run.brokenFrom !== undefined && Number.isFinite(run.trueLoss));
    assert.deepEqual(measureTrial(broken), [Number.NaN, brief(run.accuracy)]);
  });
});

describe("half precision: elsewhere", () => {
  it("the close-up lies on the boundary", () => {
    const { data, training } = runTask({ ...parameters, epochs: 60 });
    const area = rectangleAround(data.train, 0.5);
    const near = boundaryCloseUp(training.network, area, "binary16", 24);
    const y = (near.y[0] + near.y[1]) / 2;
    const points = new Matrix(near.x.map((x) => [x, y]));
    const [left, right] = logitsIn("binary64", training.network, points);
    assert.ok(left > 0 !== right > 0);
    const views = boundaryViews(training.network, data.train, "binary16");
    assert.deepEqual([views.near.reduced.x[0], views.near.reduced.x.at(-1)], near.x);
    assert.notDeepEqual(views.near.reduced.values, views.near.double.values);
  });
});

describe("half precision: studies", () => {
  const { studies } = halfPrecision;
  const quick = halfPrecision.parameters({
    ...parameters,
    trainPoints: 20,
    testPoints: 40,
    hiddenLayers: [3],
    epochs: 5,
    stallEpochs: 10,
    sweepSeeds: 2,
    firstSeed: 31,
  });
  const run = plainLoop();

  it("measure the seeds in their order", async () => {
    const results = await doStudy(studies.seeds, quick, run);
    assert.deepEqual(
      results,
      [31, 32].map((seed) => measureOrdinary(precisionPoint({ ...quick, seed }))),
    );
  });

  it("train all formats on the same seeds, with nothing that helps", async () => {
    const found = await doStudy(studies.formats, { ...quick, masterWeights: "binary32" }, run);
    assert.deepEqual(
      found.map(({ name }) => name),
      formatNames,
    );
    for (const { name, results } of found) {
      const alone = [31, 32].map((seed) =>
        measureFinal(precisionPoint({ ...quick, seed, format: name as HalfPrecisionParameters["format"] })),
      );
      assert.deepEqual(results, alone);
    }
  });

  it("hold every failure, by its name, against binary64", async () => {
    const found = await doStudy(studies.failures, quick, run);
    assert.deepEqual(
      found.map(({ name }) => name),
      failureNames,
    );
    found.forEach(({ results }, i) => {
      const alone = [31, 32].map((seed) => measureFailure(failurePairs({ ...quick, seed })[i]));
      assert.deepEqual(results, alone);
    });
  });

  it("round a trained network: to binary64 changes nothing, to e5m2 something", async () => {
    const found = await doStudy(studies.inference, { ...quick, epochs: 30, hiddenLayers: [10] }, run);
    const changedIn = (name: string): number[] =>
      found.find((one) => one.name === name)?.results.map(({ planeChanged }) => planeChanged) ?? [];
    assert.deepEqual(changedIn("binary64"), [0, 0]);
    changedIn("e5m2").forEach((share, i) => {
      assert.ok(share > 0 && changedIn("binary16")[i] < share);
    });
  });

  it("fit in their record, to a kilobyte or a few a seed", () => {
    const seed = { ...quick, seed: 33 };
    const lengthOf = (results: unknown): number => JSON.stringify(results).length;
    assert.ok(lengthOf(measureOrdinary(precisionPoint(seed))) < 600);
    assert.ok(lengthOf(failurePairs(seed).map(measureFailure)) < 1400);
    assert.ok(lengthOf(trialPoints(seed).map(measureTrial)) < 1200);
  });
});
