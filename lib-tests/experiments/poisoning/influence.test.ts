import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { float64 } from "../../../src/core/arithmetic/float64.js";
import { type Dataset, moonsSplit, selectPoints } from "../../../src/core/moons.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { hessianMatrix } from "../../../src/core/network/hessian.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { logitsOf } from "../../../src/core/network/logits.js";
import {
  listed,
  mapParameters,
  type Network,
  toParameters,
  withParameters,
} from "../../../src/core/network/network.js";
import { gradientOf } from "../../../src/core/network/objective.js";
import { alone } from "../../../src/experiments/measurement.js";
import { flipLabels } from "../../../src/experiments/poisoning/attacks.js";
import {
  foretoldChanges,
  type Influence,
  influenceOfFlips,
  movedLogits,
} from "../../../src/experiments/poisoning/influence.js";
import { DECAY, decayOfAll, minimumFrom } from "../../../src/experiments/poisoning/minimum.js";

const moons = (trainPoints: number): Dataset =>
  moonsSplit({ trainPoints, testPoints: 2, noise: 0.3, seed: 1 }).train;

const linear = (): Network => createNetwork({ hiddenLayers: [], seed: 1 });
const smooth = (): Network => createNetwork({ hiddenLayers: [3], activation: "tanh", seed: 1 });

/** The foretold move of the parameters by a flip, and the true one after training again. */
function movesOf(start: Network, train: Dataset, flip: number): [foretold: number[], truth: number[]] {
  const minimum = alone(minimumFrom(start, train));
  const lied = alone(minimumFrom(minimum, flipLabels(train, [flip]), true));
  const before = toParameters(minimum);
  const { moves } = influenceOfFlips(minimum, train, DECAY) as Influence;
  return [moves.getRow(flip), Array.from(toParameters(lied), (value, k) => value - before[k])];
}

const length = (vector: readonly number[]): number =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** |a - b| as a share of |b|. */
const off = (a: readonly number[], b: readonly number[]): number =>
  length(a.map((value, k) => value - b[k])) / length(b);

describe("the influence of a flipped label", () => {
  it("is that of a training on the flipped label, to first order: the more points, the closer", () => {
    const errors = [20, 80, 320].map((points) => off(...movesOf(linear(), moons(points), 3)));
    assert.ok(errors[0] < 0.4, `${errors}`);
    // what is left out is of second order in 1/n
    assert.ok(errors[1] < errors[0] / 2.5 && errors[2] < errors[1] / 2.5, `${errors}`);
  });

  it("turns its sign with the class of the point", () => {
    const train = moons(40);
    for (const label of [0, 1]) {
      const flip = train.labels.to1DArray().indexOf(label);
      const [foretold, truth] = movesOf(linear(), train, flip);
      assert.ok(off(foretold, truth) < 0.3);
    }
  });

  it("holds for hidden neurons, too", () => {
    assert.ok(off(...movesOf(smooth(), moons(200), 5)) < 0.25);
  });

  it("moves logits as the parameters would, and several flips together by the sum", () => {
    const train = moons(30);
    const network = alone(minimumFrom(smooth(), train));
    const influence = influenceOfFlips(network, train, DECAY) as Influence;
    const places = new Matrix([
      [0, 0],
      [1, -0.5],
      [4, 4],
    ]);
    const moved = movedLogits(influence, network, places);
    assert.deepEqual([moved.rows, moved.columns], [30, 3]);
    const small = 1e-6;
    const parameters = toParameters(network);
    const nudged = withParameters(
      network,
      parameters.map((value, k) => value + small * influence.moves.get(7, k)),
    );
    const [before, after] = [network, nudged].map((own) => logitsOf(own, places));
    for (let j = 0; j < 3; j++) {
      assert.ok(
        Math.abs((after[j] - before[j]) / small - moved.get(7, j)) < 1e-4 * (1 + Math.abs(moved.get(7, j))),
      );
    }
    const logits = Float64Array.of(1, -1, 0.5);
    const by = new Matrix([
      [-0.6, 0.2, -1],
      [-0.6, 0.9, 1],
    ]);
    assert.equal(foretoldChanges(logits, by, []), 0);
    assert.equal(foretoldChanges(logits, by, [0]), 1);
    assert.equal(foretoldChanges(logits, by, [1]), 0);
    assert.equal(foretoldChanges(logits, by, [0, 1]), 2);
  });

  it("damps ten times as much until the Hessian is positive definite, and says how much; never without numbers", () => {
    const train = moons(30);
    const relu = createNetwork({ hiddenLayers: [5], seed: 2 });
    const { damping } = influenceOfFlips(relu, train, 1e-6) as Influence;
    assert.ok(damping > 1e-6, `${damping}`);
    const power = Math.log10(damping / 1e-6);
    assert.ok(Math.abs(power - Math.round(power)) < 1e-9);
    assert.equal(
      influenceOfFlips(
        mapParameters(relu, () => Number.NaN),
        train,
        1e-3,
      ),
      undefined,
    );
  });

  it("has the Hessian of the loss as differences have it", () => {
    const train = moons(12);
    const network = smooth();
    const parameters = toParameters(network);
    const hessian = hessianMatrix(network, train);
    const step = 1e-5;
    parameters.forEach((_, k) => {
      const [up, down] = [step, -step].map((by) =>
        withParameters(
          network,
          parameters.map((value, j) => (j === k ? value + by : value)),
        ),
      );
      const pulls = [up, down].map((own) => listed(own, gradientOf(own, train).gradients));
      for (let j = 0; j < parameters.length; j++) {
        const difference = (pulls[0][j] - pulls[1][j]) / (2 * step);
        assert.ok(Math.abs(difference - hessian.get(j, k)) < 1e-6);
      }
    });
  });
});

/** The length of the gradient of loss and decay. */
function slopeAt(network: Network, train: Dataset): number {
  const parameters = toParameters(network);
  const pulls = listed(network, gradientOf(network, train).gradients);
  return length(Array.from(pulls, (own, k) => own + DECAY * parameters[k]));
}

describe("a minimum", () => {
  it("is where loss and decay pull equally hard on every parameter", () => {
    const train = moons(40);
    const minimum = alone(minimumFrom(smooth(), train));
    assert.ok(slopeAt(minimum, train) < 1e-8);
    assert.ok(slopeAt(smooth(), train) > 1e-2);
    const again = alone(minimumFrom(minimum, flipLabels(train, [0]), true));
    assert.ok(slopeAt(again, flipLabels(train, [0])) < 1e-4);
  });

  it("decays every parameter, biases too: dP/dθ is λ θ", () => {
    const network = mapParameters(smooth(), (value) => value + 0.1);
    const parameters = toParameters(network);
    const { value, gradients } = decayOfAll(0.2);
    const labels = selectPoints(moons(2), [0]).labels;
    const context = { network, pass: forward(network, new Matrix([[0, 0]])), labels };
    const squares = parameters.reduce((sum, own) => sum + own * own, 0);
    assert.ok(Math.abs(value(float64, context).get(0, 0) - 0.1 * squares) < 1e-12);
    assert.deepEqual(
      listed(network, gradients?.(float64, network) ?? []),
      parameters.map((own) => 0.2 * own),
    );
  });
});
