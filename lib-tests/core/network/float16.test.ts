/**
 * Training in binary16 against NumPy's float16, bit for bit: see
 * lib-tests/reference/make_reference_float16.py.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Matrix } from "ml-matrix";
import { decode, encode } from "../../../src/core/arithmetic/encoding.js";
import { formats } from "../../../src/core/arithmetic/formats.js";
import { toPrecision } from "../../../src/core/arithmetic/precision.js";
import { roundToNearest } from "../../../src/core/arithmetic/rounding.js";
import { exp, log1p } from "../../../src/core/elementary.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { toParameters, withParameters } from "../../../src/core/network/network.js";
import { lossesOver, plainly, trainers } from "./trainers.js";

/** Bit patterns in hexadecimal. */
type Patterns = string[];

interface Trajectory {
  /** The rows of the points in each step's batch. */
  batches: number[][];
  /** Mean loss over all points: before the first step, and after each. */
  losses: Patterns;
  /** After the last step, in the order of `toParameters`. */
  parameters: Patterns;
}

interface Reference {
  /**
   * SHA-256 of the results, two bytes each, the lower first: at the finite numbers in the order of their
   * patterns.
   */
  exp: string;
  /** The same, at the finite numbers from 0 on. */
  log1p: string;
  networks: {
    name: string;
    sizes: number[];
    parameters: Patterns;
    points: Patterns;
    labels: number[];
    learningRate: number;
    fullBatch: Trajectory;
    singleSample: Trajectory;
  }[];
}

const { networks, ...digests }: Reference = JSON.parse(
  readFileSync(resolve(__dirname, "../../../../lib-tests/reference/reference_float16.json"), "utf8"),
);

const toNumbers = (patterns: Patterns): number[] =>
  patterns.map((pattern) => decode(BigInt(`0x${pattern}`), formats.binary16));
const toPatterns = (numbers: ArrayLike<number>): Patterns =>
  Array.from(numbers, (number) => encode(number, formats.binary16).toString(16).padStart(4, "0"));

describe("training in binary16 against NumPy's float16", () => {
  const round = roundToNearest(formats.binary16);
  const finite = Array.from({ length: 65_536 }, (_, i) => decode(BigInt(i), formats.binary16)).filter(
    Number.isFinite,
  );
  const fromZero = finite.filter((x) => Object.is(Math.abs(x), x));

  for (const [name, f, inputs] of [
    ["exp", exp, finite],
    ["log1p", log1p, fromZero],
  ] as const) {
    it(`${name} of all ${inputs.length} numbers, rounded once`, () => {
      const results = inputs.map((x) => Number(encode(round(f(x)), formats.binary16)));
      const bytes = Buffer.from(results.flatMap((pattern) => [pattern & 0xff, pattern >> 8]));
      assert.equal(createHash("sha256").update(bytes).digest("hex"), digests[name]);
    });
  }

  for (const { name, sizes, points, labels, learningRate, ...rest } of networks) {
    const shape = createNetwork({ hiddenLayers: sizes.slice(1, -1), seed: 1 });
    const initial = withParameters(shape, toNumbers(rest.parameters));
    const data = {
      points: Matrix.from1DArray(labels.length, sizes[0], toNumbers(points)),
      labels: Matrix.columnVector(labels),
    };
    const inBatches: [string, Trajectory][] = [
      ["full batch", rest.fullBatch],
      ["single samples", rest.singleSample],
    ];
    for (const [batching, expected] of inBatches) {
      for (const [path, makeTrainer] of trainers) {
        it(`${name}: ${expected.batches.length} steps, ${batching}, ${path} path`, () => {
          const trainer = makeTrainer({
            ...plainly,
            initial,
            train: data,
            learningRate,
            precision: toPrecision("binary16"),
          });
          const losses = lossesOver(trainer, data, expected.batches);
          assert.deepEqual(toPatterns(losses), expected.losses);
          assert.deepEqual(toPatterns(toParameters(trainer.network())), expected.parameters);
        });
      }
    }
  }
});
