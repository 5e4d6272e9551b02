/**
 * A small deterministic program over the core: what it computes must be the same to the bit on every
 * engine. It uses no API of Node or of a browser, and keeps each result short: a digest of all bits, and a
 * few of the numbers, so that a difference shows where it begins.
 */
import { acos, atan2 } from "../../src/core/arctangent.js";
import { cos, exp, expm1, LARGEST_ANGLE, log, log1p, sin, tanh } from "../../src/core/elementary.js";
import { moonsSplit } from "../../src/core/moons.js";
import { createNetwork, type NetworkOptions } from "../../src/core/network/initialisation.js";
import { toParameters } from "../../src/core/network/network.js";
import { activityPenalty, balancePenalty, weightDecay } from "../../src/core/network/penalties.js";
import { train } from "../../src/core/network/train.js";
import type { TrainOptions } from "../../src/core/network/train-options.js";
import { randomStream } from "../../src/core/random.js";
import { functionNames, functions } from "../core/functions.js";
import { hardCases } from "../core/hard-cases.js";
import { bitsOf, digest, hexadecimal } from "../support/bits.js";

/** Many doubles in short. */
export interface Fingerprint {
  /** How many doubles there are. */
  count: number;
  /** FNV-1a of 64 bits over the bytes of all of them, as hexadecimal digits. */
  digest: string;
  /** Some of them, evenly spaced, the first and the last included: the 64 bits as hexadecimal digits. */
  samples: string;
}

const SAMPLES = 5;

/** The fingerprint of a list of doubles. */
function fingerprint(values: ArrayLike<number>): Fingerprint {
  const samples = Array.from({ length: SAMPLES }, (_, i) => {
    return hexadecimal(bitsOf(values[Math.floor((i * (values.length - 1)) / (SAMPLES - 1))]));
  });
  return { count: values.length, digest: digest(values), samples: samples.join(" ") };
}

/** A function's values at evenly spaced points. */
function onGrid(f: (x: number) => number, from: number, to: number): Fingerprint {
  const steps = 4000;
  return fingerprint(Array.from({ length: steps + 1 }, (_, i) => f(from + ((to - from) * i) / steps)));
}

const times = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);

function shuffled(count: number): Int32Array {
  const items = Int32Array.from({ length: count }, (_, i) => i);
  randomStream("test/shuffle", 1).shuffle(items);
  return items;
}

function initialParameters(options: Omit<NetworkOptions, "seed">): Fingerprint {
  return fingerprint(toParameters(createNetwork({ ...options, seed: 7 })));
}

/** The losses of a training and the parameters that came of it. */
function trained(
  hiddenLayers: number[],
  options: Partial<TrainOptions> & Pick<TrainOptions, "epochs" | "batchSize">,
  kind: Partial<NetworkOptions> = {},
): Fingerprint {
  const data = moonsSplit({ trainPoints: 100, testPoints: 50, noise: 0.2, seed: 3 });
  const network = createNetwork({ hiddenLayers, seed: 4, ...kind });
  const training = train({ network, ...data, learningRate: 0.5, seed: 5, ...options });
  const losses = training.history.flatMap((record) => [record.train.loss, record.test?.loss ?? Number.NaN]);
  return fingerprint([...losses, ...toParameters(training.network)]);
}

/** All functions where they are hardest to round. */
function whereHardest(): Fingerprint {
  const values = functionNames.flatMap((name) => {
    const { between, at } = hardCases[name];
    return [...between, ...at].map((x) => functions[name](x));
  });
  return fingerprint(values);
}

/** Runs the program. */
export function results(): Record<string, Fingerprint> {
  const moons = moonsSplit({ trainPoints: 250, testPoints: 101, noise: 0.2, seed: 2 });
  const stream = randomStream("test/stream", 1);
  return {
    "exp, -746 to 710": onGrid(exp, -746, 710),
    "exp, -1 to 1": onGrid(exp, -1, 1),
    "expm1, -41 to 41": onGrid(expm1, -41, 41),
    "tanh, -3 to 3": onGrid(tanh, -3, 3),
    "log, 0 to 100": onGrid(log, 0, 100),
    "log of numbers from 1e-323 to 1e307": onGrid((x) => log(exp(x)), -743, 709),
    "log1p, -1 to 1": onGrid(log1p, -1, 1),
    "sin, -10 to 10": onGrid(sin, -10, 10),
    "cos, in its whole domain": onGrid(cos, -LARGEST_ANGLE, LARGEST_ANGLE),
    "elementary functions where they are hardest to round": whereHardest(),
    "acos, -1 to 1": onGrid(acos, -1, 1),
    "angles of directions, all around": onGrid((turn) => atan2(sin(turn), 3 * cos(turn)), -3.2, 3.2),
    "uniform numbers": fingerprint(times(1000, stream.uniform)),
    "normal deviates": fingerprint(times(1000, stream.normal)),
    "whole numbers below 1000": fingerprint(times(1000, () => stream.below(1000))),
    "a shuffle of 250": fingerprint(shuffled(250)),
    "moons, training points": fingerprint(moons.train.points.to1DArray()),
    "moons, test points": fingerprint(moons.test.points.to1DArray()),
    "initial weights of 2-10-1, he": initialParameters({ hiddenLayers: [10] }),
    "initial weights of 2-8-6-1, glorot-uniform": initialParameters({
      hiddenLayers: [8, 6],
      initialisation: "glorot-uniform",
    }),
    "training of 2-10-1, full batch": trained([10], { epochs: 50, batchSize: "full" }),
    "training of 2-8-6-1, batches of 16": trained([8, 6], { epochs: 20, batchSize: 16 }),
    "training of 2-8-6-1, batches of 16, eager": trained([8, 6], {
      epochs: 3,
      batchSize: 16,
      path: "eager",
    }),
    "training of 2-8-6-1 with tanh, layer normalization, weight decay and label smoothing": trained(
      [8, 6],
      { epochs: 20, batchSize: 16, penalties: [weightDecay(0.01)], labelSmoothing: 0.1 },
      { activation: "tanh", normalization: "layer" },
    ),
    "training of 2-8-6-1 with softplus, batch normalization and penalties": trained(
      [8, 6],
      { epochs: 20, batchSize: 10, penalties: [activityPenalty(0.01), balancePenalty(0.1)] },
      { activation: "softplus", normalization: "batch" },
    ),
    "training of 2-10-1 in binary16": trained([10], { epochs: 20, batchSize: 8, arithmetic: "binary16" }),
    "training of 2-10-1 in bfloat16, stochastic rounding": trained([10], {
      epochs: 20,
      batchSize: 8,
      arithmetic: { format: "bfloat16", rounding: "stochastic" },
    }),
    "training of 2-10-1 in E4M3 with binary32 master weights": trained([10], {
      epochs: 20,
      batchSize: 8,
      arithmetic: { format: "e4m3", masterWeights: "binary32", lossScale: "dynamic" },
    }),
  };
}
