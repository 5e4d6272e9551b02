/** Trainings side by side end as they do alone, whatever stands in the other lanes. */
import assert from "node:assert/strict";
import { laneKind } from "../../../src/core/network/lane-trainers.js";
import { mapParameters } from "../../../src/core/network/network.js";
import { train } from "../../../src/core/network/train.js";
import { trainAll } from "../../../src/core/network/train-all.js";
import { planOf, type TrainOptions } from "../../../src/core/network/train-options.js";
import { resultOf } from "../../../src/core/settled.js";
import { type Entry, trainingOf } from "./covering.js";
import { entries, fingerprint } from "./fingerprint.js";

/** The training, and others of its kind: in another order, far from numbers, at its end after an epoch. */
function company(options: TrainOptions): TrainOptions[] {
  const { network, seed } = options;
  return [
    options,
    { ...options, seed: seed + 1, learningRate: options.learningRate / 3 },
    { ...options, network: mapParameters(network, () => Number.NaN) },
    { ...options, earlyStopping: { heldOut: options.train, patience: 1 } },
    { ...options, seed: seed + 2 },
  ];
}

describe("trainings side by side", () => {
  const inLanes = ({ settings }: Entry): boolean => {
    const { trainer, size, points } = planOf(trainingOf(settings, "machine"));
    return laneKind(trainer, size, points) !== undefined;
  };
  const all = entries().filter(inLanes);

  it("are those of most of the covering array that have small batches", () => {
    assert.ok(all.length > 40, `${all.length}`);
  });

  for (const { title, settings } of all) {
    it(title, () => {
      const options = company(trainingOf(settings, "machine"));
      trainAll(options).forEach((settled, lane) => {
        assert.deepEqual(fingerprint(resultOf(settled)), fingerprint(train(options[lane])), `lane ${lane}`);
      });
    });
  }

  it("tell the error of their own, and no other", () => {
    const [{ settings }] = all;
    const right = trainingOf(settings, "machine");
    const wrong = { ...right, epochs: -1 };
    const [first, second, third] = trainAll([right, wrong, right]);
    assert.deepEqual(fingerprint(resultOf(first)), fingerprint(resultOf(third)));
    assert.throws(() => resultOf(second), { name: "RangeError", message: /^epochs must be/ });
  });
});
