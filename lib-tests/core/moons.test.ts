import assert from "node:assert/strict";
import { makeMoons, moonsSplit } from "../../src/core/moons.js";
import { randomStream } from "../../src/core/random.js";

const options = { trainPoints: 250, testPoints: 100, noise: 0.15, seed: 1 };

describe("Two Moons", () => {
  it("lie on two half circles when there is no noise", () => {
    const { points, labels } = makeMoons({ samples: 101, noise: 0, random: randomStream("a", 1) });
    for (let i = 0; i < 101; i++) {
      const [x, y] = points.getRow(i);
      const isLower = labels.get(i, 0) === 1;
      const radius = isLower ? Math.hypot(x - 1, y - 0.5) : Math.hypot(x, y);
      assert.ok(Math.abs(radius - 1) < 1e-15, `radius of point ${i}: ${radius}`);
      assert.ok(isLower ? y <= 0.5 : y >= 0, `side of point ${i}`);
    }
  });

  it("are balanced, class 1 with the odd point", () => {
    for (const [samples, ones] of [
      [2, 1],
      [3, 2],
      [250, 125],
      [251, 126],
    ]) {
      const { labels } = makeMoons({ samples, noise: 0.1, random: randomStream("a", 1) });
      assert.equal(labels.rows, samples);
      assert.equal(labels.sum(), ones);
    }
  });

  it("carry noise of the standard deviation asked for", () => {
    const samples = 20_000;
    const noisy = makeMoons({ samples, noise: 0.15, random: randomStream("a", 1) }).points;
    const clean = makeMoons({ samples, noise: 0, random: randomStream("a", 1) }).points;
    const squares = noisy.clone().sub(clean).pow(2).sum();
    assert.ok(Math.abs(Math.sqrt(squares / (2 * samples)) - 0.15) < 0.002);
  });

  it("repeat themselves to the bit", () => {
    assert.deepEqual(
      moonsSplit(options).train.points.to2DArray(),
      moonsSplit(options).train.points.to2DArray(),
    );
  });

  it("change with the seed", () => {
    const other = moonsSplit({ ...options, seed: 2 });
    assert.notDeepEqual(moonsSplit(options).train.points.to2DArray(), other.train.points.to2DArray());
  });

  it("keep the training set when the test set's size changes, and the other way round", () => {
    const more = moonsSplit({ ...options, testPoints: 999 });
    assert.deepEqual(moonsSplit(options).train.points.to2DArray(), more.train.points.to2DArray());
    const fewer = moonsSplit({ ...options, trainPoints: 10 });
    assert.deepEqual(moonsSplit(options).test.points.to2DArray(), fewer.test.points.to2DArray());
  });

  it("are left alone by whatever another stream, such as a poison's, draws", () => {
    const before = moonsSplit(options).train.points.to2DArray();
    for (const seed of [1, 2]) randomStream("poison", seed).shuffle(new Int32Array(250));
    assert.deepEqual(moonsSplit(options).train.points.to2DArray(), before);
  });

  const bad: [string, object, string, string][] = [
    [
      "samples",
      { trainPoints: 1 },
      "RangeError",
      "trainPoints must be a whole number from 2 to 100000, got 1",
    ],
    [
      "samples",
      { trainPoints: 10.5 },
      "RangeError",
      "trainPoints must be a whole number from 2 to 100000, got 10.5",
    ],
    [
      "samples",
      { testPoints: "9" },
      "TypeError",
      'testPoints must be a whole number from 2 to 100000, got "9"',
    ],
    ["noise", { noise: -0.1 }, "RangeError", "noise must be a finite number >= 0, got -0.1"],
    ["noise", { noise: Number.NaN }, "RangeError", "noise must be a finite number >= 0, got NaN"],
    ["noise", { noise: 1 / 0 }, "RangeError", "noise must be a finite number >= 0, got Infinity"],
    ["seed", { seed: -3 }, "RangeError", "seed must be a whole number >= 0, got -3"],
    [
      "option",
      { nois: 1 },
      "TypeError",
      "options has no option named nois; its options are trainPoints, testPoints, noise, seed",
    ],
  ];
  for (const [what, change, name, message] of bad) {
    it(`refuse a wrong ${what}: ${message}`, () => {
      assert.throws(() => moonsSplit({ ...options, ...change }), { name, message });
    });
  }

  it("ask for a stream", () => {
    assert.throws(() => makeMoons({ samples: 10, noise: 0, random: Math.random as never }), {
      name: "TypeError",
      message: "random must be a random stream, got a function",
    });
  });
});
