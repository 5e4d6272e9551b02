import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import type { PrecisionChoice } from "../../../src/core/arithmetic/precision.js";
import { moonsSplit, selectPoints } from "../../../src/core/moons.js";
import { relu } from "../../../src/core/network/activations.js";
import { evaluate } from "../../../src/core/network/evaluate.js";
import { forward } from "../../../src/core/network/forward-backward.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { denseLayers, listed, type Network, toParameters } from "../../../src/core/network/network.js";
import { gradientOf, meanLoss } from "../../../src/core/network/objective.js";
import { activityPenalty, balancePenalty, weightDecay } from "../../../src/core/network/penalties.js";
import { gradientDescent, type StepRule } from "../../../src/core/network/step.js";
import { train } from "../../../src/core/network/train.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";
import { randomStream } from "../../../src/core/random.js";

const { train: data, test } = moonsSplit({ trainPoints: 50, testPoints: 40, noise: 0.15, seed: 1 });
const options: TrainOptions = {
  network: createNetwork({ hiddenLayers: [10], seed: 1 }),
  train: data,
  test,
  learningRate: 0.2,
  batchSize: 1,
  epochs: 20,
  seed: 1,
};

describe("training", () => {
  it("repeats itself to the bit", () => {
    assert.deepEqual(toParameters(train(options).network), toParameters(train(options).network));
  });

  it("goes another way with another order, and with other weights", () => {
    const base = toParameters(train(options).network);
    assert.notDeepEqual(toParameters(train({ ...options, seed: 2 }).network), base);
    const network = createNetwork({ hiddenLayers: [10], seed: 2 });
    assert.notDeepEqual(toParameters(train({ ...options, network }).network), base);
  });

  it("leaves network and data as they were", () => {
    const before = [...toParameters(options.network), ...data.points.to1DArray(), ...data.labels.to1DArray()];
    train(options);
    assert.deepEqual(
      [...toParameters(options.network), ...data.points.to1DArray(), ...data.labels.to1DArray()],
      before,
    );
  });

  it("takes one step of w - η dL/dw with a full batch", () => {
    const stepped = train({ ...options, batchSize: "full", epochs: 1 }).network;
    const gradient = listed(options.network, gradientOf(options.network, data).gradients);
    const expected = toParameters(options.network).map((value, k) => value - 0.2 * gradient[k]);
    assert.deepEqual(toParameters(stepped), expected);
  });

  it("learns", () => {
    const { history } = train({ ...options, epochs: 300 });
    const [first, last] = [history[0], history[history.length - 1]];
    assert.ok(last.train.loss < 0.1 * first.train.loss, `${first.train.loss} to ${last.train.loss}`);
    assert.ok((last.test?.accuracy ?? 0) > 0.9, `accuracy ${last.test?.accuracy}`);
  });

  it("records the epochs asked for, the first and the last", () => {
    const epochs = train({ ...options, recordEvery: 8 }).history.map(({ epoch }) => epoch);
    assert.deepEqual(epochs, [0, 8, 16, 20]);
  });

  it("records what the network then does", () => {
    const { history, network } = train(options);
    const { loss, accuracy } = history[history.length - 1].train;
    const { logits, probabilities } = forward(network, data.points);
    assert.equal(loss, meanLoss({ logits, probabilities }, data.labels).get(0, 0));
    const right = logits.to1DArray().filter((logit, i) => logit > 0 === (data.labels.get(i, 0) === 1)).length;
    assert.equal(accuracy, right / 50);
  });

  it("keeps copies after the epochs asked for", () => {
    const { snapshots, network } = train({ ...options, snapshots: [0, 7, 20] });
    assert.deepEqual(
      snapshots.map(({ epoch }) => epoch),
      [0, 7, 20],
    );
    assert.deepEqual(toParameters(snapshots[0].network), toParameters(options.network));
    assert.deepEqual(
      toParameters(snapshots[1].network),
      toParameters(train({ ...options, epochs: 7 }).network),
    );
    assert.deepEqual(toParameters(snapshots[2].network), toParameters(network));
  });

  it("with no epoch returns the network as it was", () => {
    assert.deepEqual(toParameters(train({ ...options, epochs: 0 }).network), toParameters(options.network));
  });

  describe("with early stopping", () => {
    const heldOut = moonsSplit({ trainPoints: 30, testPoints: 2, noise: 0.15, seed: 9 }).train;
    const lossOf = (network: Network): number => evaluate(network, heldOut).loss;
    const long = { ...options, learningRate: 0.5, epochs: 200 };
    const stopped = train({ ...long, earlyStopping: { heldOut, patience: 12 } });
    const last = stopped.history[stopped.history.length - 1];
    const losses = train({ ...long, snapshots: [...Array(201).keys()] }).snapshots.map(({ network }) =>
      lossOf(network),
    );

    it("ends when the patience does, and records that epoch", () => {
      assert.ok(last.epoch < 200, "the case is one that stops early");
      assert.equal(last.epoch, (stopped.bestEpoch ?? Number.NaN) + 12);
    });

    it("returns the network with the lowest held-out loss so far", () => {
      const lowest = Math.min(...losses.slice(0, last.epoch + 1));
      assert.equal(stopped.bestEpoch, losses.indexOf(lowest));
      assert.equal(lossOf(stopped.network), lowest);
    });

    it("would not have stopped before", () => {
      for (let epoch = 1; epoch < last.epoch; epoch++) {
        const recent = losses.slice(Math.max(0, epoch - 11), epoch + 1);
        const before = losses.slice(0, Math.max(0, epoch - 11));
        assert.ok(epoch < 12 || Math.min(...recent) < Math.min(...before), `epoch ${epoch}`);
      }
    });

    it("goes on to the end where the patience is long enough", () => {
      const { history, bestEpoch } = train({ ...long, earlyStopping: { heldOut, patience: 200 } });
      assert.equal(history[history.length - 1].epoch, 200);
      assert.equal(bestEpoch, losses.indexOf(Math.min(...losses)));
    });
  });

  it("counts a label between 0 and 1 to the class that is nearer", () => {
    const soft = train({ ...options, labelSmoothing: 0.2 });
    const labels = data.labels.clone().mul(0.8).add(0.1);
    const own = train({ ...options, train: { points: data.points, labels } });
    assert.deepEqual(
      own.history.map(({ train }) => train.accuracy),
      soft.history.map(({ train }) => train.accuracy),
    );
    assert.ok((own.history.at(-1)?.train.accuracy ?? 0) > 0.9);
  });

  it("ends after the first epoch after which the loss is at the target", () => {
    const { history, snapshots } = train({ ...options, snapshots: [...Array(21).keys()] });
    const target = 0.35;
    const first = history.findIndex(({ train: { loss } }) => loss <= target);
    assert.ok(first > 0 && first < 20, "the case is one that gets there on its way");
    const ended = train({ ...options, targetLoss: target });
    assert.deepEqual(ended.history, history.slice(0, first + 1));
    assert.deepEqual(toParameters(ended.network), toParameters(snapshots[first].network));
    assert.equal(train({ ...options, targetLoss: 1e-9 }).history.length, 21);
  });

  describe("with points left out", () => {
    const leftOut = [3, 0, 49, 17];

    it("learns from the others in the order that they had", () => {
      const order = Int32Array.from({ length: 50 }, (_, i) => i);
      const shuffle = randomStream("shuffle", options.seed);
      let network = options.network;
      for (const _ of [1, 2]) {
        shuffle.shuffle(order);
        for (const i of order) {
          if (leftOut.includes(i)) continue;
          network = train({ ...options, network, train: selectPoints(data, [i]), epochs: 1 }).network;
        }
      }
      const own = train({ ...options, epochs: 2, leftOut }).network;
      assert.deepEqual(toParameters(own), toParameters(network));
      const others = [...order.keys()].filter((i) => !leftOut.includes(i));
      const without = train({ ...options, epochs: 2, train: selectPoints(data, others) }).network;
      assert.notDeepEqual(
        toParameters(without),
        toParameters(network),
        "the shuffle of fewer is another one",
      );
    });

    it("keeps that order where what is left is a single batch", () => {
      const order = Int32Array.from({ length: 50 }, (_, i) => i);
      const shuffle = randomStream("shuffle", options.seed);
      let network = options.network;
      for (const _ of [1, 2]) {
        shuffle.shuffle(order);
        const batch = selectPoints(
          data,
          [...order].filter((i) => !leftOut.includes(i)),
        );
        network = train({ ...options, network, train: batch, batchSize: "full", epochs: 1 }).network;
      }
      const own = train({ ...options, epochs: 2, batchSize: 49, leftOut }).network;
      assert.deepEqual(toParameters(own), toParameters(network));
    });

    for (const gone of [leftOut, [48, 49]]) {
      for (const batchSize of [1, 8, 49, "full"] as const) {
        it(`takes either path to the same bits, batches of ${batchSize} without ${gone}`, () => {
          const [machine, eager] = (["machine", "eager"] as const).map((path) =>
            train({ ...options, epochs: 3, batchSize, leftOut: gone, path }),
          );
          assert.deepEqual(toParameters(machine.network), toParameters(eager.network));
          assert.deepEqual(machine.history, eager.history);
        });
      }
    }

    it("is the training itself where none is", () => {
      assert.deepEqual(train({ ...options, leftOut: [] }), train(options));
    });

    it("counts what is left where a batch may not be a single point", () => {
      const network = createNetwork({ hiddenLayers: [10], normalization: "batch", seed: 1 });
      const batches = { ...options, network, batchSize: 5, epochs: 1 };
      assert.doesNotThrow(() => train({ ...batches, leftOut: [1, 2, 3] }));
      assert.throws(() => train({ ...batches, leftOut }), /batchSize must leave no batch of a single point/);
    });

    it("refuses points that there are not, and to leave none", () => {
      assert.throws(() => train({ ...options, leftOut: [50] }), {
        name: "RangeError",
        message: "leftOut must hold indices from 0 to 49, got 50",
      });
      assert.throws(() => train({ ...options, leftOut: [...Array(50).keys()] }), {
        name: "RangeError",
        message: "leftOut must leave at least 1 point, got all 50",
      });
    });
  });

  it("with weight decay ends on smaller weights", () => {
    const size = (lambda: number): number =>
      denseLayers(
        train({ ...options, penalties: [weightDecay(lambda)] }).network,
      )[0].parameters.weights.norm();
    assert.ok(size(0.05) < size(0), `${size(0.05)} and ${size(0)}`);
  });

  it("with label smoothing keeps the logits of learnt points from growing", () => {
    const largest = (labelSmoothing: number): number => {
      const { network } = train({ ...options, labelSmoothing, epochs: 400 });
      return Math.max(...forward(network, data.points).logits.to1DArray().map(Math.abs));
    };
    // at the lowest loss for ε = 0.2 the probability is 0.9, the logit log 9 = 2.2
    assert.ok(largest(0) > 10, `without: ${largest(0)}`);
    assert.ok(largest(0.2) < 6, `with: ${largest(0.2)}`);
  });

  it("with a penalty on activity leaves more neurons silent", () => {
    const firing = (lambda: number): number => {
      const { network } = train({ ...options, penalties: [activityPenalty(lambda)], epochs: 200 });
      return forward(network, data.points)
        .layers[1].output.to1DArray()
        .filter((a) => a > 0).length;
    };
    assert.ok(firing(0.05) < 0.7 * firing(0), `${firing(0.05)} and ${firing(0)}`);
  });

  it("with a penalty on imbalance lets as many neurons fire for either class", () => {
    const difference = (mu: number): number => {
      const penalties = [balancePenalty(mu)];
      const long = { ...options, penalties, batchSize: "full", learningRate: 0.5, epochs: 300 } as const;
      const { output } = forward(train(long).network, data.points).layers[1];
      const counts = output.to2DArray().map((row) => row.filter((a) => a > 0).length);
      const half = counts.length / 2; // class 0 comes first
      const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / half;
      return Math.abs(mean(counts.slice(half)) - mean(counts.slice(0, half)));
    };
    assert.ok(difference(0) > 0.5, `without: ${difference(0)}`);
    assert.ok(difference(1) < 0.25, `with: ${difference(1)}`);
  });

  it("with batch normalization uses what it met in training, and learns", () => {
    const network = createNetwork({ hiddenLayers: [10], normalization: "batch", seed: 1 });
    const { history, ...trained } = train({ ...options, network, batchSize: 10, epochs: 200 });
    assert.ok((history[200].test?.accuracy ?? 0) > 0.9, `accuracy ${history[200].test?.accuracy}`);
    // each point by itself gets the same logit as among all
    const alone = forward(trained.network, selectPoints(data, [7]).points).logits.get(0, 0);
    assert.equal(alone, forward(trained.network, data.points).logits.get(7, 0));
  });

  it("without counting, and with it, gives the same bits", () => {
    const counted = train({ ...options, count: true, arithmetic: "binary16" });
    assert.deepEqual(
      toParameters(counted.network),
      toParameters(train({ ...options, arithmetic: "binary16" }).network),
    );
    assert.ok((counted.history[1].counters?.backward.inexact ?? 0) > 0);
  });

  it("takes a rule that keeps the parameters themselves, either path to the same bits", () => {
    // Polyak's heavy ball: half of the last move is made once more
    const heavyBall: StepRule = {
      start: (parameter) => ({ last: parameter }),
      step({ multiply, subtract }, parameter, gradient, learningRate, { last }) {
        const move = multiply(0.5, subtract(parameter, last));
        const change = subtract(multiply(learningRate, gradient), move);
        return { parameter: subtract(parameter, change), change, kept: { last: parameter } };
      },
    };
    const [machine, eager] = (["machine", "eager"] as const).map((path) =>
      train({ ...options, epochs: 2, batchSize: 10, rule: heavyBall, path }),
    );
    assert.deepEqual(toParameters(machine.network), toParameters(eager.network));
    assert.deepEqual(machine.history, eager.history);
    assert.notDeepEqual(machine.history, train({ ...options, epochs: 2, batchSize: 10 }).history);
  });

  it("is not changed by being looked at", () => {
    for (const arithmetic of [
      { format: "binary16", rounding: "stochastic" },
      "binary32",
    ] as PrecisionChoice[]) {
      const often = train({ ...options, arithmetic });
      const seldom = train({ ...options, arithmetic, recordEvery: 20 });
      assert.deepEqual(toParameters(often.network), toParameters(seldom.network));
    }
  });

  const bad: [object, string, string][] = [];
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    bad.push([
      { learningRate: value },
      "RangeError",
      `learningRate must be a finite number > 0, got ${value}`,
    ]);
  }
  for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    bad.push([
      { epochs: value },
      "RangeError",
      `epochs must be a whole number from 0 to 1000000, got ${value}`,
    ]);
  }
  for (const value of [0, -8, 2.5, Number.NaN]) {
    bad.push([
      { batchSize: value },
      "RangeError",
      `batchSize must be a whole number >= 1, or "full", got ${value}`,
    ]);
  }
  bad.push(
    [{ batchSize: "all" }, "RangeError", 'batchSize must be a whole number >= 1, or "full", got "all"'],
    [{ learningRate: "fast" }, "TypeError", 'learningRate must be a finite number > 0, got "fast"'],
    [{ epochs: "20" }, "TypeError", 'epochs must be a whole number from 0 to 1000000, got "20"'],
    [{ labelSmoothing: 1.5 }, "RangeError", "labelSmoothing must be a finite number from 0 to 1, got 1.5"],
    [
      { earlyStopping: { heldOut: data, patience: 0 } },
      "RangeError",
      "earlyStopping.patience must be a whole number >= 1, got 0",
    ],
    [
      { earlyStopping: { patience: 3 } },
      "TypeError",
      "earlyStopping.heldOut must be a dataset: points (n x inputs) and labels (n x 1), got undefined",
    ],
    [
      {
        network: createNetwork({ hiddenLayers: [3], normalization: "batch", seed: 1 }),
        batchSize: 7,
      },
      "RangeError",
      "batchSize must leave no batch of a single point with batch normalization, got 7 for 50 points",
    ],
    [{ seed: -1 }, "RangeError", "seed must be a whole number >= 0, got -1"],
    [{ recordEvery: 0 }, "RangeError", "recordEvery must be a whole number >= 1, got 0"],
    [{ snapshots: [1.5] }, "RangeError", "snapshots[0] must be a whole number >= 0, got 1.5"],
    [{ path: "slow" }, "RangeError", 'path must be one of "machine", "eager", got "slow"'],
    ...[
      3,
      { layers: [] },
      { layers: [{ parameters: {} }] },
      { layers: [{ ...relu, parameters: { w: 3 } }] },
    ].map((network): [object, string, string] => [
      { network },
      "TypeError",
      `network must be a network of layers, each with parameters (matrices), forward, backward and gradient, got ${typeof network === "number" ? 3 : "an object of type Object"}`,
    ]),
    [
      { rule: gradientDescent, arithmetic: { format: "binary16", compensated: true } },
      "RangeError",
      "rule must be left out when arithmetic is compensated, which sets its own rule, got both",
    ],
    [
      { rule: {} },
      "TypeError",
      "rule must be a step rule, with start and step, got an object of type Object",
    ],
    [
      { penalties: [{}] },
      "TypeError",
      "penalties[0] must be a penalty with a value, and pulls or gradients, got an object of type Object",
    ],
    [
      { train: { points: data.points } },
      "TypeError",
      "train must be a dataset: points (n x inputs) and labels (n x 1), got an object of type Object",
    ],
    [
      { train: { points: new Matrix(0, 2), labels: new Matrix(0, 1) } },
      "RangeError",
      "train must have at least 1 point, got 0",
    ],
    [
      { test: { points: new Matrix(50, 1), labels: data.labels } },
      "RangeError",
      "test.points must have 2 columns, as train.points does, got 1",
    ],
    [
      { earlyStopping: { heldOut: { points: new Matrix(50, 3), labels: data.labels }, patience: 1 } },
      "RangeError",
      "earlyStopping.heldOut.points must have 2 columns, as train.points does, got 3",
    ],
    [
      { train: { points: new Matrix([[1, Number.NaN]]), labels: new Matrix([[1]]) } },
      "RangeError",
      "train.points must be finite numbers, got NaN",
    ],
    ...[2, -1, Number.NaN].map((label): [object, string, string] => [
      { test: { points: new Matrix([[1, 2]]), labels: new Matrix([[label]]) } },
      "RangeError",
      `test.labels must be from 0 to 1, got ${label}`,
    ]),
  );
  for (const [change, name, message] of bad) {
    it(`refuses: ${message}`, () => {
      assert.throws(() => train({ ...options, ...change } as TrainOptions), { name, message });
    });
  }
});
