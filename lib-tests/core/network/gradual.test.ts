import assert from "node:assert/strict";
import { moonsSplit } from "../../../src/core/moons.js";
import { type Gradual, trainGradually } from "../../../src/core/network/gradual.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { toParameters } from "../../../src/core/network/network.js";
import { type Training, train } from "../../../src/core/network/train.js";
import type { TrainOptions } from "../../../src/core/network/train-options.js";

const data = moonsSplit({ trainPoints: 30, testPoints: 20, noise: 0.2, seed: 3 });
const heldOut = moonsSplit({ trainPoints: 12, testPoints: 2, noise: 0.4, seed: 4 }).train;

const options = (own: Partial<TrainOptions> = {}): TrainOptions => ({
  network: createNetwork({ hiddenLayers: [4], initialisation: "he", seed: 5 }),
  train: data.train,
  test: data.test,
  learningRate: 0.3,
  batchSize: 1,
  epochs: 9,
  seed: 6,
  ...own,
});

/** All that came of a training, as a text that is alike only to the bit. */
function textOf({ network, history, snapshots, bestEpoch }: Training): string {
  const bits = (value: Training["network"]): string => String([...toParameters(value)].map(hex));
  return JSON.stringify([
    bits(network),
    history.map(({ epoch, train: { loss, accuracy }, test }) => [
      epoch,
      hex(loss),
      accuracy,
      test && hex(test.loss),
    ]),
    snapshots.map(({ epoch, network: copy }) => [epoch, bits(copy)]),
    bestEpoch,
  ]);
}

function hex(value: number): string {
  return Buffer.from(Float64Array.of(value).buffer).toString("hex");
}

/** Goes to the end; looks at the epochs for which it is told to. */
function followed(
  training: Gradual<Training>,
  isLookedAt: (epoch: number) => boolean,
): { whole: Training; epochs: number[]; looks: Training[] } {
  const epochs: number[] = [];
  const looks: Training[] = [];
  for (;;) {
    const { done, value } = training.next();
    if (done) return { whole: value, epochs, looks };
    epochs.push(value.epoch);
    if (isLookedAt(value.epoch)) looks.push(value.now());
  }
}

describe("training epoch by epoch", () => {
  const cases: [name: string, own: Partial<TrainOptions>][] = [
    ["single samples", {}],
    ["batches with a rest", { batchSize: 7 }],
    ["full batches", { batchSize: "full" }],
    ["matrices that are there to look at", { path: "eager", epochs: 4 }],
    ["few records and some copies", { recordEvery: 4, snapshots: [0, 3, 9] }],
    ["no epoch", { epochs: 0, snapshots: [0] }],
    ["early stopping", { epochs: 60, earlyStopping: { heldOut, patience: 3 } }],
    ["a loss to reach", { epochs: 60, targetLoss: 0.3 }],
    ["a training that diverges", { learningRate: 1e6 }],
    ["points left out", { leftOut: [0, 7], batchSize: 5 }],
    ["binary16", { arithmetic: "binary16" }],
    ["rounding at random", { arithmetic: { format: "binary16", rounding: "stochastic", seed: 8 } }],
    [
      "steps that are rejected",
      { arithmetic: { format: "binary16", lossScale: "dynamic", seed: 8 }, batchSize: 5 },
    ],
  ];
  for (const [name, own] of cases) {
    it(`ends on the bits of a straight one, looked at or not: ${name}`, () => {
      const straight = textOf(train(options(own)));
      for (const isLookedAt of [() => false, () => true, (epoch: number) => epoch % 2 === 1]) {
        assert.equal(textOf(followed(trainGradually(options(own)), isLookedAt).whole), straight);
      }
    });
  }

  it("stops before the first epoch and after each, and ends where a straight one ends", () => {
    const stopped = options({ epochs: 60, earlyStopping: { heldOut, patience: 3 } });
    const last = train(stopped).history.at(-1)?.epoch ?? Number.NaN;
    assert.ok(last < 60);
    for (const [own, end] of [
      [options(), 9],
      [options({ epochs: 0 }), 0],
      [stopped, last],
    ] as const) {
      const { epochs } = followed(trainGradually(own), () => false);
      assert.deepEqual(
        epochs,
        Array.from({ length: end + 1 }, (_, i) => i),
      );
    }
  });

  it("shows at every epoch what a training of so many epochs ends on", () => {
    const { looks } = followed(trainGradually(options({ recordEvery: 2, snapshots: [1, 4] })), () => true);
    looks.forEach((look, epochs) => {
      assert.equal(textOf(look), textOf(train(options({ recordEvery: 2, snapshots: [1, 4], epochs }))));
    });
  });

  it("does nothing before it is asked to, and refuses what train refuses", () => {
    const training = trainGradually(options({ epochs: -1 }));
    assert.throws(() => training.next(), /^RangeError: epochs must be a whole number from 0/);
    assert.throws(() => trainGradually(options({ count: true })).next(), /^RangeError: count must be false/);
  });
});
