import assert from "node:assert/strict";
import { randomStream } from "../../../../src/core/random.js";
import {
  effectiveSamples,
  rHat,
} from "../../../../src/experiments/out-of-distribution/posterior/diagnostics.js";
import { close } from "../../../support/close.js";

/** Four chains with a correlation between neighbours: x' = r x + √(1 - r²) noise. */
function chains(correlation: number, length = 5000): number[][] {
  return [1, 2, 3, 4].map((seed) => {
    const random = randomStream("test/chain", seed);
    let value = random.normal();
    return Array.from({ length }, () => {
      value = correlation * value + Math.sqrt(1 - correlation * correlation) * random.normal();
      return value;
    });
  });
}

const moved = (all: number[][], of: (value: number, i: number) => number): number[][] => [
  all[0].map(of),
  ...all.slice(1),
];

describe("R-hat", () => {
  const good = chains(0);

  it("is 1 for chains that agree", () => close(rHat(good), 1, 0.002));

  it("is large when one chain lies elsewhere, is wider, or drifts", () => {
    const shifted = rHat(moved(good, (value) => value + 3));
    assert.ok(shifted > 1.4, `${shifted}`);
    // four normal chains, one moved by 3 standard deviations: ranks see less of it than values would
    assert.ok(shifted < 2.5, `${shifted}`);
    const wide = rHat(moved(good, (value) => 5 * value));
    assert.ok(wide > 1.1, `${wide}`);
    const drifting = rHat(good.map((chain) => chain.map((value, i) => value + i / 2500)));
    assert.ok(drifting > 1.1, `${drifting}`);
  });

  it("sees ranks alone", () => {
    const stretched = moved(good, (value) => value + 0.5);
    close(rHat(stretched.map((chain) => chain.map((value) => Math.exp(value)))), rHat(stretched), 0.02);
    // two chains on either side, alike when folded; by such steep values their widths would drown the distance
    const apart = good.map((chain, m) => chain.map((value) => (value + (m < 2 ? 1 : -1)) ** 9));
    assert.ok(rHat(apart) > 1.2, `${rHat(apart)}`);
    const heavy = good.map((chain) => chain.map((value) => Math.tan(value)));
    close(rHat(heavy), 1, 0.01);
  });

  it("is not a number where nothing varies, or a value is none", () => {
    assert.equal(rHat([1, 2].map(() => [5, 5, 5, 5, 5])), Number.NaN);
    assert.equal(rHat(moved(good, (value, i) => (i === 7 ? Number.NaN : value))), Number.NaN);
  });
});

describe("the effective sample size", () => {
  for (const correlation of [0, 0.5, 0.9, -0.5]) {
    it(`of chains with a correlation of ${correlation} is what theory says`, () => {
      // N (1 - r) / (1 + r); a rank keeps nearly the correlation of its value
      const expected = (20_000 * (1 - correlation)) / (1 + correlation);
      close(effectiveSamples(chains(correlation)) / expected, 1, 0.15);
    });
  }

  it("of chains that swing to and fro is believed only up to N log₁₀ N", () => {
    for (const length of [400, 5000]) {
      const draws = 4 * length;
      close(effectiveSamples(chains(-0.9, length)) / (draws * Math.log10(draws)), 1, 1e-9);
    }
  });

  it("is small when chains disagree, whatever they do by themselves", () => {
    const few = effectiveSamples(moved(chains(0), (value) => value + 10));
    assert.ok(few < 20, `${few}`);
  });

  it("is not a number where nothing varies, or a value is none", () => {
    assert.equal(effectiveSamples([1, 2].map(() => [5, 5, 5, 5, 5])), Number.NaN);
    assert.equal(effectiveSamples([[1, 2, 3, Number.NaN]]), Number.NaN);
  });

  it("refuses chains that are too short, or not of the same length", () => {
    const message = /^chains must all have the same number of values, at least 4, got /;
    for (const wrong of [
      [],
      [[1, 2, 3]],
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4, 5],
      ],
    ]) {
      assert.throws(() => effectiveSamples(wrong), { name: "RangeError", message });
      assert.throws(() => rHat(wrong), { name: "RangeError", message });
    }
  });
});
