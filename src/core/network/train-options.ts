/** How to train, and what options come to. */
import { Matrix } from "ml-matrix";
import * as z from "zod/mini";
import { newPhaseCounters } from "../arithmetic/counters.js";
import { type PrecisionChoice, toPrecision } from "../arithmetic/precision.js";
import type { Dataset } from "../moons.js";
import { seedSchema } from "../random.js";
import { parse } from "../validate.js";
import { type LossForm, lossIn, usualLossForm } from "./loss.js";
import type { Network } from "./network.js";
import type { Penalty } from "./penalties.js";
import { compensatedDescent, gradientDescent, type StepRule } from "./step.js";
import type { TrainerOptions } from "./trainer.js";

/** Number of points in a batch; `"full"` for all of them. */
export type BatchSize = number | "full";

/**
 * When to end a training before its last epoch: once the loss on held-out points has not reached a new low for
 * a number of epochs; the network with the lowest is then what training returns (Prechelt 1998, Early
 * stopping - but when?, section 1.3).
 */
export interface EarlyStopping {
  /** The held-out points; nothing is learnt from them. Left unchanged. */
  heldOut: Dataset;
  /** Number of epochs to wait for a new lowest loss, >= 1. */
  patience: number;
}

/** How to train. */
export interface TrainOptions {
  /** Where training starts; left unchanged. Its layers may be a reader's own. */
  network: Network;
  /** The points to learn, at least 1; left unchanged. Labels may be probabilities of class 1 to aim at. */
  train: Dataset;
  /** Points that are only looked at, with as many columns. */
  test?: Dataset;
  /** η, the factor on the gradient in each step, > 0. */
  learningRate: number;
  /** Points in a batch: 1 for single samples; a number above that of the points means all of them. */
  batchSize: BatchSize;
  /** How many times every point is seen, >= 0. */
  epochs: number;
  /** What is descended besides the loss; nothing by default. */
  penalties?: readonly Penalty[];
  /** ε, the share of each label that is spread over both classes, 0 to 1; 0 by default. */
  labelSmoothing?: number;
  /**
   * How the loss is written down; see {@link LossForm}. It matters in reduced formats only, and with an ε.
   */
  lossForm?: Partial<LossForm>;
  /** When to end before the last epoch; never by default. */
  earlyStopping?: EarlyStopping;
  /** Loss on the training points, in nats, at or below which the training ends; it goes on to its last epoch by default. */
  targetLoss?: number;
  /**
   * Seed of the order of the points, which is new in each epoch; a full batch keeps the order of the data.
   */
  seed: number;
  /**
   * Indices of training points that nothing is learnt from, while the others keep their order, which points that are
   * not there at all would change; none by default. The record is of all points all the same.
   */
  leftOut?: readonly number[];
  /** The loss is recorded before the first epoch, after every so many, and after the last; 1 by default. */
  recordEvery?: number;
  /** Epochs after which a copy of the network is kept; 0 is before the first. */
  snapshots?: readonly number[];
  /** How parameters follow their gradient; plain descent by default, or with `compensated` arithmetic that. */
  rule?: StepRule;
  /** What numbers the training is done in; `binary64` by default. */
  arithmetic?: PrecisionChoice;
  /** Whether to count what arithmetic does; the counts stand in the record. Slower. */
  count?: boolean;
  /**
   * Two ways to the same bits: by a recording of what the functions of a step do, run by a `machine` (the default); or `eager`,
   * each operation on matrices that are there to look at.
   */
  path?: "machine" | "eager";
}

/** What learning rates are allowed to be. */
export const learningRateSchema: z.ZodMiniType<number> = z.number().check(z.gt(0));

/** What batch sizes are allowed to be. */
export const batchSizeSchema: z.ZodMiniType<BatchSize> = z.union([
  z.int().check(z.gte(1)),
  z.literal("full"),
]);

/** What numbers of epochs are allowed to be. */
export const epochsSchema: z.ZodMiniType<number> = z.int().check(z.gte(0), z.lte(1_000_000));

/** What shares of label smoothing are allowed to be. */
export const labelSmoothingSchema: z.ZodMiniType<number> = z.number().check(z.gte(0), z.lte(1));

/** What forms of the loss are allowed to be. */
const lossFormSchema: z.ZodMiniType<Partial<LossForm>> = z.strictObject({
  value: z._default(z.enum(["logit", "probability"]), usualLossForm.value),
  derivative: z._default(z.enum(["fused", "chain"]), usualLossForm.derivative),
  epsilon: z._default(z.number().check(z.gte(0)), usualLossForm.epsilon),
  mean: z._default(z.enum(["last", "first"]), usualLossForm.mean),
});

const isDataset = (value: unknown): boolean => {
  const { points, labels } = (value ?? {}) as Partial<Dataset>;
  return (
    Matrix.isMatrix(points) && Matrix.isMatrix(labels) && labels.columns === 1 && points.rows === labels.rows
  );
};

const datasetSchema = z
  .custom<Dataset>(isDataset)
  .check(z.meta({ title: "a dataset: points (n x inputs) and labels (n x 1)" }));

const hasFunctions =
  (...names: string[]) =>
  (value: unknown): boolean =>
    names.every((name) => typeof (value as Record<string, unknown>)?.[name] === "function");

const penaltySchema = z
  .custom<Penalty>(hasFunctions("value"))
  .check(z.meta({ title: "a penalty with a value, and pulls or gradients" }));

const isNetwork = (value: unknown): boolean => {
  const { layers } = (value ?? {}) as Partial<Network>;
  return (
    Array.isArray(layers) &&
    layers.length > 0 &&
    layers.every(hasFunctions("forward", "backward", "gradient")) &&
    layers.every(({ parameters }) => Object.values(parameters ?? { missing: 0 }).every(Matrix.isMatrix))
  );
};

const schema = z.strictObject({
  network: z.custom<Network>(isNetwork).check(
    z.meta({
      title: "a network of layers, each with parameters (matrices), forward, backward and gradient",
    }),
  ),
  train: datasetSchema,
  test: z.optional(datasetSchema),
  learningRate: learningRateSchema,
  batchSize: batchSizeSchema,
  epochs: epochsSchema,
  penalties: z._default(z.array(penaltySchema), []),
  labelSmoothing: z._default(labelSmoothingSchema, 0),
  lossForm: z._default(lossFormSchema, {}),
  earlyStopping: z.optional(z.strictObject({ heldOut: datasetSchema, patience: z.int().check(z.gte(1)) })),
  targetLoss: z.optional(z.number().check(z.gt(0))),
  seed: seedSchema,
  leftOut: z._default(z.array(z.int().check(z.gte(0))), []),
  recordEvery: z._default(z.int().check(z.gte(1)), 1),
  snapshots: z._default(z.array(z.int().check(z.gte(0))), []),
  arithmetic: z._default(z.any(), "binary64"),
  count: z._default(z.boolean(), false),
  rule: z.optional(
    z
      .custom<StepRule>(hasFunctions("start", "step"))
      .check(z.meta({ title: "a step rule, with start and step" })),
  ),
  path: z._default(z.enum(["machine", "eager"]), "machine"),
});

/** What options come to: what a trainer starts from, and the course that it takes. */
export interface Plan {
  trainer: TrainerOptions;
  path: "machine" | "eager";
  test: Dataset | undefined;
  epochs: number;
  /** Points in a batch. */
  size: number;
  /** Number of points that are learnt from, and which. */
  points: number;
  isLearnt: readonly boolean[];
  seed: number;
  earlyStopping: EarlyStopping | undefined;
  targetLoss: number | undefined;
  recordEvery: number;
  snapshots: readonly number[];
}

/**
 * Reads options.
 *
 * @throws RangeError or TypeError when one is not as described
 */
export function planOf(options: TrainOptions): Plan {
  const { network, train, batchSize, penalties, lossForm, leftOut, rule, ...own } = parse(schema, options);
  requireData("train", train, train.points.columns);
  if (own.test) requireData("test", own.test, train.points.columns);
  if (own.earlyStopping) {
    requireData("earlyStopping.heldOut", own.earlyStopping.heldOut, train.points.columns);
  }
  const precision = toPrecision(own.arithmetic);
  if (rule && precision.compensated) {
    throw new RangeError(
      "rule must be left out when arithmetic is compensated, which sets its own rule, got both",
    );
  }
  const isLearnt = learntPoints(train.labels.rows, leftOut);
  const points = isLearnt.filter((is) => is).length;
  const size = batchSize === "full" ? isLearnt.length : Math.min(batchSize, isLearnt.length);
  const isBatchNormalized = network.layers.some(({ kind }) => kind === "batch-norm");
  if (isBatchNormalized && points % size === 1 % size) {
    throw new RangeError(
      `batchSize must leave no batch of a single point with batch normalization, got ${batchSize} for ${points} points`,
    );
  }
  const form = { ...usualLossForm, ...lossForm };
  return {
    trainer: {
      initial: network,
      train,
      objective: { loss: lossIn(form), penalties, isMeanFirst: form.mean === "first" },
      rule: rule ?? (precision.compensated ? compensatedDescent : gradientDescent),
      learningRate: own.learningRate,
      labelSmoothing: own.labelSmoothing,
      precision,
      counters: own.count ? newPhaseCounters() : undefined,
    },
    path: own.path,
    test: own.test,
    epochs: own.epochs,
    size,
    points,
    isLearnt,
    seed: own.seed,
    earlyStopping: own.earlyStopping,
    targetLoss: own.targetLoss,
    recordEvery: own.recordEvery,
    snapshots: own.snapshots,
  };
}

function requireData(name: string, { points, labels }: Dataset, columns: number): void {
  if (points.rows === 0) throw new RangeError(`${name} must have at least 1 point, got 0`);
  if (points.columns !== columns) {
    throw new RangeError(
      `${name}.points must have ${columns} columns, as train.points does, got ${points.columns}`,
    );
  }
  const coordinate = points.to1DArray().find((value) => !Number.isFinite(value));
  if (coordinate !== undefined) {
    throw new RangeError(`${name}.points must be finite numbers, got ${coordinate}`);
  }
  const label = labels.to1DArray().find((value) => !(value >= 0 && value <= 1));
  if (label !== undefined) throw new RangeError(`${name}.labels must be from 0 to 1, got ${label}`);
}

/** Which points are learnt from. */
function learntPoints(points: number, leftOut: readonly number[]): boolean[] {
  const gone = new Set(leftOut);
  const outside = leftOut.find((i) => i >= points);
  if (outside !== undefined) {
    throw new RangeError(`leftOut must hold indices from 0 to ${points - 1}, got ${outside}`);
  }
  if (gone.size === points) throw new RangeError(`leftOut must leave at least 1 point, got all ${points}`);
  return Array.from({ length: points }, (_, i) => !gone.has(i));
}
