import assert from "node:assert/strict";
import * as fc from "fast-check";
import { moonsSplit } from "../../../src/core/moons.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { hessianOf, largestEigenvalue, sharpness } from "../../../src/core/network/hessian.js";
import { createNetwork, type NetworkOptions } from "../../../src/core/network/initialisation.js";
import { listed, type Network, toParameters, withParameters } from "../../../src/core/network/network.js";
import { gradientOf } from "../../../src/core/network/objective.js";
import { train } from "../../../src/core/network/train.js";
import { randomStream } from "../../../src/core/random.js";

const { train: data } = moonsSplit({ trainPoints: 30, testPoints: 2, noise: 0.15, seed: 1 });

function trained(options: Omit<NetworkOptions, "seed">): Network {
  const network = createNetwork({ seed: 2, ...options });
  return train({ network, train: data, learningRate: 0.1, batchSize: 4, epochs: 30, seed: 1 }).network;
}

function gradientAt(network: Network, parameters: Float64Array): Float64Array {
  const moved = withParameters(network, parameters);
  return listed(moved, gradientOf(moved, data).gradients);
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k], 0);
const length = (a: Float64Array): number => Math.sqrt(dot(a, a));

function vectors(size: number, count: number): Float64Array[] {
  const random = randomStream("test/vectors", 1);
  return Array.from({ length: count }, () => Float64Array.from({ length: size }, () => random.normal()));
}

const kinds: Record<string, Omit<NetworkOptions, "seed">> = {
  "2-1": { hiddenLayers: [] },
  "2-10-1": { hiddenLayers: [10] },
  "2-6-5-4-1": { hiddenLayers: [6, 5, 4] },
  "2-10-1 with tanh": { hiddenLayers: [10], activation: "tanh" },
  "2-10-1 with softplus": { hiddenLayers: [10], activation: "softplus" },
  "2-6-5-1 with leaky ReLU": { hiddenLayers: [6, 5], activation: "leaky-relu" },
  "2-6-5-1 with tanh": { hiddenLayers: [6, 5], activation: "tanh" },
};

describe("products with the Hessian", () => {
  for (const [name, options] of Object.entries(kinds)) {
    const network = trained(options);
    const parameters = toParameters(network);
    const times = hessianOf(network, data);
    const [u, v] = vectors(parameters.length, 2);

    it(`of ${name} agree with centred differences of the gradient`, () => {
      const h = 1e-6;
      const [above, below] = [1, -1].map((sign) =>
        gradientAt(
          network,
          parameters.map((value, k) => value + sign * h * v[k]),
        ),
      );
      const numeric = above.map((value, k) => (value - below[k]) / (2 * h));
      const exact = times(v);
      const error = length(exact.map((value, k) => value - numeric[k])) / length(numeric);
      assert.ok(error < 1e-7, `relative error ${error}`);
    });

    it(`of ${name} are those of a symmetric matrix, and linear`, () => {
      const [hu, hv] = [times(u), times(v)];
      assert.ok(Math.abs(dot(u, hv) - dot(v, hu)) < 1e-12 * length(hu) * length(v));
      const both = times(u.map((value, k) => 2 * value - v[k]));
      const error = length(both.map((value, k) => value - (2 * hu[k] - hv[k])));
      assert.ok(error < 1e-13 * length(both), `${error}`);
    });
  }

  it("of logistic regression are X'diag(p (1 - p)) X / n", () => {
    const network = trained({ hiddenLayers: [] });
    const p = forward(network, data.points).probabilities.to1DArray();
    const rows = data.points.to2DArray().map(([x, y]) => Float64Array.of(x, y, 1));
    const [v] = vectors(3, 1);
    const expected = rows.reduce(
      (sum, row, i) =>
        sum.map((value, k) => value + (p[i] * (1 - p[i]) * dot(row, v) * row[k]) / rows.length),
      new Float64Array(3),
    );
    const product = hessianOf(network, data)(v);
    product.forEach((value, k) => {
      assert.ok(Math.abs(value - expected[k]) < 1e-14, `${value} and ${expected[k]}`);
    });
  });

  it("are refused for a layer whose second derivatives are not written", () => {
    const network = createNetwork({ hiddenLayers: [4], normalization: "layer", seed: 1 });
    assert.throws(() => hessianOf(network, data), {
      name: "RangeError",
      message: 'network must have only layers that define curvature, got one of kind "layer-norm"',
    });
  });
});

describe("sharpness", () => {
  const patience = { tolerance: 1e-6, products: 1000 };
  const diagonal = (entries: number[]) => (vector: Float64Array) =>
    vector.map((value, k) => value * entries[k]);

  it("is the largest eigenvalue, also where one below zero is as large in size", () => {
    for (const [entries, largest] of [
      [[1, 3, 2], 3],
      [[1, 3, -5], 3],
      [[-1, -3, -5], -1],
      [[4, -4.001], 4],
      [[-4, 4], 4],
      [[-7, 0], 0],
      [[0, 0, 0], 0],
    ] as [number[], number][]) {
      const { value, converged } = largestEigenvalue(diagonal(entries), entries.length, patience);
      assert.ok(converged && Math.abs(value - largest) < 1e-4, `${value}, not ${largest}`);
    }
  });

  /** H = Q diag(entries) Q with the reflection Q = 1 - 2 u u' / u'u, whose eigenvalues are the entries. */
  const reflected = (entries: readonly number[], mirror: Float64Array) => (vector: Float64Array) => {
    const reflect = (v: Float64Array): Float64Array => {
      const part = (2 * dot(mirror, v)) / dot(mirror, mirror);
      return v.map((value, k) => value - part * mirror[k]);
    };
    return reflect(diagonal([...entries])(reflect(vector)));
  };
  const spectrum = fc
    // what is so small that its square underflows says nothing of the method
    .array(
      fc.double({ min: -10, max: 10, noNaN: true }).map((entry) => (Math.abs(entry) < 1e-100 ? 0 : entry)),
      { minLength: 1, maxLength: 40 },
    )
    .map((entries) => ({
      entries,
      times: reflected(
        entries,
        Float64Array.from(entries, (_, k) => 1 + (k % 3)),
      ),
    }));

  it("is that of any symmetric matrix, to what its residual says", () => {
    fc.assert(
      fc.property(spectrum, ({ entries, times }) => {
        const { value, residual, converged } = largestEigenvalue(times, entries.length, patience);
        assert.ok(converged);
        const largest = Math.max(...entries);
        // converged is what came as close as asked for, or as rounding lets it
        const rounding = 1e-12 * Math.max(...entries.map(Math.abs));
        assert.ok(residual <= 1e-6 * Math.abs(value) + rounding, `residual ${residual} at ${value}`);
        assert.ok(
          Math.abs(value - largest) <= 1e-6 * Math.abs(largest) + rounding,
          `${value}, not ${largest}`,
        );
      }),
    );
  });

  it("never claims to have converged where the residual is large, and stays below", () => {
    fc.assert(
      fc.property(spectrum, fc.integer({ min: 1, max: 6 }), ({ entries, times }, products) => {
        const { value, residual, converged } = largestEigenvalue(times, entries.length, {
          tolerance: 0.01,
          products,
        });
        const rounding = 1e-12 * Math.max(...entries.map(Math.abs));
        assert.ok(!converged || residual <= 0.01 * Math.abs(value) + rounding);
        assert.ok(value <= Math.max(...entries) + rounding);
        const nearest = Math.min(...entries.map((entry) => Math.abs(entry - value)));
        assert.ok(nearest <= residual + rounding, `${nearest} away, residual ${residual}`);
      }),
    );
  });

  it("says so when the products were too few", () => {
    const entries = Array.from({ length: 30 }, (_, k) => k - 15);
    const { converged, residual } = largestEigenvalue(diagonal(entries), 30, { ...patience, products: 3 });
    assert.equal(converged, false);
    assert.ok(residual > 1);
  });

  it("stretches its own eigenvector and no other vector more", () => {
    const network = trained({ hiddenLayers: [10] });
    const { value, residual } = sharpness({ network, data, tolerance: 1e-4 });
    assert.ok(residual <= 1e-4 * value);
    const times = hessianOf(network, data);
    for (const v of vectors(41, 20)) assert.ok(dot(v, times(v)) / dot(v, v) <= value);
  });

  it("is no number where the network is none", () => {
    const network = withParameters(trained({ hiddenLayers: [3] }), new Float64Array(13).fill(Number.NaN));
    const { value, converged } = sharpness({ network, data });
    assert.ok(Number.isNaN(value) && !converged);
  });

  it("refuses a tolerance that is none", () => {
    const network = trained({ hiddenLayers: [3] });
    assert.throws(() => sharpness({ network, data, tolerance: 0 }), {
      name: "RangeError",
      message: "tolerance must be a finite number > 0, got 0",
    });
  });
});
