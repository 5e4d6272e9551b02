import assert from "node:assert/strict";
import { makeFormat } from "../../../src/core/arithmetic/formats.js";
import type { PrecisionChoice } from "../../../src/core/arithmetic/precision.js";
import { moonsSplit } from "../../../src/core/moons.js";
import { createNetwork, type NetworkOptions } from "../../../src/core/network/initialisation.js";
import { type Network, toParameters } from "../../../src/core/network/network.js";
import { type BatchSize, type Training, type TrainOptions, train } from "../../../src/core/network/train.js";

const arithmetics: Record<string, PrecisionChoice> = {
  binary64: "binary64",
  binary32: "binary32",
  bfloat16: "bfloat16",
  binary16: "binary16",
  e5m2: "e5m2",
  e4m3: "e4m3",
  "5 bits without subnormals": {
    format: makeFormat({ name: "p5", precision: 5, maxExponent: 6, subnormals: false }),
  },
  "binary16, stochastic": { format: "binary16", rounding: "stochastic", seed: 3 },
  "binary16, sums in binary32": { format: "binary16", accumulator: "binary32" },
  "binary16, compensated": { format: "binary16", compensated: true },
  "binary16, dynamic loss scale": { format: "binary16", lossScale: "dynamic" },
  "binary16, mixed precision": {
    format: "binary16",
    accumulator: "binary32",
    masterWeights: "binary32",
    lossScale: 1024,
  },
  "e4m3, binary32 master weights, dynamic loss scale": {
    format: "e4m3",
    masterWeights: "binary32",
    lossScale: "dynamic",
  },
  "binary64, sums reversed": { format: "binary64", summation: "reversed" },
  "binary64, sums in pairs": { format: "binary64", summation: "pairwise" },
  "binary32, sums reversed": { format: "binary32", summation: "reversed" },
  "binary16, stochastic, sums in pairs in binary32": {
    format: "binary16",
    rounding: "stochastic",
    accumulator: "binary32",
    summation: "pairwise",
  },
  "bfloat16, stochastic, all in binary32 but the operands": {
    format: "bfloat16",
    rounding: "stochastic",
    accumulator: "binary32",
    masterWeights: "binary32",
  },
};

/** What batch normalization has met, layer by layer. */
function runningMeans({ layers }: Network): number[][] {
  return layers.flatMap(({ normalization }) =>
    normalization?.kind === "batch"
      ? [normalization.means.to1DArray(), normalization.variances.to1DArray()]
      : [],
  );
}

interface Variant {
  network?: Partial<NetworkOptions>;
  train?: Partial<TrainOptions>;
}

/** Whether what a point adds to the gradient depends on the other points of its batch. */
function dependsOnBatch({ network, train: options }: Variant): boolean {
  return (
    network?.normalization === "batch" ||
    options?.balancePenalty !== undefined ||
    options?.lossForm?.mean === "first"
  );
}

const heldOut = moonsSplit({ trainPoints: 20, testPoints: 2, noise: 0.15, seed: 4 }).train;

/** Arithmetics that between them have every kind of rounding; the others differ from these in numbers only. */
const varied = new Set([
  "binary64",
  "binary64, sums reversed",
  "binary64, sums in pairs",
  "binary16",
  "binary16, mixed precision",
  "5 bits without subnormals",
  "bfloat16, stochastic, all in binary32 but the operands",
]);

/** What a training may have besides. */
const variants: Record<string, Variant> = {
  tanh: { network: { activation: "tanh" } },
  "layer normalization": { network: { normalization: "layer" } },
  "tanh and layer normalization": { network: { activation: "tanh", normalization: "layer" } },
  "leaky ReLU": { network: { activation: "leaky-relu" } },
  softplus: { network: { activation: "softplus" } },
  "2 winners": { network: { winners: 2 } },
  "a penalty on activity": { train: { activityPenalty: 0.03 } },
  "a penalty on imbalance": { train: { balancePenalty: 0.3 } },
  "batch normalization": { network: { normalization: "batch" } },
  "softplus, batch normalization, both penalties, mean first": {
    network: { activation: "softplus", normalization: "batch" },
    train: { activityPenalty: 0.03, balancePenalty: 0.3, lossForm: { mean: "first" } },
  },
  "layer normalization, winners and a penalty on imbalance": {
    network: { normalization: "layer", winners: 3 },
    train: { balancePenalty: 0.3 },
  },
  "weight decay": { train: { weightDecay: 0.03 } },
  "label smoothing": { train: { labelSmoothing: 0.2 } },
  "loss of the probability": { train: { lossForm: { value: "probability", epsilon: 1e-3 } } },
  "derivative by the chain rule": { train: { lossForm: { derivative: "chain", epsilon: 1e-12 } } },
  "mean first": { train: { lossForm: { mean: "first" } } },
  "early stopping": { train: { earlyStopping: { heldOut, patience: 3 } } },
};

describe("the fast path gives the bits of the readable one", () => {
  const { train: data, test } = moonsSplit({ trainPoints: 40, testPoints: 30, noise: 0.15, seed: 3 });
  for (const [name, arithmetic] of Object.entries(arithmetics)) {
    const run = (
      path: "fast" | "readable",
      hiddenLayers: number[],
      batchSize: BatchSize,
      steps: number,
      count = false,
      variant: Variant = {},
    ): Training =>
      train({
        ...variant.train,
        network: createNetwork({ hiddenLayers, seed: 3, ...variant.network }),
        train: data,
        test,
        learningRate: 0.3,
        batchSize,
        epochs: Math.ceil((steps * (batchSize === "full" ? 40 : batchSize)) / 40),
        recordEvery: 7,
        seed: 1,
        arithmetic,
        count,
        path,
      });
    const assertSame = (...options: [number[], BatchSize, number, boolean?, Variant?]): void => {
      const [fast, readable] = [run("fast", ...options), run("readable", ...options)];
      assert.deepEqual(toParameters(fast.network), toParameters(readable.network));
      assert.deepEqual(runningMeans(fast.network), runningMeans(readable.network));
      assert.deepEqual(fast.history, readable.history);
    };

    for (const batchSize of [1, 7, "full"] as BatchSize[]) {
      it(`${name}: 2-10-1, 300 steps in batches of ${batchSize}`, () => assertSame([10], batchSize, 300));
    }
    it(`${name}: other depths and widths`, () => {
      for (const hiddenLayers of [[], [5, 4], [4, 3, 2], [18, 17]]) assertSame(hiddenLayers, 7, 20);
    });
    for (const [what, variant] of Object.entries(varied.has(name) ? variants : {})) {
      if (name === "binary64, sums in pairs" && dependsOnBatch(variant)) {
        it(`${name}: ${what} is refused`, () => {
          assert.throws(() => assertSame([5], 2, 20, false, variant), {
            name: "RangeError",
            message: /^arithmetic.summation must be "sequential" or "reversed" where /,
          });
        });
        continue;
      }
      it(`${name}: ${what}`, () => {
        const batchSizes: BatchSize[] =
          variant.network?.normalization === "batch" ? [2, "full"] : [1, "full"];
        for (const batchSize of batchSizes) assertSame([5], batchSize, 20, false, variant);
        assertSame([5, 4], 7, 12, true, variant);
        assertSame([18, 17], 20, 2, false, variant);
      });
    }
    it(`${name}: and the counts`, () => {
      assertSame([10], 7, 30, true);
      assertSame([18, 17], 7, 6, true);
    });
  }

  it("and bits that differ from those of another arithmetic", () => {
    const ends = Object.values(arithmetics).map((arithmetic) => {
      const network = createNetwork({ hiddenLayers: [10], seed: 3 });
      const options = {
        network,
        train: data,
        learningRate: 0.3,
        batchSize: 7,
        epochs: 20,
        seed: 1,
        arithmetic,
      } as const;
      return toParameters(train(options).network).join();
    });
    assert.equal(new Set(ends).size, ends.length);
  });
});
