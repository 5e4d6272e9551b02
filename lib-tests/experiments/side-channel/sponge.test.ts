import assert from "node:assert/strict";
import { relu } from "../../../src/core/network/activations.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import type { Network } from "../../../src/core/network/network.js";
import { randomStream } from "../../../src/core/random.js";
import { linesOf, regionsIn } from "../../../src/experiments/out-of-distribution/arrangement.js";
import { type OneLayer, oneLayerOf } from "../../../src/experiments/out-of-distribution/one-layer.js";
import { largestCount, largestIn } from "../../../src/experiments/side-channel/largest-count.js";
import { activityAt } from "../../../src/experiments/side-channel/side-channel.js";
import {
  dearestOf,
  measureSponge,
  ordinaryInputs,
  QUERIES,
  searchSponge,
  viewSponge,
} from "../../../src/experiments/side-channel/sponge.js";
import { runTask } from "../../../src/experiments/task.js";
import { denseOf, shaken } from "../../support/networks.js";
import { smallTask } from "../small-task.js";

type Neuron = [w1: number, w2: number, b: number];

const networkOf = (neurons: Neuron[]): Network => ({
  layers: [
    denseOf(
      [neurons.map(([x]) => x), neurons.map(([, y]) => y)],
      neurons.map(([, , b]) => b),
    ),
    relu,
    denseOf(
      neurons.map(() => [1]),
      [0],
    ),
  ],
});

const layerOf = (network: Network): OneLayer => oneLayerOf(network) ?? assert.fail("not of one layer");
const largestOf = (neurons: Neuron[]): number => largestCount(layerOf(networkOf(neurons)));

/** A triangle: inside, all three fire. */
const TRIANGLE: Neuron[] = [
  [1, 0, 0],
  [0, 1, 0],
  [-1, -1, 1],
];
const turnedRound = (neurons: Neuron[]): Neuron[] => neurons.map(([x, y, b]) => [-x, -y, -b]);

describe("the largest count of an arrangement", () => {
  const cases: [name: string, neurons: Neuron[], largest: number][] = [
    ["one line", [[2, -1, 5]], 1],
    [
      "neurons without weights, one of which always fires",
      [
        [0, 0, 1],
        [0, 0, -1],
        [0, 0, 0],
        [1, 1, 0],
      ],
      2,
    ],
    ["no line at all", [[0, 0, 1]], 1],
    [
      "parallel lines that face each other",
      [
        [1, 0, 0],
        [-1, 0, 1],
      ],
      2,
    ],
    [
      "parallel lines that face away",
      [
        [1, 0, -1],
        [-1, 0, 0],
      ],
      1,
    ],
    [
      "parallel lines, none of them through the origin",
      [
        [1, 1, -5],
        [2, 2, -3],
        [-1, -1, 4],
      ],
      2,
    ],
    [
      "one line twice, from either side",
      [
        [1, 2, 3],
        [-2, -4, -6],
      ],
      1,
    ],
    [
      "one line twice, from the same side",
      [
        [1, 2, 3],
        [2, 4, 6],
      ],
      2,
    ],
    ["a triangle that fires inside", TRIANGLE, 3],
    ["a triangle that fires outside", turnedRound(TRIANGLE), 2],
    [
      "three lines through a point, a third of a turn apart",
      [
        [2, 0, 0],
        [-1, 2, 0],
        [-1, -2, 0],
      ],
      2,
    ],
    [
      "the same elsewhere",
      [
        [2, 0, -2],
        [-1, 2, -3],
        [-1, -2, 5],
      ],
      2,
    ],
    [
      "three lines through a point, one of them twice",
      [
        [2, 0, 0],
        [-1, 2, 0],
        [-1, -2, 0],
        [-2, -4, 0],
      ],
      3,
    ],
    [
      "two lines, each with one neuron against two",
      [
        [1, 0, 0],
        [-1, 0, 0],
        [-2, 0, 0],
        [0, 1, 0],
        [0, -1, 0],
        [0, -2, 0],
      ],
      4,
    ],
    [
      "a square that fires inside, and a diagonal",
      [
        [1, 0, 1],
        [-1, 0, 1],
        [0, 1, 1],
        [0, -1, 1],
        [1, 1, 0],
      ],
      5,
    ],
  ];
  for (const [name, neurons, largest] of cases) {
    it(`is ${largest} for ${name}`, () => {
      assert.equal(largestOf(neurons), largest);
      // far enough for all their regions
      assert.equal(largestIn(layerOf(networkOf(neurons)), { x: [-40, 40], y: [-40, 40] }).count, largest);
    });
  }

  it("is decided where rounded sums are wrong", () => {
    // three lines through (1, 3): in a rounded world the third, 0.1 x + 0.1 y = 0.4, passes by
    const near = 0.1 + 0.1 + 0.1 + 0.1;
    assert.equal(
      largestOf([
        [1, 0, -1],
        [0, 1, -3],
        [-0.1, -0.1, near],
      ]),
      2,
    );
    assert.equal(
      largestOf([
        [1, 0, -1],
        [0, 1, -3],
        [-0.1, -0.1, near + 2 ** -40],
      ]),
      3,
    );
  });

  const networks: [string, Network][] = [
    ...[1, 2].map((seed): [string, Network] => [
      `trained ${seed}`,
      runTask({ ...smallTask, seed }).training.network,
    ]),
    ...[1, 5, 12].map((width): [string, Network] => [
      `random, ${width}`,
      shaken(createNetwork({ hiddenLayers: [width], seed: width }), width),
    ]),
    ["untrained: all lines through one point", createNetwork({ hiddenLayers: [9], seed: 2 })],
  ];
  for (const [name, network] of networks) {
    it(`is that of the regions one by one (${name})`, () => {
      const layer = layerOf(network);
      const area = { x: [-1000, 1000], y: [-1000, 1000] } as const;
      const counts = regionsIn(layer, linesOf(layer), area).map(({ firing }) => firing);
      assert.equal(largestCount(layer), Math.max(...counts));
    });

    it(`is at least half of the neurons, for far out opposite counts add up to all of them (${name})`, () => {
      const width = layerOf(network).biases.length;
      const random = randomStream("directions", 1);
      for (let i = 0; i < 20; i++) {
        const [x, y] = [1e9 * random.normal(), 1e9 * random.normal()];
        assert.equal(activityAt(network, [x, y]).count + activityAt(network, [-x, -y]).count, width);
      }
      assert.ok(largestCount(layerOf(network)) >= width / 2);
    });
  }

  it("in an area has a place in it, at which so many fire", () => {
    const { data, training } = runTask(smallTask);
    const area = ordinaryInputs(data.train);
    const { count, place } = largestIn(layerOf(training.network), area);
    assert.equal(activityAt(training.network, place).count, count);
    assert.ok([area.x, area.y].every(([low, high], k) => low <= place[k] && place[k] <= high));
    // the inside of the triangle lies elsewhere
    assert.equal(largestIn(layerOf(networkOf(TRIANGLE)), { x: [-2, -1], y: [-2, -1] }).count, 1);
  });

  it("is refused for more neurons than there is time for", () => {
    const wide = layerOf(createNetwork({ hiddenLayers: [65], seed: 1 }));
    const wrong = { name: "RangeError", message: "layer must have at most 64 neurons, got 65" };
    assert.throws(() => largestCount(wide), wrong);
    assert.throws(() => largestIn(wide, { x: [0, 1], y: [0, 1] }), wrong);
  });
});

describe("the search for a sponge point", () => {
  const area = { x: [-1, 3], y: [0, 2] } as const;
  /** Stairs to (2, 1.5), of which the last is small. */
  const stairs = ([x, y]: readonly [number, number]): number =>
    [2, 1, 0.4, 0.1].filter((radius) => Math.abs(x - 2) < radius && Math.abs(y - 1.5) < radius).length;

  it("climbs to the top by the count alone, within its queries and its area", () => {
    const asked: (readonly [number, number])[] = [];
    const steps = searchSponge(
      (place) => {
        asked.push(place);
        return stairs(place);
      },
      { area, seed: 1 },
    );
    assert.equal(asked.length, QUERIES);
    assert.ok(asked.every(([x, y]) => -1 <= x && x <= 3 && 0 <= y && y <= 2));
    assert.equal(steps[0].query, 1);
    for (const [i, { place, count, query }] of steps.entries()) {
      assert.deepEqual([asked[query - 1], stairs(place)], [place, count]);
      assert.ok(i === 0 || (count > steps[i - 1].count && query > steps[i - 1].query));
    }
    assert.equal(steps[steps.length - 1].count, 4);
  });

  it("crosses a plateau, which tells no way", () => {
    // a search that stays where it is on equal counts would have to jump into a 10,000th of the area
    const corner = ([x, y]: readonly [number, number]): number => Number(x > 2.96 && y > 1.98);
    const found = Array.from({ length: 20 }, (_, seed) => searchSponge(corner, { area, seed }).at(-1)?.count);
    assert.ok(found.filter((count) => count === 1).length >= 15);
  });

  it("is the same for the same seed", () => {
    assert.deepEqual(searchSponge(stairs, { area, seed: 3 }), searchSponge(stairs, { area, seed: 3 }));
    assert.notDeepEqual(searchSponge(stairs, { area, seed: 3 }), searchSponge(stairs, { area, seed: 4 }));
  });

  it("finds in trained networks what the regions say, or less", () => {
    const { data, training } = runTask(smallTask);
    const { steps, largest } = viewSponge(training.network, data.train, 1);
    assert.equal(steps[steps.length - 1].count, largest);
    const result = measureSponge(smallTask);
    assert.equal(result.ordinary.found.count, largest);
    // 2 inputs for each of 10 neurons, and one multiplication for each that fires
    assert.equal(result.ordinary.found.work, 20 + result.ordinary.found.count);
    assert.ok(Math.abs(result.work - (20 + result.mean)) < 1e-9);
    assert.ok(result.trained <= result.ordinary.largest && result.ordinary.largest <= result.anywhere);
    assert.ok(result.far <= result.anywhere && result.anywhere === dearestOf(result));
  });

  it("is all there is where no exact count is known: deeper, leaky, without hidden neurons", () => {
    for (const change of [
      { hiddenLayers: [6, 5] },
      { activation: "leaky-relu" as const },
      { hiddenLayers: [] },
    ]) {
      const result = measureSponge({ ...smallTask, epochs: 2, ...change });
      assert.ok([result.ordinary.largest, result.anywhere].every(Number.isNaN));
      assert.equal(dearestOf(result), Math.max(result.ordinary.found.count, result.far));
    }
  });
});
