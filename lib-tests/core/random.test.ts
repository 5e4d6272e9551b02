import assert from "node:assert/strict";
import seedrandom from "seedrandom";
import { randomStream } from "../../src/core/random.js";
import { meanInterval } from "../../src/experiments/statistics.js";

const draws = (name: string, seed: number, count: number): number[] => {
  const random = randomStream(name, seed);
  return Array.from({ length: count }, () => random.uniform());
};

describe("random streams", () => {
  it("repeat themselves to the bit", () => {
    assert.deepEqual(draws("a", 1, 100), draws("a", 1, 100));
  });

  it("are seedrandom's, to the bit", () => {
    const own = randomStream("a", 7);
    const theirs = seedrandom("glass-house/a/7");
    for (let i = 0; i < 20_000; i++) assert.equal(own.uniform(), theirs.double());
    for (let i = 0; i < 1000; i++) assert.equal(own.below(2 ** 32), theirs.int32() >>> 0);
  });

  it("of different names or seeds share no number", () => {
    const seen = new Set<number>();
    for (const name of ["dataset/train", "dataset/test", "initial weights", "shuffle"]) {
      for (let seed = 0; seed < 50; seed++) {
        for (const value of draws(name, seed, 200)) seen.add(value);
      }
    }
    // 40,000 draws of 53 bits: the chance of a single coincidence is 1e-7
    assert.equal(seen.size, 4 * 50 * 200);
  });

  it("of neighbouring seeds are uncorrelated", () => {
    const n = 20_000;
    const a = Array.from({ length: n }, (_, seed) => draws("pairs", seed, 1)[0] - 0.5);
    const correlation = a.slice(1).reduce((sum, value, i) => sum + 12 * value * a[i], 0) / (n - 1);
    // standard error 1 / sqrt(n) = 0.007; the seeds are fixed, so this cannot fail by chance
    assert.ok(Math.abs(correlation) < 0.03, `correlation ${correlation}`);
  });

  it("give standard normal deviates", () => {
    const random = randomStream("normal", 1);
    const values = Array.from({ length: 100_000 }, () => random.normal());
    const { mean, sd } = meanInterval(values);
    const kurtosis = values.reduce((sum, value) => sum + value ** 4, 0) / values.length;
    assert.ok(Math.abs(mean) < 0.01, `mean ${mean}`);
    assert.ok(Math.abs(sd - 1) < 0.01, `sd ${sd}`);
    assert.ok(Math.abs(kurtosis - 3) < 0.1, `fourth moment ${kurtosis}`);
  });

  it("pick whole numbers evenly", () => {
    const random = randomStream("below", 1);
    const counts = new Array(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    assert.ok(chiSquared < 22.5, `chi squared ${chiSquared} with 6 degrees of freedom`); // p = 0.001
  });

  it("pick one of as many numbers as there are 32-bit words, and of no more", function () {
    this.timeout(5000);
    const random = randomStream("below", 1);
    assert.equal(random.below(1), 0);
    assert.ok(random.below(2 ** 32) < 2 ** 32);
    for (const count of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => random.below(count), {
        name: "RangeError",
        message: `count must be a whole number from 1 to 4294967296, got ${count}`,
      });
    }
  });

  it("shuffle into every order equally often", () => {
    const random = randomStream("shuffle", 1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const items = Int32Array.of(0, 1, 2, 3);
      random.shuffle(items);
      counts.set(items.join(), (counts.get(items.join()) ?? 0) + 1);
    }
    assert.equal(counts.size, 24);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chiSquared < 49.7, `chi squared ${chiSquared} with 23 degrees of freedom`); // p = 0.001
  });

  for (const seed of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuse the seed ${seed}`, () => {
      assert.throws(() => randomStream("a", seed), {
        name: "RangeError",
        message: `seed must be a whole number >= 0, got ${seed}`,
      });
    });
  }

  it("refuse a seed that is text", () => {
    assert.throws(() => randomStream("a", "1" as never), {
      name: "TypeError",
      message: 'seed must be a whole number >= 0, got "1"',
    });
  });
});
