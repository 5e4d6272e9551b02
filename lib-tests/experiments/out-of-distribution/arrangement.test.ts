import assert from "node:assert/strict";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import {
  countRegions,
  type Line,
  linesOf,
  mostRegions,
  regionsIn,
  segmentsIn,
} from "../../../src/experiments/out-of-distribution/arrangement.js";
import {
  inputAt,
  type OneLayer,
  oneLayerOf,
} from "../../../src/experiments/out-of-distribution/one-layer.js";
import { logitAt } from "../../../src/experiments/out-of-distribution/rays.js";
import { close } from "../../support/close.js";

import { layerOf, networkOf, networks } from "./one-layers.js";

/** Lines [w₁, w₂, b], as the neurons of a network. */
const linesThrough = (lines: number[][]): Line[] =>
  linesOf({
    weights: lines.map(([x, y]) => [x, y]),
    biases: lines.map(([, , offset]) => offset),
    leak: 0,
    outputs: lines.map(() => 1),
    bias: 0,
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
