import assert from "node:assert/strict";
import { formats } from "../../../src/core/arithmetic/formats.js";
import { roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { backward, forward, meanLoss } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { lossIn, roundedLossForm, usualLossForm } from "../../../src/core/network/loss.js";
import { toParameters } from "../../../src/core/network/network.js";
import { type TrainOptions, train } from "../../../src/core/network/train.js";

const { train: data } = moonsSplit({ trainPoints: 60, testPoints: 2, noise: 0.15, seed: 1 });
const network = createNetwork({ hiddenLayers: [10], seed: 1 });
const pass = forward(network, data.points);

/** Asserts that a and b differ by less than 1e-12 of the larger. */
function assertClose(a: number, b: number): void {
  assert.ok(Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)), `${a} and ${b}`);
}

describe("forms of the loss", () => {
  it("are the same in double precision", () => {
    const usual = meanLoss(pass, data.labels);
    assertClose(meanLoss(pass, data.labels, undefined, { ...usualLossForm, value: "probability" }), usual);
    const gradient = toParameters({ layers: backward(network, pass, data.labels) });
    for (const change of [{ derivative: "chain" }, { mean: "first" }] as const) {
      const lossForm = { ...usualLossForm, ...change };
      const other = toParameters({ layers: backward(network, pass, data.labels, { lossForm }) });
      const largest = Math.max(...gradient.map(Math.abs));
      gradient.forEach((value, i) => {
        assert.ok(Math.abs(other[i] - value) < 1e-14 * largest, `${change}: ${other[i]} and ${value}`);
      });
    }
  });

  it("of the probability and by the chain rule are NaN where a probability is exactly 1 and ε is 0", () => {
    const { f, df } = lossIn({ ...usualLossForm, value: "probability", derivative: "chain" });
    const round = (x: number): number => x;
    assert.equal(f(40, 1, 1, round), Number.NaN);
    assert.equal(df(1, 1, round), Number.NaN);
    const usual = lossIn(usualLossForm);
    assert.equal(usual.f(40, 1, 1, round), Math.exp(-40));
    assert.equal(usual.df(1, 1, round), 0);
  });

  it("keep from NaN with an ε that the format has, and not with 1e-12 in binary16", () => {
    const round = roundToNearest(formats.binary16);
    const at = (epsilon: number): number[] => {
      const form = roundedLossForm(
        { ...usualLossForm, value: "probability", derivative: "chain", epsilon },
        round,
      );
      const { f, df } = lossIn(form);
      return [f(12, 1, 1, round), df(1, 1, round)];
    };
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
