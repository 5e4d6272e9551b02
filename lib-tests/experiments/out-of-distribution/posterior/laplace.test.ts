import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { moonsSplit } from "../../../../src/core/moons.js";
import { createNetwork, type NetworkOptions } from "../../../../src/core/network/initialisation.js";
import { type Network, toParameters, withParameters } from "../../../../src/core/network/network.js";
import { randomStream } from "../../../../src/core/random.js";
import { climb } from "../../../../src/experiments/out-of-distribution/posterior/climb.js";
import {
  exactPrecision,
  gaussNewtonPrecision,
  PRIOR_SD,
  posteriorOf,
} from "../../../../src/experiments/out-of-distribution/posterior/density.js";
import {
  isPositiveDefinite,
  moderated,
  variancesBy,
} from "../../../../src/experiments/out-of-distribution/posterior/laplace.js";
import { close } from "../../../support/close.js";

const { train: data } = moonsSplit({ trainPoints: 40, testPoints: 2, noise: 0.15, seed: 1 });

function somewhere(options: Omit<NetworkOptions, "seed">): Network {
  const network = createNetwork({ seed: 2, ...options });
  const random = randomStream("test/place", 1);
  return withParameters(
    network,
    toParameters(network).map((value) => value + random.normal() / 3),
  );
}

/** Largest difference of two matrices, over the largest entry. */
const apart = (a: Matrix, b: Matrix): number => Matrix.sub(a, b).abs().max() / Matrix.abs(b).max();

describe("the posterior", () => {
  for (const hiddenLayers of [[], [5], [4, 3]]) {
    const network = somewhere({ hiddenLayers });
    const place = toParameters(network);
    const { logDensity, gradient } = posteriorOf(network, data);
    const moved = (k: number, h: number): Float64Array => place.with(k, place[k] + h);
    const h = 1e-5;

    it(`of ${[2, ...hiddenLayers, 1].join("-")} has the gradient that differences give`, () => {
      const slope = gradient(place);
      for (const k of place.keys()) {
        close(slope[k], (logDensity(moved(k, h)) - logDensity(moved(k, -h))) / (2 * h), 1e-5);
      }
    });

    it(`of ${[2, ...hiddenLayers, 1].join("-")} bends as the differences of its gradient say`, () => {
      const numeric = new Matrix(
        Array.from(place, (_, k) => {
          const [above, below] = [gradient(moved(k, h)), gradient(moved(k, -h))];
          return Array.from(above, (value, j) => -(value - below[j]) / (2 * h));
        }),
      );
      const exact = exactPrecision(network, data);
      assert.ok(exact && apart(exact, numeric) < 1e-6);
    });
  }

  it("is the likelihood times the prior", () => {
    const network = somewhere({ hiddenLayers: [] });
    const place = Float64Array.of(0, 0, 0);
    // every label has probability 1/2; then a prior alone decides between two biases
    close(posteriorOf(network, data).logDensity(place), -40 * Math.LN2);
    const nothing = { points: new Matrix([[0, 0]]), labels: new Matrix([[0.5]]) };
    const { logDensity } = posteriorOf(network, nothing);
    close(logDensity(Float64Array.of(3, 0, 0)) - logDensity(place), -9 / (2 * PRIOR_SD * PRIOR_SD));
  });

  it("has Gauss and Newton's matrix as its Hessian where the logit is linear", () => {
    const linear = somewhere({ hiddenLayers: [] });
    const exact = exactPrecision(linear, data);
    assert.ok(exact && apart(gaussNewtonPrecision(linear, data), exact) < 1e-13);
    // in the parameters of the last layer it always is
    const deep = somewhere({ hiddenLayers: [5] });
    const [whole, gaussNewton] = [exactPrecision(deep, data), gaussNewtonPrecision(deep, data)];
    assert.ok(whole);
    const block = (matrix: Matrix): Matrix => matrix.subMatrix(15, 20, 15, 20);
    assert.ok(apart(block(gaussNewton), block(whole)) < 1e-13);
    assert.ok(apart(gaussNewton, whole) > 0.01);
  });

  it("has no exact Hessian where a layer has no second derivatives, but Gauss and Newton's matrix", () => {
    const network = somewhere({ hiddenLayers: [4], normalization: "layer" });
    assert.equal(exactPrecision(network, data), undefined);
    assert.ok(isPositiveDefinite(gaussNewtonPrecision(network, data)));
  });
});

describe("the climb", () => {
  it("ends on the top of a paraboloid, however stretched", () => {
    const scales = Array.from({ length: 8 }, (_, k) => 4 ** k);
    const top = climb(
      {
        logDensity: (place) => 7 - place.reduce((sum, x, k) => sum + scales[k] * (x - k) * (x - k), 0) / 2,
        gradient: (place) => place.map((x, k) => -scales[k] * (x - k)),
      },
      new Float64Array(8),
    );
    close(top.height, 7, 1e-12);
    for (const [k, x] of top.place.entries()) close(x, k, 1e-6);
    assert.ok(top.slope < 1e-7, `${top.slope}`);
  });

  it("ends on a ridge, where the gradient does not vanish", () => {
    const top = climb(
      {
        logDensity: ([x, y]) => -3 * Math.abs(x - y / 3) - ((x - 1) * (x - 1)) / 2,
        gradient: ([x, y]) => {
          const side = x > y / 3 ? 3 : -3;
          return Float64Array.of(-side - (x - 1), side / 3);
        },
      },
      Float64Array.of(-2, 4),
    );
    close(top.place[0], 1, 1e-4);
    close(top.place[1], 3, 1e-4);
    close(top.height, 0, 1e-6);
    assert.ok(top.slope > 1, `${top.slope}`);
  });

  it("reaches the one top of a logistic regression from anywhere", () => {
    const density = posteriorOf(createNetwork({ hiddenLayers: [], seed: 1 }), data);
    const tops = [Float64Array.of(0, 0, 0), Float64Array.of(9, -9, 4)].map((start) => climb(density, start));
    for (const k of [0, 1, 2]) close(tops[0].place[k], tops[1].place[k], 1e-6);
    assert.ok(Math.max(...tops.map(({ slope }) => slope)) < 1e-6);
  });
});

describe("Laplace's approximation", () => {
  it("of a normal density is that density", () => {
    const covariance = new Matrix([
      [4, 0.9],
      [0.9, 0.25],
    ]);
    const variances = variancesBy(
      new Matrix([
        [0.25, -0.9],
        [-0.9, 4],
      ]).div(4 * 0.25 - 0.81),
    );
    const coefficients = [
      [1, 0],
      [0, 1],
      [2, -3],
    ];
    const expected = coefficients.map(
      ([a, b]) =>
        a * a * covariance.get(0, 0) + 2 * a * b * covariance.get(0, 1) + b * b * covariance.get(1, 1),
    );
    for (const [i, variance] of variances(new Matrix(coefficients)).entries())
      close(variance, expected[i], 1e-10);
  });

  it("refuses a precision that is not positive definite", () => {
    const saddle = new Matrix([
      [1, 2],
      [2, 1],
    ]);
    assert.ok(!isPositiveDefinite(saddle));
    assert.throws(() => variancesBy(saddle), {
      name: "RangeError",
      message: /^precision must be positive definite/,
    });
  });

  it("moderates a logit as the mean over its distribution does, nearly", () => {
    for (const logit of [0, 0.5, 2, -4]) {
      for (const variance of [0, 1, 10]) {
        // the mean of the sigmoid by the trapezoidal rule, out to 10 standard deviations
        let [sum, weights] = [0, 0];
        for (let u = -10; u <= 10; u += 0.01) {
          const weight = Math.exp((-u * u) / 2);
          sum += weight / (1 + Math.exp(-(logit + u * Math.sqrt(variance))));
          weights += weight;
        }
        close(1 / (1 + Math.exp(-moderated(logit, variance))), sum / weights, 0.02);
      }
    }
    assert.equal(moderated(3, 0), 3);
  });

  it("has a limit below 1 far away, where the logit grows as its standard deviation does", () => {
    const at = (radius: number): number => moderated(2 * radius, 3 * radius * radius);
    close(at(1e6), 2 / Math.sqrt((3 * Math.PI) / 8), 1e-9);
    assert.ok(at(10) < at(1e6));
  });
});
