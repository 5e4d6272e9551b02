import assert from "node:assert/strict";
import { exponentHistogram } from "../../../src/core/arithmetic/magnitudes.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { magnitudes } from "../../../src/core/network/magnitudes.js";

const total = ({ counts, zeros, notFinite }: ReturnType<typeof exponentHistogram>): number =>
  counts.reduce((sum, count) => sum + count, zeros + notFinite);

describe("magnitudes", () => {
  it("count binary exponents, zeros and what is not finite", () => {
    const values = [1, -1.5, 1.999, 2, 0.25, -0, 0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324];
    assert.deepEqual(exponentHistogram(values), {
      exponents: [-1074, -2, 0, 1],
      counts: [1, 1, 3, 1],
      zeros: 2,
      notFinite: 2,
    });
  });

  const { train: data } = moonsSplit({ trainPoints: 20, testPoints: 2, noise: 0.15, seed: 1 });

  it("of a network count every weight, every hidden output and every derivative of every point", () => {
    const network = createNetwork({ hiddenLayers: [5, 4], seed: 1 });
    const { weights, activations, gradients } = magnitudes(network, data);
    const parameters = 2 * 5 + 5 + 5 * 4 + 4 + 4 + 1;
    assert.equal(total(weights), parameters);
    assert.equal(weights.zeros, 5 + 4 + 1); // the biases
    assert.equal(total(activations), 20 * (5 + 4));
    assert.equal(total(gradients), 20 * parameters);
  });

  it("end where the format ends", () => {
    const small = createNetwork({ hiddenLayers: [10], seed: 1, initialScale: 1e-6 });
    const wide = magnitudes(small, data);
    const narrow = magnitudes(small, data, "binary16");
    assert.ok(wide.gradients.exponents[0] < -24);
    assert.ok(narrow.gradients.exponents[0] >= -24);
    assert.ok(narrow.gradients.zeros > wide.gradients.zeros);
  });
});
