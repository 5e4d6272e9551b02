import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { Arithmetic } from "../../../src/core/arithmetic/arithmetic.js";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { formats } from "../../../src/core/arithmetic/formats.js";
import { roundedArithmetic } from "../../../src/core/arithmetic/rounded.js";
import { roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { type LossForm, lossIn, usualLossForm } from "../../../src/core/network/loss.js";
import { listed, toParameters } from "../../../src/core/network/network.js";
import { gradientOf, meanLoss, plainObjective } from "../../../src/core/network/objective.js";
import { train } from "../../../src/core/network/train.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";

const { train: data } = moonsSplit({ trainPoints: 60, testPoints: 2, noise: 0.15, seed: 1 });
const network = createNetwork({ hiddenLayers: [10], seed: 1 });
const pass = forward(network, data.points);

/** Asserts that a and b differ by less than 1e-12 of the larger. */
function assertClose(a: number, b: number): void {
  assert.ok(Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)), `${a} and ${b}`);
}

/** L and dL/dz of a form at a point of class 1, with the logit z and the probability 1. */
function atPoint(change: Partial<LossForm>, z: number, arithmetic: Arithmetic): number[] {
  const { value, gradient } = lossIn({ ...usualLossForm, ...change });
  const answers = { logits: new Matrix([[z]]), probabilities: Matrix.ones(1, 1) };
  return [value, gradient].map((f) => f(arithmetic, answers, Matrix.ones(1, 1)).get(0, 0));
}

describe("forms of the loss", () => {
  it("are the same in double precision", () => {
    const lossOf = (value: LossForm["value"]): number =>
      meanLoss(pass, data.labels, lossIn({ ...usualLossForm, value })).get(0, 0);
    assertClose(lossOf("probability"), lossOf("logit"));
    const gradient = listed(network, gradientOf(network, data).gradients);
    const largest = Math.max(...gradient.map(Math.abs));
    for (const change of [
      { loss: lossIn({ ...usualLossForm, derivative: "chain" }) },
      { isMeanFirst: true },
    ]) {
      const other = listed(network, gradientOf(network, data, { ...plainObjective, ...change }).gradients);
      assert.notDeepEqual(other, gradient, "another form rounds otherwise");
      gradient.forEach((value, i) => {
        assert.ok(Math.abs(other[i] - value) < 1e-14 * largest, `${other[i]} and ${value}`);
      });
    }
  });

  it("of the probability and by the chain rule are NaN where a probability is exactly 1 and ε is 0", () => {
    const lost = atPoint({ value: "probability", derivative: "chain" }, 40, float64);
    assert.deepEqual(lost, [Number.NaN, Number.NaN]);
    assert.deepEqual(atPoint({}, 40, float64), [Math.exp(-40), 0]);
  });

  it("keep from NaN with an ε that the format has, and not with 1e-12 in binary16", () => {
    const binary16 = roundedArithmetic("binary16", { round: roundToNearest(formats.binary16) });
    const at = (epsilon: number): number[] =>
      atPoint({ value: "probability", derivative: "chain", epsilon }, 12, binary16);
    assert.deepEqual(at(1e-12), [Number.NaN, Number.NaN]);
    for (const value of at(1e-3)) assert.ok(Math.abs(value) < 2e-3, `${value}`);
  });

  it("end a training in binary16 in NaN, or not", () => {
    const long: TrainOptions = {
      network,
      train: data,
      learningRate: 0.2,
      batchSize: 1,
      epochs: 200,
      recordEvery: 10,
      seed: 1,
      arithmetic: "binary16",
    };
    const lost = train({ ...long, lossForm: { derivative: "chain", epsilon: 1e-12 } });
    assert.ok(toParameters(lost.network).every(Number.isNaN));
    const shown = train({ ...long, lossForm: { value: "probability", epsilon: 1e-12 } });
    assert.ok(shown.history.some((record) => Number.isNaN(record.train.loss)));
    assert.deepEqual(toParameters(shown.network), toParameters(train(long).network));
    const double = train({
      ...long,
      arithmetic: "binary64",
      lossForm: { derivative: "chain", epsilon: 1e-12 },
    });
    assert.ok(double.history[20].train.accuracy > 0.97);
  });
});
