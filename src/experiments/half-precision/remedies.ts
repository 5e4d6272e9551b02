/**
 * Notebook 05: the remedies in use, each tried alone against each failure. What cures a failure
 * reveals its cause.
 */
import { type FormatName, finfo, formats } from "../../core/arithmetic/formats.js";
import { type PrecisionOptions, toPrecision } from "../../core/arithmetic/precision.js";
import type { LossForm } from "../../core/network/loss.js";
import { type Measurement, measurement } from "../measurement.js";
import { meanOf } from "../statistics.js";
import { type Failure, type FailureName, failurePoint, failures } from "./failures.js";
import {
  brief,
  type HalfPrecisionParameters,
  isNetworkAsGood,
  type PrecisionPoint,
  trainPrecision,
} from "./half-precision.js";

/** The names of the remedies; `nothing` is the failure as it is, `binary64` the reference. */
export type RemedyName =
  | "nothing"
  | "loss of the logit"
  | "fused p − y"
  | "representable ε"
  | "loss scale 1024"
  | "dynamic loss scale"
  | "mean last"
  | "sums in binary32"
  | "binary32 master weights"
  | "stochastic rounding"
  | "Kahan's sums"
  | "bfloat16"
  | "binary32"
  | "binary64";

/** What a remedy changes. */
export interface Remedy {
  arithmetic?: Partial<PrecisionOptions>;
  lossForm?: Partial<LossForm>;
}

/** The wider of a format and float32. */
function wider(format: FormatName): FormatName {
  return formats[format].precision > formats.binary32.precision ? format : "binary32";
}

/** Each remedy by itself; ε becomes the smallest normal number, whose reciprocal is still finite. */
function remediesFor(format: FormatName): Record<RemedyName, Remedy> {
  return {
    nothing: {},
    "loss of the logit": { lossForm: { value: "logit" } },
    "fused p − y": { lossForm: { derivative: "fused" } },
    "representable ε": { lossForm: { epsilon: finfo(formats[format]).smallestNormal } },
    "loss scale 1024": { arithmetic: { lossScale: 1024 } },
    "dynamic loss scale": { arithmetic: { lossScale: "dynamic" } },
    "mean last": { lossForm: { mean: "last" } },
    "sums in binary32": { arithmetic: { accumulator: wider(format) } },
    "binary32 master weights": { arithmetic: { masterWeights: wider(format) } },
    "stochastic rounding": { arithmetic: { rounding: "stochastic" } },
    "Kahan's sums": { arithmetic: { compensated: true } },
    bfloat16: { arithmetic: { format: "bfloat16" } },
    binary32: { arithmetic: { format: "binary32" } },
    binary64: { arithmetic: { format: "binary64" } },
  };
}

/** The names of the remedies, in the order of the table. */
export const remedyNames: readonly RemedyName[] = Object.keys(remediesFor("binary16")) as RemedyName[];

/**
 * The result of a trial: the loss of the final weights in nats, in float64, NaN if the training's own loss was ever not a
 * number; and the share of the test points that it gets right by its own arithmetic.
 */
export type Trial = readonly [loss: number, accuracy: number];

/** Trains once, with two looks on the way. */
export const measureTrial: Measurement<[point: PrecisionPoint], Trial> = measurement(function* (point) {
  const { run } = yield* trainPrecision.steps(point, 3);
  return [run.brokenFrom === undefined ? brief(run.trueLoss) : Number.NaN, brief(run.accuracy)];
});

/** A remedy against a failure. */
interface Attempt {
  failure: Failure;
  remedy: RemedyName;
  /** Whether the failure's regime has it already, so that it changes nothing. */
  isAlreadySo: boolean;
}

function attempts({ format, stallEpochs }: HalfPrecisionParameters): Attempt[] {
  const remedies = remediesFor(format);
  return failures(stallEpochs).flatMap((failure) =>
    remedyNames.map((remedy) => ({
      failure,
      remedy,
      isAlreadySo: remedy !== "nothing" && changesNothing(failure, remedies[remedy], format),
    })),
  );
}

/** Every remedy against every failure, except those that change nothing. */
export function trialPoints(parameters: HalfPrecisionParameters): PrecisionPoint[] {
  return attempts(parameters)
    .filter(({ isAlreadySo }) => !isAlreadySo)
    .map(({ failure, remedy }) => withRemedy(failurePoint(parameters, failure, parameters.format), remedy));
}

/** One remedy against one failure, over the seeds. */
export interface RemedyCell {
  failure: FailureName;
  remedy: RemedyName;
  /** Whether the failure's regime has it already; then the rest is that of `nothing`. */
  isAlreadySo: boolean;
  /** Number of seeds. */
  n: number;
  /** How many of them are as good as float64 with the same seed; see `isAsGood`. */
  cured: number;
  /** Mean share of the test points right. */
  accuracy: number;
}

/**
 * The matrix of the remedies; within a failure all have the same seeds.
 *
 * @param rows - for each seed, the trials of {@link trialPoints}
 */
export function remedyCells(
  rows: readonly (readonly Trial[])[],
  parameters: HalfPrecisionParameters,
): RemedyCell[] {
  const all = attempts(parameters);
  const tried = all.filter(({ isAlreadySo }) => !isAlreadySo);
  const trialsOf = (failure: Failure, remedy: RemedyName): { trueLoss: number; accuracy: number }[] => {
    const place = tried.findIndex((one) => one.failure === failure && one.remedy === remedy);
    if (place < 0) return trialsOf(failure, "nothing");
    return rows.map((row) => ({ trueLoss: row[place][0], accuracy: row[place][1] }));
  };
  return all.map(({ failure, remedy, isAlreadySo }) => {
    const [trials, references] = [trialsOf(failure, remedy), trialsOf(failure, "binary64")];
    return {
      failure: failure.name,
      remedy,
      isAlreadySo,
      n: trials.length,
      cured: trials.filter((trial, i) => isNetworkAsGood(trial, references[i])).length,
      accuracy: meanOf(trials.map(({ accuracy }) => accuracy)),
    };
  });
}

/** What a remedy changes of a training in some arithmetic. */
export function remedyFor({ arithmetic }: PrecisionPoint, remedy: RemedyName): Remedy {
  return remediesFor(toPrecision(arithmetic).format.name as FormatName)[remedy];
}

/** A training with one remedy, and nothing else changed; see {@link remedyNames}. */
export function withRemedy(point: PrecisionPoint, remedy: RemedyName): PrecisionPoint {
  const { arithmetic, lossForm } = remedyFor(point, remedy);
  const own =
    typeof point.arithmetic === "string"
      ? { format: point.arithmetic, seed: point.task.seed }
      : point.arithmetic;
  return {
    ...point,
    arithmetic: { ...own, ...arithmetic },
    lossForm: { ...point.lossForm, ...lossForm },
  };
}

function changesNothing(failure: Failure, { arithmetic, lossForm }: Remedy, format: FormatName): boolean {
  const before = toPrecision({ format });
  const after = toPrecision({ format, ...arithmetic });
  const isSameArithmetic = (Object.keys(before) as (keyof typeof before)[]).every(
    (key) => before[key] === after[key],
  );
  const form = { ...failure.lossForm, ...lossForm };
  const isSameForm = (Object.keys(form) as (keyof LossForm)[]).every(
    (key) => form[key] === failure.lossForm[key],
  );
  // only a loss of the probability and the chain rule have an ε
  const isUnused = failure.lossForm.value === "logit" && failure.lossForm.derivative === "fused";
  return isSameArithmetic && (isSameForm || (isUnused && lossForm?.epsilon !== undefined));
}

/**
 * What each cause predicts: the remedies that reach it, and some that do not. After Micikevicius
 * et al. (2018), Gupta et al. (2015) and Kahan (1965): a loss scale helps against underflow, wider master weights,
 * stochastic rounding and Kahan's sums help against swallowed updates, and none of them against a division of 0 by 0.
 */
export const PREDICTIONS: Readonly<
  Record<FailureName, { cures: readonly RemedyName[]; doesNotCure: readonly RemedyName[] }>
> = {
  "loss NaN": {
    cures: ["loss of the logit", "representable ε"],
    doesNotCure: ["loss scale 1024", "dynamic loss scale", "binary32 master weights", "Kahan's sums"],
  },
  "weights NaN": {
    cures: ["fused p − y", "representable ε"],
    doesNotCure: ["loss scale 1024", "dynamic loss scale", "binary32 master weights", "Kahan's sums"],
  },
  stall: {
    cures: ["binary32 master weights", "stochastic rounding", "Kahan's sums"],
    doesNotCure: ["loss scale 1024", "dynamic loss scale", "sums in binary32"],
  },
  underflow: {
    cures: ["loss scale 1024", "dynamic loss scale", "sums in binary32", "mean last"],
    doesNotCure: ["binary32 master weights", "Kahan's sums"],
  },
};

/** A prediction, and how many seeds confirm it. */
export interface Prediction {
  failure: FailureName;
  remedy: RemedyName;
  isCure: boolean;
  /** Seeds in which the remedy does as predicted. */
  asPredicted: number;
  n: number;
}

/** Compares the matrix with the predictions, except those about a failure that no seed shows. */
export function checkPredictions(cells: readonly RemedyCell[]): Prediction[] {
  const fails = (name: FailureName): boolean =>
    cells.some(({ failure, remedy, n, cured }) => failure === name && remedy === "nothing" && cured < n);
  return cells.flatMap(({ failure, remedy, n, cured }) => {
    if (!fails(failure)) return [];
    const { cures, doesNotCure } = PREDICTIONS[failure];
    const isCure = cures.includes(remedy);
    if (!isCure && !doesNotCure.includes(remedy)) return [];
    return [{ failure, remedy, isCure, asPredicted: isCure ? cured : n - cured, n }];
  });
}
