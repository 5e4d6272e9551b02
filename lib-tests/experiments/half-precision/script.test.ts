/** The arithmetic of a NumPy script, bit for bit: see lib-tests/reference/make_reference_script.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Matrix } from "ml-matrix";
import { decode, encode } from "../../../src/core/arithmetic/encoding.js";
import { formats } from "../../../src/core/arithmetic/formats.js";
import { toPrecision } from "../../../src/core/arithmetic/precision.js";
import { createNetwork } from "../../../src/core/network/initialisation.js";
import { usualLossForm } from "../../../src/core/network/loss.js";
import { type Network, toParameters, withParameters } from "../../../src/core/network/network.js";
import { brief, finalLoss, trainPrecision } from "../../../src/experiments/half-precision/half-precision.js";
import { halfPrecision } from "../../../src/experiments/half-precision/index.js";
import {
  asInScript,
  measureScript,
  scriptPrecision,
  scriptTasks,
} from "../../../src/experiments/half-precision/script.js";
import { plainly, trainers } from "../../core/network/trainers.js";

interface Reference {
  networks: {
    name: string;
    sizes: number[];
    learningRate: number;
    /** Bit patterns, four hexadecimal digits each, like the points and the parameters. */
    start: string;
    points: string;
    labels: number[];
    /**
     * The rows of the points in each step's batch, one batch after the other, or of the one batch that each step takes; the
     * parameters after the last step.
     */
    trainings: { size: number; steps: number; rows: number[]; parameters: string }[];
  }[];
}

const { networks }: Reference = JSON.parse(
  readFileSync(resolve(__dirname, "../../../../lib-tests/reference/reference_script.json"), "utf8"),
);

const toNumbers = (patterns: string): number[] =>
  (patterns.match(/.{4}/g) ?? []).map((pattern) => decode(BigInt(`0x${pattern}`), formats.binary16));
const toPatterns = (numbers: ArrayLike<number>): string =>
  Array.from(numbers, (number) => encode(number, formats.binary16).toString(16).padStart(4, "0")).join("");

describe("training as a NumPy script does", () => {
  for (const { name, sizes, learningRate, start, points, labels, trainings } of networks) {
    const shape = createNetwork({ hiddenLayers: sizes.slice(1, -1), seed: 1 });
    const initial = withParameters(shape, toNumbers(start));
    const train = {
      points: Matrix.from1DArray(labels.length, sizes[0], toNumbers(points)),
      labels: Matrix.columnVector(labels),
    };
    for (const { size, steps, rows, parameters } of trainings) {
      for (const [path, makeTrainer] of trainers) {
        it(`${name}: ${steps} steps, batches of ${size}, ${path} path`, () => {
          const endOf = (network: Network, precision: typeof scriptPrecision): string => {
            const own = { ...plainly, train, learningRate, precision: toPrecision(precision) };
            const trainer = makeTrainer({ ...own, initial: network });
            for (let i = 0; i < steps; i++) {
              const from = (i * size) % rows.length;
              trainer.run(Int32Array.from(rows.slice(from, from + size)), 0, size, size);
            }
            return toPatterns(toParameters(trainer.network()));
          };
          assert.equal(endOf(asInScript(initial), scriptPrecision), parameters);
          assert.notEqual(endOf(initial, { format: "binary16" }), parameters);
        });
      }
    }
  }

  it("is measured beside every operation rounded and float64", () => {
    const [task, inFull] = scriptTasks({
      ...halfPrecision.defaults,
      trainPoints: 60,
      testPoints: 60,
      epochs: 40,
    });
    const { script, double, textbookBrokenFrom, largestGap } = measureScript(task);
    const { run } = trainPrecision({ task, arithmetic: "binary16", lossForm: usualLossForm });
    const gap = Math.abs(finalLoss(script) - brief(finalLoss(run)));
    assert.ok(gap > 0 && largestGap >= 0.99 * gap, `${largestGap} at all looks, ${gap} at the last`);
    assert.equal(new Set([script.trueLoss, brief(run.trueLoss), double.trueLoss]).size, 3);
    // the loss of the probability breaks where 1 - p is 0, and only that loss
    assert.ok(textbookBrokenFrom !== undefined && textbookBrokenFrom > 0);
    assert.equal(script.brokenFrom, undefined);
    const short = measureScript({ ...inFull, epochs: 2 });
    assert.ok(short.largestGap < 0.01);
    assert.equal(short.textbookBrokenFrom, undefined);
  });
});
