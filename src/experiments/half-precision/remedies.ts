/**
 * Notebook 05: the remedies that the field knows, each tried alone against each failure. What cures a failure
 * names its cause.
 */
import { type FormatName, finfo, formats } from "../../core/arithmetic/formats.js";
import { type PrecisionOptions, toPrecision } from "../../core/arithmetic/precision.js";
import type { LossForm } from "../../core/network/loss.js";
import { type Measurement, measurement } from "../measurement.js";
import type { Runner } from "../runner.js";
import { type SweepParameters, seedsOf } from "../task.js";
import { type Failure, type FailureName, failurePoint, shortFailures } from "./failures.js";
import {
  type HalfPrecisionParameters,
  isAsGood,
  type PrecisionPoint,
  type PrecisionRun,
  trainPrecision,
} from "./half-precision.js";

/** The names of the remedies; `nothing` is the failure as it is, `binary64` what there is to win back. */
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

/** A format at least as wide as binary32 gains nothing from it. */
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

/** One remedy against one failure, over some seeds. */
export interface RemedyCell {
  failure: FailureName;
  remedy: RemedyName;
  /** Whether the failure's regime has it already, so that it changes nothing. */
  isAlreadySo: boolean;
  /** One training a seed, of the seeds 1, 2, 3 and so on. */
  runs: PrecisionRun[];
  /** How many of them came out as well as binary64 with the same seed; see `isAsGood`. */
  cured: number;
}

/** Trains once and looks only at how it went; twice on the way. */
export const measureOutcome: Measurement<[point: PrecisionPoint], PrecisionRun> = measurement(
  function* (point) {
    return (yield* trainPrecision.steps(point, 3)).run;
  },
);

/** The seeds a trial gets: fewer where it takes long. */
function seedsFor(
  failure: FailureName,
  remedy: RemedyName,
  { firstSeed, sweepSeeds }: SweepParameters,
): number[] {
  const isLong = failure === "stall" || remedy === "stochastic rounding";
  const count = isLong ? Math.max(1, Math.round(sweepSeeds / 8)) : Math.max(2, Math.round(sweepSeeds / 4));
  return seedsOf({ firstSeed, sweepSeeds: count });
}

/**
 * Tries every remedy against every failure; paired: within a failure all see the same seeds.
 *
 * A quarter of `sweepSeeds` is used, two at least; of the stall regime and of stochastic rounding, which take
 * longest, an eighth, and one at least.
 */
export async function remedyMatrix(parameters: HalfPrecisionParameters, run: Runner): Promise<RemedyCell[]> {
  const { format, stallEpochs } = parameters;
  const remedies = remediesFor(format);
  const plan = shortFailures(stallEpochs).flatMap((failure) => {
    return remedyNames.map((remedy) => ({
      failure,
      remedy,
      seeds: seedsFor(failure.name, remedy, parameters),
      isAlreadySo: remedy !== "nothing" && changesNothing(failure, remedies[remedy], format),
    }));
  });
  // the longest first, so that no core waits for one that began late
  const tried = plan.filter(({ isAlreadySo }) => !isAlreadySo).sort((a, b) => cost(b) - cost(a));
  const grid = tried.flatMap(({ failure, remedy, seeds }) =>
    seeds.map((seed) => treated(failurePoint({ ...parameters, seed }, failure, format), remedies[remedy])),
  );
  const results = await run(grid, measureOutcome);
  const byCell = new Map<string, PrecisionRun[]>();
  let next = 0;
  for (const { failure, remedy, seeds } of tried) {
    byCell.set(`${failure.name}/${remedy}`, results.slice(next, next + seeds.length));
    next += seeds.length;
  }
  const runsOf = (failure: FailureName, remedy: RemedyName): PrecisionRun[] =>
    byCell.get(`${failure}/${remedy}`) ?? runsOf(failure, "nothing");
  return plan.map(({ failure: { name }, remedy, isAlreadySo }) => {
    const runs = runsOf(name, remedy);
    const references = runsOf(name, "binary64");
    return {
      failure: name,
      remedy,
      isAlreadySo,
      runs,
      cured: runs.filter((result, i) => isAsGood(result, references[i])).length,
    };
  });
}

/** What a remedy changes of a training in some arithmetic. */
export function remedyFor({ arithmetic }: PrecisionPoint, remedy: RemedyName): Remedy {
  return remediesFor(toPrecision(arithmetic).format.name as FormatName)[remedy];
}

/** A training with one remedy, and nothing else changed; see {@link remedyNames}. */
export function withRemedy(point: PrecisionPoint, remedy: RemedyName): PrecisionPoint {
  return treated(point, remedyFor(point, remedy));
}

function treated(point: PrecisionPoint, { arithmetic, lossForm }: Remedy): PrecisionPoint {
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
  // an ε stands only in a loss of the probability and in the chain rule
  const isUnused = failure.lossForm.value === "logit" && failure.lossForm.derivative === "fused";
  return isSameArithmetic && (isSameForm || (isUnused && lossForm?.epsilon !== undefined));
}

/** Roughly how long a training takes, in epochs of an ordinary one. */
function cost({ failure, remedy }: { failure: Failure; remedy: RemedyName }): number {
  return failure.change.epochs * (remedy === "stochastic rounding" ? 10 : 1);
}

/**
 * What each cause predicts: the remedies that reach it, and some that do not. In the words of Micikevicius
 * et al. (2018), Gupta et al. (2015) and Kahan (1965): a loss scale is against underflow, wider master weights
 * and the two ways of rounding against swallowed updates, and none of them against a division of 0 by 0.
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

/** A prediction, and how many seeds bore it out. */
export interface Prediction {
  failure: FailureName;
  remedy: RemedyName;
  isCure: boolean;
  /** Seeds in which the remedy did what was predicted. */
  asPredicted: number;
  n: number;
}

/** Holds the matrix against the predictions; those about a failure that is none in any seed are left out. */
export function checkPredictions(cells: readonly RemedyCell[]): Prediction[] {
  const fails = (name: FailureName): boolean =>
    cells.some(
      ({ failure, remedy, runs, cured }) => failure === name && remedy === "nothing" && cured < runs.length,
    );
  return cells.flatMap(({ failure, remedy, runs, cured }) => {
    if (!fails(failure)) return [];
    const { cures, doesNotCure } = PREDICTIONS[failure];
    const isCure = cures.includes(remedy);
    if (!isCure && !doesNotCure.includes(remedy)) return [];
    const n = runs.length;
    return [{ failure, remedy, isCure, asPredicted: isCure ? cured : n - cured, n }];
  });
}
