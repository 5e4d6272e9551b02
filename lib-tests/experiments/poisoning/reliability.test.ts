import assert from "node:assert/strict";
import { randomStream } from "../../../src/core/random.js";
import {
  ceilingOf,
  meansOver,
  splitHalfReliability,
} from "../../../src/experiments/poisoning/reliability.js";

/** Measurements of many things: a truth, and noise of a given size. */
function noisy(rows: number, size: number): { truth: number[]; values: number[][] } {
  const random = randomStream("reliability", 1);
  const truth = Array.from({ length: 4000 }, () => random.normal());
  const values = Array.from({ length: rows }, () => truth.map((own) => own + size * random.normal()));
  return { truth, values };
}

describe("split-half reliability", () => {
  it("is Spearman and Brown's 2 r / (1 + r) of the halves' rank correlation", () => {
    // ranks 0 1 2 3 against 0 2 1 3: r = 0.8
    const rows = [
      [1, 2, 3, 4],
      [1, 3, 2, 4],
    ];
    assert.ok(Math.abs(splitHalfReliability(rows) - 1.6 / 1.8) < 1e-12);
    assert.ok(Math.abs(ceilingOf(rows) - Math.sqrt(1.6 / 1.8)) < 1e-12);
  });

  it("finds the known reliability of noisy measurements: for k of them, 1 / (1 + noise² / k)", () => {
    for (const [rows, size] of [
      [2, 1],
      [6, 2],
      [8, 1],
    ] as const) {
      const expected = 1 / (1 + (size * size) / rows);
      const found = splitHalfReliability(noisy(rows, size).values);
      // ranks of normal values correlate a little less than the values do
      assert.ok(Math.abs(found - expected) < 0.03, `${found} is not ${expected}`);
    }
  });

  it("has the correlation of the mean with the truth as the ceiling", () => {
    const { truth, values } = noisy(6, 2);
    const mean = meansOver(values);
    const [a, b] = [mean, truth].map((own) => {
      const middle = own.reduce((sum, value) => sum + value, 0) / own.length;
      return own.map((value) => value - middle);
    });
    const product = (x: readonly number[], y: readonly number[]): number =>
      x.reduce((sum, value, i) => sum + value * y[i], 0);
    const correlation = product(a, b) / Math.sqrt(product(a, a) * product(b, b));
    assert.ok(Math.abs(correlation - ceilingOf(values)) < 0.02);
  });

  it("compares every other row with the rest", () => {
    const rows = [
      [1, 2, 3],
      [3, 2, 1],
      [1, 2, 3],
      [3, 2, 1],
    ];
    assert.equal(splitHalfReliability(rows), 0);
    assert.deepEqual(meansOver(rows), [2, 2, 2]);
    assert.equal(
      splitHalfReliability([rows[0], rows[0], rows[1], rows[0]].map((row) => row.map(() => 1))),
      Number.NaN,
    );
  });
});
