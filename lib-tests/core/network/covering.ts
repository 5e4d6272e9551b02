/**
 * Trainings to compare two ways of training by: the settings as plain data in words of their own, every two of
 * which meet in some training, so that they outlive the options of `train`, which stand in `trainingOf` alone.
 */
import { type FormatName, formats, makeFormat } from "../../../src/core/arithmetic/formats.js";
import type { LossScale, PrecisionOptions } from "../../../src/core/arithmetic/precision.js";
import type { RoundingMode } from "../../../src/core/arithmetic/rounding.js";
import type { Summation } from "../../../src/core/arithmetic/summation.js";
import { moonsSplit } from "../../../src/core/moons.js";
import type { HiddenActivation } from "../../../src/core/network/activations.js";
import { createNetwork, type Initialisation } from "../../../src/core/network/initialisation.js";
import type { LossForm } from "../../../src/core/network/loss.js";
import type { NormalizationName } from "../../../src/core/network/normalization.js";
import { activityPenalty, balancePenalty, weightDecay } from "../../../src/core/network/penalties.js";
import type { BatchSize, TrainOptions } from "../../../src/core/network/train-options.js";
import { coveringArray, type Exclusion, type Factors } from "../../support/covering-array.js";

/** The ways of training that have to agree. */
export const PATHS = ["machine", "eager"] as const;

/** A way of training. */
export type Path = (typeof PATHS)[number];

/** `p5` has 5 bits, exponents from -9 to 10 and no subnormal numbers. */
type SomeFormat = FormatName | "p5";

/** What can meet in a training. */
export interface Features {
  format: SomeFormat;
  rounding: RoundingMode;
  accumulator: "same" | FormatName;
  masterWeights: "same" | FormatName;
  lossScale: LossScale;
  compensated: boolean;
  summation: Summation;
  count: boolean;
  hiddenLayers: readonly number[];
  activation: HiddenActivation;
  normalization: NormalizationName;
  winners: number | "all";
  batchSize: BatchSize;
  weightDecay: number;
  labelSmoothing: number;
  activityPenalty: number;
  balancePenalty: number;
  loss: Omit<LossForm, "mean">;
  mean: LossForm["mean"];
  /** Epochs to wait for a lower loss on points held out. */
  patience: number | "none";
  leftOut: readonly number[];
}

/** A training, whole. */
export interface Settings extends Features {
  /** Training points. */
  points: number;
  epochs: number;
  learningRate: number;
  initialisation: Initialisation;
  initialScale: number;
  targetLoss: number | "none";
}

/** A training and what it is called. */
export interface Entry {
  title: string;
  settings: Settings;
}

/** The loss of the logit, its derivative fused. */
export const USUAL_LOSS = { value: "logit", derivative: "fused", epsilon: 0 } as const;

/** The values of each setting; of the epochs those that make 12 steps or more, and let the patient give up. */
export const factors: Factors<Features> = {
  format: ["binary16", "binary64", "binary32", "bfloat16", "e5m2", "e4m3", "p5"],
  rounding: ["nearest", "stochastic"],
  accumulator: ["same", "binary32", "binary64"],
  masterWeights: ["same", "binary32"],
  lossScale: [1, 1024, 3, "dynamic"],
  compensated: [false, true],
  summation: ["sequential", "reversed", "pairwise"],
  count: [false, true],
  hiddenLayers: [[10], [], [5, 4], [4, 3, 2], [18, 17]],
  activation: ["relu", "leaky-relu", "softplus", "tanh"],
  normalization: ["none", "layer", "batch"],
  winners: ["all", 2],
  batchSize: [7, 1, "full"],
  weightDecay: [0, 0.03],
  labelSmoothing: [0, 0.2],
  activityPenalty: [0, 0.03],
  balancePenalty: [0, 0.3],
  loss: [
    USUAL_LOSS,
    { value: "probability", derivative: "fused", epsilon: 1e-3 },
    { value: "logit", derivative: "chain", epsilon: 1e-12 },
    { value: "probability", derivative: "chain", epsilon: 1e-3 },
  ],
  mean: ["last", "first"],
  patience: ["none", 3],
  leftOut: [[], [3, 5, 12, 17, 30, 33]],
};

const [, NO_LAYERS] = factors.hiddenLayers;

/** What cannot meet, and what would be without effect and hide what else is there. */
export const exclusions: readonly Exclusion<Features>[] = [
  { winners: [2], activation: ["leaky-relu", "softplus", "tanh"] },
  { normalization: ["batch"], batchSize: [1] },
  // the first build has no sums in pairs where a point's gradient depends on its batch
  { summation: ["pairwise"], normalization: ["batch"] },
  { summation: ["pairwise"], balancePenalty: [0.3] },
  { summation: ["pairwise"], mean: ["first"] },
  // what hidden neurons do, where there are none
  { hiddenLayers: [NO_LAYERS], activation: ["leaky-relu", "softplus", "tanh"] },
  { hiddenLayers: [NO_LAYERS], normalization: ["layer", "batch"] },
  { hiddenLayers: [NO_LAYERS], winners: [2] },
  { hiddenLayers: [NO_LAYERS], activityPenalty: [0.03] },
  { hiddenLayers: [NO_LAYERS], balancePenalty: [0.3] },
  // a single point is never out of balance
  { balancePenalty: [0.3], batchSize: [1] },
  // where the first build has two answers, see `apart`
  { format: ["binary64"], accumulator: ["binary32"] },
  { summation: ["pairwise"], activityPenalty: [0.03], count: [true], lossScale: [1024, 3, "dynamic"] },
  // the operands' own format
  { format: ["binary64"], accumulator: ["binary64"] },
  { format: ["binary32"], accumulator: ["binary32"] },
  { format: ["binary32"], masterWeights: ["binary32"] },
];

/** Every setting at its default. */
export const plain: Settings = {
  ...(Object.fromEntries(
    Object.entries(factors).map(([name, [usual]]) => [name, usual]),
  ) as unknown as Features),
  points: 40,
  epochs: 5,
  learningRate: 0.3,
  initialisation: "he",
  initialScale: 1,
  targetLoss: "none",
};

/**
 * Trainings in which every two settings meet, twice over: a loss that is NaN from the start, say, hides all else
 * that is there.
 */
export function coveringTrainings(): Entry[] {
  return [1, 2].flatMap((seed) =>
    coveringArray(factors, exclusions, seed).map((features) =>
      entry("", { ...features, epochs: features.batchSize === "full" ? 16 : plain.epochs }, plain),
    ),
  );
}

/**
 * What of a training is not as in the first build, whose `readable` path is the one that is held to: softplus's slope is rounded
 * before its sign is turned, which rounding at random by the exact value can tell; a loser's derivative is multiplied by 0, and
 * a class's mean is summed over all points, 0 at those of the other class, and both are counted.
 */
export function movedIn({ rounding, activation, hiddenLayers, count, winners, balancePenalty }: Settings): {
  bits: boolean;
  counters: boolean;
} {
  const isDeep = hiddenLayers.length > 0;
  const bits = isDeep && rounding === "stochastic" && activation === "softplus";
  return { bits, counters: count && isDeep && (bits || winners !== "all" || balancePenalty > 0) };
}

/** Where the first build's two paths did not agree. */
export function apart(): Entry[] {
  const changes: Partial<Settings>[] = [
    { format: "binary64", accumulator: "binary32", normalization: "layer" },
    { lossScale: 1024, summation: "pairwise", count: true, activityPenalty: 0.03 },
    { count: true, batchSize: 1, balancePenalty: 0.3 },
  ];
  return changes.map((change) => entry("apart", change, plain));
}

/** A training that changes some settings of another, and says which. */
export function entry(name: string, changes: Partial<Settings>, base: Settings): Entry {
  const settings = { ...base, ...changes };
  const changed = (Object.keys(settings) as (keyof Settings)[]).filter(
    (key) => JSON.stringify(settings[key]) !== JSON.stringify(base[key]),
  );
  const texts = changed.map((key) => textOf(key, settings[key]));
  return { title: [...(name ? [name] : []), ...texts].join(", ") || "plain", settings };
}

function textOf(key: string, value: Settings[keyof Settings]): string {
  if (value === true) return key;
  if (Array.isArray(value)) return `${key} [${value}]`;
  return `${key} ${typeof value === "object" ? Object.values(value).join(" ") : value}`;
}

/** The options of a training. */
export function trainingOf(settings: Settings, path: Path): TrainOptions {
  const { hiddenLayers, activation, normalization, winners, initialisation, initialScale } = settings;
  const { learningRate, batchSize, epochs, labelSmoothing, loss, mean, patience } = settings;
  const { targetLoss, leftOut, count, points } = settings;
  return {
    network: createNetwork({
      hiddenLayers,
      activation,
      normalization,
      topK: winners === "all" ? undefined : winners,
      initialisation,
      initialScale,
      seed: 3,
    }),
    ...moonsSplit({ trainPoints: points, testPoints: 30, noise: 0.15, seed: 3 }),
    learningRate,
    batchSize,
    epochs,
    penalties: [
      ...(settings.weightDecay > 0 ? [weightDecay(settings.weightDecay)] : []),
      ...(settings.activityPenalty > 0 ? [activityPenalty(settings.activityPenalty)] : []),
      ...(settings.balancePenalty > 0 ? [balancePenalty(settings.balancePenalty)] : []),
    ],
    labelSmoothing,
    lossForm: { ...loss, mean },
    ...(patience !== "none" && { earlyStopping: { heldOut, patience } }),
    ...(targetLoss !== "none" && { targetLoss }),
    seed: 1,
    leftOut,
    recordEvery: 2,
    snapshots: [1],
    arithmetic: arithmeticOf(settings),
    count,
    path,
  };
}

const heldOut = moonsSplit({ trainPoints: 20, testPoints: 2, noise: 0.15, seed: 4 }).train;

const p5 = makeFormat({ name: "p5", precision: 5, maxExponent: 10, subnormals: false });

function arithmeticOf(settings: Settings): PrecisionOptions {
  const { format, rounding, accumulator, masterWeights, lossScale, compensated, summation } = settings;
  return {
    format: format === "p5" ? p5 : formats[format],
    rounding,
    ...(accumulator !== "same" && { accumulator }),
    ...(masterWeights !== "same" && { masterWeights }),
    lossScale,
    compensated,
    summation,
    seed: 3,
  };
}
