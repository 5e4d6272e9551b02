import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { moonsSplit } from "../../../src/core/moons.js";
import { backward, forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork, type NetworkOptions } from "../../../src/core/network/initialisation.js";
import { logitLandscape, lossLandscape } from "../../../src/core/network/landscape.js";
import { logitsOf } from "../../../src/core/network/logits.js";
import { listed, toParameters, withParameters } from "../../../src/core/network/network.js";
import { gradientOf, meanLoss } from "../../../src/core/network/objective.js";
import { randomStream } from "../../../src/core/random.js";

const { train: data } = moonsSplit({ trainPoints: 30, testPoints: 2, noise: 0.15, seed: 1 });

const kinds: Record<string, Omit<NetworkOptions, "seed">> = {
  "2-1": { hiddenLayers: [] },
  "2-10-1": { hiddenLayers: [10] },
  "2-6-5-1 with tanh": { hiddenLayers: [6, 5], activation: "tanh" },
  "2-6-1 with layer normalization": { hiddenLayers: [6], normalization: "layer" },
};

describe("the landscape", () => {
  for (const [name, options] of Object.entries(kinds)) {
    const network = createNetwork({ seed: 2, ...options });
    const random = randomStream("test/places", 1);
    const places = [1, 2].map(() => toParameters(network).map((value) => value + random.normal()));
    const { loss, gradient } = lossLandscape(network, data);
    const { logits, gradients } = logitLandscape(network, data.points);

    it(`of ${name} has the loss of the network, its gradient and its logits, to the bit`, () => {
      for (const place of places) {
        const there = withParameters(network, place);
        assert.equal(loss(place), meanLoss(forward(there, data.points), data.labels).get(0, 0));
        assert.deepEqual(gradient(place), listed(there, gradientOf(there, data).gradients));
        assert.deepEqual(logits(place), logitsOf(there, data.points));
      }
    });

    it(`of ${name} has the gradient of each point's logit`, () => {
      const there = withParameters(network, places[0]);
      const found = gradients(places[0]);
      assert.deepEqual([found.rows, found.columns], [30, places[0].length]);
      for (const i of [0, 17, 29]) {
        const pass = forward(there, new Matrix([data.points.getRow(i)]));
        const expected = listed(there, backward(there, pass, Matrix.ones(1, 1)).gradients);
        assert.deepEqual(found.getRow(i), [...expected]);
      }
    });
  }

  it("refuses labels that are not one per point", () => {
    const network = createNetwork({ hiddenLayers: [3], seed: 1 });
    assert.throws(() => lossLandscape(network, { ...data, labels: Matrix.ones(29, 1) }), {
      name: "RangeError",
      message: "labels must be 30 x 1, one per point, got 29 x 1",
    });
  });
});
