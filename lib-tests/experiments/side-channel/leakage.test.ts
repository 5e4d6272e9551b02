import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { relu } from "../../../src/core/network/activations.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import type { Network } from "../../../src/core/network/network.js";
import { randomStream } from "../../../src/core/random.js";
import {
  activeCounts,
  activityOf,
  binned,
  countTable,
  denseWork,
  leakOf,
  mutualInformation,
  onesIn,
  pointsByClass,
  savedShare,
  splitByClass,
} from "../../../src/experiments/side-channel/leakage.js";
import { denseOf } from "../../support/networks.js";

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

/** Three neurons: they fire where x > 0, where x < 0, and where y > 1. */
const network: Network = {
  layers: [
    denseOf(
      [
        [1, -1, 0],
        [0, 0, 1],
      ],
      [0, 0, -1],
    ),
    relu,
    denseOf([[1], [1], [1]], [0]),
  ],
};
const data = {
  points: new Matrix([
    [2, 0],
    [0, 0],
    [-1, 3],
    [1, 2],
  ]),
  labels: new Matrix([[0], [0], [1], [1]]),
};
const activity = activityOf(network, forward(network, data.points));

describe("leakage: what is read", () => {
  it("counts the neurons that fire; a neuron at 0 is silent", () => {
    assert.deepEqual(activeCounts(activity), [1, 0, 2, 2]);
  });

  it("pads the count, as far as there are neurons", () => {
    assert.deepEqual(activeCounts(activity, 2), [2, 2, 2, 2]);
    assert.deepEqual(activeCounts(activity, 99), [3, 3, 3, 3]);
  });

  it("counts the work that skipping saves", () => {
    assert.equal(denseWork(network), 9);
    // 2, 3, 1 and 1 of 9 operations
    close(savedShare(network, activity), 7 / 4 / 9, 1e-15);
    close(savedShare(network, activity, 2), 1 / 9, 1e-15);
    assert.equal(savedShare(network, activity, 3), 0);
  });

  it("counts ones among the 64 bits", () => {
    assert.equal(onesIn(0), 0);
    assert.equal(onesIn(-0), 1); // the sign
    assert.equal(onesIn(1), 10); // the exponent field 01111111111
    assert.equal(onesIn(2), 1); // 10000000000
    assert.equal(onesIn(1.5), 11);
    assert.equal(onesIn(-1.5), 12);
    assert.equal(onesIn(Number.POSITIVE_INFINITY), 11);
    assert.equal(onesIn(Number.MAX_VALUE), 10 + 52);
    // outputs 2; none; 1 and 2; 1 and 1
    assert.deepEqual(activity.hammingWeights, [1, 0, 11, 20]);
  });

  it("reads 0 of a network without hidden neurons", () => {
    const linear = createNetwork({ hiddenLayers: [], seed: 1 });
    const none = activityOf(linear, forward(linear, data.points));
    assert.deepEqual(activeCounts(none, 5), [0, 0, 0, 0]);
    assert.equal(savedShare(linear, none), 0);
  });

  it("takes points and readings apart by class", () => {
    assert.deepEqual(splitByClass([5, 6, 7, 8], data), [
      [5, 6],
      [7, 8],
    ]);
    assert.deepEqual(pointsByClass(data)[1], [
      [-1, 3],
      [1, 2],
    ]);
  });
});

describe("mutual information", () => {
  it("is 1 bit where the symbol names the class", () => {
    close(
      mutualInformation([
        [5000, 0],
        [0, 5000],
      ]),
      1,
      1e-4,
    );
  });

  it("is that of a binary symmetric channel", () => {
    // 1 - H(0.11), where H(0.11) = 0.499916 bits
    close(
      mutualInformation([
        [89_000, 11_000],
        [11_000, 89_000],
      ]),
      0.500084,
      1e-5,
    );
  });

  it("is that of an erasure channel: the share that is not erased", () => {
    close(
      mutualInformation([
        [30_000, 70_000, 0],
        [0, 70_000, 30_000],
      ]),
      0.3,
      1e-5,
    );
  });

  it("is 0 to the bit of a reading that never varies", () => {
    assert.equal(mutualInformation([[700], [300]]), 0);
  });

  it("is free of bias where there is nothing to know: the plain estimate is not", () => {
    const random = randomStream("test/mutual information", 1);
    const [symbols, points, rounds] = [10, 200, 400];
    let corrected = 0;
    for (let round = 0; round < rounds; round++) {
      const table = [new Array(symbols).fill(0), new Array(symbols).fill(0)];
      for (let i = 0; i < points; i++) table[i % 2][random.below(symbols)]++;
      corrected += mutualInformation(table) / rounds;
    }
    // uncorrected the mean is (symbols - 1) / (2 points ln 2) = 0.032
    close(corrected, 0, 0.004);
  });

  it("does not depend on what the symbols are called, nor on which way round the table is", () => {
    const table = [
      [10, 20, 5],
      [7, 3, 30],
    ];
    const turned = [0, 1, 2].map((j) => [table[0][j], table[1][j]]);
    close(mutualInformation(table), mutualInformation(turned), 1e-12);
    close(mutualInformation(table), mutualInformation(table.map((row) => [...row].reverse())), 1e-12);
  });

  it("refuses a table without observations", () => {
    assert.throws(() => mutualInformation([[0], [0]]), { name: "RangeError" });
  });
});

describe("leak of readings", () => {
  it("has a sign in the difference and t, and none in bits and guesses", () => {
    const low = Array.from({ length: 40 }, (_, i) => Math.floor(i / 2) % 4);
    const high = low.map((value) => value + 2);
    const [up, down] = [leakOf([low, high]), leakOf([high, low])];
    close(up.difference, 2, 1e-12);
    close(down.difference, -2, 1e-12);
    close(up.t, -down.t, 1e-9);
    close(up.bits, down.bits, 1e-12);
    assert.equal(up.guess, down.guess);
    assert.equal(up.guess, 0.75); // 0, 1 and 4, 5 for sure, 2 and 3 by chance
  });

  it("tells of equal means that are not equal distributions", () => {
    const leak = leakOf([new Array(25).fill([5, 5, 7, 7]).flat(), new Array(100).fill(6)]);
    close(leak.difference, 0, 1e-12);
    close(leak.t, 0, 1e-10);
    close(leak.bits, 1, 0.01);
    assert.equal(leak.guess, 1);
  });

  it("is nothing where all read the same", () => {
    const { difference, t, bits, guess } = leakOf([new Array(9).fill(4), new Array(9).fill(4)]);
    assert.deepEqual([difference, t, bits, guess], [0, 0, 0, 0.5]);
  });

  it("is told in bins that hold about as many each", () => {
    const readings = Array.from({ length: 1600 }, (_, i) => i / 7);
    const [first, second] = binned([readings, readings]);
    assert.deepEqual(first, second);
    const table = countTable([first, second]);
    assert.equal(table[0].length, 16);
    assert.ok(table[0].every((count) => count === 100));
    assert.deepEqual(binned([[3, 3], [3]]), [[15, 15], [15]]);
  });
});
