/** A single sign turned on the way back is neither overlooked nor taken for the other path's fault. */
import assert from "node:assert/strict";
import { moonsSplit } from "../../../src/core/moons.js";
import { gradientCheck } from "../../../src/core/network/gradient-check.js";
import { createNetwork, type NetworkOptions } from "../../../src/core/network/initialisation.js";
import { type Network, toParameters } from "../../../src/core/network/network.js";
import { train } from "../../../src/core/network/train.js";
import { shaken } from "../../support/networks.js";

const { train: data } = moonsSplit({ trainPoints: 30, testPoints: 2, noise: 0.15, seed: 1 });

/** A network in which the layer of index `turned` has a way back of the wrong sign. */
function withTurned({ layers }: Network, turned: number): Network {
  return {
    layers: layers.map((layer, l) => {
      if (l !== turned) return layer;
      return {
        ...layer,
        backward: (arithmetic, ...rest) => arithmetic.negate(layer.backward(arithmetic, ...rest)),
      };
    }),
  };
}

const kinds: Record<string, Partial<NetworkOptions>> = {
  "layer normalization and top-k": { normalization: "layer", topK: 3 },
  "batch normalization and tanh": { normalization: "batch", activation: "tanh" },
};

const trained = (network: Network, path: "machine" | "eager"): Float64Array =>
  toParameters(
    train({ network, train: data, learningRate: 0.1, batchSize: 10, epochs: 2, seed: 1, path }).network,
  );

const faults = (network: Network): number =>
  gradientCheck({ network, data }).filter(({ relativeError, kinks }) => kinks === 0 && relativeError > 1e-2)
    .length;

describe("a sign turned on the way back", () => {
  for (const [kind, options] of Object.entries(kinds)) {
    const network = shaken(createNetwork({ hiddenLayers: [5, 4], seed: 1, ...options }), 1);

    it(`is not there to begin with, in a network with ${kind}`, () => {
      assert.equal(faults(network), 0);
    });

    // nothing goes back through the first layer
    for (const [l, layer] of network.layers.entries()) {
      if (l === 0) continue;
      it(`in layer ${l}, ${layer.kind}, changes training by either path alike, with ${kind}`, () => {
        const turned = withTurned(network, l);
        const bits = trained(turned, "machine");
        assert.deepEqual(bits, trained(turned, "eager"));
        assert.notDeepEqual(bits, trained(network, "machine"));
      });

      it(`in layer ${l}, ${layer.kind}, fails the gradient check, with ${kind}`, () => {
        assert.ok(faults(withTurned(network, l)) > 0);
      });
    }
  }
});
