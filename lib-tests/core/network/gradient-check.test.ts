import assert from "node:assert/strict";
import { moonsSplit } from "../../../src/core/moons.js";
import { gradientCheck } from "../../../src/core/network/gradient-check.js";
import { createNetwork, type NetworkOptions } from "../../../src/core/network/initialisation.js";
import { parameterCount } from "../../../src/core/network/network.js";
import { gradientOf } from "../../../src/core/network/objective.js";
import { activityPenalty, balancePenalty, weightDecay } from "../../../src/core/network/penalties.js";
import { train } from "../../../src/core/network/train.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";
import { shaken } from "../../support/networks.js";

interface Case {
  hiddenLayers: number[];
  network?: Partial<NetworkOptions>;
  objective?: Pick<TrainOptions, "penalties" | "labelSmoothing">;
}

const cases: Record<string, Case> = {
  ...Object.fromEntries(
    [[], [10], [1], [8, 6], [6, 5, 4], [5, 5, 5, 5]].map((hiddenLayers) => [
      `2-${[...hiddenLayers, 1].join("-")}`,
      { hiddenLayers },
    ]),
  ),
  "2-10-1 with tanh": { hiddenLayers: [10], network: { activation: "tanh" } },
  "2-6-5-1 with tanh": { hiddenLayers: [6, 5], network: { activation: "tanh" } },
  "2-10-1 with layer normalization": { hiddenLayers: [10], network: { normalization: "layer" } },
  "2-8-6-1 with layer normalization": { hiddenLayers: [8, 6], network: { normalization: "layer" } },
  "2-8-6-1 with tanh and layer normalization": {
    hiddenLayers: [8, 6],
    network: { activation: "tanh", normalization: "layer" },
  },
  "2-10-1 with weight decay": { hiddenLayers: [10], objective: { penalties: [weightDecay(0.05)] } },
  "2-10-1 with label smoothing": { hiddenLayers: [10], objective: { labelSmoothing: 0.2 } },
  "2-6-5-1 with leaky ReLU": { hiddenLayers: [6, 5], network: { activation: "leaky-relu" } },
  "2-6-5-1 with softplus": { hiddenLayers: [6, 5], network: { activation: "softplus" } },
  "2-10-1 with batch normalization": { hiddenLayers: [10], network: { normalization: "batch" } },
  "2-8-6-1 with softplus and batch normalization": {
    hiddenLayers: [8, 6],
    network: { activation: "softplus", normalization: "batch" },
  },
  "2-10-8-1 with the 3 largest": { hiddenLayers: [10, 8], network: { topK: 3 } },
  "2-10-8-1 with a penalty on activity": {
    hiddenLayers: [10, 8],
    objective: { penalties: [activityPenalty(0.05)] },
  },
  "2-8-6-1 with tanh and a penalty on activity": {
    hiddenLayers: [8, 6],
    network: { activation: "tanh" },
    objective: { penalties: [activityPenalty(0.05)] },
  },
  "2-10-8-1 with a penalty on imbalance": {
    hiddenLayers: [10, 8],
    objective: { penalties: [balancePenalty(0.3)] },
  },
  "2-8-6-1 with batch normalization and a penalty on imbalance": {
    hiddenLayers: [8, 6],
    network: { normalization: "batch" },
    objective: { penalties: [balancePenalty(0.3)] },
  },
  "2-8-6-1 with all of these": {
    hiddenLayers: [8, 6],
    network: { activation: "tanh", normalization: "layer" },
    objective: { penalties: [weightDecay(0.05)], labelSmoothing: 0.2 },
  },
};

describe("gradient check", () => {
  for (const [name, { hiddenLayers, network: kind, objective }] of Object.entries(cases)) {
    it(`every derivative of ${name} agrees with centred differences to 1e-6`, () => {
      let checked = 0;
      let total = 0;
      for (const seed of [1, 2, 3]) {
        const { train: data } = moonsSplit({ trainPoints: 30, testPoints: 2, noise: 0.15, seed });
        const fresh = shaken(createNetwork({ hiddenLayers, seed, ...kind }), seed);
        const learnt = train({
          network: fresh,
          train: data,
          learningRate: 0.1,
          batchSize: 8,
          epochs: 20,
          seed,
          ...objective,
        }).network;
        for (const network of [fresh, learnt]) {
          for (const { parameter, relativeError, kinks, analytic, numeric } of gradientCheck({
            network,
            data,
            ...objective,
          })) {
            total++;
            // where a step crosses a kink the two need not agree
            if (kinks > 0) continue;
            checked++;
            assert.ok(
              relativeError < 1e-6,
              `seed ${seed}, parameter ${parameter}: ${analytic} and ${numeric} differ by ${relativeError}`,
            );
          }
        }
        assert.equal(gradientCheck({ network: fresh, data }).length, parameterCount(fresh));
      }
      assert.ok(checked > 0.97 * total, `only ${checked} of ${total} parameters were away from a kink`);
    });
  }

  it("refuses a step that is none", () => {
    const { train: data } = moonsSplit({ trainPoints: 4, testPoints: 2, noise: 0.15, seed: 1 });
    const network = createNetwork({ hiddenLayers: [2], seed: 1 });
    for (const step of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => gradientCheck({ network, data, step }), {
        name: "RangeError",
        message: `step must be a finite number > 0, got ${step}`,
      });
    }
  });

  it("notices a single derivative that is wrong by a thousandth", () => {
    const { train: data } = moonsSplit({ trainPoints: 60, testPoints: 2, noise: 0.15, seed: 1 });
    const network = shaken(createNetwork({ hiddenLayers: [10], seed: 1 }), 1);
    const { gradients } = gradientOf(network, data);
    gradients[0].weights.set(0, 3, 1.001 * gradients[0].weights.get(0, 3));
    const wrong = gradientCheck({ network, data, gradients }).filter(
      ({ relativeError }) => relativeError > 1e-6,
    );
    assert.deepEqual(
      wrong.map(({ parameter }) => parameter),
      [3],
    );
  });
});
