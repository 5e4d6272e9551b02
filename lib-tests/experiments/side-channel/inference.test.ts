import assert from "node:assert/strict";
import { moonsSplit } from "../../../src/core/moons.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { denseLayers } from "../../../src/core/network/network.js";
import { compiledDevice } from "../../../src/experiments/side-channel/compiled-inference.js";
import { scriptDevice } from "../../../src/experiments/side-channel/inference.js";

const makers = { JavaScript: scriptDevice, WebAssembly: compiledDevice };
for (const [name, deviceOf] of Object.entries(makers)) {
  describe(`inference for the clock in ${name}`, () => {
    const { test } = moonsSplit({ trainPoints: 2, testPoints: 50, noise: 0.2, seed: 1 });
    for (const hiddenLayers of [[], [1], [10], [7, 5, 3], [64, 64]]) {
      it(`gives forward's logits to the bit, [${hiddenLayers}]`, () => {
        const network = createNetwork({ hiddenLayers, seed: 3 });
        for (const [i, { parameters }] of denseLayers(network).entries())
          parameters.biases.fill(0.1 * (i + 1));
        const logits = forward(network, test.points).logits.to1DArray();
        assert.ok(new Set(logits).size > 10);
        for (const skips of [false, true]) {
          const { infer, room } = deviceOf(network, skips);
          const inputs = room(100);
          inputs.set(test.points.to1DArray());
          // twice, because nothing may be left over from the point before
          for (let k = 0; k < 2; k++) {
            assert.deepEqual(
              logits.map((_, i) => infer(inputs, 2 * i)),
              logits,
            );
          }
        }
      });
    }

    it("leaves out silent neurons, and only when asked to", () => {
      // 0 times infinity is not a number: a weight that is infinite tells whether it was used
      const network = createNetwork({ hiddenLayers: [2], seed: 1 });
      const [first, second] = denseLayers(network).map(({ parameters }) => parameters);
      first.weights.set(0, 0, 1);
      first.weights.set(0, 1, -1);
      first.weights.set(1, 0, 0);
      first.weights.set(1, 1, 0);
      second.weights.set(0, 0, 2);
      second.weights.set(1, 0, Number.POSITIVE_INFINITY);
      const logitOf = (skips: boolean, x: number): number => {
        const { infer, room } = deviceOf(network, skips);
        const inputs = room(2);
        inputs.set([x, 0]);
        return infer(inputs, 0);
      };
      assert.deepEqual([logitOf(true, 3), logitOf(false, 3)], [6, Number.NaN]);
      assert.equal(logitOf(true, -3), Number.POSITIVE_INFINITY);
    });

    it("has room for as many points as are timed", () => {
      const network = createNetwork({ hiddenLayers: [3], seed: 1 });
      const { infer, room } = deviceOf(network, true);
      const inputs = room(100_000);
      inputs.set([0.5, -0.5], 99_998);
      const small = deviceOf(network, true);
      const few = small.room(2);
      few.set([0.5, -0.5]);
      assert.equal(inputs.length, 100_000);
      assert.equal(infer(inputs, 99_998), small.infer(few, 0));
    });

    it("refuses neurons that are not plain ReLUs", () => {
      for (const other of [{ activation: "tanh" }, { normalization: "layer" }, { topK: 2 }] as const) {
        const network = createNetwork({ hiddenLayers: [4], seed: 1, ...other });
        assert.throws(() => deviceOf(network, true), {
          name: "RangeError",
          message: /ReLU neurons and nothing else/,
        });
      }
    });
  });
}
