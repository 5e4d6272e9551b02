/** Trainings side by side end as they do alone, whatever stands in the other lanes. */
import assert from "node:assert/strict";
import { laneKind } from "../../../src/core/network/lane-trainers.js";
import type { Layer, Mode } from "../../../src/core/network/layer.js";
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

  describe("look at themselves, and not at the first", () => {
    const [{ settings }] = all;
    const options = trainingOf(settings, "machine");
    const scaling = (isScaled: (rows: number, mode: Mode) => boolean) =>
      [1, 0.75, 0.5].map((factor): TrainOptions => {
        const { layers } = options.network;
        const own: Layer = {
          kind: "scaling",
          parameters: {},
          forward: ({ multiply }, _, input, mode) => ({
            output: isScaled(input.rows, mode) ? multiply(input, factor) : input,
          }),
          backward: (_, __, ___, delta) => delta,
          gradient: () => ({}),
        };
        return { ...options, batchSize: 7, network: { layers: [...layers, own] } };
      });
    const rest = planOf(options).points % 7;
    const kinds: Record<string, TrainOptions[]> = {
      "where the loss is another one, and its derivative the same": [0, 1e-3, 0.1].map((epsilon) => ({
        ...options,
        lossForm: { value: "probability", epsilon },
      })),
      "where layers differ only when the network is used": scaling((_, mode) => mode === "inference"),
      "where they differ only in the last, smaller batch": scaling((rows) => rows === rest),
    };
    for (const [name, some] of Object.entries(kinds)) {
      it(name, () => {
        assert.ok(rest > 0);
        trainAll(some).forEach((settled, lane) => {
          assert.deepEqual(fingerprint(resultOf(settled)), fingerprint(train(some[lane])), `lane ${lane}`);
        });
      });
    }
  });

  it("tell the error of their own, and no other", () => {
    const [{ settings }] = all;
    const right = trainingOf(settings, "machine");
    const wrong = { ...right, epochs: -1 };
    const [first, second, third] = trainAll([right, wrong, right]);
    assert.deepEqual(fingerprint(resultOf(first)), fingerprint(resultOf(third)));
    assert.throws(() => resultOf(second), { name: "RangeError", message: /^epochs must be/ });
  });
});
