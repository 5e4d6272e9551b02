import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { HiddenActivation } from "../../../src/core/network/activations.js";
import { leakyRelu, relu } from "../../../src/core/network/activations.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import type { Network } from "../../../src/core/network/network.js";
import { randomStream } from "../../../src/core/random.js";
import {
  countRegions,
  type Line,
  linesOf,
  mostRegions,
  regionsIn,
  segmentsIn,
} from "../../../src/experiments/out-of-distribution/arrangement.js";
import { isCertain } from "../../../src/experiments/out-of-distribution/confidence.js";
import { arcsOf, certainShare, farShares } from "../../../src/experiments/out-of-distribution/directions.js";
import { signOfSum } from "../../../src/experiments/out-of-distribution/exact-sign.js";
import {
  inputAt,
  type OneLayer,
  oneLayerOf,
} from "../../../src/experiments/out-of-distribution/one-layer.js";
import {
  logitAt,
  logitsAlongRay,
  logitsAt,
  MIDDLE,
} from "../../../src/experiments/out-of-distribution/rays.js";
import { runTask } from "../../../src/experiments/task.js";
import { denseOf, shaken } from "../../support/networks.js";
import { smallTask } from "../small-task.js";

const close = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

/** A network from its neurons: [w₁, w₂, b, v] each. */
const networkOf = (neurons: number[][], bias = 0, activation = relu): Network => ({
  layers: [
    denseOf(
      [neurons.map(([x]) => x), neurons.map(([, y]) => y)],
      neurons.map(([, , b]) => b),
    ),
    activation,
    denseOf(
      neurons.map(([, , , v]) => [v]),
      [bias],
    ),
  ],
});

const layerOf = (network: Network): OneLayer => oneLayerOf(network) ?? assert.fail("not of one layer");

/** Lines [w₁, w₂, b], as the neurons of a network. */
const linesThrough = (lines: number[][]): Line[] =>
  linesOf({
    weights: lines.map(([x, y]) => [x, y]),
    biases: lines.map(([, , offset]) => offset),
    leak: 0,
    outputs: lines.map(() => 1),
    bias: 0,
  });

/** Trained and random networks of one layer. */
const networks: [name: string, network: Network][] = [
  ...[1, 2, 3].map((seed): [string, Network] => [
    `trained ${seed}`,
    runTask({ ...smallTask, hiddenLayers: [10], seed, epochs: 60 }).training.network,
  ]),
  ...([1, 2, 3, 4, 6, 20] as const).map((width): [string, Network] => [
    `${width} neurons`,
    shaken(createNetwork({ hiddenLayers: [width], seed: width }), width),
  ]),
  ...(["relu", "leaky-relu"] as const).map((activation: HiddenActivation): [string, Network] => [
    `${activation}, batch normalization`,
    runTask({
      ...smallTask,
      hiddenLayers: [7],
      epochs: 20,
      batchSize: 10,
      activation,
      normalization: "batch",
    }).training.network,
  ]),
];

describe("signs without rounding", () => {
  it("are right where rounded sums are wrong", () => {
    assert.equal(
      signOfSum([
        [0.1, 3],
        [-0.3, 1],
      ]),
      1,
    ); // 0.1 is a little more than a tenth
    assert.equal(
      signOfSum([
        [1e200, 1e200],
        [-1e200, 1e200],
        [1e-300, 1e-300],
      ]),
      1,
    );
    assert.equal(
      signOfSum([
        [1, 2],
        [-2, 1],
      ]),
      0,
    );
    assert.equal(signOfSum([[2 ** 60], [1], [-(2 ** 60)]]), 1);
    assert.equal(
      signOfSum([
        [Number.MIN_VALUE, 0.25],
        [-Number.MIN_VALUE, 0.5],
      ]),
      -1,
    );
    assert.equal(
      signOfSum([
        [Number.MAX_VALUE, 2],
        [-Number.MAX_VALUE, 2, 1],
      ]),
      0,
    );
    assert.equal(signOfSum([[1e-200, 1e-200, 1e200], [-1e-250]]), 1);
    assert.deepEqual([signOfSum([]), signOfSum([[-3]])], [0, -1]);
  });

  it("are those of rational arithmetic, also of sums that nearly vanish", () => {
    const random = randomStream("test/signs", 1);
    for (let i = 0; i < 500; i++) {
      const [a, b] = [random.normal(), random.normal()];
      // a (b + ulp) - a b
      const next = b + Math.abs(b) * 2 ** -52;
      assert.equal(
        signOfSum([
          [a, next],
          [-a, b],
        ]),
        Math.sign(a) * Math.sign(next - b),
      );
      assert.equal(
        signOfSum([
          [a, b, 3],
          [-a, b],
          [-2, b, a],
        ]),
        0,
      );
    }
  });

  it("refuse what is not finite", () => {
    assert.throws(() => signOfSum([[1, Number.NaN]]), {
      name: "RangeError",
      message: "products must hold finite numbers, got NaN",
    });
    assert.throws(() => signOfSum([[Number.POSITIVE_INFINITY]]), RangeError);
  });
});

describe("networks of one layer", () => {
  it("are known by their parts", () => {
    for (const options of [
      { hiddenLayers: [] },
      { hiddenLayers: [3, 3] },
      { hiddenLayers: [3], activation: "tanh" },
      { hiddenLayers: [3], normalization: "layer" },
      { hiddenLayers: [3], topK: 1 },
      { hiddenLayers: [3], inputs: 3 },
    ] as const) {
      assert.equal(oneLayerOf(createNetwork({ seed: 1, ...options })), undefined, JSON.stringify(options));
    }
    assert.equal(oneLayerOf(networkOf([[1, Number.NaN, 0, 1]])), undefined);
  });

  for (const [name, network] of networks) {
    it(`are one affine function in each region: ${name}`, () => {
      const layer = layerOf(network);
      const regions = regionsIn(layer, linesOf(layer), { x: [-3, 4], y: [-2, 3] });
      for (const { corners, gradient, constant } of regions) {
        for (const [x, y] of corners) {
          const z = logitAt(network, [x, y]);
          close(gradient[0] * x + gradient[1] * y + constant, z, 1e-9 * (1 + Math.abs(z)));
        }
      }
    });
  }
});

describe("regions of an arrangement", () => {
  const cases: [name: string, lines: number[][], regions: number][] = [
    ["no line", [], 1],
    ["a neuron without weights", [[0, 0, 3]], 1],
    ["one line", [[1, 2, 3]], 2],
    [
      "the same line three times",
      [
        [1, 2, 3],
        [-2, -4, -6],
        [0.5, 1, 1.5],
      ],
      2,
    ],
    [
      "lines that only look the same",
      [
        [1, 2, 3],
        [3, 6, 9.000000000000002],
      ],
      3,
    ],
    [
      "parallel lines",
      [
        [1, 2, 3],
        [1, 2, 4],
        [-1, -2, 5],
      ],
      4,
    ],
    [
      "two lines that cross",
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      4,
    ],
    [
      "three through a point",
      [
        [1, 0, -1],
        [0, 1, -1],
        [1, 1, -2],
      ],
      6,
    ],
    [
      "three that nearly go through a point",
      [
        [1, 0, -1],
        [0, 1, -1],
        [1, 1, -2.0000000000000004],
      ],
      7,
    ],
    [
      "two parallel, one across",
      [
        [1, 0, 0],
        [1, 0, 1],
        [0, 1, 0],
      ],
      6,
    ],
    [
      "a grid of 3 x 3",
      [
        [1, 0, 0],
        [1, 0, 1],
        [1, 0, 2],
        [0, 1, 0],
        [0, 1, 1],
        [0, 1, 2],
      ],
      16,
    ],
    [
      "four through a point, one elsewhere",
      [
        [1, 0, 0],
        [0, 1, 0],
        [1, 1, 0],
        [1, -1, 0],
        [2, 1, 1],
      ],
      13,
    ],
    [
      "ten that touch a circle",
      Array.from({ length: 10 }, (_, k) => [Math.cos(0.3 * k), Math.sin(0.3 * k), 1]),
      56,
    ],
  ];
  for (const [name, lines, regions] of cases) {
    it(`are ${regions} of ${name}`, () => {
      assert.equal(countRegions(linesThrough(lines)), regions);
      // whatever their order, and however large the neurons' weights
      const other = lines.map((line, k) => line.map((value) => (k % 2 === 0 ? -4 : 0.25) * value)).reverse();
      assert.equal(countRegions(linesThrough(other)), regions);
    });
  }

  it("are at most so many", () => {
    assert.deepEqual([0, 1, 2, 3, 10].map(mostRegions), [1, 2, 4, 7, 56]);
  });

  /** The activation patterns beside every crossing: as lines cross, every region has a corner. */
  const patternsAtCorners = ({ weights, biases }: OneLayer): number => {
    const patterns = new Set<string>();
    for (let i = 0; i < biases.length; i++) {
      for (let j = 0; j < i; j++) {
        const determinant = weights[i][0] * weights[j][1] - weights[i][1] * weights[j][0];
        const x = (weights[i][1] * biases[j] - weights[j][1] * biases[i]) / determinant;
        const y = (weights[j][0] * biases[i] - weights[i][0] * biases[j]) / determinant;
        const others = biases.map((bias, k) => weights[k][0] * x + weights[k][1] * y + bias > 0);
        for (const [first, second] of [
          [true, true],
          [true, false],
          [false, true],
          [false, false],
        ]) {
          patterns.add(others.map((on, k) => (k === i ? first : k === j ? second : on)).join());
        }
      }
    }
    return patterns.size;
  };

  for (const [name, network] of networks.filter(([, network]) => layerOf(network).biases.length > 1)) {
    it(`are as many as there are activation patterns: ${name}`, () => {
      const layer = layerOf(network);
      assert.equal(countRegions(linesOf(layer)), patternsAtCorners(layer));
    });
  }

  it("in an area are all the patterns of a fine grid there, and no more", () => {
    const area = { x: [-2, 3], y: [-1.5, 2] } as const;
    for (const [name, network] of networks.slice(0, 6)) {
      const layer = layerOf(network);
      const regions = regionsIn(layer, linesOf(layer), area);
      const found = new Set<string>();
      for (let x = area.x[0]; x <= area.x[1]; x += 0.02) {
        for (let y = area.y[0]; y <= area.y[1]; y += 0.02) {
          found.add(layer.biases.map((_, j) => Number(inputAt(layer, j, [x, y]) > 0)).join(""));
        }
      }
      // the grid misses none but the smallest
      const size = (corners: readonly (readonly number[])[]): number =>
        Math.abs(
          corners.reduce((sum, [x, y], i) => {
            const [u, v] = corners[(i + 1) % corners.length];
            return sum + x * v - y * u;
          }, 0),
        ) / 2;
      const small = regions.filter(({ corners }) => size(corners) < 6e-3).length;
      assert.ok(found.size <= regions.length && found.size >= regions.length - small, name);
      close(
        regions.reduce((sum, { corners }) => sum + size(corners), 0),
        5 * 3.5,
        1e-9,
      );
    }
  });

  it("are parted by the lines' segments, which end at the sides of the area", () => {
    const area = { x: [0, 4], y: [-1, 1] } as const;
    const segments = segmentsIn(
      linesThrough([
        [1, 0, -3],
        [0, 2, 1],
        [1, -1, 0],
        [1, 0, 1],
        [1, 1, -9],
      ]),
      area,
    );
    assert.deepEqual(
      segments.map((ends) => [...ends].sort((a, b) => a - b)),
      [
        [-1, 1, 3, 3],
        [-0.5, -0.5, 0, 4],
        [0, 0, 1, 1],
      ],
    );
  });

  it("are 2 n before training, when all lines go through one point", () => {
    for (const width of [1, 2, 10, 30]) {
      const layer = layerOf(createNetwork({ hiddenLayers: [width], seed: width }));
      assert.equal(countRegions(linesOf(layer)), 2 * width);
    }
  });

  it("have one slope where neurons cancel along their line, or have no say", () => {
    const layer = layerOf(
      networkOf([
        [1, 0, 0, 3],
        [-2, 0, 0, -1.5], // the same line: 3 |1| - 1.5 |2| = 0
        [0, 1, 0, 0], // a weight of 0 in the logit
        [1, 1, 5, 1],
      ]),
    );
    const lines = linesOf(layer);
    assert.deepEqual([lines.length, countRegions(lines)], [3, 7]);
    // the first two add up to 3 x, whatever its sign
    const slopes = regionsIn(layer, lines, { x: [-1, 1], y: [-1, 1] }).map(({ gradient }) => gradient);
    for (const slope of slopes) assert.deepEqual(slope, [4, 1]);
  });
});

describe("directions", () => {
  // all neurons look into the quarter between east and north, so to the south-west none is on
  const wedge = networkOf(
    [
      [1, 0, 0.3, 2],
      [0, 1, -0.2, -3],
      [1, 1, 1, 1],
    ],
    0.7,
  );

  it("are in doubt in a wedge where no neuron is on", () => {
    const arcs = arcsOf(layerOf(wedge));
    const { bounded, doubtful } = farShares(arcs);
    // off are all neurons from the angle of 180° to that of 270°
    close(bounded, 1 / 4);
    close(doubtful, 1 / 4);
    const level = arcs.filter(({ limit }) => limit !== undefined);
    assert.deepEqual(
      level.map(({ limit }) => limit),
      [0.7],
    );
    close(level[0].from, Math.PI);
    close(level[0].to, 1.5 * Math.PI);
  });

  it("may end in certainty that is bounded", () => {
    const sure = farShares(
      arcsOf(
        layerOf(
          networkOf(
            [
              [1, 0, 0.3, 2],
              [0, 1, -0.2, -3],
            ],
            7,
          ),
        ),
      ),
    );
    close(sure.bounded, 1 / 4);
    assert.equal(sure.doubtful, 0);
  });

  it("are level where neurons that are on cancel, also on a line that leans", () => {
    // z = 3 relu(u) - 3 relu(u + 1) = -3 where u > 0 and 0 where u < -1, for u = x + 2 y: bounded everywhere
    const step = arcsOf(
      layerOf(
        networkOf([
          [1, 2, 0, 3],
          [1, 2, 1, -3],
        ]),
      ),
    );
    assert.deepEqual(farShares(step), { bounded: 1, doubtful: 1 });
    assert.deepEqual(step.map(({ limit }) => limit).sort(), [-3, 0]);
  });

  it("are all level without neurons, and none with leaky ReLUs in that wedge", () => {
    assert.deepEqual(farShares(arcsOf(layerOf(networkOf([[0, 0, 1, 1]], 2)))), { bounded: 1, doubtful: 1 });
    const leaky = networkOf(
      [
        [1, 0, 0.3, 2],
        [0, 1, -0.2, -3],
        [1, 1, 1, 1],
      ],
      0.7,
      leakyRelu,
    );
    assert.deepEqual(farShares(arcsOf(layerOf(leaky))), { bounded: 0, doubtful: 0 });
  });

  for (const [name, network] of [...networks, ["a wedge", wedge] as const]) {
    it(`have the slope of the logit far out: ${name}`, () => {
      for (const { from, to, slope, limit } of arcsOf(layerOf(network))) {
        const angle = (from + to) / 2;
        const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
        const ray = { origin: MIDDLE, direction: [ux, uy] };
        const [near, far] = logitsAlongRay(network, ray, [1e7, 2e7]);
        close((far - near) / 1e7, slope[0] * ux + slope[1] * uy, 1e-6);
        if (limit !== undefined) close(near, limit, 1e-6);
      }
    });

    it(`are certain on as much of a circle as on a fine sample of it: ${name}`, () => {
      const count = 4000;
      for (const radius of [0.3, 1, 3, 30]) {
        const sample = new Matrix(
          Array.from({ length: count }, (_, k) => {
            const angle = (2 * Math.PI * (k + 0.5)) / count;
            return [MIDDLE[0] + radius * Math.cos(angle), MIDDLE[1] + radius * Math.sin(angle)];
          }),
        );
        const share = logitsAt(network, sample).filter(isCertain).length / count;
        // each of the ends of certain arcs may be half a step off
        close(certainShare(layerOf(network), MIDDLE, radius), share, 20 / count);
      }
    });
  }

  it("are those of one point at radius 0", () => {
    const layer = layerOf(wedge);
    assert.equal(certainShare(layer, [-5, -5], 0), 0);
    assert.equal(certainShare(layer, [5, 50], 0), 1);
  });
});
