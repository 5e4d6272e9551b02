import assert from "node:assert/strict";
import {
  foretold,
  foretoldByRate,
  keptEpochs,
  measureHorizons,
} from "../../../src/experiments/butterfly-effect/horizon.js";
import { parameters } from "./small-parameters.js";

const calm = { ...parameters, batchSize: "full", learningRate: 0.5 } as const;
const wild = { ...parameters, seed: 1, learningRate: 0.9, epochs: 60 };

describe("butterfly: the precision horizon", () => {
  it("has each precision against the next, from the same start", () => {
    const { horizons, exponent } = measureHorizons({ ...calm, epochs: 0 });
    assert.deepEqual(
      horizons.map(({ bits, finer }) => [bits, finer]),
      [
        [11, 24],
        [24, 53],
        [53, 106],
      ],
    );
    // every precision has the data and the initial weights, to the bit
    assert.deepEqual(
      horizons.map(({ logs, parted }) => [logs, parted]),
      new Array(3).fill([[Number.NEGATIVE_INFINITY], null]),
    );
    assert.equal(exponent, Number.NaN);
  });

  it("is never reached by a calm training, whose distances are as large as a rounding", () => {
    const { horizons, exponent } = measureHorizons(calm);
    assert.ok(Math.abs(exponent) < 0.1, `${exponent}`);
    for (const { bits, parted, logs } of horizons.slice(1)) {
      assert.equal(parted, null);
      assert.equal(logs.length, keptEpochs(calm.epochs).length);
      const inRoundings = 10 ** logs[logs.length - 1] * 2 ** bits;
      assert.ok(inRoundings > 0.1 && inRoundings < 100, `${bits} bits: ${inRoundings}`);
    }
  });

  it("comes later with more bits, and when the finer course foretells it", () => {
    const { horizons, exponent } = measureHorizons(wild);
    const [half, single, double] = horizons.map(({ parted }) => parted);
    assert.ok(exponent > 0.1, `${exponent}`);
    assert.ok(half !== null && single !== null && half < single, `${half} ${single}`);
    assert.ok(double === null || single < double, `${double}`);
    const expected = horizons[1].foretold;
    assert.ok(expected !== null && Math.abs(expected - single) <= 10, `${expected} instead of ${single}`);
  });

  it("foretells by the ratio of the roundings", () => {
    const distances = [0, 1e-16, 1.8e-11, 1.9e-11, 1e-12, 1e-5];
    assert.equal(foretold(distances, 53, 24), 3); // 0.01 / 2^29 is 1.86e-11
    assert.equal(foretold(distances, 53, 11), 2); // 0.01 / 2^42 is 2.3e-15
    assert.equal(foretold(distances, 53, 50), null);
    assert.equal(foretold([0, Number.NaN], 53, 50), 1);
  });

  it("is foretold by the mean rate, too: an e-folding is 1.44 bits", () => {
    // from 2^-53 to 0.01 are 46.4 bits, which at one bit an epoch take as many epochs
    const epochs = foretoldByRate(53, Math.LN2);
    assert.ok(epochs !== null && Math.abs(epochs - (53 - Math.log2(100))) < 1e-9, `${epochs}`);
    for (const exponent of [0, -1, Number.NaN]) assert.equal(foretoldByRate(53, exponent), null);
  });

  it("is recorded with as much of the courses as a chart shows", () => {
    assert.deepEqual(keptEpochs(3), [0, 1, 2, 3]);
    assert.deepEqual(keptEpochs(0), [0]);
    const kept = keptEpochs(601);
    assert.deepEqual([kept.length, kept[1], kept[54], kept[55]], [56, 11, 594, 601]);
    const { horizons } = measureHorizons({ ...calm, epochs: 2 });
    assert.equal(horizons[2].foretold, null);
    assert.ok(horizons.every(({ logs }) => logs.every((value) => !(10 * value).toString().includes("."))));
  });

  it("takes a learning rate that 11 bits do not have as each precision makes it", () => {
    const partedAt = (learningRate: number) =>
      measureHorizons({ ...calm, learningRate, epochs: 3 }).horizons.map(({ parted }) => parted);
    // 2^-24 is the smallest number of binary16: a network that learns by 1e-9 differs from one that stands still by little
    assert.deepEqual(partedAt(1e-9), [null, null, null]);
    // in binary16 this rate is infinite, and the first step leads to no number
    assert.deepEqual(partedAt(1e5).slice(0, 1), [1]);
  });
});
