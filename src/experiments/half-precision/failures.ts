/** Notebook 05: four ways in which a format with few bits stops a training, each in the regime that shows it. */
import type { PrecisionChoice } from "../../core/arithmetic/precision.js";
import type { Dataset } from "../../core/moons.js";
import { type LossForm, usualLossForm } from "../../core/network/loss.js";
import type { Network } from "../../core/network/network.js";
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import type { TaskParameters } from "../task.js";
import { evenlySpread, gradientLoss, updateSizes } from "./gradient-sizes.js";
import {
  brief,
  type HalfPrecisionParameters,
  inDouble,
  kept,
  type PrecisionPoint,
  type PrecisionResult,
  spaceOf,
  taskOf,
  trainPrecision,
  type WatchedRun,
  watchPrecision,
} from "./half-precision.js";

/** Points whose gradients a study measures, if each is a step by itself. */
const MOST_POINTS = 100;

/** A training beside the same in float64, and what its first steps would lose with the weights held still. */
export interface PairedResult {
  own: PrecisionResult;
  double: PrecisionResult;
  /** Share flushed to 0 of the derivatives at the first weights that are not 0 in float64. */
  flushed: number;
  /** Share swallowed of the updates there that are not 0. */
  swallowed: number;
}

/** The training of the parameters; all shares are of the derivatives that are not 0 in float64. */
export interface OrdinaryResult extends PairedResult {
  /** Share that is 0 at the first weights because p of a Red point underflowed. */
  underflown: number;
  /** What is 0 at the last weights, and why; see `GradientLoss`. */
  atEnd: { saturated: number; underflown: number; flushed: number };
}

/** A training, and the one in float64 to compare it with. */
export interface Pair {
  own: PrecisionPoint;
  double: PrecisionPoint;
}

/** The approximate number of looks at the loss of an ordinary training. */
export const LOOKS = 40;

/** The epochs whose losses {@link measureOrdinary} keeps: close together at first, where most happens. */
export function keptEpochs(epochs: number): number[] {
  const space = spaceOf(epochs, LOOKS);
  const doubling = [1, 2, 4, 8, 16, 32].map((times) => times * space);
  return [...new Set([0, ...doubling.filter((epoch) => epoch < epochs), epochs])];
}

/** Trains in the format and in float64, and compares the gradients at the first and at the last weights. */
export const measureOrdinary: Measurement<[point: PrecisionPoint], OrdinaryResult> = measurement(
  function* (point) {
    const { network, some, paired, underflown } = yield* start(
      { own: point, double: inDouble(point) },
      LOOKS,
      keptEpochs(point.task.epochs),
    );
    const { nonzero, ...end } = gradientLoss(network, some, point);
    const share = (count: number): number => ratio(count, nonzero);
    return {
      ...paired,
      underflown,
      atEnd: {
        saturated: share(end.saturated),
        underflown: share(end.underflown),
        flushed: share(end.flushed),
      },
    };
  },
);

/** Trains in the format and in float64, and compares the first gradients and updates. */
export const measureFailure: Measurement<[pair: Pair], PairedResult> = measurement(function* (pair) {
  return (yield* start(pair, NAN_EPOCHS)).paired;
});

function* start(
  { own, double }: Pair,
  looks: number,
  at?: readonly number[],
): Steps<{ network: Network; some: Dataset; paired: PairedResult; underflown: number }> {
  const [{ data, initial, network, run }, reference] = yield* together(
    [own, double].map((point) => trainPrecision.steps(point, looks)),
  );
  // all points if they are one step, otherwise some of them, evenly spread
  const some = own.task.batchSize === "full" ? data.train : evenlySpread(data.train, MOST_POINTS);
  const [gradients, updates] = [gradientLoss(initial, some, own), updateSizes(initial, some, own)];
  const paired = {
    own: kept(run, at),
    double: kept(reference.run, at),
    flushed: ratio(gradients.flushed, gradients.nonzero),
    swallowed: ratio(updates.swallowed, updates.nonzero),
  };
  return { network, some, paired, underflown: ratio(gradients.underflown, gradients.nonzero) };
}

function ratio(count: number, total: number): number {
  return total === 0 ? 0 : brief(count / total);
}

/** The names of the failures, in order. */
export const failureNames = ["loss NaN", "weights NaN", "stall", "underflow"] as const;

/** Name of a failure. */
export type FailureName = (typeof failureNames)[number];

/** A regime in which training fails in few bits and not in float64. */
export interface Failure {
  name: FailureName;
  /** What goes wrong, in half a sentence. */
  cause: string;
  /** What is changed of the task; the data and the layers stay those of the parameters. */
  change: Pick<TaskParameters, "learningRate" | "batchSize" | "epochs" | "initialisation" | "initialScale">;
  /** The form of the loss. */
  lossForm: LossForm;
}

const ordinary = { learningRate: 0.2, batchSize: 1, initialisation: "he", initialScale: 1 } as const;

/** Epochs of the regimes that end in NaN within the first few; cured trainings need the rest to calm down. */
const NAN_EPOCHS = 80;

/** The four regimes; in that of the stall, all steps together lead equally far whatever their number. */
export function failures(stallEpochs: number): Failure[] {
  return [
    {
      name: "loss NaN",
      cause: "1 − p rounds to 0, and 0 · log 0 is NaN",
      change: { ...ordinary, epochs: NAN_EPOCHS },
      lossForm: { ...usualLossForm, value: "probability", epsilon: 1e-12 },
    },
    {
      name: "weights NaN",
      cause: "1 − p rounds to 0, and 0 / 0 inside dL/dp is NaN",
      change: { ...ordinary, epochs: NAN_EPOCHS },
      lossForm: { ...usualLossForm, derivative: "chain", epsilon: 1e-12 },
    },
    {
      name: "stall",
      cause: "the step is below half a unit in the last place of the weight",
      change: {
        learningRate: 1 / (2 * stallEpochs),
        batchSize: 1,
        epochs: stallEpochs,
        initialisation: "normal",
        initialScale: 2,
      },
      lossForm: usualLossForm,
    },
    {
      name: "underflow",
      cause: "the products of the backward pass are below half the smallest number",
      change: {
        learningRate: 2,
        batchSize: "full",
        epochs: 250,
        initialisation: "normal",
        initialScale: 1e-6,
      },
      lossForm: { ...usualLossForm, mean: "first" },
    },
  ];
}

/** The training of a regime in some arithmetic; a plain format has no remedies. */
export function failurePoint(
  parameters: HalfPrecisionParameters,
  { change, lossForm }: Failure,
  arithmetic: PrecisionChoice,
): PrecisionPoint {
  return { task: { ...taskOf(parameters), ...change }, arithmetic, lossForm };
}

/** The pairs of trainings of the four regimes. */
export function failurePairs(parameters: HalfPrecisionParameters): Pair[] {
  return failures(parameters.stallEpochs).map((failure) => ({
    own: failurePoint(parameters, failure, parameters.format),
    double: failurePoint(parameters, failure, "binary64"),
  }));
}

/** Both trainings of a pair, looked into; see `watchPrecision`. */
export function watchPair({ own, double }: Pair): { run: WatchedRun; reference: WatchedRun } {
  return { run: watchPrecision(own), reference: watchPrecision({ ...double, views: 0 }) };
}
