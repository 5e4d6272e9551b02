/**
 * Notebook 05: do gradients underflow when nobody provokes it? Deeper and wider networks at ordinary settings, in float16 with
 * and without a loss scale. The master weights are float32, so that a small gradient that arrives is not swallowed.
 */
import type { PrecisionOptions } from "../../core/arithmetic/precision.js";
import { usualLossForm } from "../../core/network/loss.js";
import { type Measurement, measurement, together } from "../measurement.js";
import type { TaskParameters } from "../task.js";
import { evenlySpread, gradientLoss } from "./gradient-sizes.js";
import { brief, type HalfPrecisionParameters, inDouble, taskOf, trainPrecision } from "./half-precision.js";
import { LEARNT } from "./map.js";

/** One setting, trained three times: accuracies on the test points. */
export interface UnaskedResult {
  double: number;
  /** In the format, with float32 master weights. */
  plain: number;
  /** The same with a dynamic loss scale. */
  scaled: number;
  /** Share of the derivatives not 0 in float64 that the format flushes to 0, without a scale: at the first and at the last weights. */
  flushed: [first: number, last: number];
}

/** A training, and the format that is tried on it. */
export interface UnaskedPoint {
  task: TaskParameters;
  format: HalfPrecisionParameters["format"];
}

/** Points whose gradients are measured where each is a step by itself. */
const MOST_POINTS = 50;

/** The mean is taken first, as libraries do: each δ is divided by n, and can underflow the sooner. */
const lossForm = { ...usualLossForm, mean: "first" } as const;

/** Trains in float64, in the format, and in the format with a loss scale; the same data, initial weights and order. */
export const measureUnasked: Measurement<[point: UnaskedPoint], UnaskedResult> = measurement(function* ({
  task,
  format,
}) {
  const arithmetic: PrecisionOptions = { format, masterWeights: "binary32" };
  const plainPoint = { task, arithmetic, lossForm };
  const [double, plain, scaled] = yield* together(
    [
      inDouble(plainPoint),
      plainPoint,
      { ...plainPoint, arithmetic: { ...arithmetic, lossScale: "dynamic" as const } },
    ].map((point) => trainPrecision.steps(point, 1)),
  );
  const some = task.batchSize === 1 ? evenlySpread(plain.data.train, MOST_POINTS) : plain.data.train;
  const [first, last] = [plain.initial, plain.network].map((network) => {
    const { flushed, nonzero } = gradientLoss(network, some, plainPoint);
    return nonzero === 0 ? 0 : brief(flushed / nonzero);
  });
  return {
    double: brief(double.run.accuracy),
    plain: brief(plain.run.accuracy),
    scaled: brief(scaled.run.accuracy),
    flushed: [first, last],
  };
});

const SHAPES = [1, 4, 8].flatMap((depth) => [4, 32].map((width) => ({ depth, width })));

/** Single samples and full batches, at rates and for epochs with which float64 learns: one rate for one layer, one for more. */
const REGIMES = [
  { batchSize: 1, rates: [0.1, 0.02], epochs: 30 },
  { batchSize: "full", rates: [2, 0.5], epochs: 150 },
] as const;

/** The names of the settings, in order. */
export const unaskedNames: readonly string[] = SHAPES.flatMap(({ depth, width }) =>
  REGIMES.map(({ batchSize }) => `${depth} × ${width}, ${batchSize === 1 ? "single" : "full batch"}`),
);

/** Every shape in every regime, with weights by He's rule and no weight decay. */
export function unaskedPoints(parameters: HalfPrecisionParameters): UnaskedPoint[] {
  return SHAPES.flatMap(({ depth, width }) =>
    REGIMES.map(({ rates: [ofOne, ofMore], ...regime }) => ({
      task: {
        ...taskOf(parameters),
        ...regime,
        learningRate: depth === 1 ? ofOne : ofMore,
        hiddenLayers: Array.from({ length: depth }, () => width),
        initialisation: "he",
        initialScale: 1,
      },
      format: parameters.format,
    })),
  );
}

/** What a loss scale did to the trainings that learn in float64. */
export interface Rescue {
  /** Trainings that learn in float64. */
  n: number;
  /** Of these: learn in the format without a scale, and with it. */
  plain: number;
  scaled: number;
  /** Learn with the scale and not without, and the other way round. */
  rescued: number;
  spoiled: number;
}

/** Counts over some trainings. */
export function rescueOf(results: readonly UnaskedResult[]): Rescue {
  const able = results.filter(({ double }) => double >= LEARNT);
  const count = (is: (plain: boolean, scaled: boolean) => boolean): number =>
    able.filter(({ plain, scaled }) => is(plain >= LEARNT, scaled >= LEARNT)).length;
  return {
    n: able.length,
    plain: count((plain) => plain),
    scaled: count((_, scaled) => scaled),
    rescued: count((plain, scaled) => scaled && !plain),
    spoiled: count((plain, scaled) => plain && !scaled),
  };
}
