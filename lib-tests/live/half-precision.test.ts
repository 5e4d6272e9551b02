import assert from "node:assert/strict";
import { type FailureName, failurePoint, failures } from "../../src/experiments/half-precision/failures.js";
import { gradientLoss } from "../../src/experiments/half-precision/gradient-sizes.js";
import {
  brief,
  finalLoss,
  inDouble,
  precisionPoint,
  watchPrecision,
} from "../../src/experiments/half-precision/half-precision.js";
import { halfPrecision } from "../../src/experiments/half-precision/index.js";
import {
  measureTrial,
  type RemedyName,
  trialPoints,
  withRemedy,
} from "../../src/experiments/half-precision/remedies.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { doStudy } from "../../src/experiments/study.js";
import { drawTask } from "../../src/experiments/task.js";
import { demonstrationOf, trainedBy } from "../../src/live/demonstration.js";
import { fieldsOf } from "../../src/live/fields.js";
import { smallTask } from "../experiments/small-task.js";

const demonstration = demonstrationOf(halfPrecision);
const published = halfPrecision.parameters({
  ...smallTask,
  initialScale: 1,
  trainPoints: 20,
  testPoints: 40,
  stallEpochs: 40,
  sweepSeeds: 2,
  firstSeed: 1,
});
type Parameters = typeof published & { failure: FailureName | "none"; remedy: RemedyName };
const parameters = demonstration.check({ ...demonstration.extras, ...published }) as Parameters;

const valuesOf = (change: Partial<Parameters> = {}) => {
  const changed = { ...parameters, ...change };
  const { quantities } = demonstration.read(trainedBy(demonstration.train(changed)), changed);
  return new Map(quantities.map(({ name, value }) => [name, value]));
};

describe("half precision in a page", () => {
  it("offers every failure and every remedy", () => {
    const choices = new Map(fieldsOf(demonstration).map((field) => [field.name, field.choices]));
    assert.deepEqual(choices.get("failure"), ["none", "loss NaN", "weights NaN", "stall", "underflow"]);
    assert.equal(choices.get("remedy")?.length, 14);
  });

  it("shows the numbers of the notebook's first demonstration", () => {
    const point = precisionPoint(parameters);
    const [own, double] = [watchPrecision(point), watchPrecision({ ...inDouble(point), views: 0 })];
    const { data, initial } = drawTask(parameters);
    const atStart = gradientLoss(initial, data.train, point);
    const { counters } = own.views[0];
    const values = valuesOf();
    assert.notEqual(finalLoss(own), finalLoss(double));
    assert.equal(values.get("training loss before (nats)"), own.losses[0]);
    assert.equal(values.get("training loss after (nats)"), finalLoss(own));
    assert.equal(values.get("… of the same weights, in float64 (nats)"), own.trueLoss);
    assert.equal(values.get("… trained in float64 (nats)"), finalLoss(double));
    assert.equal(values.get("test accuracy (%)"), 100 * own.accuracy);
    assert.equal(values.get("… trained in float64 (%)"), 100 * double.accuracy);
    assert.equal(values.get("updates swallowed at the first weights (%)"), 100 * counters.swallowed);
    assert.equal(
      values.get("derivatives that underflow at the first weights, of those not 0 in float64 (%)"),
      (100 * (atStart.flushed + atStart.underflown)) / atStart.nonzero,
    );
  });

  it("shows a failure with a remedy as the study of the remedies has it", () => {
    const studied = trialPoints(parameters);
    const tried = [
      ["loss NaN", "nothing"],
      ["loss NaN", "representable ε"],
      ["weights NaN", "fused p − y"],
      ["stall", "binary32 master weights"],
      ["stall", "stochastic rounding"],
      ["underflow", "loss scale 1024"],
      ["underflow", "bfloat16"],
    ] as const;
    for (const [failure, remedy] of tried) {
      const regime = failures(parameters.stallEpochs).find(({ name }) => name === failure);
      assert.ok(regime);
      const point = withRemedy(failurePoint(parameters, regime, parameters.format), remedy);
      assert.ok(studied.some((own) => JSON.stringify(own) === JSON.stringify(point)));
      const [loss, accuracy] = measureTrial(point);
      const values = valuesOf({ failure, remedy });
      const shown = values.get("… of the same weights, in float64 (nats)") ?? Number.NaN;
      const isBroken = values.get("first epoch with a loss of NaN or infinity") !== null;
      assert.ok(
        Object.is(isBroken ? Number.NaN : brief(shown), loss),
        `${failure}, ${remedy}: ${shown}, ${loss}`,
      );
      assert.equal(brief((values.get("test accuracy (%)") ?? Number.NaN) / 100), accuracy);
    }
    const lost = valuesOf({ failure: "underflow" }).get(
      "derivatives that underflow at the first weights, of those not 0 in float64 (%)",
    );
    assert.ok((lost ?? 0) > 50, `${lost}% underflow`);
  });

  it("lets a failure and a remedy stand in the place of the parameters that they set", () => {
    const same = (a: Partial<Parameters>, b: Partial<Parameters>) => {
      const [first, second] = [valuesOf(a), valuesOf(b)];
      return [...first].every(([name, value]) => Object.is(value, second.get(name)));
    };
    assert.ok(same({ failure: "stall" }, { failure: "stall", learningRate: 0.1, lossValue: "probability" }));
    assert.ok(!same({}, { learningRate: 0.1 }));
    assert.ok(same({ remedy: "binary32" }, { format: "binary32" }));
    assert.ok(same({ remedy: "Kahan's sums" }, { compensated: true }));
    assert.ok(!same({ remedy: "Kahan's sums" }, {}));
    assert.ok(!same({ remedy: "Kahan's sums" }, { remedy: "Kahan's sums", format: "bfloat16" }));
  });

  it("says which parameters a failure and a remedy leave without effect, and what stands in their place", () => {
    const overridden = (change: Partial<Parameters>) =>
      new Map(
        demonstration.overridden?.({ ...parameters, ...change }).map(({ name, ...rest }) => [name, rest]),
      );
    assert.deepEqual(overridden({}), new Map());
    const stall = overridden({ failure: "stall", remedy: "representable ε" });
    const task = ["learningRate", "batchSize", "epochs", "initialisation", "initialScale"];
    assert.deepEqual(
      [...stall.keys()].sort(),
      [...task, "lossValue", "derivative", "epsilon", "mean"].sort(),
    );
    assert.deepEqual(stall.get("learningRate"), { value: 0.5 / 40, by: 'the failure "stall"' });
    // the remedy goes before the failure
    assert.deepEqual(stall.get("epsilon"), { value: 2 ** -14, by: 'the remedy "representable ε"' });
    assert.deepEqual(
      overridden({ remedy: "loss scale 1024" }),
      new Map([["lossScale", { value: 1024, by: 'the remedy "loss scale 1024"' }]]),
    );
    assert.equal(overridden({ remedy: "loss of the logit" }).get("lossValue")?.value, "logit");

    // without effect indeed, each set to something else
    const others: Partial<Parameters> = {
      learningRate: 0.3,
      batchSize: 7,
      epochs: 3,
      initialisation: "glorot",
      initialScale: 0.5,
      lossValue: "probability",
      derivative: "chain",
      epsilon: 0.01,
      mean: "first",
    };
    const choice = { failure: "stall", remedy: "representable ε" } as const;
    assert.deepEqual(Object.keys(others).sort(), [...stall.keys()].sort());
    assert.deepEqual(valuesOf({ ...choice, ...others }), valuesOf(choice));
  });

  it("names in the chart the format that it was trained in", () => {
    const changed: Parameters = { ...parameters, remedy: "bfloat16" };
    const [training] = demonstration.read(trainedBy(demonstration.train(changed)), changed).pictures;
    assert.equal((training.figure.data[1] as { name: string }).name, "bfloat16, as it sees itself");
  });

  for (const format of ["binary16", "binary64"] as const) {
    it(`judges ${format} as the notebook does, without the studies that a page leaves out`, async () => {
      const own = { ...parameters, format, masterWeights: "e4m3" as const };
      const { failure: _, remedy: __, ...values } = own;
      const run = plainLoop();
      const { seeds, failures, remedies, inference, script } = halfPrecision.studies;
      const expected = halfPrecision.verdict(
        {
          seeds: await doStudy(seeds, values, run),
          failures: await doStudy(failures, values, run),
          remedies: await doStudy(remedies, values, run),
          inference: await doStudy(inference, values, run),
          script: await doStudy(script, values, run),
        },
        values,
      );
      assert.deepEqual(await demonstration.judge(own, run), expected);
    });
  }
});
