/**
 * Notebook 05: the arithmetic that the essay probably ran, a NumPy script whose arrays are float16. NumPy computes the products
 * of two such matrices in float32, terms and sums, and rounds each sum once; so it rounds less often than this notebook does.
 */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../../core/arithmetic/arithmetic.js";
import type { PrecisionOptions } from "../../core/arithmetic/precision.js";
import { withLayerArithmetic } from "../../core/network/layer-arithmetic.js";
import { type LossForm, usualLossForm } from "../../core/network/loss.js";
import type { Network } from "../../core/network/network.js";
import { type Measurement, measurement, together } from "../measurement.js";
import { drawTask, type TaskParameters, trainingSteps } from "../task.js";
import { keptEpochs, LOOKS } from "./failures.js";
import {
  brief,
  type HalfPrecisionParameters,
  kept,
  type PrecisionResult,
  spaceOf,
  summary,
  taskOf,
  trainPrecision,
} from "./half-precision.js";

/** The precision of the script. */
export const scriptPrecision: PrecisionOptions = { format: "binary16", accumulator: "binary32" };

/**
 * A network that sums as the script does, in {@link scriptPrecision}: rows of several columns one by one in float16, as `sum`
 * does along the first axis; a single column in float32, where NumPy's order is another one from 8 points on.
 */
export function asInScript(network: Network): Network {
  return withLayerArithmetic(network, (arithmetic) => ({
    ...arithmetic,
    sumRows: (a) => (a.columns === 1 ? arithmetic.sumRows(a) : addRows(arithmetic, a)),
  }));
}

function addRows({ convert, transpose, column, add }: Arithmetic, a: Matrix): Matrix {
  const rows = convert(transpose(a));
  let sum = column(rows, 0);
  for (let i = 1; i < a.rows; i++) sum = add(sum, column(rows, i));
  return transpose(sum);
}

/** One task, trained by the script and in float64. */
export interface ScriptResult {
  script: PrecisionResult;
  double: PrecisionResult;
  /**
   * The first look at which the script's loss is not a number if it is written as in a textbook, -y log(p + ε) -
   * (1 - y) log(1 - p + ε) with ε = 1e-8, which is 0 in float16; undefined where there is none. The weights are the same.
   */
  textbookBrokenFrom?: number;
  /**
   * The largest difference between the losses of the script and of a training with every operation rounded to float16, at
   * all looks, in nats; NaN if one is not a number.
   */
  largestGap: number;
}

const textbook: LossForm = { ...usualLossForm, value: "probability", epsilon: 1e-8 };

/** Trains by the script, once for each way to write the loss, and with the two others. */
export const measureScript: Measurement<[task: TaskParameters], ScriptResult> = measurement(function* (task) {
  const drawn = drawTask(task);
  const inScript = { ...drawn, initial: asInScript(drawn.initial) };
  const trainings = yield* together(
    [usualLossForm, textbook].map((lossForm) =>
      trainingSteps(task, inScript, {
        arithmetic: scriptPrecision,
        lossForm,
        recordEvery: spaceOf(task.epochs, LOOKS),
      }),
    ),
  );
  const [script, { brokenFrom }] = trainings.map((training) => summary({ task }, drawn, training));
  const [{ run: everyOperation }, { run: double }] = yield* together(
    (["binary16", "binary64"] as const).map((arithmetic) =>
      trainPrecision.steps({ task, arithmetic, lossForm: usualLossForm }, LOOKS),
    ),
  );
  const gaps = script.losses.map((loss, i) => Math.abs(loss - everyOperation.losses[i]));
  return {
    script: kept(script, keptEpochs(task.epochs)),
    double: kept(double, keptEpochs(task.epochs)),
    ...(brokenFrom !== undefined && { textbookBrokenFrom: brokenFrom }),
    largestGap: brief(Math.max(...gaps)),
  };
});

/** The names of the two trainings. */
export const scriptNames = ["single samples", "full batch"] as const;

/** The training of the parameters, with single samples, and one with all points in each step, which a script more likely takes. */
export function scriptTasks(parameters: HalfPrecisionParameters): TaskParameters[] {
  const own = taskOf(parameters);
  return [
    { ...own, batchSize: 1 },
    { ...own, batchSize: "full", learningRate: 2, epochs: 1000 },
  ];
}
