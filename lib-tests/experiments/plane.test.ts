import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { forward } from "../../src/core/network/forward-backward.js";
import { createNetwork } from "../../src/core/network/initialisation.js";
import type { Network } from "../../src/core/network/network.js";
import {
  disagreement,
  neuronsOnPlane,
  planePoints,
  probabilityOnPlane,
  rectangleAround,
} from "../../src/experiments/plane.js";
import { denseOf } from "../support/networks.js";

const network = createNetwork({ hiddenLayers: [4, 3], seed: 1 });
const area = { x: [-1, 3], y: [0, 2] } as const;

describe("the plane", () => {
  it("is sampled row by row, with both ends", () => {
    const grid = probabilityOnPlane(network, area, 5);
    assert.deepEqual(grid.x, [-1, 0, 1, 2, 3]);
    assert.deepEqual(grid.y, [0, 0.5, 1, 1.5, 2]);
    const { probabilities } = forward(network, new Matrix([[2, 0.5]]));
    assert.equal(grid.values[1][3], probabilities.get(0, 0));
  });

  it("shows the outputs of a hidden layer", () => {
    const grids = neuronsOnPlane(network, 1, area, 5);
    assert.equal(grids.length, 3);
    const { output } = forward(network, new Matrix([[-1, 2]])).layers[3];
    assert.deepEqual(
      grids.map(({ values }) => values[4][0]),
      output.getRow(0),
    );
  });

  it("counts the points on which two networks disagree", () => {
    // logits x - 1 and x - 3: they disagree between 1 and 3
    const [a, b] = [-1, -3].map((bias): Network => {
      return { layers: [denseOf([[1], [0]], [bias])] };
    });
    const points = planePoints({ x: [0.5, 4.5], y: [0, 4] }, 5);
    assert.equal(disagreement(a, b, points), 2 / 5);
    assert.equal(disagreement(a, a, points), 0);
  });

  it("refuses a layer that is not there", () => {
    for (const layer of [-1, 2, 0.5]) {
      assert.throws(() => neuronsOnPlane(network, layer, area, 5), {
        name: "RangeError",
        message: `layer must be a whole number from 0 to 1, got ${layer}`,
      });
    }
  });

  it("refuses a grid of less than two points a side, or of too many", () => {
    for (const resolution of [1, 301, 2.5, Number.NaN]) {
      assert.throws(
        () => probabilityOnPlane(network, area, resolution),
        new RegExp(`resolution must be a whole number from 2 to 300, got ${resolution}$`),
      );
    }
  });

  it("is framed by the points and a margin", () => {
    const points = new Matrix([
      [0, 1],
      [2, -3],
    ]);
    assert.deepEqual(rectangleAround({ points, labels: Matrix.zeros(2, 1) }, 0.5), {
      x: [-0.5, 2.5],
      y: [-3.5, 1.5],
    });
  });
});
